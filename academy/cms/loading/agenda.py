"""What happened, in order of date: each entry is done with the clock set to its moment."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from academy.core import clock
from academy.core.errors import DomainError

from .report import Report


@dataclass(order=True)
class Entry:
    """One thing that somebody did; entries of the same moment keep the order in which they were added."""

    moment: datetime
    place: int
    what: str = field(compare=False)
    do: Callable[[], Any] = field(compare=False)


@dataclass
class Agenda:
    """Everything that is to be replayed; what is done may add what follows from it."""

    entries: list[Entry] = field(default_factory=list)
    added: int = 0

    def add(self, moment: datetime, what: str, do: Callable[[], Any]) -> None:
        self.added += 1
        heapq.heappush(self.entries, Entry(moment, self.added, what, do))

    def replay(self, report: Report) -> None:
        """Do everything in order of date; what a rule refuses is reported, and the rest goes on."""
        while self.entries:
            entry = heapq.heappop(self.entries)
            with clock.at(entry.moment):
                try:
                    entry.do()
                except DomainError as refusal:
                    report.refuse(entry.what, refusal)
            report.progress("past", self.added - len(self.entries), self.added)
