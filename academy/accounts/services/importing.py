"""People of an organisation from a list: who is new, who got or loses a role, who leaves; nobody disappears.

A row is a dict by column name (see `academy.accounts.importing`): one appointment of one person. Somebody with two
appointments has two rows. It is matched on the e-mail address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from academy.core import events
from academy.core.imports.contract import Context, Outcome, Plan, refused
from academy.taxonomy.models import FunctionFamily

from ..models import Membership, Organisation, Role, Unit, User
from ..permissions import roles_of
from .belonging import end_membership, grant_role

#: what the person keeps under "My account": a list asks before it changes them
NAMES = ("given_name", "infix", "family_name")
#: what the organisation keeps
KEPT = ("job_title_nl", "job_title_en", "function_family")
#: roles that are held in a unit; all others count for the whole organisation
IN_UNIT = (Role.MEMBER, Role.TEAM_MANAGER)
Row = Mapping[str, Any]


@dataclass
class Appointment:
    """What a row says of roles: which, where, from when until when."""

    organisation: Organisation
    unit: Unit | None
    roles: list[str]
    starts_on: date | None
    ends_on: date | None
    left_on: date | None


@dataclass
class Match:
    """A row, the person (None: a new one), and what is to be done."""

    plan: Plan
    row: Row = field(default_factory=dict)
    person: User | None = None
    appointment: Appointment | None = None
    columns: dict[str, Any] = field(default_factory=dict)


def plan_rows(*, rows: Sequence[Row], context: Context) -> list[Match]:
    """What importing these rows does, in a fixed number of queries."""
    known = _Known.of(rows, context)
    return [_Row(row, known, context).match() for row in rows]


@transaction.atomic
def import_rows(*, rows: Sequence[Row], context: Context) -> list[Plan]:
    """Do it; one plan per row that says what was done."""
    plans = []
    for row in rows:  # one after the other: two rows may be about the same person
        (match,) = plan_rows(rows=[row], context=context)
        if match.plan.outcome in (Outcome.NEW, Outcome.CHANGED):
            _write(match, context.actor)
        plans.append(match.plan)
    return plans


@dataclass(frozen=True)
class _Known:
    people: Mapping[str, User]
    organisations: Mapping[str, Organisation]
    units: Mapping[str, Unit]
    families: Mapping[str, FunctionFamily]

    @classmethod
    def of(cls, rows: Sequence[Row], context: Context) -> "_Known":
        """People by their address, and the organisations that the actor administers (all of them for the system)."""
        emails = {_email(row) for row in rows}
        memberships = Membership.objects.select_related("organisation", "unit")
        people = User.objects.filter(email__in=emails).select_related("function_family")
        people = people.prefetch_related(Prefetch("memberships", memberships))
        organisations = Organisation.objects.all()
        if context.actor is not None:
            organisations = organisations.filter(pk__in=roles_of(context.actor).organisations(Role.ADMINISTRATOR))
        return cls(
            {person.email: person for person in people},
            {one.key: one for one in organisations},
            {unit.key: unit for unit in Unit.objects.filter(key__in={row.get("unit") or "" for row in rows})},
            {one.key: one for one in FunctionFamily.objects.all()},
        )


def _email(row: Row) -> str:
    return (row.get("email") or "").strip().lower()


class _Row:
    """One row on its way to a plan."""

    def __init__(self, row: Row, known: _Known, context: Context) -> None:
        self.row, self.known, self.context = row, known, context
        self.email = _email(row)
        self.person = known.people.get(self.email)
        self.problems: list[str] = []

    def match(self) -> Match:
        appointment = self._appointment()
        name = " ".join(filter(None, (self.row.get(part) for part in NAMES))) or self.email
        key = self._key(appointment)
        self._check_person()
        if self.problems or appointment is None:
            return Match(refused("\n".join(self.problems), key=key, title=name))
        plan = Plan(Outcome.UNCHANGED if self.person else Outcome.NEW, key=key, title=name)
        columns = self._columns(plan)
        plan.changes |= self._roles(appointment)
        if self.person and plan.changes:
            plan.outcome = Outcome.CHANGED
        if self.person and self.context.actor == self.person and plan.outcome == Outcome.CHANGED:
            reason = _("Nobody changes their own roles. Ask another administrator.")
            return Match(refused(reason, key=key, title=name))
        return Match(plan, self.row, self.person, appointment, columns)

    def _refuse(self, column: str, reason: str) -> None:
        told = {"column": column, "value": str(self.row.get(column) or ""), "reason": reason}
        words = _("Column %(column)s, “%(value)s”: %(reason)s") if told["value"] else _("Column %(column)s: %(reason)s")
        self.problems.append(words % told)

    def _key(self, appointment: Appointment | None) -> str:
        """Two appointments of one person are two rows; the same one twice is a mistake."""
        if appointment is None:
            return self.email
        parts = [self.email, appointment.organisation.key, appointment.unit.key if appointment.unit else ""]
        return " ".join([*parts, *appointment.roles])

    def _check_person(self) -> None:
        try:
            validate_email(self.email)
        except ValidationError:
            self._refuse("email", _("this is no e-mail address"))
        if self.person is None:
            for name in ("given_name", "family_name"):
                if not self.row.get(name):
                    self._refuse(name, _("a new person needs this"))
        for name in (*NAMES, "job_title_nl", "job_title_en"):
            limit = User._meta.get_field(name).max_length
            if len(self.row.get(name) or "") > limit:
                self._refuse(name, _("at most %(limit)s characters") % {"limit": limit})

    def _appointment(self) -> Appointment | None:
        organisation = self._organisation()
        unit = self.known.units.get(self.row.get("unit") or "")
        if organisation and unit and unit.organisation_id != organisation.pk:
            self._refuse("unit", _("this unit belongs to another organisation"))
        roles = list(dict.fromkeys([Role.MEMBER.value, *(self.row.get("roles") or [])]))
        if Role.TEAM_MANAGER in roles and unit is None:
            self._refuse("unit", _("a team manager manages a unit"))
        days = {name: _day(self.row.get(name)) for name in ("starts_on", "ends_on", "left_on")}
        if days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
            self._refuse("ends_on", _("the last day lies before the first"))
        return Appointment(organisation, unit, roles, **days) if organisation else None

    def _organisation(self) -> Organisation | None:
        key = self.row.get("organisation")
        if key:
            if key not in self.known.organisations:
                self._refuse("organisation", _("you do not administer it"))
            return self.known.organisations.get(key)
        if len(self.known.organisations) != 1:
            self._refuse("organisation", _("of which organisation?"))
            return None
        return next(iter(self.known.organisations.values()))

    def _columns(self, plan: Plan) -> dict[str, Any]:
        """What is written on the person; names of somebody who is there already are asked for.

        Of somebody whom another organisation keeps as well nothing is changed, and nothing is told.
        """
        found: dict[str, Any] = {}
        if not self._administered():
            return found
        for name in (*NAMES, *KEPT, "preferred_language"):
            if name not in self.row or (name == "preferred_language" and (self.person or not self.row[name])):
                continue
            here, there = self._here(name), self.row[name] or ""
            if here == there:
                continue
            if name in NAMES and self.person and not self.context.answer(plan.key, name, here):
                if there:
                    plan.questions[name] = (here, there)
                continue
            plan.changes[name] = (here or None, there)
            found[name] = self.known.families.get(there) if name == "function_family" else there
        return found

    def _administered(self) -> bool:
        """Whether no other organisation keeps the person: what is written here would be written over its head."""
        if self.person is None or self.context.actor is None:
            return True
        own = {one.pk for one in self.known.organisations.values()}
        return {one.organisation_id for one in self.person.memberships.all()} <= own

    def _here(self, name: str) -> str:
        if self.person is None:
            return ""
        value = getattr(self.person, name)
        return value.key if isinstance(value, FunctionFamily) else (value or "")

    def _roles(self, appointment: Appointment) -> dict[str, tuple[Any, Any]]:
        """By the columns of the table what is different in the roles."""
        changes: dict[str, tuple[Any, Any]] = {}
        there = _memberships(self.person, appointment)
        new = [] if appointment.left_on and self.person else [role for role in appointment.roles if role not in there]
        if new:
            changes["roles"] = (sorted(there), sorted({*there, *new}))
        for name in () if appointment.left_on and self.person else ("starts_on", "ends_on"):
            wanted = getattr(appointment, name)
            held = {getattr(membership, name) for membership in there.values()}
            if name in self.row and held - {wanted}:
                changes[name] = (_iso(max(held - {wanted}, key=str)), _iso(wanted))
        if appointment.left_on and self.person:
            running = [
                one for one in _of(self.person, appointment.organisation) if _runs_after(one, appointment.left_on)
            ]
            if running:
                changes["left_on"] = (None, _iso(appointment.left_on))
        return changes


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _of(person: User, organisation: Organisation) -> list[Membership]:
    return [one for one in person.memberships.all() if one.organisation_id == organisation.pk]


def _runs_after(membership: Membership, day: date) -> bool:
    return membership.ends_on is None or membership.ends_on > day


def _unit_for(role: str, appointment: Appointment) -> Unit | None:
    return appointment.unit if role in IN_UNIT else None


def _memberships(person: User | None, appointment: Appointment) -> dict[str, Membership]:
    """The person's memberships that this appointment is about, by role; without a unit a member of any unit is one."""
    if person is None:
        return {}
    found: dict[str, Membership] = {}
    for role in appointment.roles:
        unit = _unit_for(role, appointment)
        anywhere = role == Role.MEMBER and unit is None
        for one in _of(person, appointment.organisation):
            if one.role == role and (anywhere or one.unit_id == (unit.pk if unit else None)):
                found.setdefault(role, one)
    return found


