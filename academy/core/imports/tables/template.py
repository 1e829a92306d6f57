"""Template files to fill in, and the explanation of the columns, both from the columns themselves."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ... import exports
from ...errors import Unknown
from ...translation import LANGUAGES, current
from .columns import Column, name_in

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORM_ROWS = 5_000  # so many rows get lists and forms of cells
WIDE = 44  # characters of a column with words
PROMPT = 250  # characters that Excel shows beside a cell
CODES_SHOWN = 25  # of a longer list the explanation names the sheet with codes
SENTENCES = {
    "text": gettext_lazy("words on one line"),
    "long": gettext_lazy("text, on several lines if you like"),
    "date": gettext_lazy("a date: 31-12-2026 or 2026-12-31"),
    "number": gettext_lazy("a number"),
    "yes_no": gettext_lazy("yes or no"),
    "code": gettext_lazy("one of the list, as a code or a name"),
    "codes": gettext_lazy("several with a semicolon between them, as codes or names"),
    "money": gettext_lazy("an amount in euros: 12500 or 12.500,50"),
}
FORMS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "text": "@", "long": "@", "code": "@", "codes": "@"}


@dataclass(frozen=True)
class Explained:
    """One column in words; `codes` are (code, names), Dutch before English."""

    column: Column
    label: str
    kind: str
    help: str
    codes: tuple[tuple[str, str], ...]


def explained(columns: Sequence[Column]) -> list[Explained]:
    """The columns in words of the present language, each with its codes and their names."""
    return [_explained(column) for column in columns]


def _explained(column: Column) -> Explained:
    choices = column.choices() if column.choices else {}
    codes = tuple((code, " / ".join(dict.fromkeys(name for name in names if name))) for code, names in choices.items())
    if not choices and column.kind in ("code", "codes"):
        kind = _("a code") if column.kind == "code" else _("codes with a semicolon between them")
    else:
        kind = str(SENTENCES[column.kind])
    return Explained(column, str(column.label), kind, str(column.help), codes)


def template(columns: Sequence[Column], format: str, *, title: str = "") -> bytes:
    """A table with these headings and no rows, as `csv` or `xlsx`; raises `Unknown` for another format.

    The CSV has a byte order mark and semicolons, which is what a Dutch Excel opens in columns.
    """
    if format == "csv":
        return _csv(columns)
    if format == "xlsx":
        return _xlsx(columns, title)
    raise Unknown


def _csv(columns: Sequence[Column]) -> bytes:
    headings = [exports.Column(column.name, column.name, lambda row: row) for column in columns]
    with translation.override("nl"):  # the language decides on the separator, and the headings have none
        return "".join(exports.csv_rows(headings, ())).encode()


def own_sheets() -> set[str]:
    """Names of the sheets of a template that are not for filling in, in both languages."""
    found = set()
    for language in LANGUAGES:
        with translation.override(language):
            found |= {pgettext("sheet of a template", "Explanation"), pgettext("sheet of a template", "Codes")}
    return found


def _xlsx(columns: Sequence[Column], title: str) -> bytes:
    book = Workbook()
    found = explained(columns)
    _fill_in(book.active, found, title)
    _explanation(book.create_sheet(pgettext("sheet of a template", "Explanation")), found)
    _codes(book.create_sheet(pgettext("sheet of a template", "Codes")), found, book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill_in(sheet: Worksheet, found: Sequence[Explained], title: str) -> None:
    sheet.title = exports.sheet_name(title)
    sheet.freeze_panes = "B2"
    for place, one in enumerate(found, 1):
        letter = get_column_letter(place)
        _write(sheet, 1, place, one.column.name, bold=True)
        sheet.column_dimensions[letter].width = WIDE if one.column.kind == "long" else max(14, len(one.column.name) + 3)
        if form := FORMS.get(one.column.kind):
            sheet.column_dimensions[letter].number_format = form
        if not one.codes and one.column.kind != "yes_no":
            sheet.add_data_validation(_told(DataValidation(allow_blank=True), one, letter))


def _told(validation: DataValidation, one: Explained, letter: str) -> DataValidation:
    """What stands beside a chosen cell, on every row of the form."""
    validation.promptTitle = one.column.name[:32]
    validation.prompt = f"{one.label}: {one.kind}. {one.help}"[:PROMPT]
    validation.showInputMessage = True
    validation.add(f"{letter}2:{letter}{FORM_ROWS}")
    return validation


def _explanation(sheet: Worksheet, found: Sequence[Explained]) -> None:
    headings = (_("Column"), _("Name"), _("Needed"), _("What to write"), _("Explanation"), _("Example"), _("Choices"))
    for place, (heading, width) in enumerate(zip(headings, (22, 28, 10, 34, 48, 28, 60), strict=True), 1):
        _write(sheet, 1, place, heading, bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    for row, one in enumerate(found, 2):
        needed = _("yes") if one.column.required else ""
        for place, text in enumerate(
            (one.column.name, one.label, needed, one.kind, one.help, one.column.example, _choices(one)), 1
        ):
            _write(sheet, row, place, text)


def _choices(one: Explained) -> str:
    if len(one.codes) > CODES_SHOWN:
        return _("see the sheet with codes")
    return "\n".join(f"{code} = {names}" if names else code for code, names in one.codes)


def _codes(sheet: Worksheet, found: Sequence[Explained], form: Worksheet) -> None:
    """Two columns per list, names and codes; the cells of the form offer the names."""
    place = 1
    for at, one in enumerate(found, 1):
        letter = get_column_letter(at)
        if one.column.kind == "yes_no":
            validation = DataValidation("list", formula1=f'"{_("yes")},{_("no")}"', allow_blank=True)
            form.add_data_validation(_told(validation, one, letter))
        elif one.codes:
            formula = _list(sheet, place, one)
            validation = DataValidation("list", formula1=formula, allow_blank=True)
            # Several codes, or words with a code among them, are none of the list.
            validation.showErrorMessage = one.column.kind == "code"
            form.add_data_validation(_told(validation, one, letter))
            place += 2


def _list(sheet: Worksheet, place: int, one: Explained) -> str:
    """Write a list at this place; returns its address for the cells that offer it."""
    letter = get_column_letter(place)
    _write(sheet, 1, place, one.column.name, bold=True)
    _write(sheet, 1, place + 1, _("code"), bold=True)
    sheet.column_dimensions[letter].width = 40
    sheet.column_dimensions[get_column_letter(place + 1)].width = 24
    names = list(_names(one.column))
    for row, (name, code) in enumerate(names, 2):
        _write(sheet, row, place, name)
        _write(sheet, row, place + 1, code)
    return f"'{sheet.title}'!${letter}$2:${letter}${len(names) + 1}"


def _names(column: Column) -> Iterator[tuple[str, str]]:
    """Each code with its name in the present language; the code itself where two have the same name."""
    choices = column.choices() if column.choices else {}
    named = {code: name_in(names, current()) or code for code, names in choices.items()}
    twice = {name for name in named.values() if list(named.values()).count(name) > 1}
    for code, name in named.items():
        yield (code if name in twice else name), code


def _write(sheet: Worksheet, row: int, place: int, text: str, *, bold: bool = False) -> None:
    """Words into a cell, never a formula."""
    if not text and not bold:
        return
    cell = sheet.cell(row, place, exports.cell_text(text))
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=not bold, vertical="top")
    if bold:
        cell.font = Font(bold=True)
