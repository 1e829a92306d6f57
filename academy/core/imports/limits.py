"""How much of a file is read before it is refused: what is more is a mistake or an attack."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..wording import file_size, number
from .contract import Unreadable


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, `record` in characters; `depth` counts lists and objects inside each other."""

    file: int = 200 * 10**6
    record: int = 16 * 10**6
    depth: int = 64
    records: int = 250_000
    entries: int = 10_000
    unpacked: int = 10**9
    #: unpacked bytes per packed byte; records come to 10 or 20, a bomb to a thousand
    ratio: int = 200
    #: of a table: the columns it may have, the characters in one cell, and those of all texts of a workbook together,
    #: which are in memory
    columns: int = 500
    cell: int = 50_000
    texts: int = 50 * 10**6


USUAL = Limits()


def too_large(name: str, limits: Limits) -> Unreadable:
    """The refusal of a file that is larger than allowed."""
    words = _("%(file)s is larger than %(size)s. Split it into smaller files and import these one after the other.")
    return Unreadable(words % {"file": name, "size": file_size(limits.file)}, code="file_too_large")


def too_many(name: str, limits: Limits) -> Unreadable:
    """The refusal of a file with more records than anybody looks at."""
    words = _("%(file)s has more than %(count)s records. Split it into smaller files.")
    return Unreadable(words % {"file": name, "count": number(limits.records)}, code="too_many_records")


def too_long(limits: Limits) -> str:
    """Why a record is refused that is larger than any real one."""
    return _("This record is longer than %(count)s characters.") % {"count": number(limits.record)}


def too_deep(limits: Limits) -> str:
    """Why a record is refused whose lists and objects are nested without end."""
    return _("Lists and objects are nested more than %(count)s levels deep.") % {"count": number(limits.depth)}
