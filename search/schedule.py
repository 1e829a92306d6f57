"""What the worker does for searching."""

import logging
from datetime import timedelta

from academy.core import clock, periodic, registries, work

from . import drift
from .drain import drain, requeue_due
from .engines import engine
from .models import SearchState
from .rebuild import RebuildRuns, rebuild

log = logging.getLogger(__name__)


COMPARED_EVERY = timedelta(days=1)


def register() -> None:
    """Join the worker: the drain with its daily comparison, and records whose time has come; and /readyz."""
    registries.health.register("search")(lambda: engine().health().ok)
    work.register("search", keep_up)
    periodic.every("search: records whose time has come", timedelta(minutes=1))(requeue_due)


def keep_up() -> int:
    """Make the index when there is none that fits, compare it once a day, then take what is queued.

    Returns how many rows are done. The comparison is no job of the schedule: it needs an index that fits, and what it
    queues is taken right after it.
    """
    if engine().health().needs_rebuild:
        try:
            rebuild()
        except RebuildRuns:
            return 0
    state = SearchState.load()
    if (state.compared_at or state.rebuilt_at or clock.now()) < clock.now() - COMPARED_EVERY:
        SearchState.objects.filter(pk=1).update(compared_at=clock.now())
        compare()
    return drain().done


def compare() -> int:
    """Queue every record that the index has otherwise than the database; returns how many."""
    found = drift.check()
    if not found.clean:
        log.warning(
            "search index: %d missing, %d different, %d surplus, %d unreadable",
            len(found.missing),
            len(found.different),
            len(found.surplus),
            len(found.unreadable),
        )
    return drift.repair(found)
