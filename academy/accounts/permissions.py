"""Who may do what: roles in force, and the predicates that the rooms build their rules from.

Source: the roles table of the domain; several roles add up, everything not listed is refused.
A person's roles are read once per request and kept on the user object.
"""

from dataclasses import dataclass

import rules

from academy.core import clock

from .models import Membership, Role, Unit


@dataclass(frozen=True)
class Roles:
    """The roles of one person on one day: (role, organisation id, unit id or None)."""

    entries: frozenset[tuple[str, int, int | None]] = frozenset()

    def has(self, role: str, organisation_ids=None) -> bool:
        """Whether the role is held at all, or in one of these organisations."""
        return any(
            held == role and (organisation_ids is None or organisation in organisation_ids)
            for held, organisation, _unit in self.entries
        )

    def organisations(self, *roles: str) -> frozenset[int]:
        """Ids of the organisations in which one of the roles is held."""
        return frozenset(organisation for held, organisation, _unit in self.entries if held in roles)

    def units(self, role: str) -> frozenset[int]:
        """Ids of the units for which the role is held, without their sub-units."""
        return frozenset(unit for held, _organisation, unit in self.entries if held == role and unit)


NOBODY = Roles()


def roles_of(user) -> Roles:
    """The roles in force today; kept on the user object, so that one request reads them once."""
    if not getattr(user, "is_authenticated", False):
        return NOBODY
    day = clock.today()
    kept = getattr(user, "_roles", None)
    if kept is None or kept[0] != day:
        rows = Membership.objects.in_force().filter(person=user).values_list("role", "organisation_id", "unit_id")
        kept = user._roles = (day, Roles(frozenset(rows)))
    return kept[1]


def member_of(user) -> frozenset[int]:
    """Ids of the organisations that the person belongs to."""
    return roles_of(user).organisations(Role.MEMBER)


def home_organisation(user) -> int | None:
    """The organisation whose seats the person takes; None for an external person."""
    return min(member_of(user), default=None)


def managed_units(user) -> frozenset[int]:
    """Ids of the units that the person manages, with everything under them."""
    found = set(roles_of(user).units(Role.TEAM_MANAGER))
    level = found
    while level:
        level = set(Unit.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
        found |= level
    return frozenset(found)


def manages(user, person) -> bool:
    """Whether the person works in a unit that the user manages; nobody manages themselves."""
    if user.pk == person.pk:
        return False
    units = managed_units(user)
    team = Membership.objects.in_force().filter(unit__in=units, role=Role.MEMBER)
    return bool(units) and team.filter(person=person).exists()


def managers_of(person):
    """Memberships of the team managers above this person, up through the units; not the person's own."""
    own = Membership.objects.in_force().filter(person=person, role=Role.MEMBER, unit__isnull=False)
    level = set(own.values_list("unit_id", flat=True))
    units: set[int] = set()
    while level:
        units |= level
        level = set(Unit.objects.filter(pk__in=level, parent__isnull=False).values_list("parent_id", flat=True)) - units
    found = Membership.objects.in_force().filter(role=Role.TEAM_MANAGER, unit__in=units)
    return found.exclude(person=person).select_related("person")


def viewer_tokens(user) -> frozenset[str]:
    """What a search engine compares with a document's `acl`: everybody is `public`, members are `org:<id>` …"""
    if not getattr(user, "is_authenticated", False):
        return frozenset({"public"})
    tokens = {"public", f"user:{user.pk}"}
    for role, organisation, _unit in roles_of(user).entries:
        tokens.add(f"org:{organisation}" if role == Role.MEMBER else f"{role}:{organisation}")
        if role == Role.AUDITOR:  # reads everything, whatever the organisation
            tokens.add(str(Role.AUDITOR))
    return frozenset(tokens)


def holds(role: str) -> rules.Predicate:
    """A predicate: the person holds the role in any organisation."""

    @rules.predicate(name=f"holds:{role}")
    def held(user) -> bool:
        return roles_of(user).has(role)

    return held


is_administrator = holds(Role.ADMINISTRATOR)
is_auditor = holds(Role.AUDITOR)


@rules.predicate
def administers(user, organisation) -> bool:
    """An administrator of this organisation."""
    return organisation is not None and roles_of(user).has(Role.ADMINISTRATOR, {organisation.pk})


@rules.predicate
def administers_person(user, person) -> bool:
    """An administrator of an organisation that the person has a role in; of anybody who has none anywhere."""
    mine = roles_of(user).organisations(Role.ADMINISTRATOR)
    if not mine or person is None:
        return False
    theirs = set(Membership.objects.filter(person=person).values_list("organisation_id", flat=True))
    return not theirs or bool(theirs & mine)


@rules.predicate
def administers_all_of_person(user, person) -> bool:
    """No other organisation still counts on this person, so that nobody is shut out over its head."""
    theirs = Membership.objects.in_force().filter(person=person).values_list("organisation_id", flat=True)
    return set(theirs) <= roles_of(user).organisations(Role.ADMINISTRATOR)


@rules.predicate
def is_oneself(user, person) -> bool:
    return person is not None and user.pk == person.pk


rules.add_perm("accounts.administer", administers)
rules.add_perm("accounts.see_people", is_administrator | is_auditor)
rules.add_perm("accounts.import_people", is_administrator)
rules.add_perm("accounts.see_person", administers_person | is_auditor)
# Nobody gives a role to oneself or shuts oneself out: a second administrator does.
rules.add_perm("accounts.administer_person", administers_person & ~is_oneself)
rules.add_perm("accounts.end_sessions", administers_person)
rules.add_perm("accounts.deactivate_person", administers_person & administers_all_of_person & ~is_oneself)
rules.add_perm("accounts.see_work", is_administrator | is_auditor)
rules.add_perm("accounts.wake_work", is_administrator)
rules.add_perm("accounts.read_log", is_auditor)
