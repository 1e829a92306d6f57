"""Who may know of an innovation, see which parts of it, change it, and decide on it.

Source: the roles table of the domain. The team is the owner, the team members and whoever put it in while it has no
owner; innovation managers act for the hospitals whose innovation it is; the auditor reads everything. Whoever may not
know an innovation is told that there is none.
"""

from collections.abc import Iterable

import rules
from django.db.models import Q, QuerySet

from academy.accounts.models import Role
from academy.accounts.permissions import holds, is_auditor, member_of, roles_of
from research.studies.permissions import covers

from .models import Innovation, TeamMember
from .record import FIELDS, GROUPS, Record
from .states import PublicationState
from .vocabularies import Visibility


def manager_of(user) -> frozenset[int]:
    """Ids of the organisations whose innovation manager the user is."""
    return roles_of(user).organisations(Role.INNOVATION_MANAGER)


def organisation_ids(innovation: Innovation) -> set[int]:
    """Ids of the hospitals whose innovation it is."""
    return {organisation.pk for organisation in innovation.organisations.all()}


def in_team(user, innovation: Innovation) -> bool:
    """The owner, who put it in while it has no owner, and everybody of the team."""
    if not getattr(user, "is_authenticated", False):
        return False
    if user.pk == innovation.owner_id or (innovation.owner_id is None and user.pk == innovation.created_by_id):
        return True
    return any(member.person_id == user.pk for member in innovation.team.all())


def level_of(user, innovation: Innovation) -> str:
    """How near the user stands to the innovation: `team`, `members` or `public`."""
    if not getattr(user, "is_authenticated", False):
        return Visibility.PUBLIC
    hospitals = organisation_ids(innovation)
    if in_team(user, innovation) or manager_of(user) & hospitals or roles_of(user).has(Role.AUDITOR):
        return Visibility.TEAM
    return Visibility.MEMBERS if member_of(user) & hospitals else Visibility.PUBLIC


def _stricter(one: str, other: str) -> str:
    return one if covers(one, other) else other


def group_needs(innovation: Innovation) -> dict[str, str]:
    """For each group of fields the level that it needs, at least that of the record."""
    whole = innovation.visibility
    return {name: _stricter(whole, group.default or whole) for name, group in GROUPS.items()}


def groups_for(innovation: Innovation, level: str) -> frozenset[str]:
    """The groups of fields that somebody of this level sees."""
    return frozenset(name for name, needed in group_needs(innovation).items() if covers(level, needed))


def shown(record: Record, groups: Iterable[str]) -> Record:
    """The record without the fields of other groups."""
    allowed = set(groups)
    return {name: value for name, value in record.items() if FIELDS[name].group in allowed}


def _own(user) -> Q:
    """Those of whose team the user is."""
    teams = TeamMember.objects.filter(person=user).values("innovation")
    return Q(owner=user) | Q(owner=None, created_by=user) | Q(pk__in=teams)


def _of(organisations: Iterable[int]) -> Q:
    """Those of these hospitals."""
    through = Innovation.organisations.through.objects.filter(organisation__in=organisations)
    return Q(pk__in=through.values("innovation"))


def visible_to(innovations: QuerySet[Innovation], user) -> QuerySet[Innovation]:
    """Those of these innovations that the user may know of; drafts too, where the user is near them."""
    published = Q(publication_state=PublicationState.PUBLISHED)
    public = published & Q(visibility=Visibility.PUBLIC)
    if not getattr(user, "is_authenticated", False):
        return innovations.filter(public)
    if roles_of(user).has(Role.AUDITOR):
        return innovations
    near = _own(user)
    if managed := manager_of(user):
        near |= _of(managed)
    allowed = public | near
    if member := member_of(user):
        allowed |= published & Q(visibility=Visibility.MEMBERS) & _of(member)
    return innovations.filter(allowed)


def members_level(innovations: QuerySet[Innovation], user) -> QuerySet[Innovation]:
    """Those of these innovations of which the user sees what is for members (money, compliance, team)."""
    if not getattr(user, "is_authenticated", False):
        return innovations.none()
    if roles_of(user).has(Role.AUDITOR):
        return innovations
    return innovations.filter(_own(user) | _of(member_of(user) | manager_of(user)))


def own(user) -> QuerySet[Innovation]:
    """The innovations of whose team the user is."""
    return Innovation.objects.filter(_own(user))


def managed(user) -> QuerySet[Innovation]:
    """The innovations of the hospitals whose innovation manager the user is."""
    return Innovation.objects.filter(_of(manager_of(user)))


@rules.predicate
def may_know(user, innovation: Innovation) -> bool:
    if innovation is None:
        return False
    level = level_of(user, innovation)
    if innovation.publication_state != PublicationState.PUBLISHED:
        return level == Visibility.TEAM
    return covers(level, innovation.visibility)


@rules.predicate
def is_near(user, innovation: Innovation) -> bool:
    return innovation is not None and level_of(user, innovation) == Visibility.TEAM


@rules.predicate
def is_of_team(user, innovation: Innovation) -> bool:
    return innovation is not None and in_team(user, innovation)


@rules.predicate
def manages(user, innovation: Innovation | None) -> bool:
    """Innovation manager of one of its hospitals; without an innovation: of any."""
    if innovation is None:
        return bool(manager_of(user))
    return bool(manager_of(user) & organisation_ids(innovation))


@rules.predicate
def is_member(user) -> bool:
    """A confirmed member of any organisation."""
    return bool(member_of(user))


is_manager = holds(Role.INNOVATION_MANAGER)

rules.add_perm("innovations.put_in", is_member)
rules.add_perm("innovations.see", may_know)
rules.add_perm("innovations.see_team", is_near)
rules.add_perm("innovations.edit", is_of_team | manages)
rules.add_perm("innovations.submit", is_of_team | manages)
rules.add_perm("innovations.withdraw", is_of_team | manages)
rules.add_perm("innovations.attach", is_of_team | manages)
rules.add_perm("innovations.meet", is_of_team | manages)
rules.add_perm("innovations.assess", is_of_team | manages)
rules.add_perm("innovations.manage", manages)
rules.add_perm("innovations.see_queue", is_manager | is_auditor)
rules.add_perm("innovations.import", is_manager)
