"""The XML parts of a workbook that say what its sheets are, how cells show and which texts they share.

Each is read as a stream. Document types are refused, so no entity is ever expanded. Source: ECMA-376, part 1.
"""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.utils.escape import unescape

from ..contract import Unreadable
from ..limits import Limits

PIECE = 64 * 1024
#: bytes from one > to the next: a tag that does not end is parsed from its beginning with each piece
LONGEST_TAG = 4 * 10**6
TRUE = ("1", "true")

Attributes = dict[str, str]


class Refuse(ValueError):
    """The XML has something that no workbook of a table needs."""


class Reader:
    """Handlers of one XML part: subclasses say what an element means."""

    def parse(self, stream: Any) -> Iterator[None]:
        """Feed the part piece by piece; stops after each, so that what was found can be taken away."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _no_doctype
        open_for = 0
        while piece := stream.read(PIECE):
            end = piece.rfind(b">")
            open_for = len(piece) - end if end >= 0 else open_for + len(piece)
            if open_for > LONGEST_TAG:
                raise Refuse
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield

    def whole(self, stream: Any) -> "Any":
        """Read the part to its end."""
        for _piece in self.parse(stream):
            pass
        return self

    def _start(self, tag: str, attributes: Attributes) -> None:
        self.start(tag.rpartition(":")[2] if ":" in tag else tag, attributes)

    def _end(self, tag: str) -> None:
        self.end(tag.rpartition(":")[2] if ":" in tag else tag)

    def start(self, tag: str, attributes: Attributes) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, data: str) -> None: ...


def _no_doctype(*_args: object) -> None:
    raise Refuse


class Relations(Reader):
    """Id → (kind, target) of what a part refers to."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


class Contents(Reader):
    """The list of sheets, and from which year days are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.epoch = WINDOWS_EPOCH

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr" and attributes.get("date1904") in TRUE:
            self.epoch = MAC_EPOCH
        elif tag == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))


class Styles(Reader):
    """Which forms of cells show a date."""

    def __init__(self) -> None:
        self._formats: dict[int, str] = {}
        self._in_cells = False
        self.dates: list[bool] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            number = int(attributes.get("numFmtId", 0))
            form = self._formats.get(number) or BUILTIN_FORMATS.get(number) or ""
            self.dates.append(bool(is_date_format(form)))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cells = False


class Texts(Reader):
    """The texts that cells share; those that say how a word is spoken are left out."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._left = name, limits.texts
        self.found: list[str] = []
        self._parts: list[str] = []
        self._takes = self._spoken = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._spoken = True
        elif tag == "t":
            self._takes = not self._spoken

    def end(self, tag: str) -> None:
        if tag == "t":
            self._takes = False
        elif tag == "rPh":
            self._spoken = False
        elif tag == "si":
            self.found.append(unescaped("".join(self._parts)))

    def text(self, data: str) -> None:
        if self._takes:
            self._parts.append(data)
            self._left -= len(data)
            if self._left < 0:
                words = _("%(file)s has more text than can be read at once. Split it into smaller files.")
                raise Unreadable(words % {"file": self._name}, code="too_much")


def unescaped(text: str) -> str:
    """A text with the characters that a workbook spells as _x000D_."""
    return unescape(text) if "_x" in text else text
