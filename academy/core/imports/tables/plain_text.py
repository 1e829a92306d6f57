"""Rows of a text file with separators, whatever program wrote it: which encoding, which separator, which quotes.

Encodings: what a mark at the beginning says, else UTF-8 when the whole file is, else Windows-1252, which Excel writes.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from ..contract import Unreadable
from ..limits import Limits
from .sheets import Line, Sheet

SEPARATORS = ";,\t|"
SAMPLE = 64 * 1024  # bytes
CHUNK = 256 * 1024
FIRST_ROWS = 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Excel's own hint on the first line; it is no row
HINT = "sep="
#: what an export puts before a text that a spreadsheet would take for a formula, and what stood there
APOSTROPHE = ("'=", "'+", "'-", "'@", "'\t")


def sheet(file: BinaryIO, name: str, limits: Limits, score: Callable[[Sequence[str]], int]) -> Sheet:
    """The file as the only sheet; of the separators that one is right with which a row scores best as headings."""
    encoding = _encoding(file, name)
    separator, skip = _separator(file, encoding, score)
    return Sheet(name="", rows=lambda: _rows(file, name, limits, encoding, separator, skip))


def _encoding(file: BinaryIO, name: str) -> str:
    file.seek(0)
    start = file.read(SAMPLE)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return _checked(file, name, encoding)
    if start.count(0):
        return _checked(file, name, _without_mark(start, name))
    return "utf-8" if _all_is(file, "utf-8") else _checked(file, name, "cp1252")


def _without_mark(start: bytes, name: str) -> str:
    """UTF-16 has a zero in every other byte of Western text; a file with other zeros is no text."""
    pairs = len(start) // 2 or 1
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[place::2].count(0) > 0.7 * pairs > start[1 - place :: 2].count(0) * 3:
            return encoding
    raise Unreadable(_("%(file)s is neither a text file nor an Excel workbook.") % {"file": name}, code="not_a_table")


def _all_is(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _checked(file: BinaryIO, name: str, encoding: str) -> str:
    """The encoding, when the whole file is in it."""
    if not _all_is(file, encoding):
        words = _("%(file)s has characters of an unknown encoding. Save it as UTF-8 and try again.")
        raise Unreadable(words % {"file": name}, code="wrong_encoding")
    return encoding


def _separator(file: BinaryIO, encoding: str, score: Callable[[Sequence[str]], int]) -> tuple[str, int]:
    """The separator, and how many lines at the beginning are no rows."""
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(file.read(SAMPLE))
    first = text.partition("\n")[0].strip().lower()
    if first.startswith(HINT) and len(first) == len(HINT) + 1:
        return first[-1], 1
    if first == HINT:  # strip() took the tab
        return "\t", 1

    def best(separator: str) -> tuple[int, int]:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            rows = list(islice(found, FIRST_ROWS))
        except csv.Error:
            return 0, 0
        return max((score(row) for row in rows), default=0), max(map(len, rows), default=0)

    return max(SEPARATORS, key=best), 0


def _rows(file: BinaryIO, name: str, limits: Limits, encoding: str, separator: str, skip: int) -> Iterator[Line]:
    file.seek(0)
    text = io.TextIOWrapper(_Kept(file), encoding=encoding, newline="")  # type: ignore[arg-type]
    number = skip
    try:
        found = csv.reader(islice(_lines(text, name, limits), skip, None), delimiter=separator)
        while True:
            number += 1
            try:
                row = next(found, None)
            except csv.Error:
                raise _not_closed(name, number) from None
            if row is None:
                return
            yield Line(number, [_undone(cell) for cell in row])
    finally:
        text.detach()


def _undone(cell: str) -> str:
    return cell[1:] if cell.startswith(APOSTROPHE) else cell


def _lines(text: io.TextIOWrapper, name: str, limits: Limits) -> Iterator[str]:
    """Physical lines, none longer than a record may be."""
    for number in range(1, 10**9):
        line = text.readline(limits.record)
        if not line:
            return
        if len(line) >= limits.record:
            words = _("Line %(line)s of %(file)s is longer than any row can be.")
            raise Unreadable(words % {"file": name, "line": number}, code="too_much")
        yield line


def _not_closed(name: str, number: int) -> Unreadable:
    words = _("%(file)s cannot be read from row %(row)s on: a quotation mark is opened and not closed there.")
    return Unreadable(words % {"file": name, "row": number}, code="broken_file")


class _Kept(io.RawIOBase):
    """The file for a text wrapper that must not close it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)
