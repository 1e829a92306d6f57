"""What hangs on programmes in other rooms, as far as a person may know of it: courses, studies, innovations.

Every function takes the ids of programmes and gives what belongs to each, so that a list costs no more than one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import F, QuerySet

from academy.accounts.permissions import member_of
from academy.strategy.linked import linked_records
from courses.catalogue.models import Course
from research.innovations.models import Innovation
from research.innovations.selectors import portfolio
from research.studies.models import Study
from research.studies.permissions import groups_for, level_of, visible_to
from research.studies.selectors import with_rights

Ids = Collection[int]
T = TypeVar("T")


def _grouped(rows: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for programme, record in rows:
        found[programme].append(record)
    return found


def _seen_courses(user: Any) -> QuerySet[Course]:
    return Course.objects.visible_to(member_of(user))


def courses_of(programmes: Ids, user: Any) -> dict[int, list[Course]]:
    """The published courses that belong to the programmes themselves, by code."""
    links = Course.programmes.through.objects.filter(programme__in=programmes)
    links = links.filter(course__in=_seen_courses(user).values("pk")).select_related("course").order_by("course__code")
    return _grouped((link.programme_id, link.course) for link in links)


@dataclass
class ThroughInnovations:
    """A course with the innovations by way of which it belongs to a programme."""

    course: Course
    innovations: list[Innovation] = field(default_factory=list)


def courses_through_innovations(programmes: Ids, user: Any) -> dict[int, list[ThroughInnovations]]:
    """Courses that belong to the programmes only by way of innovations that the user may know of, by code."""
    links = Innovation.courses.through.objects.filter(
        innovation__programmes__in=programmes,
        innovation__in=portfolio(user).values("pk"),
        course__in=_seen_courses(user).values("pk"),
    ).annotate(programme=F("innovation__programmes"))
    links = links.select_related("course", "innovation").order_by("course__code", "innovation__number")
    own = {(programme, course.pk) for programme, courses in courses_of(programmes, user).items() for course in courses}
    found: dict[tuple[int, int], ThroughInnovations] = {}
    for link in links:
        key = link.programme, link.course_id
        if key not in own:
            found.setdefault(key, ThroughInnovations(link.course)).innovations.append(link.innovation)
    return _grouped((programme, through) for (programme, _course), through in found.items())


def innovations_of(programmes: Ids, user: Any) -> QuerySet[Innovation]:
    """The innovations of the user's portfolio that belong to one of the programmes."""
    links = Innovation.programmes.through.objects.filter(programme__in=programmes)
    return portfolio(user).filter(pk__in=links.values("innovation"))


def studies_of(programmes: Ids, user: Any) -> dict[int, list[Study]]:
    """The published studies whose part with the programmes the user may see, the newest first."""
    links = list(Study.programmes.through.objects.filter(programme__in=programmes).values_list("programme", "study"))
    studies = visible_to(with_rights(Study.objects.published()), user).filter(pk__in={study for _p, study in links})
    order = ["-number"]
    seen = {study.pk: study for study in studies.order_by(*order) if _shows_programmes(study, user)}
    by_programme = _grouped(links)
    return {programme: [study for pk, study in seen.items() if pk in keys] for programme, keys in by_programme.items()}


def _shows_programmes(study: Study, user: Any) -> bool:
    """The programmes of a study stand in the same group of fields as its title."""
    return "identity" in groups_for(study, level_of(user, study))


@linked_records.register("courses")
def _course_codes(programmes: Ids, user: Any) -> dict[int, list[str]]:
    found = courses_of(programmes, user)
    return {programme: [course.code for course in courses] for programme, courses in found.items()}


@linked_records.register("courses_through_innovations")
def _course_codes_through(programmes: Ids, user: Any) -> dict[int, list[str]]:
    found = courses_through_innovations(programmes, user)
    return {programme: [through.course.code for through in rows] for programme, rows in found.items()}


@linked_records.register("studies")
def _study_numbers(programmes: Ids, user: Any) -> dict[int, list[str]]:
    found = studies_of(programmes, user)
    return {programme: [study.number for study in studies] for programme, studies in found.items()}


@linked_records.register("innovations")
def _innovation_numbers(programmes: Ids, user: Any) -> dict[int, list[str]]:
    links = Innovation.programmes.through.objects.filter(programme__in=programmes)
    seen = links.filter(innovation__in=portfolio(user).values("pk")).order_by("innovation__number")
    return _grouped(seen.values_list("programme", "innovation__number"))
