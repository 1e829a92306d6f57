"""Work is a row, written in the transaction of the state it follows from, and taken by a drain.

Nothing waits in memory: a killed process leaves its row, the next drain takes it again.
"""

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from . import clock

log = logging.getLogger(__name__)
PARKED_AFTER = 8  # with doubling pauses this is a little over four hours
FIRST_PAUSE = timedelta(minutes=1)


class NotYet(Exception):
    """Raised by a handler when a means is missing (a library, a server): the row waits and no attempt is counted."""


class WorkRow(models.Model):
    """Columns of a row that a drain takes: how often it was tried, when it may be tried again, why it is parked."""

    priority = models.SmallIntegerField(_("priority"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=clock.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        abstract = True

    @classmethod
    def due(cls) -> models.QuerySet:
        """Rows that may be taken now, the most urgent first."""
        waiting = cls._default_manager.filter(done_at=None, parked_at=None, not_before__lte=clock.now())
        return waiting.order_by("-priority", "pk")

    def postpone(self, error: Exception) -> None:
        """Count the attempt and wait twice as long as before; park the row when it keeps failing."""
        self.attempts += 1
        self.last_error = f"{type(error).__name__}: {error}"[:2000]
        self.not_before = clock.now() + FIRST_PAUSE * 2 ** (self.attempts - 1)
        if self.attempts >= PARKED_AFTER:
            self.parked_at = clock.now()
        self.save(update_fields=["attempts", "last_error", "not_before", "parked_at"])

    def wake(self) -> None:
        """Take a parked row up again, as if it had never been tried."""
        self.attempts, self.parked_at, self.not_before = 0, None, clock.now()
        self.save(update_fields=["attempts", "parked_at", "not_before"])


_drains: dict[str, Callable[[], int]] = {}


def register(name: str, drain_function: Callable[[], int]) -> None:
    """Let `run_tasks` call this drain; it returns how many rows it finished."""
    _drains[name] = drain_function


def drains() -> dict[str, Callable[[], int]]:
    """Every registered drain by name."""
    return dict(_drains)


def drain(
    model: type[WorkRow], handle: Callable[..., None], limit: int = 100, prepare: Callable[..., Any] | None = None
) -> int:
    """Take up to `limit` due rows one by one, each in a transaction of its own; returns how many succeeded.

    `handle(row)` does the work in the transaction that marks the row as done. What takes long and writes nothing here
    (rendering, a mail server) belongs into `prepare(row)`, which runs before: on SQLite a transaction lets nobody else
    write. What it returns is handed on, as `handle(row, prepared)`.
    """
    done = 0
    with _only_one(model._meta.label_lower) as mine:
        if not mine:
            return 0
        tried: list[int] = []
        for _turn in range(limit):
            pk, finished = _take_one(model, handle, prepare, tried)
            if pk is None:
                break
            tried.append(pk)
            done += finished
    return done


def _take_one(
    model: type[WorkRow], handle: Callable[..., None], prepare: Callable[..., Any] | None, tried: list[int]
) -> tuple[int | None, bool]:
    rows = model.due().exclude(pk__in=tried)
    if not connection.features.has_select_for_update_skip_locked:
        row = rows.first()  # nobody else takes it: this drain is the only one
        return (row.pk, _finish(row, handle, prepare)) if row else (None, False)
    with transaction.atomic():
        row = rows.select_for_update(skip_locked=True, of=("self",)).first()
        return (row.pk, _finish(row, handle, prepare)) if row else (None, False)


def _finish(row: WorkRow, handle: Callable[..., None], prepare: Callable[..., Any] | None) -> bool:
    """Whether the row is done now; what fails is kept on the row."""
    try:
        prepared = (prepare(row),) if prepare else ()
        with transaction.atomic():
            if not type(row).due().filter(pk=row.pk).exists():
                return False  # parked or finished by somebody meanwhile
            handle(row, *prepared)
            row.done_at, row.last_error = clock.now(), ""
            row.save(update_fields=["done_at", "last_error"])
    except NotYet as missing:
        log.info("%s waits: %s", row, missing)
        row.done_at, row.last_error = None, str(missing)
        row.not_before = clock.now() + FIRST_PAUSE
        row.save(update_fields=["not_before", "last_error"])
        return False
    except Exception as error:  # any failure belongs to this row alone; it is kept on the row and logged
        log.warning("%s failed: %s", row, error, exc_info=True)
        row.done_at = None
        row.postpone(error)
        return False
    return True


@contextmanager
def _only_one(name: str) -> Iterator[bool]:
    """PostgreSQL shares rows among drains by SKIP LOCKED; SQLite has no row locks, so one drain at a time."""
    if connection.features.has_select_for_update_skip_locked:
        yield True
        return
    with (settings.DATA_DIR / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
