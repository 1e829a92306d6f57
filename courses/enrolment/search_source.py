"""What may be found of courses, with the state of their runs: dates, places, and whether one can enrol."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from academy.accounts.models import Organisation
from academy.core import clock, wording
from academy.core.translation import LANGUAGES
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty
from courses.catalogue.models import Accreditation, Course, CourseCompetence
from courses.catalogue.search_source import COURSES, acl_of, addresses, body_text, localised, visible_to
from courses.catalogue.selectors import courses_with_facts
from search.contract import SearchDoc, Viewer
from search.registry import FacetSpec, SortSpec, Source, register, register_facet, register_sort

from . import badges
from .models import Allotment, CourseRun, Enrolment, Session
from .selectors import kept_seats, seats_of_many
from .states import RunState

OPEN, WAITING, LATER, CLOSED = "open", "waiting_list", "later", "closed"


def courses_with_runs() -> QuerySet[Course]:
    """Courses with the runs that are not over, as documents and cards read them."""
    runs = CourseRun.objects.coming().with_seats_taken().prefetch_related("sessions", "allotments")
    return courses_with_facts().prefetch_related(Prefetch("runs", runs, to_attr="coming_runs"))


def availability(run: CourseRun) -> set[str]:
    """Whether somebody can enrol in this run, as the facet says it; needs `seats_taken` and the allotments.

    A run whose last seats are kept for some is open for them and full for others, so it is both.
    """
    state = run.state
    if state not in RunState.open():
        return {LATER if state == RunState.UPCOMING else CLOSED}
    left, full = run.seats - run.seats_taken, WAITING if run.waiting_list else CLOSED
    if left > sum(kept_seats(run).values()):
        return {OPEN}
    return {OPEN, full} if left > 0 else {full}


def document(course: Course) -> SearchDoc | None:
    """A published course; the facets of its runs follow from their dates, so it says when they change."""
    if not course.live:
        return None
    body = body_text(course)
    outcomes = localised(course, "outcomes")
    return SearchDoc(
        id=f"course:{course.pk}",
        type="course",
        number=course.code,
        title=localised(course, "title"),
        summary=localised(course, "summary"),
        body={code: f"{outcomes.get(code, '')} {body[code]}" for code in LANGUAGES},
        url=addresses(course),
        acl=acl_of(course),
        identifiers=(course.code, *(run.number for run in course.coming_runs)),
        facets=_facets(course),
        values=_values(course),
        changes_at=_changes_at(course),
    )


def _facets(course: Course) -> dict[str, tuple[str, ...]]:
    runs = course.coming_runs
    places = {session.location for run in runs for session in run.sessions.all() if session.location}
    return {
        "delivery_mode": (course.delivery_mode,),
        "audience": tuple(family.key for family in course.audience.all()),
        "specialty": tuple(specialty.key for specialty in course.specialties.all()),
        "care_domain": tuple(domain.key for domain in course.care_domains.all()),
        "organisation": tuple(owner.key for owner in course.owners.all()),
        "programme": tuple(programme.key for programme in course.programmes.all()),
        "register": tuple(row.register.key for row in course.accreditation.all()),
        "language": tuple(course.languages),
        "location": tuple(sorted(places)),
        "enrolment": tuple(sorted(set().union(*map(availability, runs)))) or (CLOSED,),
    }


def _values(course: Course) -> dict[str, datetime]:
    starts = [clock.start_of(run.starts_on) for run in course.coming_runs if run.starts_on >= clock.today()]
    return {"next": min(starts)} if starts else {}


def _changes_at(course: Course) -> datetime | None:
    moments = [moment for run in course.coming_runs if (moment := run.next_change())]
    # `next` names a run until the end of its first day.
    moments += [clock.end_of(run.starts_on) for run in course.coming_runs if run.starts_on >= clock.today()]
    kept = [row.release_on for run in course.coming_runs for row in run.allotments.all()]
    moments += [clock.start_of(day) for day in kept if day > clock.today()]
    return min(moments, default=None)


def cards(pks: Sequence[Any], viewer: Viewer, language: str) -> dict[Any, dict[str, Any]]:
    """Courses as entries of a list, with the next run for somebody of the viewer's organisation."""
    courses = list(visible_to(courses_with_runs(), viewer).filter(pk__in=pks))
    runs = [run for course in courses for run in course.coming_runs]
    seats = seats_of_many(runs)
    members = sorted(int(token.partition(":")[2]) for token in viewer.tokens if token.startswith("org:"))
    organisation = members[0] if members else None
    return {course.pk: _card(course, seats, organisation) for course in courses}


def _card(course: Course, seats: dict, organisation: int | None) -> dict[str, Any]:
    runs = [run for run in course.coming_runs if run.state in (*RunState.open(), RunState.UPCOMING)]
    runs.sort(key=lambda run: (run.state == RunState.UPCOMING, run.starts_on))
    card = {
        "meta": [
            wording.hours(course.hours),
            *(f"{wording.number(row.points)} {row.register}" for row in course.accreditation.all()[:2]),
            course.get_delivery_mode_display().capitalize(),
        ],
        "domain": course.first_domain or "",
        "state": None,
        "following": [],
    }
    if runs:
        first, *others = runs
        card["state"] = badges.of_run(first, *seats[first.pk], organisation)
        card["following"] = [wording.row_date(first.starts_on), _place(first, len(others))]
    return card


def _place(run: CourseRun, others: int) -> str:
    place = next((session.location for session in run.sessions.all() if session.location), "") or _("Online")
    if not others:
        return place
    more = ngettext("%(place)s, after that %(n)s more date", "%(place)s, after that %(n)s more dates", others)
    return more % {"place": place, "n": others}


def _by(field: str):
    def courses(record: Model) -> Iterable[int]:
        return Course.objects.filter(**{field: record.pk}).values_list("pk", flat=True)

    return courses


register(
    Source(
        type="course",
        label=gettext_lazy("Course"),
        label_plural=gettext_lazy("Courses"),
        icon="book-open",
        rank=10,
        model=Course,
        document=document,
        queryset=courses_with_runs,
        cards=cards,
        values=("next",),
        dependants={
            CourseRun: lambda run: [run.course_id],
            Session: lambda session: [session.run.course_id],
            Allotment: lambda allotment: [allotment.run.course_id],
            Enrolment: lambda enrolment: [enrolment.run.course_id],
            Accreditation: lambda row: [row.course_id],
            CourseCompetence: lambda row: [row.course_id],
            Organisation: _by("owners"),
            Specialty: _by("specialties"),
            CareDomain: _by("care_domains"),
            FunctionFamily: _by("audience"),
            Programme: _by("programmes"),
            Register: _by("accreditation__register"),
        },
    )
)


def _enrolment_words(codes: Iterable[str], language: str) -> dict[str, str]:
    return {OPEN: _("Places left"), WAITING: _("Waiting list"), LATER: _("Opens later"), CLOSED: _("Closed")}


register_facet(
    FacetSpec(
        name="enrolment",
        label=gettext_lazy("Enrolment"),
        labels=_enrolment_words,
        order=(OPEN, WAITING, LATER, CLOSED),
        types=COURSES,
        rank=10,
    )
)
register_facet(
    FacetSpec(name="location", label=gettext_lazy("Place"), labels=lambda codes, language: {}, types=COURSES, rank=25)
)
register_sort(SortSpec(name="soonest", label=gettext_lazy("Soonest first"), value="next", types=()))
