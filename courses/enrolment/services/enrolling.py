"""Enrol and cancel."""

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.accounts.permissions import home_organisation
from academy.core import clock
from academy.core.errors import NotAllowed
from academy.core.translation import pick
from courses.catalogue.permissions import sees_record

from .. import messages
from ..errors import (
    AlreadyInCourse,
    EnrolmentClosed,
    MayNotSee,
    PrerequisitesMissing,
    ReasonMissing,
    RunFull,
    TooLateToCancel,
)
from ..models import CourseRun, Enrolment
from ..permissions import manages_run, may_enrol_other, open_to
from ..selectors import missing_prerequisites, seats_of
from ..states import EnrolmentState
from .running import release_due
from .steps import check, lock_enrolment, lock_person, lock_run, move, promote, start


@transaction.atomic
def enrol(
    *, person: User, run: CourseRun, actor: User | None = None, over: bool = False, reason: str = ""
) -> Enrolment:
    """Give the person a seat, or the next place on the waiting list; asking twice changes nothing.

    `over` lets a course manager seat somebody beyond the number of seats, with a `reason`.
    Raises MayNotSee, EnrolmentClosed, AlreadyInCourse, PrerequisitesMissing, RunFull, NotAllowed or ReasonMissing.
    """
    run = lock_run(run)
    lock_person(person)
    by_manager = _check_actor(person, run, actor, over, reason)
    if current := _current(person, run):
        return current
    if not open_to(person, run):
        raise MayNotSee
    if not run.is_open and not by_manager:
        raise EnrolmentClosed
    _check_prerequisites(person, run, excused=over)
    release_due(run)
    organisation = home_organisation(person)
    seats, waiting = seats_of(run)
    approved = not run.course.approval_required or (actor is not None and actor.pk != person.pk)
    state = _first_state(run, has_seat=over or seats.free_for(organisation) > 0, approved=approved)
    columns = {"over_enrolled": over and not seats.free_for(organisation), "reason": reason}
    if run.course.approval_required and approved:
        columns |= {"approved_at": clock.now(), "approved_by": actor}
    enrolment = start(person=person, run=run, organisation=organisation, state=state, actor=actor, **columns)
    messages.enrolled(enrolment, position=waiting + 1)
    return enrolment


def _check_actor(person: User, run: CourseRun, actor: User | None, over: bool, reason: str) -> bool:
    """Whether a course manager acts, who is not bound to the window; refuses whom the matter does not concern."""
    if actor is None or (actor.pk == person.pk and not over):
        return False
    managing = manages_run(actor, run)
    if over and not managing:
        raise NotAllowed
    if over and not reason.strip():
        raise ReasonMissing(fields={"reason": [ReasonMissing.message]})
    if not managing and not may_enrol_other(actor, person, run):
        raise NotAllowed
    return managing


def _current(person: User, run: CourseRun) -> Enrolment | None:
    """The active enrolment in this run; another run of the same course refuses. Finished runs no longer count."""
    rows = Enrolment.objects.filter(person=person, run__course_id=run.course_id, run__cancelled_at=None).active()
    others = False
    for enrolment in rows.select_related("run"):
        if enrolment.run_id == run.pk:
            enrolment.run = run
            return enrolment
        others |= enrolment.run.ends_on >= clock.today()
    if others:
        raise AlreadyInCourse
    return None


def _check_prerequisites(person: User, run: CourseRun, *, excused: bool) -> None:
    missing = [] if excused else missing_prerequisites(person, run.course)
    if not missing:
        return
    names = ", ".join(pick(course, "title") for course in missing if sees_record(person, course))
    if not names:  # what is not published, or for others, is not named
        raise PrerequisitesMissing
    raise PrerequisitesMissing(format_lazy(_("Complete this first: {names}."), names=names))


def _first_state(run: CourseRun, *, has_seat: bool, approved: bool) -> EnrolmentState:
    if has_seat:
        return EnrolmentState.ASSOCIATED if approved else EnrolmentState.PENDING
    if not run.waiting_list:
        raise RunFull
    return EnrolmentState.QUEUED


@transaction.atomic
def cancel(*, enrolment: Enrolment, actor: User | None, reason: str = "") -> list[Enrolment]:
    """Leave a run or its waiting list; a freed seat goes to the first in line at once. Returns who moved up.

    Cancelling twice changes nothing. Raises NotAllowed, TooLateToCancel once the run has begun
    (a course manager still may), NoSuchStep for an enrolment that is over.
    """
    enrolment = lock_enrolment(enrolment)
    check(actor, "enrolment.cancel", enrolment)
    if enrolment.state == EnrolmentState.CANCELLED:
        return []
    begun = enrolment.run.starts_on <= clock.today() and enrolment.state == EnrolmentState.ASSOCIATED
    if begun and actor is not None and not manages_run(actor, enrolment.run):
        raise TooLateToCancel
    enrolment.reason = reason
    move(enrolment, EnrolmentState.CANCELLED, verb="cancel", actor=actor, reason=reason, changed=("reason",))
    messages.cancelled(enrolment)
    release_due(enrolment.run)
    return promote(enrolment.run, actor)
