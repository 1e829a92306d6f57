"""Who may know of a study, see which parts of it, change, review and publish it.

Source: the roles table of the domain. The team is who has `Access`; a science bureau is involved when its hospital is a
site; the auditor reads everything. What is not allowed here is refused; whoever may not know a study is told that there
is none.
"""

from collections.abc import Iterable

import rules
from django.db.models import Q, QuerySet

from academy.accounts.models import Role, User
from academy.accounts.permissions import holds, is_auditor, member_of, roles_of
from academy.core import clock

from .models import Access, Review, ReviewRoute, Study
from .record import FIELDS, GROUPS, Record
from .states import PublicationState
from .vocabularies import Visibility

_STRICTNESS = {Visibility.PUBLIC: 0, Visibility.MEMBERS: 1, Visibility.TEAM: 2}


def _stricter(one: str, other: str) -> str:
    return max(one, other, key=lambda level: _STRICTNESS[level])


def covers(level: str, needed: str) -> bool:
    """Whether somebody of this level (`public`, `members`, `team`) sees what needs the other one."""
    return _STRICTNESS[level] >= _STRICTNESS[needed]


def bureaus_of(user) -> frozenset[int]:
    """Ids of the organisations whose science bureau the user belongs to."""
    return roles_of(user).organisations(Role.SCIENCE_BUREAU)


def is_of_bureau(person: User | None, review: Review) -> bool:
    """Whether the person, if any, belongs today to the bureau whose review this is."""
    return person is not None and person.is_active and review.site.organisation_id in bureaus_of(person)


def site_ids(study: Study) -> set[int]:
    """Ids of the hospitals that take part."""
    return {site.organisation_id for site in study.sites.all()}


def leading_id(study: Study) -> int | None:
    """Id of the leading hospital; None while there is none yet."""
    return next((site.organisation_id for site in study.sites.all() if site.leading), None)


def access_of(user, study: Study) -> str | None:
    """`viewer` or `editor` for somebody of the team, else None."""
    if not getattr(user, "is_authenticated", False):
        return None
    return next((row.level for row in study.access.all() if row.person_id == user.pk), None)


def level_of(user, study: Study) -> str:
    """How near the user stands to the study: `team`, `members` or `public`."""
    if not getattr(user, "is_authenticated", False):
        return Visibility.PUBLIC
    sites = site_ids(study)
    if access_of(user, study) or bureaus_of(user) & sites or roles_of(user).has(Role.AUDITOR):
        return Visibility.TEAM
    return Visibility.MEMBERS if member_of(user) & sites else Visibility.PUBLIC


def visibility_now(study: Study) -> str:
    """The visibility of the record on this day: once the day of the embargo has come it is public."""
    if study.embargo_until and study.embargo_until <= clock.today():
        return Visibility.PUBLIC
    return study.visibility


def group_needs(study: Study) -> dict[str, str]:
    """For each group of fields the level that it needs now, at least that of the record."""
    whole = visibility_now(study)
    chosen = study.group_visibility or {}
    return {name: _stricter(whole, chosen.get(name) or group.default or whole) for name, group in GROUPS.items()}


def groups_for(study: Study, level: str) -> frozenset[str]:
    """The groups of fields that somebody of this level sees."""
    return frozenset(name for name, needed in group_needs(study).items() if covers(level, needed))


def shown(record: Record, groups: Iterable[str]) -> Record:
    """The record without the fields, and without the parts of rows, of other groups."""
    allowed = set(groups)
    return {
        name: _without_hidden_parts(value, FIELDS[name].parts, allowed)
        for name, value in record.items()
        if FIELDS[name].group in allowed
    }


def _without_hidden_parts(value, parts, allowed):
    hidden = {part for part, group in parts.items() if group not in allowed}
    if not hidden or not value:
        return value
    return [{key: part for key, part in row.items() if key not in hidden} for row in value]


def visible_to(studies: QuerySet[Study], user) -> QuerySet[Study]:
    """Those of these studies that the user may know of today."""
    public = Q(pk__in=Study.objects.public().values("pk"))
    if not getattr(user, "is_authenticated", False):
        return studies.filter(public)
    if roles_of(user).has(Role.AUDITOR):
        return studies
    team = Q(pk__in=Access.objects.filter(person=user).values("study")) | Q(
        pk__in=Study.objects.filter(sites__organisation__in=bureaus_of(user)).values("pk")
    )
    published = Study.objects.published()
    members = published.filter(visibility=Visibility.MEMBERS, sites__organisation__in=member_of(user)).values("pk")
    return studies.filter(public | team | Q(pk__in=members))


@rules.predicate
def may_know(user, study: Study) -> bool:
    if study is None:
        return False
    level = level_of(user, study)
    if study.publication_state != PublicationState.PUBLISHED:
        return level == Visibility.TEAM
    return covers(level, visibility_now(study))


@rules.predicate
def is_near(user, study: Study) -> bool:
    return study is not None and level_of(user, study) == Visibility.TEAM


@rules.predicate
def edits(user, study: Study) -> bool:
    return study is not None and access_of(user, study) == Access.Level.EDITOR


@rules.predicate
def leads(user, study: Study) -> bool:
    """Of the science bureau of the leading hospital."""
    return study is not None and leading_id(study) in bureaus_of(user)


@rules.predicate
def is_involved(user, study: Study) -> bool:
    """Of the science bureau of one of the hospitals that take part."""
    return study is not None and bool(bureaus_of(user) & site_ids(study))


@rules.predicate
def reviews(user, review: Review) -> bool:
    """Of the science bureau of the hospital whose review this is."""
    return review is not None and review.site.organisation_id in bureaus_of(user)


@rules.predicate
def keeps_route(user, route: ReviewRoute | None) -> bool:
    """Of the science bureau of the hospital whose route this is; without one: may the person make new ones at all."""
    if route is None or route.organisation_id is None:
        return bool(bureaus_of(user))
    return route.organisation_id in bureaus_of(user)


is_researcher = holds(Role.RESEARCHER)
is_bureau = holds(Role.SCIENCE_BUREAU)

rules.add_perm("studies.register", is_researcher)
rules.add_perm("studies.see", may_know)
rules.add_perm("studies.see_team", is_near)
rules.add_perm("studies.edit", edits)
rules.add_perm("studies.submit", edits)
rules.add_perm("studies.attach", edits | is_involved)
rules.add_perm("studies.meet", edits | is_involved)
rules.add_perm("studies.invite", edits | leads)
rules.add_perm("studies.publish", leads)
rules.add_perm("studies.review", reviews)
rules.add_perm("studies.see_queue", is_bureau | is_auditor)
rules.add_perm("studies.import", is_bureau)
rules.add_perm("studies.keep_routes", keeps_route)
