"""Running services at the same moment, and taking their lock away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch

from django.db import connection, connections, transaction
from django.db.models import QuerySet


def at_once(calls: list[Callable[[], Any]], threads: int = 8) -> list[Any]:
    """Run the calls in threads with a connection each; returns results or the exceptions they raised, in order."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 whatever went wrong is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, calls))


@contextmanager
def without_lock() -> Iterator[None]:
    """The same code with its lock removed: on PostgreSQL no row lock, on SQLite no transaction around the service."""
    if connection.vendor == "sqlite":
        with (
            patch.object(transaction.Atomic, "__enter__", lambda self: None),
            patch.object(transaction.Atomic, "__exit__", lambda self, *_error: None),
        ):
            yield
    else:
        with patch.object(QuerySet, "select_for_update", lambda self, *_args, **_kwargs: self):
            yield


@contextmanager
def meeting_after(target: str, parties: int) -> Iterator[None]:
    """Hold everybody between counting and writing, so that a missing lock shows every time and not by luck.

    Those who come alone because a lock holds the others outside go on after a moment.
    """
    module, _dot, name = target.rpartition(".")
    original = getattr(__import__(module, fromlist=[name]), name)
    barrier = Barrier(parties)

    def counted_then_waited(*args: Any, **kwargs: Any) -> Any:
        found = original(*args, **kwargs)
        with suppress(BrokenBarrierError):  # a lock let only one in: that is what is tested
            barrier.wait(timeout=2)
        return found

    with patch(target, counted_then_waited):
        yield
