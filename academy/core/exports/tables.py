"""Rows and columns as text or as a workbook.

A cell that a spreadsheet would take for a formula (it starts with = + - @, a tab or a line break) is made harmless: an
apostrophe stands before it in CSV, and in a workbook it is written as a string. Numbers stay numbers, negative ones
too.
"""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..errors import Refused
from ..translation import current

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Windows-1252
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: of a Dutch Excel, whose decimals have a comma, and of an English one
DELIMITERS = {"nl": ";", "en": ","}
MOST_ROWS = 1_048_576  # of a sheet, the heading included
LONGEST_CELL = 32_767  # characters
WIDTHS = (10, 60)  # of a column, in characters


@dataclass(frozen=True)
class Column:
    """One column: `name` is the key in JSON Lines, `label` the heading that people read, `value(row)` the cell.

    A value is a string, number, date, datetime, boolean, None, or a list of strings.
    """

    name: str
    label: str | Promise
    value: Callable[[Any], Any]


class TooManyRows(Refused):
    """A sheet holds a million rows; CSV and JSON Lines have no such limit."""

    code = "too_many_rows"
    message = gettext_lazy("This list is too long for a sheet. Take CSV instead.")


class _Line:
    """What the CSV writer writes to: it keeps the last line only."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def csv_rows(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """Lines of a CSV file as Excel in the reader's language opens it; the first has the headings."""
    line = _Line()
    writer = csv.writer(line, delimiter=DELIMITERS[current()])
    writer.writerow([_harmless(str(column.label)) for column in columns])
    yield BYTE_ORDER_MARK + line.text
    for row in rows:
        writer.writerow([_csv_cell(column.value(row)) for column in columns])
        yield line.text


def json_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """One JSON object per line, for programs: values as they are, dates as ISO 8601, nothing put before them."""
    for row in rows:
        record = {column.name: column.value(row) for column in columns}
        yield json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]


def xlsx_file(columns: Sequence[Column], rows: Iterable[Any], title: str = "") -> IO[bytes]:
    """A workbook with one sheet, as an open temporary file from its beginning; rows are written as they come.

    Raises `TooManyRows`. The caller closes the file, which deletes it.
    """
    return workbook([Sheet(title, columns, rows)])


def workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """A workbook with these sheets, one after the other, as `xlsx_file` makes it."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(sheet_name(sheet.title)), sheet)
    file = tempfile.TemporaryFile()  # noqa: SIM115 the caller closes it
    book.save(file)
    file.seek(0)
    return file


def _write(sheet: Any, content: Sheet) -> None:
    sheet.freeze_panes = "A2"
    for n, column in enumerate(content.columns, 1):
        narrow, wide = WIDTHS
        sheet.column_dimensions[get_column_letter(n)].width = min(wide, max(narrow, len(str(column.label)) + 4))
    sheet.append([_heading(sheet, str(column.label)) for column in content.columns])
    count = 1
    for row in content.rows:
        count += 1
        if count > MOST_ROWS:
            sheet.close()
            raise TooManyRows
        sheet.append([_sheet_cell(sheet, column.value(row)) for column in content.columns])


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv_cell(value: Any) -> Any:
    value = _plain(value)
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (float, Decimal)):
        return _decimal(value)
    return value.isoformat() if isinstance(value, date) else value


def _decimal(value: float | Decimal) -> str:
    digits = str(value) if isinstance(value, float) else format(value, "f")
    return digits.replace(".", ",") if current() == "nl" else digits


def _plain(value: Any) -> Any:
    """None is empty, a list is one text, a boolean a word, a moment is in local time; texts can be stored."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple, set, frozenset)):
        return "; ".join(str(_plain(part)) for part in value)
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, (int, float, Decimal, date)):
        return value
    return str(value).replace("\x00", "")


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = _text_cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _sheet_cell(sheet: Any, value: Any) -> Any:
    value = _plain(value)
    if isinstance(value, str):
        return _text_cell(sheet, value) if value else None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
        return cell
    return value


def _text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, cell_text(text))
    cell.data_type = "s"  # never a formula, an error value or a link, whatever it looks like
    return cell


def cell_text(text: str) -> str:
    """Words that a cell can hold; whoever writes the cell gives it the type of a string."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]


def sheet_name(title: str) -> str:
    """A sheet has a short name without these characters."""
    return "".join(character for character in title if character not in r"[]:*?/\'")[:31] or _("List")
