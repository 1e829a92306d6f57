"""Persons: what they keep about themselves, and whether they may log in."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from academy.core import events, registries
from academy.core.errors import InvalidInput, NotAllowed
from academy.taxonomy.models import Register

from ..errors import NeededElsewhere
from ..models import RegisterNumber, User
from .steps import check, check_columns, lock_person

PROFILE = ("given_name", "infix", "family_name", "preferred_language")


@transaction.atomic
def change_profile(*, person: User, **columns: str) -> User:
    """Change names and language; the log keeps which, not what they were."""
    person = lock_person(person)
    changed = [name for name in PROFILE if name in columns and getattr(person, name) != columns[name]]
    if not changed:
        return person
    for name in changed:
        setattr(person, name, columns[name])
    check_columns(person)
    person.save(update_fields=changed)
    events.record(actor=person, object=person, verb="change_profile", fields=changed)
    return person


@transaction.atomic
def keep_register_numbers(*, person: User, numbers: Mapping[Register, str]) -> None:
    """Keep exactly these numbers of the registers given; an empty one is removed. Refuses the wrong form."""
    person = lock_person(person)
    wrong = [register for register, number in numbers.items() if not fits(register, number)]
    if wrong:
        raise InvalidInput(fields={f"register_{register.pk}": [wrong_form(register)] for register in wrong})
    kept = {row.register_id: row for row in person.register_numbers.all()}
    changed = []
    for register, number in numbers.items():
        row = kept.get(register.pk)
        if (row.number if row else "") == number:
            continue
        changed.append(register.key)
        if not number:
            row.delete()
        else:
            RegisterNumber.objects.update_or_create(person=person, register=register, defaults={"number": number})
    if changed:
        events.record(actor=person, object=person, verb="change_register_numbers", registers=changed)


def fits(register: Register, number: str) -> bool:
    """Whether the number has the form of this register; nothing fits always."""
    pattern = register.number_pattern
    return not number or not pattern or re.fullmatch(pattern, number, re.ASCII) is not None


def wrong_form(register: Register) -> str:
    """What to say about a number of the wrong form, with the length where that is all there is to say."""
    if digits := re.fullmatch(r"\\d\{(\d+)\}", register.number_pattern):
        return _("A number of %(register)s has %(n)s digits.") % {"register": register, "n": digits[1]}
    return _("This is not a number of %(register)s.") % {"register": register}


@transaction.atomic
def deactivate_person(*, person: User, actor: User | None, reason: str = "") -> User:
    """Shut the person out: no login, no session, no token; roles and records stay."""
    check(actor, "accounts.administer_person", person)
    check(actor, "accounts.deactivate_person", person, NeededElsewhere)
    return _switch(person, False, "deactivate", actor, reason)


@transaction.atomic
def reactivate_person(*, person: User, actor: User | None, reason: str = "") -> User:
    """Let the person log in again."""
    check(actor, "accounts.administer_person", person)
    return _switch(person, True, "reactivate", actor, reason)


def _switch(person: User, active: bool, verb: str, actor: User | None, reason: str) -> User:
    person = lock_person(person)
    if person.is_active == active:
        return person
    person.is_active = active
    person.sessions_version += 1
    person.save(update_fields=["is_active", "sessions_version"])
    events.record(actor=actor, object=person, verb=verb, reason=reason)
    return person


@transaction.atomic
def end_sessions(*, person: User, actor: User | None) -> User:
    """Log the person out everywhere; for oneself, the caller renews the session at hand."""
    if actor is not None and actor.pk != person.pk:
        check(actor, "accounts.end_sessions", person)
    person = lock_person(person)
    person.sessions_version += 1
    person.save(update_fields=["sessions_version"])
    events.record(actor=actor, object=person, verb="end_sessions")
    return person


@transaction.atomic
def export_data(*, person: User, actor: User, purpose: str) -> dict[str, Any]:
    """Everything that the rooms keep about the person, by room; who took it and what for is logged."""
    if actor.pk != person.pk:
        raise NotAllowed
    events.record(actor=actor, object=person, verb="export", reason=purpose)
    return {name: collect(person) for name, collect in registries.personal_data.items()}


def record_reading(*, actor: User, person: User | None = None, **data: Any) -> None:
    """Log that somebody looked at personal data: of this person, or a list (NEN 7513)."""
    verb = "read" if person else "list"
    events.record(actor=actor, object=person or actor, verb=verb, **data)
