"""The only writer: takes queued records, reads them from the database, writes them to the index.

A document's version is the number of the batch, taken under the drain's lock before the record is read. Rows are
deleted by their numbers, and only once the engine has what they ask for; rows may commit in any order.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Min, QuerySet

from academy.core import clock

from . import locks, outbox
from .contract import EngineUnavailable, Operation, OpResult
from .engines import engine
from .models import SearchOutbox, SearchSchedule, SearchState
from .reading import BATCH, Key, Read, read

log = logging.getLogger(__name__)
Apply = Callable[[list[Operation]], list[OpResult]]


@dataclass
class Drained:
    """What a drain did; `busy`: somebody else is at it; `unavailable`: the engine did not answer, rows wait."""

    done: int = 0
    failed: int = 0
    busy: bool = False
    unavailable: str = ""


class Lag(NamedTuple):
    """How far the index is behind: rows that wait, rows that are parked, and the age of the oldest waiting one."""

    waiting: int
    parked: int
    age: timedelta


def drain(batches: int | None = None, progress: Callable[[int], None] | None = None) -> Drained:
    """Take what is due, at most so many batches; looks again after letting go of the lock, so that nothing stays."""
    result = Drained()
    while _due().exists() and not result.unavailable and (batches is None or batches > 0):
        with locks.held(locks.DRAIN) as ours:
            if not ours:
                result.busy = True
                return result
            taken = _take_all(result, batches, progress)
        if batches is not None:
            batches -= taken
        elif not taken:
            break
    return result


def _take_all(result: Drained, batches: int | None, progress: Callable[[int], None] | None) -> int:
    taken = 0
    while batches is None or taken < batches:
        rows = list(_due()[:BATCH])
        if not rows:
            break
        taken += 1
        try:
            outcome = process(rows, engine().apply)
        except EngineUnavailable as error:
            log.warning("search rows wait: %s", error)
            result.unavailable = str(error)
            break
        settle(outcome, keep=_rebuild_runs())
        result.done, result.failed = result.done + len(outcome.numbers), result.failed + len(outcome.failures)
        if progress:
            progress(result.done)
    SearchState.objects.filter(pk=1).update(drained_at=clock.now())
    return taken


@dataclass(frozen=True)
class Outcome:
    """What came of a batch: numbers of the rows that are done, records that failed, and what was read."""

    rows: list[SearchOutbox]
    numbers: list[int]
    finished: Collection[Key]
    failures: dict[Key, Exception]
    found: Read


def process(rows: list[SearchOutbox], apply: Apply) -> Outcome:
    """Write the records of these rows through `apply`; changes no row. Call it under the drain's lock."""
    version = SearchState.next_batch()
    outbox.forget()
    by_record: dict[Key, list[int]] = {}
    for row in _with_older(rows):
        by_record.setdefault((row.type, row.record), []).append(row.seq)
    found = read(by_record.keys(), version)
    answers = {answer.id: answer for answer in apply(list(found.operations.values()))}
    failures = dict(found.failures)
    failures |= {
        key: ValueError(answers[operation.id].error)
        for key, operation in found.operations.items()
        if not answers[operation.id].ok
    }
    finished = by_record.keys() - failures.keys()
    return Outcome(rows, [seq for key in finished for seq in by_record[key]], finished, failures, found)


def settle(outcome: Outcome, *, keep: bool = False) -> None:
    """Take the rows away that are done (with `keep` they stay, marked, for a rebuild); put off what failed."""
    rows = SearchOutbox.objects.filter(seq__in=outcome.numbers)
    with transaction.atomic():
        if keep:
            rows.update(done_at=clock.now())
        else:
            rows.delete()
        keep_schedule(outcome.found, outcome.finished)
    for row in outcome.rows:
        if error := outcome.failures.get((row.type, row.record)):
            log.warning("%s could not be indexed: %s", row, error, exc_info=error)
            row.postpone(error)


def _with_older(rows: list[SearchOutbox]) -> list[SearchOutbox]:
    """The rows, and those of the same records that wait or are parked: a success settles them all."""
    wanted = {(row.type, row.record) for row in rows}
    waiting = SearchOutbox.objects.filter(done_at=None, attempts__gt=0)
    older = [row for row in waiting if (row.type, row.record) in wanted]
    return list({row.seq: row for row in (*rows, *older)}.values())


def keep_schedule(found: Read, finished: Collection[Key]) -> None:
    """Remember when each of these records looks different by itself, and forget what was remembered."""
    keys = [key for key in finished if key in found.operations]
    docs = [(key, found.operations[key].doc) for key in keys]
    later = [
        SearchSchedule(type=key[0], record=key[1], changes_at=doc.changes_at)
        for key, doc in docs
        if doc and doc.changes_at
    ]
    for type_name in {name for name, _pk in keys}:
        pks = [pk for name, pk in keys if name == type_name]
        SearchSchedule.objects.filter(type=type_name, record__in=pks).delete()
    SearchSchedule.objects.bulk_create(
        later, update_conflicts=True, unique_fields=["type", "record"], update_fields=["changes_at"]
    )


def _due() -> QuerySet:
    return SearchOutbox.due()


def _rebuild_runs() -> bool:
    """Whether a rebuild is under way; one that was killed is forgotten, with the rows that were kept for it."""
    if not SearchState.load().rebuilding:
        return False
    with locks.held(locks.REBUILD) as nobody:
        if not nobody:
            return True
        forget_rebuild()
    return False


def forget_rebuild() -> None:
    """No rebuild is under way any more: rows that were kept for it go."""
    with transaction.atomic():
        SearchOutbox.objects.exclude(done_at=None).delete()
        SearchState.objects.filter(pk=1).update(rebuilding=False)


def requeue_due() -> int:
    """Queue the records whose time has come to look different; returns how many."""
    with transaction.atomic():
        rows = list(SearchSchedule.objects.filter(changes_at__lte=clock.now()))
        outbox.add({(row.type, row.record) for row in rows})
        SearchSchedule.objects.filter(pk__in=[row.pk for row in rows], changes_at__lte=clock.now()).delete()
    return len(rows)


def lag() -> Lag:
    """How far the index is behind the database."""
    waiting = SearchOutbox.objects.filter(done_at=None, parked_at=None)
    oldest = waiting.aggregate(first=Min("queued_at"))["first"]
    parked = SearchOutbox.objects.filter(done_at=None).exclude(parked_at=None).count()
    return Lag(waiting.count(), parked, clock.now() - oldest if oldest else timedelta(0))
