"""What a load tells: a moving line while it works, a summary at the end."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

PAUSE_ON_TERMINAL, PAUSE_ELSEWHERE = 0.1, 1.0  # seconds between two lines of progress


@dataclass
class Report:
    """Counts what was read, made and left alone, and writes progress to `out`, a command's stdout."""

    out: Any
    counts: Counter = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    _told: float = 0.0

    def count(self, *, new: int = 0, changed: int = 0, unchanged: int = 0) -> None:
        """Records that were read, by what became of them."""
        self.counts.update(read=new + changed + unchanged, new=new, changed=changed, unchanged=unchanged)

    def refuse(self, what: str, why: object) -> None:
        """A record that could not be loaded, and the reason."""
        self.counts["read"] += 1
        self.refused.append(f"{what}: {why}")

    def progress(self, title: str, done: int, total: int) -> None:
        """Tell how far it is, not too often."""
        terminal = self.out.isatty()
        pause = PAUSE_ON_TERMINAL if terminal else PAUSE_ELSEWHERE
        if done < total and time.monotonic() - self._told < pause:
            return
        self._told = time.monotonic()
        line = f"{title} {done}/{total}"
        self.out.write(f"\r\033[K{line}" if terminal else line, ending="" if terminal and done < total else "\n")
        self.out.flush()

    def summary(self) -> None:
        """One line of numbers, then a line for everything that was refused."""
        numbers = ", ".join(f"{self.counts[name]} {name}" for name in ("read", "new", "changed", "unchanged"))
        self.out.write(f"{numbers}, {len(self.refused)} refused")
        for line in self.refused:
            self.out.write(f"refused: {line}")
