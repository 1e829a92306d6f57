"""What a column of a table is, what its heading may be, and how a person is told what is wrong in a cell."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ...translation import LANGUAGES

Kind = Literal["text", "long", "date", "number", "yes_no", "code", "codes", "money"]
#: code → its names, the Dutch one first, then the English one
Choices = Mapping[str, tuple[str, ...]]
SHOWN = 60  # characters of a value in a message
KEPT = 200  # characters of a text of which the folded form is kept


@dataclass(frozen=True)
class Column:
    """One column that a table may have.

    `name` is the heading that programs and the template use; `label` is what people may write instead, in Dutch or in
    English. What a cell becomes follows from `kind`:

    - text, long: words on one line, or on several; empty is ""
    - date: "2026-02-01"; number: 4 or 4.5; money: euros as "12500.50"; yes_no: True or False; empty is None
    - code: the code that was written or whose name was; empty is "". codes: a list of them, without doubles

    Without `choices` a code is taken as it is written. An empty cell of a `required` column refuses the row.
    """

    name: str
    label: str | Promise
    kind: Kind
    help: str | Promise = ""
    required: bool = False
    choices: Callable[[], Choices] | None = field(default=None, compare=False)
    example: str = ""

    @property
    def empty(self) -> object:
        """What an empty cell of this column means."""
        if self.kind == "codes":
            return []
        return "" if self.kind in ("text", "long", "code") else None


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell; the words are what a person reads beside the number of the row."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        told = {"column": self.column, "value": shortened(self.value), "reason": self.reason}
        words = _("Column %(column)s, “%(value)s”: %(reason)s") if self.value else _("Column %(column)s: %(reason)s")
        return words % told


def shortened(value: str) -> str:
    """A value short enough for a message."""
    line = " ".join(value.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def folded(text: str) -> str:
    """The letters and digits of a text, without case and marks: "Titel (NL) *" and "titel_nl" are the same."""
    return _kept(text) if len(text) <= KEPT else _folded(text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


_kept = lru_cache(maxsize=4096)(_folded)


def name_in(names: Sequence[str], language: str) -> str:
    """The name in this language (the Dutch one stands first), or the other one."""
    place = LANGUAGES.index(language)
    ordered = [*names[place : place + 1], *names]
    return next((name for name in ordered if name), "")


def names_of(choices: type[TextChoices]) -> Choices:
    """The codes of a list in code, with their names in both languages."""
    names: dict[str, list[str]] = {code: [] for code in choices.values}
    for language in LANGUAGES:
        with translation.override(language):
            for code, label in choices.choices:
                names[code].append(str(label))
    return {code: tuple(found) for code, found in names.items()}


class Headings:
    """Finds the column that a heading means."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns: dict[str, Column] = {}
        for column in columns:
            for heading in _labels(column):
                self._columns.setdefault(folded(heading), column)
        self._columns |= {folded(column.name): column for column in columns}
        self._columns.pop("", None)

    def column(self, heading: object) -> Column | None:
        """The column of this name or label, if it is one."""
        return self._columns.get(folded(heading)) if isinstance(heading, str) else None

    def known(self, cells: Iterable[object]) -> int:
        """How many different columns these cells name."""
        return len({column.name for cell in cells if (column := self.column(cell))})


def _labels(column: Column) -> list[str]:
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(column.label))
    return found
