"""What stands in the rows of a list: a column gives its cell for the page and its value for a file.

A column knows which part of the record it belongs to, so that nobody reads in a list what the page would not show.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from academy.core import wording
from academy.core.badges import Badge
from academy.core.exports import Column

from .models import Decision, Dependency, Innovation
from .permissions import groups_for, level_of
from .record import GROUPS

Words = str | Promise


@dataclass(frozen=True)
class Row:
    """One line of a list: the innovation, who looks at it, and what the line is about."""

    innovation: Innovation
    viewer: Any
    decision: Decision | None = None
    dependency: Dependency | None = None

    @cached_property
    def groups(self) -> frozenset[str]:
        """The parts of the record that the viewer sees."""
        return groups_for(self.innovation, level_of(self.viewer, self.innovation))


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table; nothing of it is a dash."""

    words: Any = ""
    note: Any = ""
    url: str = ""
    badge: Badge | None = None
    pillar: str = ""
    lines: list[Any] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.words in ("", None) and not (self.badge or self.lines)


@dataclass(frozen=True)
class ListColumn:
    """A column: `value(row)` for a file, `show(row)` for the page where that says more.

    `group` is the part of the record that it belongs to, "" for what whoever knows of the innovation sees; `joins` and
    `needs` are the related records that it reads; `order` is the order of the list that its heading offers.
    """

    name: str
    words: Words
    value: Callable[[Row], Any]
    show: Callable[[Row], Cell] | None = None
    group: str = ""
    number: bool = False
    people: bool = False
    joins: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    order: str = ""

    @property
    def label(self) -> str:
        return wording.capital(self.words)

    @property
    def is_restricted(self) -> bool:
        """Whether it belongs to a part that fewer people see than the record."""
        return bool(self.group and GROUPS[self.group].default)

    def is_open(self, row: Row) -> bool:
        """Whether the viewer of this row sees this part of it; who may know of it sees most parts."""
        return not self.is_restricted or self.group in row.groups

    def plain(self, row: Row) -> Any:
        """For a file."""
        return self.value(row) if self.is_open(row) else None

    def cell(self, row: Row) -> Cell:
        """For the page."""
        if not self.is_open(row):
            return Cell()
        return self.show(row) if self.show else shown(self.value(row))


def shown(value: Any) -> Cell:
    """A value as people read it."""
    if isinstance(value, bool):
        return Cell(_("yes") if value else _("no"))
    if isinstance(value, date):
        return Cell(wording.plain_date(value))
    if isinstance(value, (int, float, Decimal)):
        return Cell(wording.number(value))
    if isinstance(value, list):
        return Cell(value[0]) if len(value) == 1 else Cell(lines=value)
    return Cell(value or "")


def for_file(columns: Iterable[ListColumn]) -> list[Column]:
    """The same columns for `core.exports`."""
    return [Column(column.name, column.label, column.plain) for column in columns]


def have_people(columns: Iterable[ListColumn]) -> bool:
    """Whether a file with these columns has names of people in it."""
    return any(column.people for column in columns)
