"""Reading the demo's files: text in two languages, offsets from the load day."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.html import escape

from academy.core import clock

FOLDER = Path(__file__).resolve().parent.parent / "demo"
LANGUAGES = ("nl", "en")
# The C loader of libyaml is ten times as fast; a PyYAML built without it lacks the name.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Row = dict[str, Any]


@cache
def read(name: str) -> dict[str, list[Row]]:
    """The lists of one file by name; read once."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 (a safe loader)


def both(text: Row | None, field_name: str) -> dict[str, str]:
    """`{nl, en}` as the columns `title_nl` and `title_en`; a text that is missing is empty."""
    text = text or {}
    return {f"{field_name}_{code}": text.get(code, "").strip() for code in LANGUAGES}


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each as escaped HTML."""
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    return [f"<p>{escape(part)}</p>" for part in parts if part]


@dataclass
class Calendar:
    """Days and moments relative to the load day; nothing of the replayed past lies after `now`."""

    load_day: date
    now: datetime = field(default_factory=clock.now)

    def day(self, offset: int) -> date:
        return self.load_day + timedelta(days=offset)

    def at(self, day: date, of_day: float) -> datetime:
        """A moment on this day: 0 is eight in the morning, 1 is six in the evening.

        Today, and on any day that is not over, it is that part of the time that has gone by: order is kept.
        """
        begin, end = _at_hour(day, 8), _at_hour(day, 18)
        if end > self.now:
            begin, end = min(begin, clock.start_of(day)), self.now
        return begin + (end - begin) * of_day


def _at_hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.AMSTERDAM)


def local(day: date, clock_time: str) -> datetime:
    """`09:30` on this day in Europe/Amsterdam."""
    return datetime.combine(day, time.fromisoformat(clock_time), tzinfo=clock.AMSTERDAM)
