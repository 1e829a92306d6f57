"""Questions over several tables, and questions for one person."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from academy.accounts.models import Membership, Role, User
from academy.accounts.permissions import managed_units, roles_of
from academy.core import clock, registries
from courses.catalogue.models import Course

from .models import CompletedBefore, CourseRun, Enrolment
from .seats import Seats
from .states import EnrolmentState, Outcome


def seats_of(run: CourseRun) -> tuple[Seats, int]:
    """The seats of one run and how many wait, in two queries; exact only while the run's row is locked."""
    return seats_of_many([run])[run.pk]


def seats_of_many(runs: list[CourseRun]) -> dict[int, tuple[Seats, int]]:
    """Seats and length of the waiting list of every run, in one query where the allotments are prefetched."""
    held = Count("pk", filter=Q(state__in=EnrolmentState.holding_a_seat()))
    waits = Count("pk", filter=Q(state=EnrolmentState.QUEUED))
    found = {run.pk: (Seats(run.seats, {}, kept_seats(run)), 0) for run in runs}
    rows = Enrolment.objects.filter(run__in=runs).order_by().values_list("run", "organisation")
    for run, organisation, n, w in rows.annotate(held=held, waits=waits):
        seats, waiting = found[run]
        seats.taken[organisation] = n
        found[run] = (seats, waiting + w)
    return found


def kept_seats(run: CourseRun) -> dict[int, int]:
    """Seats per organisation that are not released yet; uses prefetched allotments where there are any."""
    today = clock.today()
    return {a.organisation_id: a.seats for a in run.allotments.all() if a.release_on > today}


def missing_prerequisites(person: User, course: Course) -> list[Course]:
    """The courses that the person must complete first, in one query where no other room has a say."""
    here = Enrolment.objects.filter(person=person, outcome=Outcome.COMPLETED, run__course=OuterRef("pk"))
    before = CompletedBefore.objects.filter(person=person, course=OuterRef("pk"))
    missing = Course.objects.filter(required_by=course.pk).exclude(Exists(here)).exclude(Exists(before))
    found = list(missing)
    if found:
        counted = set().union(*(check(person) for check in registries.prerequisite_checkers))
        found = [course for course in found if course.pk not in counted]
    return found


def position_of(enrolment: Enrolment) -> int | None:
    """The place on the waiting list, from 1; None for somebody who is not on it."""
    if enrolment.state != EnrolmentState.QUEUED:
        return None
    ahead = getattr(enrolment, "ahead", None)
    if ahead is None:
        ahead = Enrolment.objects.filter(pk=enrolment.pk).with_place_in_line().values_list("ahead", flat=True).get()
    return ahead + 1


def runs_for_page(course: Course) -> QuerySet[CourseRun]:
    """The runs of a course that its page shows: everything that is not over, with what a row needs."""
    return (
        course.runs.filter(ends_on__gte=clock.today())
        .prefetch_related("sessions", "allotments")
        .order_by("starts_on", "pk")
    )


def with_everything(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Enrolments with the run, its course and sessions, and the place in line, as lists show them."""
    rows = enrolments.with_place_in_line()
    return rows.select_related("run__course", "run__organisation", "person").prefetch_related("run__sessions")


def current_of(person: User) -> QuerySet[Enrolment]:
    """What a person takes part in or waits for now, the next date first; a run that is over is no longer current."""
    return (
        with_everything(Enrolment.objects.filter(person=person).active())
        .filter(run__ends_on__gte=clock.today(), run__cancelled_at=None)
        .order_by("run__starts_on", "pk")
    )


def past_of(person: User) -> QuerySet[Enrolment]:
    """What a person has finished, the latest first."""
    return with_everything(Enrolment.objects.filter(person=person, state=EnrolmentState.FINISHED)).order_by(
        "-run__ends_on", "-pk"
    )


def waiting_for_approval_by(user: User) -> QuerySet[Enrolment]:
    """Pending enrolments that this person may decide about: the own team, or of nobody's team as course manager."""
    members = Membership.objects.in_force().filter(role=Role.MEMBER, person=OuterRef("person"))
    in_team = Exists(members.filter(unit__in=managed_units(user)))
    managed_somewhere = Exists(members.filter(_has_manager(), unit__isnull=False))
    owners = roles_of(user).organisations(Role.COURSE_MANAGER)
    mine = Q(in_team) | (Q(run__course__owners__in=owners) & ~Q(managed_somewhere))
    pending = Enrolment.objects.filter(
        state=EnrolmentState.PENDING, run__cancelled_at=None, run__ends_on__gte=clock.today()
    ).exclude(person=user)
    return with_everything(pending.filter(mine)).distinct().order_by("requested_at", "pk")


def _has_manager() -> Q:
    """A unit, or one of the two above it, has a team manager other than the person; deeper trees do not occur."""
    managing = Membership.objects.in_force().filter(role=Role.TEAM_MANAGER).exclude(person=OuterRef(OuterRef("person")))
    units = managing.values("unit")
    return Q(unit__in=units) | Q(unit__parent__in=units) | Q(unit__parent__parent__in=units)


def runs_to_work_on(user: User) -> QuerySet[CourseRun]:
    """Runs that the person trains or manages, those not over first, the next one on top."""
    owners = roles_of(user).organisations(Role.COURSE_MANAGER)
    teaches = Exists(CourseRun.trainers.through.objects.filter(courserun=OuterRef("pk"), user=user))
    owns = Exists(Course.owners.through.objects.filter(course=OuterRef("course"), organisation__in=owners))
    runs = CourseRun.objects.all() if roles_of(user).has(Role.AUDITOR) else CourseRun.objects.filter(teaches | owns)
    return runs.with_seats_taken().select_related("course", "organisation").order_by("-starts_on", "pk")


def participants(run: CourseRun) -> QuerySet[Enrolment]:
    """Everybody in the run and on its list, with attendance, by name."""
    shown = run.enrolments.exclude(state__in=[EnrolmentState.CANCELLED, EnrolmentState.DENIED])
    return (
        shown.select_related("person", "organisation")
        .prefetch_related(Prefetch("attendance"))
        .order_by("person__family_name", "person__given_name", "pk")
    )


def team_of(user: User) -> QuerySet[User]:
    """The persons whom this team manager may enrol."""
    units = managed_units(user)
    rows = Membership.objects.in_force().filter(role=Role.MEMBER, unit__in=units, person=OuterRef("pk"))
    return User.objects.filter(Exists(rows), is_active=True).exclude(pk=user.pk)
