"""Writing down that a record was touched, in the transaction that touches it: one row per record and transaction."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from .models import SearchOutbox

log = logging.getLogger(__name__)
_here = threading.local()
Key = tuple[str, str]


class Wake:
    """Runs when the transaction commits; until then it knows which records have their row.

    Django drops the callbacks of a savepoint that is rolled back, and with it what was known of its rows.
    """

    def __init__(self) -> None:
        self.keys: set[Key] = set()

    def __call__(self) -> None:
        self.keys.clear()
        if settings.SEARCH_DRAIN_ON_COMMIT and not getattr(_here, "paused", False):
            wake()


def enqueue(type_name: str, pks: Iterable[Any], operation: str = SearchOutbox.UPSERT) -> int:
    """Queue these records, at most once in a transaction; returns how many rows were written (in one statement)."""
    keys = {(type_name, str(pk)) for pk in pks}
    return add(keys, operation) if keys else 0


def add(keys: Iterable[Key], operation: str = SearchOutbox.UPSERT) -> int:
    """Queue records of several types in one statement."""
    connection = connections[DEFAULT_DB_ALIAS]
    known = [entry[1] for entry in connection.run_on_commit if isinstance(entry[1], Wake)]
    new = sorted(key for key in set(keys) if not any(key in wake.keys for wake in known))
    if not new:
        return 0
    SearchOutbox.objects.bulk_create(
        SearchOutbox(type=type_name, record=pk, operation=operation) for type_name, pk in new
    )
    _remember(connection, new)
    return len(new)


def _remember(connection: Any, keys: list[Key]) -> None:
    here = set(connection.savepoint_ids)
    for savepoints, entry, *_rest in connection.run_on_commit:
        if isinstance(entry, Wake) and savepoints == here:
            entry.keys.update(keys)
            return
    waking = Wake()
    waking.keys.update(keys)
    transaction.on_commit(waking, robust=True)


def forget() -> None:
    """Forget which records have their row: the drain takes rows away."""
    for _savepoints, entry, *_rest in connections[DEFAULT_DB_ALIAS].run_on_commit:
        if isinstance(entry, Wake):
            entry.keys.clear()


def wake() -> None:
    """Let the rows be taken now, in this process, as far as nobody else is at it; a failure waits for the worker."""
    from .drain import drain

    if getattr(_here, "draining", False):
        return
    _here.draining = True
    try:
        drain(batches=2)
    except Exception:  # the record is saved and its row stays; the worker tries again
        log.exception("the search index could not be brought up to date after a save")
    finally:
        _here.draining = False


@contextmanager
def paused() -> Iterator[None]:
    """Do not drain on commit inside this block (loading many records); what was queued stays queued."""
    before = getattr(_here, "paused", False)
    _here.paused = True
    try:
        yield
    finally:
        _here.paused = before
