"""What every kind of table is read as: sheets of numbered rows of cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .cells import Cell


class Line(NamedTuple):
    """One row that people see: its number as their program shows it, and its cells from the first column on."""

    number: int
    cells: list[Cell]


@dataclass
class Sheet:
    """Rows from the beginning on whenever `rows` is called; hidden ones are left out and counted when they went by."""

    name: str
    rows: Callable[[], Iterator[Line]]
    #: rows that are hidden, known before they are read
    hidden_rows: Callable[[], int] = field(default=lambda: 0)
