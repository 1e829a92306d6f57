"""The one clock of the house; only the demo loader and tests set it.

A day as a limit lasts until the next midnight in Europe/Amsterdam (`end_of`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This moment, aware; or the moment that `at` has set."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """The calendar day in Europe/Amsterdam."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day of a moment in Europe/Amsterdam."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The midnight that begins this day in Europe/Amsterdam."""
    return datetime.combine(day, time.min, tzinfo=AMSTERDAM)


def end_of(day: date) -> datetime:
    """The midnight that ends this day: the first moment that no longer belongs to it."""
    return start_of(day + timedelta(days=1))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` be this moment inside the block; for the demo loader and tests."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
