"""A table as records: the row with headings is found among the first ones, and each row below it is a record."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from ...wording import number
from ..contract import Raw, Unreadable
from ..limits import USUAL, Limits, too_large, too_many
from ..reading import base_name, empty
from . import plain_text, workbook
from .cells import Cell, Coded, Unfit, as_text, coded_of, is_blank, value_of
from .columns import Column, Headings, Problem, shortened
from .sheets import Line, Sheet
from .template import own_sheets

FIRST_ROWS = 20
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel files, and new ones with a password
NAMED = 10  # columns in a message


@dataclass
class _Table:
    """The sheet that is read, which column stands where, and what is left aside."""

    sheet: Sheet
    #: of the row with headings
    cells: list[Cell]
    #: below it
    rows: Iterator[Line]
    #: place from 0 → column
    fields: dict[int, Column] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def records(
    file: BinaryIO, name: str, columns: Sequence[Column], *, needs: Sequence[str] = (), limits: Limits = USUAL
) -> Iterator[Raw]:
    """One record per row: a dict of plain values by column name, without the columns that the table does not have.

    Cells that do not fit make the row a `Raw` with a problem that names them all, one on each line. `needs` are columns
    without which the table is `Unreadable`.
    """
    table = _table(file, name, columns, needs, limits)
    rows = _Rows(table, base_name(name), coded_of([*table.fields.values()]), limits)
    for count, raw in enumerate(rows.raws(), 1):
        if count > limits.records:
            raise too_many(rows.name, limits)
        yield raw


def remarks(
    file: BinaryIO, name: str, columns: Sequence[Column], *, needs: Sequence[str] = (), limits: Limits = USUAL
) -> list[str]:
    """What of the table is not read though somebody may think so: unknown columns, other sheets, hidden rows."""
    table = _table(file, name, columns, needs, limits)
    found = []
    if table.unknown:
        words = _("These columns are not known and not read: %(columns)s.")
        found.append(words % {"columns": _named(table.unknown)})
    if others := [f"“{other}”" for other in table.others if other not in own_sheets()]:
        words = _("Only the sheet “%(sheet)s” is read, not %(others)s.")
        found.append(words % {"sheet": table.sheet.name, "others": _named(others)})
    if hidden := table.sheet.hidden_rows():
        words = ngettext("%(count)s hidden row is not read.", "%(count)s hidden rows are not read.", hidden)
        found.append(words % {"count": number(hidden)})
    return found


def _table(file: BinaryIO, name: str, columns: Sequence[Column], needs: Sequence[str], limits: Limits) -> _Table:
    name = base_name(name)
    headings = Headings(columns)
    sheets = _sheets(file, name, headings, limits)
    table = _chosen(sheets, headings, needs)
    if table is None:
        words = _("No row with the names of columns was found in %(file)s, such as %(columns)s. Take the template.")
        names = _named([column.name for column in columns])
        raise Unreadable(words % {"file": name, "columns": names}, code="no_headings")
    if len(table.cells) > limits.columns:
        words = _("%(file)s has more than %(count)s columns.")
        raise Unreadable(words % {"file": name, "count": number(limits.columns)}, code="too_many_columns")
    _place(table, headings, name)
    if missing := _missing(table, needs):
        words = _("%(file)s lacks the column %(columns)s, or it is hidden.")
        raise Unreadable(words % {"file": name, "columns": _named(missing)}, code="column_missing")
    table.others = [other.name for other in sheets if other is not table.sheet]
    return table


def _chosen(sheets: Sequence[Sheet], headings: Headings, needs: Sequence[str]) -> _Table | None:
    """The first sheet with the columns that are needed, else the first with any row of headings."""
    first = None
    for sheet in sheets:
        table = _with_headings(sheet, headings)
        if table is None:
            continue
        named = {column.name for cell in table.cells if (column := headings.column(cell))}
        if named.issuperset(needs) and (needs or len(named) > 1):
            return table
        first = first or table
    return first


def _missing(table: _Table, needs: Sequence[str]) -> list[str]:
    there = {column.name for column in table.fields.values()}
    return [name for name in needs if name not in there]


def _sheets(file: BinaryIO, name: str, headings: Headings, limits: Limits) -> list[Sheet]:
    """By what the file is, not by what it is called."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > limits.file:
        raise too_large(name, limits)
    if size == 0:
        raise empty(name)
    start = file.read(len(OLE))
    file.seek(0)
    if start == OLE:
        words = _("%(file)s has a password, or is an old Excel file (.xls). Save it as .xlsx without a password.")
        raise Unreadable(words % {"file": name}, code="password")
    if start.startswith(ZIP):
        return workbook.sheets(file, name, limits)
    return [plain_text.sheet(file, name, limits, headings.known)]


