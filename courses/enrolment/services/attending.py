"""Attendance per session, and the outcome."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import InvalidInput, NotAllowed

from ..errors import ChangedMeanwhile, NoSuchStep, NotBegunYet
from ..models import Attendance, CourseRun, Enrolment, Session
from ..signals import enrolment_finished
from ..states import AttendanceState, EnrolmentState, Outcome
from .steps import check, lock_enrolment, lock_run, move

RECORDED = (EnrolmentState.ASSOCIATED, EnrolmentState.FINISHED)


@transaction.atomic
def record_attendance(
    *, session: Session, marks: Mapping[int, str], actor: User | None, seen: Mapping[int, str] | None = None
) -> int:
    """Write who was there: `marks` maps ids of enrolments to present, absent or unknown; returns how many changed.

    `seen` holds the marks that the sheet showed: where somebody else has recorded another one meanwhile, nothing is
    written and ChangedMeanwhile names the persons. One event for the whole sheet. Raises NotAllowed, InvalidInput for
    a person who is not in the run or an unknown mark, NotBegunYet before the day of the session.
    """
    run = lock_run(session.run)
    check(actor, "enrolment.record_attendance", run)
    if clock.start_of(clock.day_of(session.starts_at)) > clock.now():
        raise NotBegunYet(_("Attendance can be recorded from the day of the session."))
    if unknown := set(marks.values()) - set(AttendanceState.values):
        raise InvalidInput(fields={"marks": [f"{value}"[:40] for value in unknown]})
    known = set(run.enrolments.filter(state__in=RECORDED, pk__in=marks).values_list("pk", flat=True))
    if set(marks) - known:
        raise InvalidInput(_("Somebody on this sheet no longer takes part in the run. Load the page again."))
    before = dict(Attendance.objects.filter(session=session).values_list("enrolment_id", "state"))
    changed = {pk: mark for pk, mark in marks.items() if before.get(pk, AttendanceState.UNKNOWN) != mark}
    _check_seen({pk: before.get(pk, AttendanceState.UNKNOWN) for pk in changed}, seen or {})
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


def _check_seen(now: Mapping[int, str], seen: Mapping[int, str]) -> None:
    other = [pk for pk, mark in now.items() if pk in seen and (seen[pk] or AttendanceState.UNKNOWN) != mark]
    if other:
        rows = Enrolment.objects.filter(pk__in=other).select_related("person")
        found = ", ".join(f"{row.person.full_name}: {AttendanceState(now[row.pk]).label}" for row in rows)
        raise ChangedMeanwhile(format_lazy(_("Somebody else recorded this meanwhile: {marks}."), marks=found))


@transaction.atomic
def complete_present(*, run: CourseRun, actor: User | None) -> int:
    """Everybody who was present at every session has completed the run, except the actor; returns how many did."""
    run = lock_run(run)
    check(actor, "enrolment.record_attendance", run)
    sessions = run.sessions.count()
    present = Count("attendance", filter=Q(attendance__state=AttendanceState.PRESENT))
    taking_part = run.enrolments.filter(state=EnrolmentState.ASSOCIATED).annotate(present=present)
    done = [row for row in taking_part if sessions and row.present == sessions and not _is_own(row, actor)]
    for enrolment in done:
        record_outcome(enrolment=enrolment, outcome=Outcome.COMPLETED, actor=actor)
    return len(done)


def _is_own(enrolment: Enrolment, actor: User | None) -> bool:
    return actor is not None and enrolment.person_id == actor.pk


@transaction.atomic
def record_outcome(
    *,
    enrolment: Enrolment,
    outcome: str,
    actor: User | None,
    completed_on: date | None = None,
    score: int | None = None,
    version: int | None = None,
) -> Enrolment:
    """Finish an enrolment, or correct its outcome; `completed` lets the room above award the certificate.

    `completed_on` is the last day of the run when not given, or today while it still goes on; `score` is 0–100;
    `version` is that of the enrolment when the form was opened: another one now raises ChangedMeanwhile.
    Raises NotAllowed (also for the own outcome), InvalidInput, NotBegunYet, NoSuchStep; a room above may refuse
    a correction.
    """
    enrolment = lock_enrolment(enrolment)
    check(actor, "enrolment.record_attendance", enrolment.run)
    if _is_own(enrolment, actor):
        raise NotAllowed(_("Somebody else has to record your own outcome."))
    if version is not None and version != enrolment.version:
        raise ChangedMeanwhile
    _check_outcome(enrolment, outcome, score)
    if enrolment.state == EnrolmentState.FINISHED and (enrolment.outcome, enrolment.score) == (outcome, score):
        return enrolment
    before = enrolment.outcome
    enrolment.outcome, enrolment.score = outcome, score
    day = completed_on or enrolment.completed_on or min(enrolment.run.ends_on, clock.today())
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


def _check_outcome(enrolment: Enrolment, outcome: str, score: int | None) -> None:
    """Whether this outcome can be given now; raises InvalidInput, NotBegunYet or NoSuchStep."""
    if outcome not in Outcome.values:
        raise InvalidInput(fields={"outcome": [_("Choose an outcome from the list.")]})
    if score is not None and not 0 <= score <= 100:
        raise InvalidInput(fields={"score": [_("A score lies between 0 and 100.")]})
    if enrolment.run.starts_on > clock.today():
        raise NotBegunYet
    if enrolment.state not in RECORDED:
        raise NoSuchStep
