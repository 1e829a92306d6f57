"""What the verbs share: the lock, the one writer of a state, promotion from the waiting list."""

from django.db.models import Model

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import NotAllowed, Unknown

from .. import messages
from ..errors import NoSuchStep
from ..models import CourseRun, Enrolment
from ..selectors import missing_prerequisites, seats_of
from ..states import NEXT, EnrolmentState, RunState

PROMOTING = (RunState.UPCOMING, RunState.ENROLMENT_OPEN, RunState.ENROLMENT_CLOSED, RunState.ONGOING_OPEN)


def lock_run(run: CourseRun) -> CourseRun:
    """The run's row, locked until the transaction ends: seats are counted and given only under this lock."""
    try:
        return CourseRun.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)
    except CourseRun.DoesNotExist:
        raise Unknown from None


def lock_person(person: User) -> None:
    """Hold what this person may be in until the transaction ends: one active enrolment per course, over all its runs.

    Always after the run, so that no two services wait for each other.
    """
    User.objects.select_for_update().only("pk").get(pk=person.pk)


def lock_enrolment(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it is now, its run locked first: always in this order, so that no two services deadlock."""
    run = lock_run(enrolment.run)
    try:
        fresh = Enrolment.objects.select_for_update(of=("self",)).select_related("person").get(pk=enrolment.pk)
    except Enrolment.DoesNotExist:
        raise Unknown from None
    fresh.run = run
    return fresh


def check(actor: User | None, permission: str, record: Model) -> None:
    """Refuse unless the actor has this permission on the record; the system may do everything."""
    if actor is not None and not actor.has_perm(permission, record):
        raise NotAllowed


def start(
    *, person: User, run: CourseRun, organisation: int | None, state: EnrolmentState, actor: User | None, **columns
) -> Enrolment:
    """A new enrolment with its first event."""
    enrolment = Enrolment(
        person=person, run=run, organisation_id=organisation, state=state, requested_at=clock.now(), **columns
    )
    enrolment.save(force_insert=True)
    reason = columns.get("reason", "")
    events.record(actor=actor, object=enrolment, verb="enrol", to_state=state, reason=reason, run=run.number)
    return enrolment


def move(
    enrolment: Enrolment,
    to: EnrolmentState,
    *,
    verb: str,
    actor: User | None,
    reason: str = "",
    changed: tuple[str, ...] = (),
) -> None:
    """The only writer of `state`: along the table, with an event, saving the `changed` columns too."""
    before = enrolment.state
    if to not in NEXT[before]:
        raise NoSuchStep
    enrolment.state = to
    enrolment.version += 1
    enrolment.save(update_fields=["state", "version", *changed])
    details = {"outcome": enrolment.outcome} if enrolment.outcome else {}
    events.record(actor=actor, object=enrolment, verb=verb, from_state=before, to_state=to, reason=reason, **details)


def promote(run: CourseRun, actor: User | None = None) -> list[Enrolment]:
    """Give free seats to the waiting list, oldest first; the caller holds the run's lock.

    Passed over, and left in line: who cannot take a seat that is kept for another organisation, who no longer
    meets the prerequisites, and who can no longer log in. Who still needs approval gets the seat as `pending`.
    """
    if run.state not in PROMOTING:
        return []
    seats, waiting = seats_of(run)
    if not waiting:
        return []
    promoted = []
    for enrolment in run.enrolments.queued().select_related("person"):
        if seats.taken_in_all >= seats.total:
            break
        if not seats.free_for(enrolment.organisation_id) or not enrolment.person.is_active:
            continue
        if missing_prerequisites(enrolment.person, run.course):
            continue
        enrolment.run = run
        needs_approval = run.course.approval_required and not enrolment.approved_at
        to = EnrolmentState.PENDING if needs_approval else EnrolmentState.ASSOCIATED
        move(enrolment, to, verb="promote", actor=actor)
        seats.take(enrolment.organisation_id)
        messages.promoted(enrolment)
        promoted.append(enrolment)
    return promoted
