"""What the worker does with uploaded files: check, wait for the person, import; batch by batch.

One job has one worker at a time, and a dead worker's job is taken over:

- A worker claims a job by writing a name of its own (`lease`) and an end (`lease_until`) on the row. It may do so when
  the row has no lease, or one that has ended. On PostgreSQL the row is locked while this happens and those that others
  hold are skipped; on SQLite the write lock, taken at BEGIN, lets one in after the other.
- Every batch is a transaction of its own, and its first statement moves `lease_until` on, on the condition that the
  lease is still this worker's and the state has not changed. When no row answers, the worker lost the job (it slept
  longer than `LEASE`, the person discarded the file): it raises, the batch is taken back, and it lets go.
- The records of a batch, their rows, and `position` are written in that same transaction. Whoever takes the job next,
  after a turn, a stop or a kill, reads the file again and skips `position` records: each record is written once.
- A lease that ended without being given back means that a worker died. That counts as an attempt; after eight without
  a finished batch between them the job is parked, as any work row.

A turn ends after `TURN` and the way back to `position`, so that mail and other work do not wait behind a large file.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from .. import clock, events
from ..errors import DomainError, NotAllowed
from ..work import PARKED_AFTER
from . import rows as keeping
from .contract import Context, Importer, Raw, importer
from .models import ImportJob, JobState
from .run import Batch, Row, Stop, batches, nothing_in

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
TURN = 10.0  # seconds
SKIPPED = 100  # records of which nobody says that they take long


class LeaseLost(Stop):
    """Somebody else has the job now, or nobody is to have it any more."""


def drain() -> int:
    """Take one job, if there is one, and work on it for one turn; returns how many jobs were taken."""
    if not _free().exists():
        return 0
    job = claim()
    if job is None:
        return 0
    with translation.override(job.language):
        _work_on(job)
    return 1


def claim() -> ImportJob | None:
    """The job that waited longest since its last turn, leased to this worker."""
    with transaction.atomic():
        rows = _free()
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        job = rows.first()
        if job is None:
            return None
        if job.lease:
            job.attempts += 1
            job.last_error = f"the worker {job.lease} did not give the job back"
        if job.attempts >= PARKED_AFTER:
            job.parked_at, job.lease, job.lease_until = clock.now(), "", None
        else:
            job.lease, job.lease_until, job.taken_at = get_random_string(16), clock.now() + LEASE, clock.now()
        job.save(update_fields=["attempts", "last_error", "parked_at", "lease", "lease_until", "taken_at"])
        return None if job.parked_at else job


def _free() -> QuerySet[ImportJob]:
    unleased = Q(lease="") | Q(lease_until__lte=clock.now())
    rows = ImportJob.due().filter(unleased, state__in=JobState.for_the_worker())
    return rows.order_by("-priority", F("taken_at").asc(nulls_first=True), "pk")


def _work_on(job: ImportJob) -> None:
    """One turn; what goes wrong with the file ends the job, what goes wrong around it is tried again later."""
    try:
        _turn(job)
        _give_back(job)
    except LeaseLost:
        log.info("%s is somebody else's now", job)
    except (DomainError, FileNotFoundError) as problem:
        _fail(job, problem)
    except Exception as error:  # the database or the disk; kept on the row, as of any work row
        log.warning("%s failed", job, exc_info=True)
        _give_back(job)
        job.postpone(error)


def _turn(job: ImportJob) -> None:
    found = importer(job.kind)
    context = Context(actor=_actor(job, found), options=job.options)
    if job.state == JobState.WAITING:
        _move(job, JobState.CHECKING, position=0, remarks=_remarks(job, found))
    _through_file(job, found, context, _import if job.state == JobState.IMPORTING else _check)


def _actor(job: ImportJob, found: Importer) -> Any:
    person = get_user_model().objects.filter(pk=job.person_id, is_active=True).first()
    if person is None or not found.may(person):
        raise NotAllowed(_("You may not import this any more."))
    return person


def _remarks(job: ImportJob, found: Importer) -> list[str]:
    with job.file.open("rb") as file:
        return [str(remark) for remark in found.remarks(file, job.name)]


Step = Callable[[ImportJob, Batch], list[Row]]


def _through_file(job: ImportJob, found: Importer, context: Context, step: Step) -> None:
    """Every record from `position` on, until the file or the turn ends."""
    with job.file.open("rb") as file:
        raws: Iterator[Raw] = iter(found.read(file, job.name))
        _skip(job, raws)
        until = time.monotonic() + TURN
        for batch in batches(found, raws, context, keeping.SeenInRows(job), job.position + 1):
            job.percent = min(99, 100 * file.tell() // max(1, job.size))
            done = step(job, batch)
            job.position, job.counts, job.attempts = job.position + len(done), _counted(job, done), 0
            if time.monotonic() >= until:
                return
    if not job.position:
        raise nothing_in(job.name)
    _finish(job)


def _skip(job: ImportJob, raws: Iterator[Raw]) -> None:
    """Read on to `position`; in a large file that may take as long as the lease."""
    for count, _raw in enumerate(islice(raws, job.position), 1):
        if count % SKIPPED == 0:
            _hold(job)


def _check(job: ImportJob, batch: Batch) -> list[Row]:
    found = batch.look()
    with transaction.atomic():
        _hold(job)
        _advance(job, found)
    return found


def _import(job: ImportJob, batch: Batch) -> list[Row]:
    batch.context = batch.context.answering(keeping.answers(job, batch.first, len(batch.raws)))
    return batch.write(lambda: _hold(job), lambda done: _advance(job, done))


def _hold(job: ImportJob) -> None:
    """First in the transaction of a batch: the job is still ours, and stays so."""
    mine = ImportJob.objects.filter(pk=job.pk, lease=job.lease, state=job.state)
    if not mine.update(lease_until=clock.now() + LEASE):
        raise LeaseLost


def _advance(job: ImportJob, done: list[Row]) -> None:
    """Last in the transaction of a batch: its rows, and how far we are."""
    keeping.write(job, done)
    columns = {"position": job.position + len(done), "counts": _counted(job, done), "percent": job.percent}
    ImportJob.objects.filter(pk=job.pk).update(attempts=0, **columns)


def _counted(job: ImportJob, done: list[Row]) -> Counter[str]:
    return Counter(job.counts) + Counter(row.plan.outcome.value for row in done)


def _finish(job: ImportJob) -> None:
    if job.state == JobState.IMPORTING:
        _move(job, JobState.DONE, percent=100, done_at=clock.now(), finished_at=clock.now())
    else:
        _move(job, JobState.CHECKED, percent=100, done_at=clock.now(), total=job.position)


def _fail(job: ImportJob, problem: Exception) -> None:
    words = str(problem) if isinstance(problem, DomainError) else _("The file is not there any more.")
    try:
        _move(job, JobState.FAILED, problem=words, done_at=clock.now(), finished_at=clock.now())
    except LeaseLost:
        return
    _give_back(job)


def _give_back(job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk, lease=job.lease).update(lease="", lease_until=None)


def _move(job: ImportJob, state: JobState, **columns: Any) -> None:
    """The worker's moves; the person's are in `asking`."""
    with transaction.atomic():
        _hold(job)
        move(job, state, actor=None, **columns)


def move(job: ImportJob, state: JobState, *, actor: Any, **columns: Any) -> None:
    """Write a state with its event, in the caller's transaction, which holds the row."""
    before = job.state
    events.record(
        actor=actor, object=job, verb="import", from_state=before, to_state=state, kind=job.kind, counts=job.counts
    )
    job.state = state
    for name, value in columns.items():
        setattr(job, name, value)
    job.save(update_fields=["state", *columns])
