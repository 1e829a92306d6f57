"""Rows of an Excel workbook (.xlsx), read as a stream: values only; nothing is calculated, nothing outside is opened.

A workbook is an archive of XML. Document types are refused, so no entity is ever expanded; what comes out of the
archive is counted. A formula counts for the value that the program left with it. In cells that were merged downwards
each row has the value, which is what whoever merged them meant. Source: ECMA-376, part 1, SpreadsheetML.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel

from .. import archives
from ..contract import Unreadable
from ..limits import Limits
from .cells import Cell, Odd
from .sheets import Line, Sheet
from .workbook_parts import PIECE, TRUE, Attributes, Contents, Reader, Refuse, Relations, Styles, Texts, unescaped

DAMAGED = (*archives.DAMAGED, expat.ExpatError, LookupError)
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
HIDDEN = re.compile(rb'<(?:\w+:)?row\s[^<>]*?\bhidden="(?:1|true)"')
MOST_MERGED = 100_000
DIGITS = ".15g"  # what Excel itself shows: the sixteenth digit is noise


def sheets(file: BinaryIO, name: str, limits: Limits) -> list[Sheet]:
    """The sheets that are not hidden, in their order. Raises `Unreadable`."""
    try:
        return _Book(file, name, limits).sheets()
    except DAMAGED:
        raise _damaged(name) from None


def _damaged(name: str) -> Unreadable:
    words = _("%(file)s is damaged, or no Excel workbook. Open it in Excel, save it again and try once more.")
    return Unreadable(words % {"file": name}, code="broken_file")


class _Book:
    """The parts of a workbook that say how its cells are to be read."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self._package = archives.Package(file, name, limits)
        if any(part.rpartition("/")[2].lower() == "vbaproject.bin" for part in self._package.names):
            words = _("%(file)s has macros. Save it as a workbook without macros (.xlsx).")
            raise Unreadable(words % {"file": name}, code="macros")
        book = self._target("_rels/.rels", "", "officeDocument")
        folder, last = posixpath.split(book)
        self._folder = folder
        self._relations = f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"
        self._contents = Contents().whole(self._package.open(book))
        self.epoch = self._contents.epoch
        self.dates: list[bool] = self._part_of(Styles(), "styles").dates
        self._texts: list[str] | None = None

    def sheets(self) -> list[Sheet]:
        """The visible ones; charts are none."""
        relations = Relations().whole(self._package.open(self._relations)).found
        found = []
        for title, relation in self._contents.sheets:
            kind, target = relations.get(relation, ("", ""))
            if kind == "worksheet":
                found.append(self._sheet(title, self._path(target)))
        return found

    def texts(self) -> list[str]:
        """The shared texts, read when the first sheet is."""
        if self._texts is None:
            self._texts = self._part_of(Texts(self.name, self.limits), "sharedStrings").found
        return self._texts

    def open(self, path: str) -> archives.Counted:
        """A part of the workbook."""
        return self._package.open(path)

    def _sheet(self, title: str, path: str) -> Sheet:
        worksheet = _Worksheet(self, path)
        return Sheet(title, worksheet.rows, worksheet.hidden_rows)

    def _part_of(self, reader: Any, kind: str) -> Any:
        path = self._target(self._relations, self._folder, kind)
        return reader.whole(self._package.open(path)) if path else reader

    def _target(self, relations: str, folder: str, kind: str) -> str:
        found = Relations().whole(self._package.open(relations)).found
        target = next((target for known, target in found.values() if known == kind), "")
        return self._path(target, folder) if target else ""

    def _path(self, target: str, folder: str | None = None) -> str:
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(self._folder if folder is None else folder, target))


class _Worksheet:
    """One sheet: what is merged and hidden is found in a first pass over its bytes, rows in a second."""

    def __init__(self, book: _Book, path: str) -> None:
        self._book, self._path = book, path
        self._merged: dict[int, list[tuple[int, int, int]]] | None = None
        self._hidden = 0

    def hidden_rows(self) -> int:
        """How many rows are hidden."""
        self._look()
        return self._hidden

    def rows(self) -> Iterator[Line]:
        """The rows that are not hidden, without the cells of hidden columns. Raises `Unreadable`."""
        try:
            yield from self._rows()
        except DAMAGED:
            raise _damaged(self._book.name) from None

    def _rows(self) -> Iterator[Line]:
        merged = self._look()
        kept: dict[int, tuple[int, Cell]] = {}  # column → until which row this value holds
        reader = _Rows(self._book)
        for _piece in reader.parse(self._book.open(self._path)):
            found, reader.found = reader.found, []
            for number, hidden, cells in found:
                if merged:
                    _carry(merged, kept, number, cells)
                if not hidden:
                    yield Line(number, [None if n in reader.hidden else cell for n, cell in enumerate(cells)])

    def _look(self) -> dict[int, list[tuple[int, int, int]]]:
        """First row → (column, column, last row) of what is merged over several rows."""
        if self._merged is None:
            self._merged, self._hidden = {}, 0
            try:
                self._scan(self._book.open(self._path))
            except DAMAGED:
                raise _damaged(self._book.name) from None
        return self._merged

    def _scan(self, stream: archives.Counted) -> None:
        rest, count = b"", 0
        while piece := stream.read(archives.PIECE):
            whole, mark, rest = (rest + piece).rpartition(b"<")
            rest = mark + rest if mark and len(rest) < PIECE else b""
            self._hidden += len(HIDDEN.findall(whole))
            for match in MERGED.finditer(whole):
                first, top, last, bottom = range_boundaries(match[1].decode())
                count += 1
                if bottom > top and count <= MOST_MERGED:
                    self._merged.setdefault(top, []).append((first - 1, last - 1, bottom))


