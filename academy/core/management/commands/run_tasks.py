"""`run_tasks`: worker and scheduler in one; several may run at the same time."""

import logging
import signal
import time
from types import FrameType

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from academy.core import periodic, work

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between two looks when there was nothing to do


class Command(BaseCommand):
    help = "Send messages, make certificates, and do what the schedule says, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and stop")

    def handle(self, **options: object) -> None:
        self.stopping = False
        if options["once"]:
            while turn():
                pass
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            if not turn():
                self._rest()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Finish the row in hand, then end."""
        self.stopping = True

    def _rest(self) -> None:
        close_old_connections()  # a database that was restarted is reached again in the next round
        until = time.monotonic() + PAUSE
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)


def turn() -> int:
    """One round through the schedule and every drain; returns how much was done. A failure stops no other."""
    done = 0
    for name, function in [("schedule", periodic.run_due), *work.drains().items()]:
        try:
            done += function()
        except Exception:  # a database that is away, say; the rows are there in the next round
            log.exception("%s failed", name)
            if not connection.in_atomic_block:
                connection.close()
    return done
