"""The importer of a kind of record that people keep in tables."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, ClassVar

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ... import wording
from ...translation import current
from ..contract import Importer, Raw, Words
from .cells import as_text
from .columns import Choices, Column, Problem, name_in
from .reader import records, remarks
from .template import template


class TableImporter(Importer):
    """Reads CSV and XLSX by its `columns`; the rest of `Importer` (kind, label, may, plan, apply …) is the room's.

    `Raw.data` has the values by column name. A column that the table does not have is not in it: what it stands for
    stays as it is. A column that is there and empty empties it.
    """

    extensions = (".csv", ".xlsx")
    #: columns without which a table cannot be used: those that records are matched on
    needs: ClassVar[tuple[str, ...]] = ()

    def columns(self) -> Sequence[Column]:
        """Every column that may stand in a table, in the order of the template."""
        raise NotImplementedError

    def read(self, file: BinaryIO, name: str) -> Iterator[Raw]:
        return records(file, name, self.columns(), needs=self.needs)

    def remarks(self, file: BinaryIO, name: str) -> list[str]:
        return remarks(file, name, self.columns(), needs=self.needs)

    def template(self, format: str) -> bytes:
        """An empty table to fill in, as `csv` or `xlsx`."""
        return template(self.columns(), format, title=str(self.label))

    def problem(self, raw: Raw, column: str, reason: str) -> str:
        """What is wrong in one cell of a row, in the words that the reader uses, too; join several with line breaks."""
        return self.problem_in(raw.data, column, reason)

    @staticmethod
    def problem_in(data: Mapping[str, Any], column: str, reason: str) -> str:
        """The same for values that are no row yet."""
        value = data.get(column)
        return str(
            Problem(0, column, "; ".join(map(str, value)) if isinstance(value, list) else as_text(value), reason)
        )

    def missing(self, raw: Raw) -> list[str]:
        """Problems of a row that makes a new record without what it cannot do without."""
        lacking = [one for one in self.columns() if one.required and raw.data.get(one.name) in (None, "", [])]
        return [str(Problem(0, one.name, "", _("a new record needs this"))) for one in lacking]

    def name_of(self, raw: Raw) -> str:
        """The title of the row, else what it is found by."""
        titles = [one.name for one in self.columns() if one.name.startswith("title_")]
        return next((str(value) for name in (*titles, *self.needs) if (value := (raw.data or {}).get(name))), "")

    def label_of(self, field: str) -> Words:
        column = self._column(field)
        return column.label if column else field

    def show(self, field: str, value: Any) -> str:
        column = self._column(field)
        if value in (None, "", []):
            return ""
        if column is None:
            return str(value)
        if column.kind in ("code", "codes"):
            codes = value if isinstance(value, list) else [value]
            return ", ".join(self._name(column, code) for code in codes)
        return _SHOWN.get(column.kind, str)(value)

    def for_page(self) -> "TableImporter":
        """One that looks its columns and choices up once, for the values of one page."""
        kept = copy.copy(self)
        kept._kept = {column.name: column for column in self.columns()}
        kept._choices = {}
        return kept

    _kept: dict[str, Column] | None = None
    _choices: dict[str, Choices] | None = None

    def _column(self, name: str) -> Column | None:
        if self._kept is not None:
            return self._kept.get(name)
        return next((column for column in self.columns() if column.name == name), None)

    def _name(self, column: Column, code: str) -> str:
        if not column.choices:
            return code
        if self._choices is None:
            choices = column.choices()
        else:
            if column.name not in self._choices:
                self._choices[column.name] = column.choices()
            choices = self._choices[column.name]
        return name_in(choices.get(code, ()), current()) or code


def _euros(amount: Decimal) -> str:
    """`480.000`, `12.500,50`."""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return number_format(amount, decimals, use_l10n=True, force_grouping=True)


_SHOWN = {
    "date": lambda value: wording.plain_date(date.fromisoformat(value)),
    "number": wording.number,
    "money": lambda value: f"€{wording.NBSP}{_euros(Decimal(value))}",
    "yes_no": lambda value: _("yes") if value else _("no"),
}