def _with_headings(sheet: Sheet, headings: Headings) -> _Table | None:
    """The sheet with the row among its first ones that names most columns; None when none names any."""
    rows = iter(sheet.rows())
    first = list(islice(rows, FIRST_ROWS))
    best = max(first, key=lambda line: headings.known(line.cells), default=None)
    if best is None or not headings.known(best.cells):
        return None
    return _Table(sheet, best.cells, chain((line for line in first if line.number > best.number), rows))


def _place(table: _Table, headings: Headings, name: str) -> None:
    """Note which column stands where."""
    places: dict[str, int] = {}
    for place, cell in enumerate(table.cells):
        column = headings.column(cell)
        if column is None:
            if not is_blank(cell):
                table.unknown.append(shortened(as_text(cell)))
        elif column.name in places:
            raise _twice(name, column, places[column.name], place)
        else:
            places[column.name] = place
            table.fields[place] = column


def _twice(name: str, column: Column, one: int, other: int) -> Unreadable:
    words = _("%(file)s has the column %(column)s twice, in %(one)s and in %(other)s. Which one is meant?")
    told = {
        "file": name,
        "column": column.name,
        "one": get_column_letter(one + 1),
        "other": get_column_letter(other + 1),
    }
    return Unreadable(words % told, code="column_twice")


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


@dataclass
class _Rows:
    """Rows below the headings as records; a row with nothing in it, or with the headings again, is none."""

    table: _Table
    name: str
    coded: dict[str, Coded]
    limits: Limits

    def raws(self) -> Iterator[Raw]:
        headings = Headings([*self.table.fields.values()])
        for line in self.table.rows:
            cells = self._known(line)
            if all(map(is_blank, cells.values())) or self._repeats(cells, headings):
                continue
            yield self._raw(line.number, cells)

    def _known(self, line: Line) -> dict[int, Cell]:
        return {n: line.cells[n] if n < len(line.cells) else None for n in self.table.fields}

    def _repeats(self, cells: dict[int, Cell], headings: Headings) -> bool:
        """Whether every filled cell is the heading of its own column."""
        filled = [(n, cell) for n, cell in cells.items() if not is_blank(cell)]
        return len(filled) > 1 and all(headings.column(cell) is self.table.fields[n] for n, cell in filled)

    def _raw(self, row: int, cells: dict[int, Cell]) -> Raw:
        position = _("%(file)s, row %(row)s") % {"file": self.name, "row": row}
        data: dict[str, Any] = {}
        problems, size = [], 0
        for place, cell in cells.items():
            column = self.table.fields[place]
            size += len(cell) if isinstance(cell, str) else 8
            try:
                data[column.name] = self._value(column, cell)
            except Unfit as problem:
                problems.append(Problem(row, column.name, as_text(cell), str(problem)))
        return Raw(position, data, problem="\n".join(map(str, problems)), size=size)

    def _value(self, column: Column, cell: Cell) -> Any:
        if isinstance(cell, str) and len(cell) > self.limits.cell:
            raise Unfit(_("longer than %(count)s characters") % {"count": number(self.limits.cell)})
        return value_of(column, cell, self.coded.get(column.name))
