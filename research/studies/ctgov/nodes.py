"""Reading JSON of strangers: whatever has another form than expected is left out, and a note says so."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from academy.core.cleaning import MOST_ROWS

# Control characters and halves of surrogate pairs: no database stores them all.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~^])")
_SHOWN = 60  # characters of a value in a note


class Notes(dict[str, None]):
    """Sentences in the order in which they came, each once."""

    def say(self, sentence: str) -> None:
        self[sentence] = None

    def left_out(self, path: str, value: Any) -> None:
        self.say(
            _("“%(value)s” in %(path)s is not known here and was left out.") % {"value": short(value), "path": path}
        )


@cache
def _codes(choices: type[models.TextChoices]) -> frozenset[str]:
    return frozenset(choices.values)


def short(value: Any) -> str:
    """The beginning of a value, for a sentence about it."""
    text = value if isinstance(value, str) else type(value).__name__ if isinstance(value, dict | list) else str(value)
    text = _UNFIT.sub("", text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def cut(text: str, limit: int) -> str:
    """At most so many characters, ended at a word."""
    if len(text) <= limit:
        return text
    start = text[: limit - 1]
    words = start.rsplit(None, 1)[0] if re.search(r"\s\S", start.strip()) and not text[limit - 1].isspace() else start
    return words.rstrip(" ,;:-") + "…"


@dataclass(frozen=True)
class Node:
    """One JSON object; what is missing is empty."""

    data: Mapping[str, Any]
    notes: Notes

    def node(self, name: str) -> "Node":
        """The object of this name."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, dict):
            self._misshapen(name)
        return Node(value if isinstance(value, dict) else {}, self.notes)

    def nodes(self, name: str) -> Iterator["Node"]:
        """The objects of a list."""
        for value in self.values(name):
            if isinstance(value, dict):
                yield Node(value, self.notes)
            else:
                self._misshapen(name)

    def values(self, name: str) -> list[Any]:
        """A list as it is, as far as it can be kept."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, list):
            self._misshapen(name)
        rows = value if isinstance(value, list) else []
        if len(rows) > MOST_ROWS:
            told = {"n": len(rows), "limit": MOST_ROWS, "path": name}
            self.notes.say(_("Of %(n)s entries in %(path)s the first %(limit)s are kept.") % told)
        return rows[:MOST_ROWS]

    def line(self, name: str, limit: int = 0) -> str:
        """Text in one line; with a limit it is cut at a word, and a note says so."""
        return self._cut(name, " ".join(self._text(name).split()), limit)

    def lines(self, name: str, limit: int) -> list[str]:
        """The texts of a list, each in one line and once."""
        found: dict[str, None] = {}
        for value in self.values(name):
            if isinstance(value, str):
                tidy = self._cut(name, " ".join(_UNFIT.sub("", value).split()), limit)
                found.update({tidy: None} if tidy else {})
            else:
                self._misshapen(name)
        return list(found)

    def prose(self, name: str, limit: int = 0) -> str:
        """Text of several paragraphs, without the backslashes that Markdown asks for before its own signs."""
        text = _ESCAPED.sub(r"\1", self._text(name).replace("\r\n", "\n").replace("\r", "\n"))
        return self._cut(name, text.strip(), limit)

    def code(self, name: str, choices: type[models.TextChoices]) -> str:
        """A word of a list; another one is left out."""
        return self.known(name, self.line(name), choices)

    def known(self, name: str, value: str, choices: type[models.TextChoices]) -> str:
        """The value when the list has it, else nothing and a note."""
        if value and value not in _codes(choices):
            self.notes.left_out(name, value)
            return ""
        return value

    def number(self, name: str, most: int) -> int | None:
        """A whole number from 0 on; anything else is left out."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.notes.left_out(name, value)
            return None
        return value

    def flag(self, name: str) -> bool | None:
        """Yes or no; anything else is left out."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, bool):
            self.notes.left_out(name, value)
            return None
        return value

    def _text(self, name: str) -> str:
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._misshapen(name)
            return ""
        return _UNFIT.sub("", value)

    def _cut(self, name: str, text: str, limit: int) -> str:
        if limit and len(text) > limit:
            told = {"path": name, "n": len(text), "limit": limit}
            self.notes.say(_("%(path)s has %(n)s characters; it ends after %(limit)s here.") % told)
            return cut(text, limit)
        return text

    def _misshapen(self, name: str) -> None:
        self.notes.say(_("%(path)s has another form than the format says and was left out.") % {"path": name})
