"""What follows by itself from a new day: reminders."""

from datetime import timedelta

from academy.core import periodic, registries
from academy.core.registries import Reminded

from .services.reminding import remind

periodic.every("innovation reminders", timedelta(days=1))(remind)


@registries.reminders.register("innovations")
def remind_now() -> Reminded:
    """The same at once, in numbers."""
    done = remind()
    return Reminded(f"read {done.read}, refused {len(done.failed)}; reminders: {done.reminded}", done.failed)
