"""Deadlines in the database: kept in step with the rules, met by people, reminded of once per stage."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import InvalidInput, Refused

from .. import messages
from ..deadlines import RULES, STAGES, Case, Due, Stage, comes_after, derive, stage_of
from ..errors import NoSuchStep
from ..models import Deadline, Document, Review, ReviewRoute, Site, Study
from ..states import PublicationState
from ..vocabularies import RecruitmentStatus
from . import steps

log = logging.getLogger(__name__)
BATCH = 200


@dataclass
class Difference:
    """What has to change so that the open deadlines of a study are those that the rules give."""

    missing: list[Deadline] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    settled: list[Deadline] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.gone or self.settled)


@dataclass
class Summary:
    """What a round over all studies did, in numbers."""

    read: int = 0
    changed: int = 0
    reminded: int = 0
    failed: list[str] = field(default_factory=list)


def refresh(study: Study) -> bool:
    """Bring the open deadlines of this study in step with the rules; returns whether anything changed.

    The caller holds the study's lock. What people did stays as it is; nothing is written when nothing differs.
    """
    changes = [difference for case in _cases([study.pk]) if (difference := _difference(case))]
    for difference in changes:
        _write(difference)
    return bool(changes)


def _cases(studies: Iterable[int]) -> Iterator[Case]:
    """These studies with what the rules read, in seven queries whatever their number."""
    reviews = Review.objects.prefetch_related("approvals")
    sites = Site.objects.prefetch_related(Prefetch("reviews", reviews))
    found = Study.objects.filter(pk__in=studies).prefetch_related(Prefetch("sites", sites), "contributors", "deadlines")
    asking = frozenset(ReviewRoute.objects.filter(yearly_progress_report=True).values_list("organisation", "kind"))
    return (Case(study, asking) for study in found)


def _difference(case: Case) -> Difference:
    rows = list(case.study.deadlines.all())
    known = {(row.kind, row.site_id, row.due_on): row for row in rows}
    wanted = {due.key: due for due in derive(case)}
    missing = [due for key, due in wanted.items() if key not in known and not _is_settled(due, rows)]
    return Difference(
        missing=[_row(case.study, due) for due in missing],
        gone=[row.pk for key, row in known.items() if key not in wanted and row.done_on is None],
        settled=[row for key, row in known.items() if key in wanted and _follows(row, wanted[key])],
    )


def _row(study: Study, due: Due) -> Deadline:
    return Deadline(study=study, site_id=due.site, kind=due.kind, due_on=due.due_on, done_on=due.done_on)


def _is_settled(due: Due, rows: Iterable[Deadline]) -> bool:
    """Whether what was done before holds for this day, too."""
    within = RULES[due.kind].settled_within
    done = [row.due_on for row in rows if row.done_on and (row.kind, row.site_id) == (due.kind, due.site)]
    return any(within is None or abs((day - due.due_on).days) <= within for day in done)


def _follows(row: Deadline, due: Due) -> bool:
    """Take over since when it is done, where the record says that; returns whether that is new."""
    if RULES[due.kind].by_hand or row.done_on == due.done_on:
        return False
    row.done_on = due.done_on
    return True


def _write(difference: Difference) -> None:
    if difference.gone:
        Deadline.objects.filter(pk__in=difference.gone).delete()
    if difference.settled:
        Deadline.objects.bulk_update(difference.settled, ["done_on"])
    if difference.missing:
        Deadline.objects.bulk_create(difference.missing)


def refresh_all() -> Summary:
    """Do so for every study, since time passes without anybody saving anything.

    Compares a batch without any lock; only a study that differs is locked, in a transaction of its own. One that fails
    is logged and named, and the others go on.
    """
    summary, last = Summary(), 0
    while batch := list(Study.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for case in _cases(batch):
            summary.read += 1
            try:
                summary.changed += bool(_difference(case)) and _refresh_locked(case.study)
            except Exception:  # whatever it is, it is about this study alone
                log.exception("The deadlines of %s could not be derived", case.study.number)
                summary.failed.append(case.study.number)
        last = batch[-1]
    return summary


@transaction.atomic
def _refresh_locked(study: Study) -> bool:
    return refresh(steps.lock(study))


@transaction.atomic
def meet(
    *, deadline: Deadline, actor: User | None, on: date | None = None, note: str = "", document: Document | None = None
) -> Deadline:
    """Write down that it was done on this day (today when not given), with a note and the document that shows it.

    Editors and involved bureaus may. Raises `NoSuchStep` when it is done already, `Refused` for what follows from the
    record, `InvalidInput` for a day to come and for a document of another study.
    """
    row = _lock(deadline, actor)
    if row.done_on:
        raise NoSuchStep
    if not RULES[row.kind].by_hand and actor is not None:
        raise Refused(_("This is done by itself when the study says so; change the study."))
    day = on or clock.today()
    _refuse(row, day, document)
    row.done_on, row.done_by, row.note, row.document = day, actor, note.strip(), document
    row.save(update_fields=["done_on", "done_by", "note", "document"])
    _record(row, actor, "meet_deadline", on=day.isoformat())
    return row


@transaction.atomic
def reopen(*, deadline: Deadline, actor: User | None) -> Deadline:
    """Undo it, on the day on which it was written down; after that it stays."""
    row = _lock(deadline, actor)
    if not may_reopen(row):
        raise NoSuchStep
    row.done_on, row.done_by, row.note, row.document = None, None, "", None
    row.save(update_fields=["done_on", "done_by", "note", "document"])
    _record(row, actor, "reopen_deadline")
    refresh(row.study)
    return row


def may_reopen(deadline: Deadline) -> bool:
    """Whether it was written down by hand today."""
    if deadline.done_on is None or not RULES[deadline.kind].by_hand:
        return False
    met = events.of(deadline.study).filter(verb="meet_deadline", data__deadline=deadline.pk).order_by("-pk").first()
    return met is not None and clock.day_of(met.at) == clock.today()


def _lock(deadline: Deadline, actor: User | None) -> Deadline:
    """The deadline as it is now, its study locked; refuses whoever may not meet it."""
    study = steps.lock(Study(pk=deadline.study_id))
    steps.check(actor, "studies.meet", study)
    row = Deadline.objects.select_related("site__organisation").filter(pk=deadline.pk).first()
    if row is None:
        raise NoSuchStep
    row.study = study
    return row


def _refuse(row: Deadline, day: date, document: Document | None) -> None:
    problems = {}
    if day > clock.today():
        problems["on"] = [_("This day is still to come.")]
    if document is not None and document.study_id != row.study_id:
        problems["document"] = [_("Choose a document of this study.")]
    if problems:
        raise InvalidInput(fields=problems)


def _record(row: Deadline, actor: User | None, verb: str, **details: str) -> None:
    site = row.site.organisation.key if row.site else ""
    due = row.due_on.isoformat()
    events.record(
        actor=actor, object=row.study, verb=verb, deadline=row.pk, kind=row.kind, due_on=due, site=site, **details
    )


def remind() -> int:
    """Tell of every open deadline the stage that has come, once; returns how many deadlines were told of.

    Published or not does not matter; studies that were withdrawn or taken offline are left in peace.
    """
    horizon = clock.today() + timedelta(days=max(stage.days_before for stage in STAGES))
    near = (
        Deadline.objects.open()
        .filter(due_on__lte=horizon)
        .exclude(study__recruitment_status=RecruitmentStatus.WITHDRAWN)
        .exclude(study__publication_state=PublicationState.WITHDRAWN)
    )
    told = 0
    for pk, due_on, before in near.values_list("pk", "due_on", "reminded"):
        stage = stage_of(due_on)
        if stage and comes_after(stage, before):
            told += _remind(pk, before, stage)
    return told


@transaction.atomic
def _remind(pk: int, before: str, stage: Stage) -> bool:
    """The messages of this stage, in the transaction that says so; whoever comes second finds another stage there."""
    if not _claim(pk, before, stage):
        return False
    deadline = Deadline.objects.select_related("study", "site__organisation").get(pk=pk)
    messages.reminded(deadline, stage.name, overdue=stage.overdue)
    return True


def _claim(pk: int, before: str, stage: Stage) -> bool:
    return Deadline.objects.filter(pk=pk, done_on=None, reminded=before).update(reminded=stage.name) == 1


def follow_time() -> Summary:
    """What a new day brings: deadlines that come next, and the reminders of this day."""
    summary = refresh_all()
    summary.reminded = remind()
    return summary