def _carry(merged: dict, kept: dict[int, tuple[int, Cell]], number: int, cells: list[Cell]) -> None:
    """Give the cells under the first of a merged block its value."""
    for first, _last, bottom in merged.get(number, ()):
        if first < len(cells) and cells[first] is not None:
            kept[first] = (bottom, cells[first])
    for column, (bottom, value) in list(kept.items()):
        if number > bottom:
            del kept[column]
            continue
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value if cells[column] is None else cells[column]


class _Rows(Reader):
    """Cells into rows: `found` has (number, hidden, cells) of those that ended."""

    def __init__(self, book: _Book) -> None:
        self.found: list[tuple[int, bool, list[Cell]]] = []
        self.hidden: set[int] = set()
        self._texts, self._dates, self._epoch = book.texts(), book.dates, book.epoch
        self._limits = book.limits
        self._number = 0
        self._row_hidden = False
        self._cells: list[Cell] = []
        self._cell: Attributes = {}
        self._parts: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None
        self._spoken = False
        self._length = 0  # characters of the row

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._cell, self._parts, self._formula, self._into = attributes, [], None, None
        elif tag == "v" or (tag == "t" and not self._spoken):
            self._into = self._parts
        elif tag == "f":
            self._formula = self._into = []
        elif tag == "rPh":
            self._spoken = True
        elif tag == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._row_hidden = attributes.get("hidden") in TRUE
            self._cells, self._length = [], 0
        elif tag == "col" and attributes.get("hidden") in TRUE:
            last = min(int(attributes["max"]), self._limits.columns)
            self.hidden.update(range(int(attributes["min"]) - 1, last))

    def text(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
            self._length += len(data)
            if self._length > self._limits.record:
                raise Refuse

    def end(self, tag: str) -> None:
        if tag == "c":
            self._put()
        elif tag in ("v", "t", "f"):
            self._into = None
        elif tag == "rPh":
            self._spoken = False
        elif tag == "row":
            self.found.append((self._number, self._row_hidden, self._cells))

    def _put(self) -> None:
        """The cell at its place; one that has no place stands behind the last."""
        place = len(self._cells)
        if match := REFERENCE.fullmatch(self._cell.get("r", "")):
            place = column_index_from_string(match[1]) - 1
        value = self._value("".join(self._parts))
        if value is None or place >= self._limits.columns:
            return
        if place > len(self._cells):
            self._cells.extend([None] * (place - len(self._cells)))
        self._cells[place:] = [value]

    def _value(self, text: str) -> Cell:
        kind = self._cell.get("t", "n")
        if not text:
            if self._formula is None or kind == "str":
                return None
            return Odd(
                f"={''.join(self._formula)}", _("a formula without a result: open the file in Excel and save it")
            )
        if kind == "s":
            return self._texts[int(text)] or None
        if kind in ("str", "inlineStr"):
            return unescaped(text)
        if kind == "e":
            return Odd(text, _("the formula went wrong"))
        return _OTHERS.get(kind, _number)(self, text)

    def in_days(self, text: str) -> Cell:
        """A number in a cell that shows dates."""
        try:
            found = from_excel(float(text), self._epoch)
        except (OverflowError, ValueError):
            return Odd(text, _("no date"))
        return _moment(found)

    def shows_date(self) -> bool:
        """Whether the form of the cell is that of a date."""
        style = int(self._cell.get("s", 0))
        return style < len(self._dates) and self._dates[style]


def _number(rows: _Rows, text: str) -> Cell:
    if rows.shows_date():
        return rows.in_days(text)
    value = float(format(float(text), DIGITS))
    if value != value or value in (float("inf"), float("-inf")):
        return Odd(text, _("no number"))
    return int(value) if value.is_integer() else value


def _day(_rows: _Rows, text: str) -> Cell:
    return _moment(datetime.fromisoformat(text))


def _moment(found: datetime | date | time) -> Cell:
    if isinstance(found, time):
        return found.isoformat("minutes")
    if isinstance(found, datetime) and not found.time().replace(microsecond=0).isoformat().strip("0:"):
        return found.date()
    return found


_OTHERS: dict[str, Callable[[_Rows, str], Cell]] = {"b": lambda _rows, text: text in TRUE, "d": _day}
