"""A new index beside the live one; saves meanwhile reach both.

While a rebuild is under way the drain marks rows as done instead of deleting them. At the end, under the drain's
lock, every row that came since the start is written into the new index, too, and only then does it become the live one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from academy.core import clock

from . import drift, locks, outbox
from .contract import Generation
from .drain import forget_rebuild, keep_schedule, process
from .engines import engine
from .models import SearchOutbox, SearchState
from .reading import BATCH, Key, chunks, every_record, read

Progress = Callable[[int, int], None]


class RebuildRuns(Exception):
    """Another process is rebuilding."""


@dataclass
class Rebuilt:
    """What a rebuild did: records read, documents in the index, and records that could not be read, with the reason."""

    read: int = 0
    written: int = 0
    replayed: int = 0
    refused: dict[Key, str] = field(default_factory=dict)


def rebuild(progress: Progress | None = None) -> Rebuilt:
    """Make the whole index anew and put it in place of the live one, which is kept for going back."""
    with locks.held(locks.REBUILD) as ours:
        if not ours:
            raise RebuildRuns
        version = _begin()
        generation = engine().new_generation()
        result = Rebuilt()
        try:
            _load(generation, version, result, progress)
            _replay_and_promote(generation, result)
        except BaseException:
            generation.drop()
            with locks.held(locks.DRAIN, wait=True):
                forget_rebuild()
            raise
        outbox.add(result.refused)
    return result


def _begin() -> int:
    """From here on no row is deleted before the new index has it."""
    with locks.held(locks.DRAIN, wait=True):
        forget_rebuild()
        version = SearchState.next_batch()
        SearchState.objects.filter(pk=1).update(rebuilding=True)
    return version


def _load(generation: Generation, version: int, result: Rebuilt, progress: Progress | None) -> None:
    keys = every_record()
    for batch in chunks(keys):
        found = read(batch, version)
        upserts = [operation for operation in found.operations.values() if operation.doc]
        answers = generation.apply(upserts)
        failed = {answer.id: answer.error for answer in answers if not answer.ok}
        result.refused |= {key: str(error) or type(error).__name__ for key, error in found.failures.items()}
        result.refused |= {(doc_id.partition(":")[0], doc_id.partition(":")[2]): why for doc_id, why in failed.items()}
        with transaction.atomic():
            keep_schedule(found, found.operations.keys() - result.refused.keys())
        result.read += len(batch)
        result.written += len(upserts) - len(failed)
        if progress:
            progress(result.read, len(keys))


def _replay_and_promote(generation: Generation, result: Rebuilt) -> None:
    """Rows are deleted after the new index is live, so that a crash in between loses none."""
    with locks.held(locks.DRAIN, wait=True):
        numbers: list[int] = []
        last = 0
        while rows := list(SearchOutbox.objects.filter(seq__gt=last).order_by("seq")[:BATCH]):
            numbers += process(rows, generation.apply).numbers
            last = rows[-1].seq
        generation.promote()
        with transaction.atomic():
            for start in range(0, len(numbers), BATCH):
                SearchOutbox.objects.filter(seq__in=numbers[start : start + BATCH]).delete()
            forget_rebuild()
            SearchState.objects.filter(pk=1).update(rebuilt_at=clock.now())
        result.replayed = len(numbers)


def go_back() -> str:
    """Make the index before the live one live again, and queue what it misses; returns its name.

    Raises EngineUnavailable when the engine keeps none.
    """
    with locks.held(locks.REBUILD) as ours:
        if not ours:
            raise RebuildRuns
        with locks.held(locks.DRAIN, wait=True):
            name = engine().go_back()
        drift.repair(drift.check())
    return name
