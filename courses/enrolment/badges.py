"""States as people read them: words with a tone, for rows, cards and the desk."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.badges import Badge

from .models import CourseRun, Enrolment
from .seats import Seats
from .states import EnrolmentState, Outcome, RunState


def of_run(run: CourseRun, seats: Seats, waiting: int, organisation: int | None = None) -> Badge:
    """Whether there is a place in this run, for somebody of this organisation (None: external)."""
    state = run.state
    if state in RunState.open():
        return _of_open(run, seats.free_for(organisation), waiting)
    if state == RunState.UPCOMING:
        return Badge(
            _("Enrol from %(day)s") % {"day": wording.plain_date(run.enrolment_opens_on)}, "neutral", "calendar"
        )
    words = {
        RunState.ENROLMENT_CLOSED: (_("Enrolment closed"), "neutral", "lock"),
        RunState.ONGOING_CLOSED: (_("Under way, enrolment closed"), "neutral", "lock"),
        RunState.FINISHED: (_("Finished"), "neutral", "check"),
        RunState.CANCELLED: (_("Called off"), "negative", "circle-x"),
    }
    return Badge(*words[state])


def _of_open(run: CourseRun, free: int, waiting: int) -> Badge:
    if free:
        return Badge(ngettext("%(n)s place left", "%(n)s places left", free) % {"n": free}, "positive", "circle-check")
    if not run.waiting_list:
        return Badge(_("Full"), "negative", "users")
    if waiting:
        return Badge(_("Full, %(n)s waiting") % {"n": waiting}, "warning", "users")
    return Badge(_("Full, waiting list open"), "warning", "users")


def of_enrolment(enrolment: Enrolment, position: int | None = None) -> Badge:
    """Where a person stands in a run."""
    if enrolment.state == EnrolmentState.FINISHED:
        return of_outcome(enrolment.outcome)
    if position:
        return Badge(_("Waiting list, place %(n)s") % {"n": position}, "warning", "users")
    words = {
        EnrolmentState.PENDING: (_("Waits for your manager"), "info", "user"),
        EnrolmentState.QUEUED: (_("On the waiting list"), "warning", "users"),
        EnrolmentState.OFFERED: (_("Confirm your place"), "warning", "clock"),
        EnrolmentState.ASSOCIATED: (_("Enrolled"), "positive", "circle-check"),
        EnrolmentState.DENIED: (_("Not approved"), "negative", "circle-x"),
        EnrolmentState.CANCELLED: (_("Cancelled"), "neutral", "circle-x"),
    }
    return Badge(*words[EnrolmentState(enrolment.state)])


def of_outcome(outcome: str) -> Badge:
    """How it ended."""
    words = {
        Outcome.COMPLETED: (_("Completed"), "positive", "circle-check"),
        Outcome.NOT_PASSED: (_("Not passed"), "warning", "circle-alert"),
        Outcome.NO_SHOW: (_("Did not come"), "negative", "circle-x"),
        Outcome.INCOMPLETE: (_("Incomplete"), "warning", "circle-dashed"),
    }
    return Badge(*words[Outcome(outcome)])
