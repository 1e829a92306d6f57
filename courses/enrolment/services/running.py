"""Make, change and cancel runs; release what allotments kept."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import clock, events, numbers, periodic
from academy.core.errors import InvalidInput, NotAllowed
from courses.catalogue.models import Course

from .. import messages
from ..errors import NoSuchStep, ReasonMissing
from ..models import Allotment, CourseRun, Enrolment, Session
from ..states import EnrolmentState
from .steps import check, lock_run, move, promote

Rows = Iterable[Mapping[str, Any]]


@transaction.atomic
def create_run(
    *,
    course: Course,
    actor: User | None,
    sequence: int | None = None,
    trainers: Iterable[User] = (),
    allotments: Rows = (),
    sessions: Rows = (),
    **fields: Any,
) -> CourseRun:
    """A new run with the next number of its course and year, such as BLS-01.2026-03.

    `fields` are columns of CourseRun; `sessions` and `allotments` are columns of theirs. `sequence` keeps a number
    that was given before (imports, demo). Raises NotAllowed and InvalidInput with the fields.
    """
    if actor is not None and not actor.has_perm("catalogue.change_record", course):
        raise NotAllowed
    run = CourseRun(course=course, **fields)
    run.year = run.starts_on.year
    key = f"run:{course.code}:{run.year}"
    if sequence is None:
        sequence = numbers.next_number(key)
    else:
        numbers.reserve(key, sequence)
    run.sequence = sequence
    run.number = f"{course.code}.{run.year}-{sequence:02d}"
    _clean(run, exclude={"number"})
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise InvalidInput(fields={"sequence": [run.number]}) from None
    _write_rows(run, Allotment, allotments)
    _write_rows(run, Session, sessions)
    run.trainers.set(trainers)
    _check_whole(run)
    events.record(actor=actor, object=run, verb="create", to_state=run.state, number=run.number)
    return run


def _write_rows(run: CourseRun, model: type[Allotment] | type[Session], rows: Rows) -> None:
    for columns in rows:
        row = model(run=run, **columns)
        _clean(row)
        row.save()


def _check_whole(run: CourseRun) -> None:
    """What the rows must be together: sessions within the days of the run, no more seats kept than there are."""
    days = [clock.day_of(moment) for row in Session.objects.filter(run=run) for moment in (row.starts_at, row.ends_at)]
    if days and not run.starts_on <= min(days) <= max(days) <= run.ends_on:
        raise InvalidInput(fields={"sessions": [_("A session lies outside the days of the run.")]})
    if sum(Allotment.objects.filter(run=run).values_list("seats", flat=True)) > run.seats:
        raise InvalidInput(fields={"allotments": [_("More seats are kept for organisations than there are.")]})


def _clean(record: Any, exclude: set[str] | None = None) -> None:
    try:
        record.full_clean(exclude=exclude)
    except ValidationError as error:
        raise InvalidInput(fields=error.message_dict) from error


@transaction.atomic
def change_run(
    *,
    run: CourseRun,
    actor: User | None,
    trainers: Iterable[User] | None = None,
    allotments: Rows | None = None,
    sessions: Rows | None = None,
    **fields: Any,
) -> CourseRun:
    """Change columns, trainers, allotments or sessions of a run; more seats move the waiting list at once.

    `sessions` and `allotments`, when given, are the whole list; a row with an `id` is changed, one without is new,
    one left out goes. Who takes part gets a new invitation for a session that moved.
    Raises NotAllowed, NoSuchStep for a run that is called off, and InvalidInput with the fields.
    """
    run = lock_run(run)
    check(actor, "enrolment.manage_run", run)
    if run.cancelled_at:
        raise NoSuchStep(_("This run is called off. Make a new one instead."))
    before = {name: getattr(run, name) for name in fields}
    for name, value in fields.items():
        setattr(run, name, value)
    _clean(run)
    run.save()
    if trainers is not None:
        run.trainers.set(trainers)
    if allotments is not None:
        _replace_rows(run, Allotment, allotments)
    moved, gone = _replace_rows(run, Session, sessions) if sessions is not None else (False, [])
    _check_whole(run)
    changed = sorted(name for name, value in before.items() if value != getattr(run, name))
    events.record(actor=actor, object=run, verb="change", changed=changed)
    if moved:
        for enrolment in run.enrolments.filter(state=EnrolmentState.ASSOCIATED).select_related("person"):
            enrolment.run = run
            enrolment.version += 1
            enrolment.save(update_fields=["version"])
            messages.session_moved(enrolment, gone=gone)
    promote(run, actor)
    return run


def _replace_rows(run: CourseRun, model: type[Allotment] | type[Session], rows: Rows) -> tuple[bool, list[Any]]:
    """Make the rows of the run equal to this list; returns whether anything differs, and the rows that are gone."""
    old = {row.pk: row for row in model.objects.filter(run=run)}
    different, kept = False, set()
    for given in rows:
        columns = dict(given)
        row = old.get(columns.pop("id", None)) or model(run=run)
        before = {name: getattr(row, name, None) for name in columns}
        for name, value in columns.items():
            setattr(row, name, value)
        if row.pk is None or before != columns:
            different = True
            if isinstance(row, Session):
                row.calendar_sequence += 1
            _clean(row)
            row.save()
        kept.add(row.pk)
    gone = [row for pk, row in old.items() if pk not in kept]
    for row in gone:
        if isinstance(row, Session) and row.attendance.exists():
            raise InvalidInput(fields={"sessions": [str(row)]})
    model.objects.filter(pk__in=[row.pk for row in gone]).delete()  # keeps the numbers on `gone`, which mails name
    return different or bool(gone), gone


@transaction.atomic
def cancel_run(*, run: CourseRun, actor: User | None, reason_nl: str, reason_en: str = "") -> int:
    """Call a run off: everybody who is in or waits is taken off the list and told why; returns how many.

    Calling it off twice changes nothing. Raises NotAllowed and ReasonMissing.
    """
    run = lock_run(run)
    check(actor, "enrolment.manage_run", run)
    if run.cancelled_at:
        return 0
    if not reason_nl.strip():
        raise ReasonMissing(fields={"reason_nl": [ReasonMissing.message]})
    before = run.state
    run.cancelled_at, run.cancel_reason_nl, run.cancel_reason_en = clock.now(), reason_nl, reason_en
    run.save(update_fields=["cancelled_at", "cancel_reason_nl", "cancel_reason_en"])
    events.record(actor=actor, object=run, verb="cancel", from_state=before, to_state=run.state, reason=reason_nl)
    rows = list(run.enrolments.active().select_related("person"))
    for enrolment in rows:
        enrolment.run = run
        _drop(enrolment, actor)
    return len(rows)


def _drop(enrolment: Enrolment, actor: User | None) -> None:
    run = enrolment.run
    english = enrolment.person.preferred_language == "en" and run.cancel_reason_en
    enrolment.reason = run.cancel_reason_en if english else run.cancel_reason_nl
    move(
        enrolment,
        EnrolmentState.CANCELLED,
        verb="run_cancelled",
        actor=actor,
        reason=enrolment.reason,
        changed=("reason",),
    )
    messages.run_cancelled(enrolment)


def release_due(run: CourseRun) -> bool:
    """Mark allotments whose release date has come; their seats are shared from then on. The caller holds the lock."""
    prefetch_related_objects([run], "allotments")  # read once; the seats are counted from the same rows
    due = [a for a in run.allotments.all() if a.released_at is None and a.release_on <= clock.today()]
    for allotment in due:
        allotment.released_at = clock.now()
        allotment.save(update_fields=["released_at"])
        events.record(actor=None, object=run, verb="release_allotment", organisation=allotment.organisation_id)
    if due:
        promote(run)
    return bool(due)


@periodic.every("release_allotments", timedelta(minutes=10))
def release_allotments() -> int:
    """Release every allotment whose date has come, and let the waiting lists move; returns how many runs changed."""
    due = Allotment.objects.filter(released_at=None, release_on__lte=clock.today(), run__ends_on__gte=clock.today())
    runs = CourseRun.objects.filter(pk__in=due.values("run"))
    return sum(_release(run) for run in runs)


@transaction.atomic
def _release(run: CourseRun) -> bool:
    return release_due(lock_run(run))
