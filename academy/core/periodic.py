"""The schedule: functions that run again and again, one process at a time, driven by rows."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from . import clock
from .models import Periodic

log = logging.getLogger(__name__)
_jobs: dict[str, tuple[Callable[[], object], timedelta]] = {}


def every(name: str, interval: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Decorator: run this function at most once per interval, over all processes together."""

    def keep(function: Callable[[], object]) -> Callable[[], object]:
        _jobs[name] = (function, interval)
        return function

    return keep


def run_due() -> int:
    """Run every job whose time has come; returns how many ran. A job that fails is logged and tried next time."""
    return sum(_run(name, *job) for name, job in list(_jobs.items()))


def _run(name: str, function: Callable[[], object], interval: timedelta) -> bool:
    Periodic.objects.get_or_create(name=name, defaults={"next_at": clock.now()})
    with transaction.atomic():
        rows = Periodic.objects.filter(name=name, next_at__lte=clock.now())
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        row = rows.first()
        if row is None:
            return False
        row.next_at, row.last_error = clock.now() + interval, ""
        try:
            with transaction.atomic():
                function()
        except Exception as error:  # kept on the row, which the mail and work log page shows
            log.exception("%s failed", name)
            row.last_error = f"{type(error).__name__}: {error}"[:2000]
        row.save(update_fields=["next_at", "last_error"])
    return True
