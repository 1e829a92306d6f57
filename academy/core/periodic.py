"""The schedule: functions that run again and again, one process at a time, driven by rows."""

import logging
from collections.abc import Callable
from datetime import timedelta

from . import clock
from .models import Periodic

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(minutes=5)  # after a failure; sooner when the interval is shorter
_jobs: dict[str, tuple[Callable[[], object], timedelta]] = {}


def every(name: str, interval: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Decorator: run this function at most once per interval, over all processes together.

    It runs outside any transaction, so that nobody waits for a long one; what belongs together it puts into
    transactions of its own, small ones. A process that is killed half-way leaves the rest to the next interval.
    """

    def keep(function: Callable[[], object]) -> Callable[[], object]:
        _jobs[name] = (function, interval)
        return function

    return keep


def run_due() -> int:
    """Run every job whose time has come; returns how many ran. A job that fails is logged and soon tried again."""
    return sum(_run(name, *job) for name, job in list(_jobs.items()))


def _run(name: str, function: Callable[[], object], interval: timedelta) -> bool:
    if not _claimed(name, interval):
        return False
    row = Periodic.objects.filter(name=name)
    try:
        function()
    except Exception as error:  # kept on the row, which the mail and work log page shows
        log.exception("%s failed", name)
        text = f"{type(error).__name__}: {error}"[:2000]
        row.update(last_error=text, next_at=clock.now() + min(interval, RETRY_AFTER))
    else:
        row.exclude(last_error="").update(last_error="")
    return True


def _claimed(name: str, interval: timedelta) -> bool:
    """Whether the job is due and this process takes it: of several that ask at once, one changes the row."""
    now = clock.now()
    Periodic.objects.get_or_create(name=name, defaults={"next_at": now})
    return Periodic.objects.filter(name=name, next_at__lte=now).update(next_at=now + interval) == 1
