"""Courses, tracks and runs."""

from datetime import datetime, time, timedelta
from itertools import count

from academy.accounts.models import Organisation
from academy.core import clock
from courses.catalogue.models import Course, Track, TrackPart
from courses.enrolment import services
from courses.enrolment.models import Allotment, CourseRun, Session

from .people import organisation

_number = count(1)


def course(*, owners: list[Organisation] | None = None, prerequisites: list[Course] = (), **columns) -> Course:
    """A published course of these owners."""
    n = next(_number)
    defaults = {
        "code": f"TST-{n:03d}",
        "title_nl": f"Cursus {n}",
        "title_en": f"Course {n}",
        "summary_nl": f"Wat je leert in {n}.",
        "hours": 4,
        "languages": ["nl"],
        "live": True,
    }
    record = Course(**{**defaults, **columns})
    record.owners = owners or [organisation("mst")]
    record.prerequisites = list(prerequisites)
    record.save()
    return record


def track(*courses: Course, owners: list[Organisation] | None = None, **columns) -> Track:
    """A published track of these courses, all mandatory."""
    n = next(_number)
    defaults = {"code": f"T-{n:03d}", "title_nl": f"Leerlijn {n}", "summary_nl": "Stap voor stap.", "live": True}
    record = Track(**{**defaults, **columns})
    record.owners = owners or [organisation("mst")]
    record.parts = [TrackPart(course=part, order=n) for n, part in enumerate(courses)]
    record.save()
    return record


def run(of: Course | None = None, *, seats: int = 5, days: int = 30, sessions: int = 1, **columns) -> CourseRun:
    """A run that is open for enrolment and starts in `days` days, with one session a day."""
    taught = of or course()
    start = clock.today() + timedelta(days=days)
    defaults = {
        "organisation": taught.owners.first(),
        "seats": seats,
        "enrolment_opens_on": clock.today() - timedelta(days=60),
        "enrolment_closes_on": max(start - timedelta(days=1), clock.today() - timedelta(days=59)),
        "starts_on": start,
        "ends_on": start + timedelta(days=max(0, sessions - 1)),
    }
    made = services.create_run(course=taught, actor=None, **{**defaults, **columns})
    for n in range(sessions):
        session(made, day=n)
    return CourseRun.objects.select_related("course").get(pk=made.pk)


def session(of: CourseRun, *, day: int = 0, **columns) -> Session:
    """A morning session on the nth day of the run."""
    start = datetime.combine(of.starts_on + timedelta(days=day), time(9), tzinfo=clock.AMSTERDAM)
    defaults = {
        "starts_at": start,
        "ends_at": start + timedelta(hours=3),
        "location": "Enschede",
        "room_nl": "Lokaal 2",
    }
    return Session.objects.create(run=of, **{**defaults, **columns})


def allotment(of: CourseRun, owner: Organisation, seats: int, *, days: int = 5) -> Allotment:
    """Seats kept for this organisation until `days` days from now."""
    release = clock.today() + timedelta(days=days)
    return Allotment.objects.create(run=of, organisation=owner, seats=seats, release_on=release)