def _write(match: Match, actor: User | None) -> None:
    person, appointment = match.person, match.appointment
    leaves = appointment.left_on is not None and person is not None
    if person is None:
        person = _new_person(match, actor)
    elif match.columns:
        for name, value in match.columns.items():
            setattr(person, name, value)
        person.save(update_fields=list(match.columns))
        events.record(actor=actor, object=person, verb="import", fields=sorted(match.columns))
    if not leaves:
        _grant(match, person, actor)
    if appointment.left_on:
        _end_all(person, appointment, actor)


def _grant(match: Match, person: User, actor: User | None) -> None:
    """The roles of the row; days that the table does not have stay as they are."""
    appointment, there = match.appointment, _memberships(match.person, match.appointment)
    for role in appointment.roles:
        held = there.get(role)
        starts_on = appointment.starts_on if "starts_on" in match.row or not held else held.starts_on
        ends_on = appointment.ends_on if "ends_on" in match.row or not held else held.ends_on
        if held and (held.starts_on, held.ends_on) == (starts_on, ends_on):
            continue
        grant_role(
            person=person,
            organisation=appointment.organisation,
            role=role,
            actor=actor,
            unit=held.unit if held else _unit_for(role, appointment),
            starts_on=starts_on,
            ends_on=ends_on,
        )


def _end_all(person: User, appointment: Appointment, actor: User | None) -> None:
    for membership in Membership.objects.filter(person=person, organisation=appointment.organisation):
        if _runs_after(membership, appointment.left_on):
            end_membership(membership=membership, actor=actor, last_day=appointment.left_on)


def _new_person(match: Match, actor: User | None) -> User:
    """Somebody who has not logged in yet: the first login sets a password by way of the own address, or signs on."""
    email = _email(match.row)
    person = User.objects.create_user(email, **match.columns)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    events.record(actor=actor, object=person, verb="import")
    return person
