"""Who belongs where, in which role, from when until when."""

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from academy.core import clock, events

from ..errors import OtherOrganisation, OwnRole
from ..groups import sync_groups
from ..models import Membership, Organisation, Role, Source, Unit, User
from .steps import check, check_columns, lock_person


@transaction.atomic
def grant_role(
    *,
    person: User,
    organisation: Organisation,
    role: str,
    actor: User | None,
    unit: Unit | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Membership:
    """Give the role in the organisation or one of its units, or change its dates; the same again changes nothing."""
    check(actor, "accounts.administer", organisation, OtherOrganisation)
    if actor is not None and actor.pk == person.pk:
        raise OwnRole
    person = lock_person(person)
    key = {"person": person, "organisation": organisation, "unit": unit, "role": role}
    membership = Membership.objects.filter(**key).first() or Membership(**key)
    wanted = (starts_on, ends_on, Source.CONFIRMED)
    if membership.pk and (membership.starts_on, membership.ends_on, membership.source) == wanted:
        return membership
    membership.starts_on, membership.ends_on, membership.source = wanted
    check_columns(membership)
    membership.save()
    _record(membership, "grant_role", actor, reason)
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, actor: User | None, last_day: date | None = None, reason: str = ""
) -> Membership:
    """Let the membership hold until this day, and without a day: no longer; it is kept for the history.

    From then on it is the administrator's decision: a confirmed e-mail address does not bring it back.
    """
    check(actor, "accounts.administer", membership.organisation, OtherOrganisation)
    if actor is not None and actor.pk == membership.person_id:
        raise OwnRole
    lock_person(membership.person)
    membership = Membership.objects.select_related("organisation", "unit", "person").get(pk=membership.pk)
    membership.source = Source.CONFIRMED
    _end(membership, last_day or clock.today() - timedelta(days=1))
    _record(membership, "end_membership", actor, reason)
    return membership


@transaction.atomic
def follow_domains(*, person: User, actor: User | None = None) -> None:
    """Make the person a member where a confirmed address lies in an organisation's domain, and nowhere else.

    Touches only memberships that follow from a domain; what an administrator confirmed or ended stays.
    """
    person = lock_person(person)
    wanted = {organisation.pk: organisation for organisation in _organisations_of_addresses(person)}
    rows = list(person.memberships.filter(role=Role.MEMBER).select_related("organisation", "unit"))
    for membership in rows:
        if membership.source == Source.DOMAIN and membership.organisation_id not in wanted and _holds(membership):
            _end(membership, clock.today() - timedelta(days=1))
            _record(membership, "end_membership", actor, "")
    known = {membership.organisation_id: membership for membership in rows if membership.unit_id is None}
    there = {membership.organisation_id for membership in rows if _holds(membership)}
    for pk in wanted.keys() - there:
        _join(person, wanted[pk], known.get(pk), actor)


def _organisations_of_addresses(person: User) -> list[Organisation]:
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    domains = {address.rpartition("@")[2].lower() for address in addresses}
    candidates = Organisation.objects.exclude(mail_domains=[])
    return [one for one in candidates if domains & {domain.lower() for domain in one.mail_domains}]


def _join(person: User, organisation: Organisation, ended: Membership | None, actor: User | None) -> None:
    if ended is not None and ended.source != Source.DOMAIN:
        return
    membership = ended or Membership(person=person, organisation=organisation, role=Role.MEMBER, source=Source.DOMAIN)
    membership.starts_on, membership.ends_on = clock.today(), None
    membership.save()
    _record(membership, "grant_role", actor, "")


def _holds(membership: Membership) -> bool:
    return membership.ends_on is None or membership.ends_on >= clock.today()


def _end(membership: Membership, last_day: date) -> None:
    membership.ends_on = last_day
    if membership.starts_on and membership.starts_on > last_day:
        membership.starts_on = last_day
    membership.save(update_fields=["starts_on", "ends_on", "source"])


def _record(membership: Membership, verb: str, actor: User | None, reason: str) -> None:
    """An event of the person, in words that outlive organisation and unit; and the groups at once."""
    events.record(
        actor=actor,
        object=membership.person,
        verb=verb,
        to_state=membership.role,
        reason=reason,
        organisation=membership.organisation.key,
        unit=membership.unit.key if membership.unit else "",
        source=membership.source,
        starts_on=membership.starts_on.isoformat() if membership.starts_on else "",
        ends_on=membership.ends_on.isoformat() if membership.ends_on else "",
    )
    sync_groups([membership.person])
