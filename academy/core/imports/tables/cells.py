"""What stands in a cell becomes a plain value of its column's kind, or a person is told why it cannot.

A number or date is written in many ways. What can be read in two ways is refused with the question which one is meant,
rather than guessed: "1.284" are 1284 or a little more than 1.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import override

from ...cleaning import MOST_NUMBER, is_sensible
from .columns import Choices, Column, folded, shortened

SHOWN_CHOICES = 12  # of a longer list only the nearest are named
NEAR = 3
MOST_CODES = 200
MOST_WRONG = 5  # of one cell that are told
MOST_TOLD = 1_000  # different slips in a column for which what is near is looked for
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: \d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?")
DAY_MONTH = re.compile(r"(?:[^\W\d]+,? )?(\d{1,2})[- ]([^\W\d]+)\.?[- ](\d{4})")
SPACED = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
GROUPS = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
DIGITS = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")
CURRENCY = re.compile(r"€|\beuro\b|\beur\b|,-+$|[.,]--?$", re.IGNORECASE)
SPACES = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
YES = frozenset("ja j yes y true waar 1 x v wel".split())
NO = frozenset("nee n no false onwaar 0 niet".split())
SEPARATOR = re.compile(r"[;|\n]")


class Unfit(Exception):
    """A value that does not fit its column, with the reason as the only argument."""


@dataclass(frozen=True)
class Odd:
    """A cell of a workbook without a value to use: a formula that was never calculated, or one that went wrong."""

    text: str
    reason: str


Cell = str | int | float | bool | date | datetime | Odd | None


@dataclass(frozen=True)
class Coded:
    """The choices of a column, ready to look up."""

    choices: Choices
    by_name: dict[str, set[str]]
    #: what was said of a text before: looking for what is near takes long, and the same slip stands in many rows
    told: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, choices: Choices) -> "Coded":
        by_name: dict[str, set[str]] = {}
        for code, names in choices.items():
            for name in (code, *names):
                by_name.setdefault(folded(name), set()).add(code)
        by_name.pop("", None)
        return cls(choices, by_name)

    def code(self, text: str) -> str:
        """The code that this text is, or is a name of."""
        if text in self.choices:
            return text
        found = self.by_name.get(folded(text), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise Unfit(_("this can be %(codes)s: write one of these codes") % {"codes": ", ".join(sorted(found))})
        raise Unfit(self._not_one_of(text))

    def codes(self, texts: Sequence[str]) -> list[str]:
        """The code of each; what is wrong with any of them is told together."""
        wrong, codes = [], []
        for text in texts:
            try:
                codes.append(self.code(text))
            except Unfit as problem:
                wrong.append(f"“{shortened(text)}” {problem}" if len(texts) > 1 else str(problem))
            if len(wrong) == MOST_WRONG:
                break
        if wrong:
            raise Unfit("; ".join(wrong))
        return codes

    def _not_one_of(self, text: str) -> str:
        if len(self.choices) <= SHOWN_CHOICES:
            return _("not one of %(choices)s") % {"choices": ", ".join(map(self._name, self.choices))}
        text = shortened(text)
        if text not in self.told and len(self.told) < MOST_TOLD:
            self.told[text] = self._nearest(text)
        return self.told.get(text) or _("not known here; the explanation of the columns has what is")

    def _nearest(self, text: str) -> str:
        near = difflib.get_close_matches(folded(text), self.by_name, n=NEAR, cutoff=0.7)
        codes = dict.fromkeys(code for name in near for code in sorted(self.by_name[name]))
        if not codes:
            return ""
        return _("not known here; do you mean %(choices)s?") % {"choices": _(" or ").join(map(self._name, codes))}

    def _name(self, code: str) -> str:
        return next(filter(None, self.choices[code]), code)


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.translate(SPACES).strip())


def as_text(cell: Cell) -> str:
    """A cell as a person sees it in the table, about."""
    if cell is None:
        return ""
    if isinstance(cell, Odd):
        return cell.text
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def value_of(column: Column, cell: Cell, coded: Coded | None) -> Any:
    """The plain value of the cell; raises `Unfit`."""
    if is_blank(cell):
        if column.required:
            raise Unfit(_("this cannot be empty"))
        return column.empty
    if isinstance(cell, Odd):
        raise Unfit(cell.reason)
    if column.kind in ("code", "codes"):
        return _codes(column, _line(cell), coded) if column.kind == "code" else _list(_lines(cell), coded)
    return READERS[column.kind](cell)


def _lines(cell: Cell) -> str:
    text = CONTROL.sub("", as_text(cell).replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.translate(SPACES).split("\n")).strip()


def _line(cell: Cell) -> str:
    return " ".join(_lines(cell).split())


def _codes(column: Column, text: str, coded: Coded | None) -> str:
    return coded.code(text) if coded else text


def _list(text: str, coded: Coded | None) -> list[str]:
    """Codes with ; or | or a line break between them; a comma too when the whole is no name and every part is one."""
    parts = [part for part in (" ".join(part.split()) for part in SEPARATOR.split(text)) if part]
    if len(parts) == 1 and (coded is None or folded(parts[0]) not in coded.by_name):
        parts = [part for part in map(str.strip, parts[0].split(",")) if part]
    if len(parts) > MOST_CODES:
        raise Unfit(_("more than %(count)s in one cell") % {"count": MOST_CODES})
    return list(dict.fromkeys(coded.codes(parts) if coded else parts))


def _yes_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = _line(cell).casefold()
    if word in YES or word in NO:
        return word in YES
    raise Unfit(_("write yes or no"))


def _date(cell: Cell) -> str:
    if isinstance(cell, datetime):
        found: date | None = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, str):
        found = _date_in(_line(cell))
    else:
        raise Unfit(_("a number, not a date: give the cell the form of a date"))
    if found is None:
        raise Unfit(_("no date: write it as 31-12-2026 or 2026-12-31"))
    if not is_sensible(found):
        raise Unfit(_("the year cannot be right"))
    return found.isoformat()


def _date_in(text: str) -> date | None:
    """A date with the year in four digits, the day first or the year first."""
    if match := ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := DAY_MONTH.fullmatch(text):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return _month_names().get(name.casefold(), 0)


def _month_names() -> dict[str, int]:
    """Names of months and the short forms of them, in both languages."""
    if not _months:
        for language in ("nl", "en"):
            with override(language):
                _months.update({str(name).casefold().rstrip("."): n for n, name in MONTHS.items()})
                _months.update({str(name).casefold().rstrip("."): n for n, name in MONTHS_3.items()})
        _months.update({"mrt": 3, "sept": 9})
    return _months


_months: dict[str, int] = {}


def _number(cell: Cell) -> int | float:
    if isinstance(cell, bool | date):
        raise Unfit(_("no number"))
    if isinstance(cell, str):
        return _plain(_decimal(_line(cell), most_decimals=None))
    return _plain(Decimal(repr(cell)))


def _money(cell: Cell) -> str:
    """Euros with two decimals."""
    if isinstance(cell, bool | date):
        raise Unfit(_("no amount in euros"))
    if isinstance(cell, str):
        amount = _decimal(CURRENCY.sub("", _line(cell)).strip(), most_decimals=2)
    else:
        amount = Decimal(repr(cell))
    if abs(amount) >= Decimal("1e10"):
        raise Unfit(_("this is too much"))
    return str(amount.quantize(Decimal("0.01")))


def _plain(amount: Decimal) -> int | float:
    if abs(amount) > MOST_NUMBER:
        raise Unfit(_("this is too much"))
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _decimal(text: str, *, most_decimals: int | None) -> Decimal:
    """A number with a comma or a point, thousands in groups or not; three digits behind a mark are a group of euros."""
    text = SPACED.sub("", text)
    if (match := GROUPS.fullmatch(text)) and not text.lstrip("+-").startswith("0"):
        digits = text.replace(match[1], "")
        if most_decimals is None and len(digits) == len(text) - 1:
            raise Unfit(_("this can be read in two ways: write %(digits)s, or fewer decimals") % {"digits": digits})
        text = digits
    elif "," in text and "." in text:
        text = _without_groups(text)
    if not DIGITS.fullmatch(text):
        raise Unfit(_("no amount in euros") if most_decimals else _("no number"))
    found = Decimal(text.replace(",", "."))
    if most_decimals is not None and -found.as_tuple().exponent > most_decimals:
        raise Unfit(_("an amount in euros has two decimals"))
    return found


def _without_groups(text: str) -> str:
    """`12.500,50` and `12,500.50`: the mark that comes last stands before the decimals."""
    point = max(",.", key=text.rindex)
    whole, _point, decimals = text.rpartition(point)
    groups = "." if point == "," else ","
    return f"{whole.replace(groups, '')}.{decimals}" if GROUPS.fullmatch(whole) and point not in whole else text


READERS: dict[str, Callable[[Cell], Any]] = {
    "text": _line,
    "long": _lines,
    "date": _date,
    "number": _number,
    "yes_no": _yes_no,
    "money": _money,
}


def coded_of(columns: Sequence[Column]) -> dict[str, Coded]:
    """The choices of these columns by name, looked up once."""
    return {column.name: Coded.of(column.choices()) for column in columns if column.choices and _has_codes(column)}


def _has_codes(column: Column) -> bool:
    return column.kind in ("code", "codes")
