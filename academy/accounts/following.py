"""What follows from what: groups from memberships, memberships from confirmed addresses, log rows from logins."""

from datetime import timedelta
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save

from academy.core import events, periodic

from . import services
from .groups import sync_groups
from .models import Membership

#: Signals of allauth that end in a row of the event log, and the verb.
LOGGED = {
    user_logged_in: "log_in",
    account.user_signed_up: "register",
    account.password_changed: "change_password",
    account.password_reset: "reset_password",
    account.email_added: "add_email",
    account.email_removed: "remove_email",
    account.email_changed: "change_email",
    mfa.authenticator_added: "add_second_factor",
    mfa.authenticator_removed: "remove_second_factor",
    mfa.authenticator_reset: "renew_second_factor",
}


def connect() -> None:
    """Listen; called once, when the room is ready."""
    for signal, verb in LOGGED.items():
        signal.connect(_recorder(verb), weak=False, dispatch_uid=f"accounts:{verb}")
    account.email_confirmed.connect(address_confirmed, dispatch_uid="accounts:confirmed")
    account.email_removed.connect(addresses_changed, dispatch_uid="accounts:removed")
    account.email_changed.connect(addresses_changed, dispatch_uid="accounts:changed")
    post_save.connect(membership_changed, sender=Membership, dispatch_uid="accounts:saved")
    post_delete.connect(membership_changed, sender=Membership, dispatch_uid="accounts:deleted")


def _recorder(verb: str):
    def record(sender: Any, user: Any, **kwargs: Any) -> None:
        events.record(actor=user, object=user, verb=verb)

    return record


def address_confirmed(sender: Any, email_address: Any, **kwargs: Any) -> None:
    """A confirmed address may make a member; the log keeps the domain, not the address."""
    person = email_address.user
    events.record(actor=person, object=person, verb="confirm_email", domain=email_address.email.rpartition("@")[2])
    services.follow_domains(person=person)


def addresses_changed(sender: Any, user: Any, **kwargs: Any) -> None:
    """An address that is gone makes nobody a member any longer."""
    services.follow_domains(person=user)


def membership_changed(sender: Any, instance: Membership, **kwargs: Any) -> None:
    """Whoever writes a membership, and however: the groups follow."""
    sync_groups([instance.person])


@periodic.every("sync_groups", timedelta(minutes=10))
def sync_groups_of_everybody() -> int:
    """Memberships begin and end by date, without a save."""
    return sync_groups()
