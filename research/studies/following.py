"""What follows by itself: deadlines and reminders from a new day, an invitation from a login."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from academy.accounts.models import User
from academy.core import periodic, registries
from academy.core.registries import Reminded

from .services.deadlines import follow_time
from .services.inviting import claim_invitations

periodic.every("study deadlines", timedelta(days=1))(follow_time)


@registries.reminders.register("studies")
def remind() -> Reminded:
    """The same at once, with how many studies were looked at."""
    done = follow_time()
    unchanged = done.read - done.changed - len(done.failed)
    numbers = f"read {done.read}, changed {done.changed}, unchanged {unchanged}, refused {len(done.failed)}"
    return Reminded(f"{numbers}; reminders: {done.reminded}", done.failed)


@receiver(user_logged_in, dispatch_uid="studies:invitations")
def logged_in(user: User, **_signal: Any) -> None:
    """Hand over the invitations for the own address: it is verified, or there would be no login."""
    claim_invitations(user)
