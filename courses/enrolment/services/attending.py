"""Attendance per session, and the outcome."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import InvalidInput

from ..errors import NoSuchStep, NotBegunYet
from ..models import Attendance, Enrolment, Session
from ..signals import enrolment_finished
from ..states import AttendanceState, EnrolmentState, Outcome
from .steps import check, lock_enrolment, lock_run, move

RECORDED = (EnrolmentState.ASSOCIATED, EnrolmentState.FINISHED)


@transaction.atomic
def record_attendance(*, session: Session, marks: Mapping[int, str], actor: User | None) -> int:
    """Write who was there: `marks` maps ids of enrolments to present, absent or unknown; returns how many changed.

    One event for the whole sheet. Raises NotAllowed, InvalidInput for a person who is not in the run or
    an unknown mark, NotBegunYet before the day of the session.
    """
    run = lock_run(session.run)
    check(actor, "enrolment.record_attendance", run)
    if clock.start_of(session.starts_at.astimezone(clock.AMSTERDAM).date()) > clock.now():
        raise NotBegunYet(_("Attendance can be recorded from the day of the session."))
    if unknown := set(marks.values()) - set(AttendanceState.values):
        raise InvalidInput(fields={"marks": [f"{value}"[:40] for value in unknown]})
    known = set(run.enrolments.filter(state__in=RECORDED, pk__in=marks).values_list("pk", flat=True))
    if set(marks) - known:
        raise InvalidInput(_("Somebody on this sheet no longer takes part in the run. Load the page again."))
    before = dict(Attendance.objects.filter(session=session).values_list("enrolment_id", "state"))
    changed = {pk: mark for pk, mark in marks.items() if before.get(pk, AttendanceState.UNKNOWN) != mark}
    for pk, mark in changed.items():
        Attendance.objects.update_or_create(
            enrolment_id=pk,
            session=session,
            defaults={"state": mark, "recorded_by": actor, "recorded_at": clock.now()},
        )
    if changed:
        events.record(
            actor=actor, object=session, verb="record_attendance", marks={str(k): v for k, v in changed.items()}
        )
    return len(changed)


@transaction.atomic
def record_outcome(
    *,
    enrolment: Enrolment,
    outcome: str,
    actor: User | None,
    completed_on: date | None = None,
    score: int | None = None,
) -> Enrolment:
    """Finish an enrolment, or correct its outcome; `completed` lets the room above award the certificate.

    `completed_on` is the last day of the run when not given, or today while it still goes on; `score` is 0–100.
    Raises NotAllowed, InvalidInput, NotBegunYet, NoSuchStep; a room above may refuse a correction.
    """
    enrolment = lock_enrolment(enrolment)
    run = enrolment.run
    check(actor, "enrolment.record_attendance", run)
    if outcome not in Outcome.values:
        raise InvalidInput(fields={"outcome": [_("Choose an outcome from the list.")]})
    if score is not None and not 0 <= score <= 100:
        raise InvalidInput(fields={"score": [_("A score lies between 0 and 100.")]})
    if run.starts_on > clock.today():
        raise NotBegunYet
    if enrolment.state not in RECORDED:
        raise NoSuchStep
    if enrolment.state == EnrolmentState.FINISHED and (enrolment.outcome, enrolment.score) == (outcome, score):
        return enrolment
    before = enrolment.outcome
    enrolment.outcome, enrolment.score = outcome, score
    day = completed_on or enrolment.completed_on or min(run.ends_on, clock.today())
    enrolment.completed_on = day if outcome == Outcome.COMPLETED else None
    move(
        enrolment,
        EnrolmentState.FINISHED,
        verb="correct_outcome" if before else "finish",
        actor=actor,
        reason=before and f"{before} → {outcome}",
        changed=("outcome", "score", "completed_on"),
    )
    enrolment_finished.send(sender=Enrolment, enrolment=enrolment, actor=actor, before=before)
    return enrolment
