"""Wagtail's groups follow the memberships in force: one group per role that has access to the admin.

A group is named by the code of its role. What a group may do is the business of `manage.py sync_groups`.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from .models import Membership, Role, User

ADMIN_ROLES = (
    Role.EDITOR,
    Role.COURSE_MANAGER,
    Role.ADMINISTRATOR,
    Role.SCIENCE_BUREAU,
    Role.INNOVATION_MANAGER,
    Role.AUDITOR,
)
Pairs = set[tuple[int, int]]


@transaction.atomic
def sync_groups(people: Iterable[User] | None = None) -> int:
    """Put these people, or everybody, into exactly the groups of their roles today; returns how many changes."""
    ids = None if people is None else [person.pk for person in people]
    groups = _groups()
    wanted, present = _wanted(groups, ids), _present(groups, ids)
    through = User.groups.through
    for person, group in present - wanted:
        through.objects.filter(user_id=person, group_id=group).delete()
    new = [through(user_id=person, group_id=group) for person, group in wanted - present]
    through.objects.bulk_create(new, ignore_conflicts=True)
    return len(present ^ wanted)


def _groups() -> dict[str, int]:
    """Ids of the groups by role; one that `sync_groups` has not made yet is made here, without rights."""
    known = dict(Group.objects.filter(name__in=ADMIN_ROLES).values_list("name", "pk"))
    for role in ADMIN_ROLES:
        if role.value not in known:
            known[role.value] = Group.objects.get_or_create(name=role.value)[0].pk
    return known


def _wanted(groups: dict[str, int], ids: list[int] | None) -> Pairs:
    rows = Membership.objects.in_force().filter(role__in=ADMIN_ROLES)
    if ids is not None:
        rows = rows.filter(person__in=ids)
    return {(person, groups[role]) for person, role in rows.values_list("person_id", "role")}


def _present(groups: dict[str, int], ids: list[int] | None) -> Pairs:
    rows = User.groups.through.objects.filter(group_id__in=groups.values())
    if ids is not None:
        rows = rows.filter(user_id__in=ids)
    return set(rows.values_list("user_id", "group_id"))
