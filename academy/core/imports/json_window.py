"""A window that moves over a JSON text: one value at a time is decoded, and what was decoded is let go.

The values are decoded by the standard library, in C. When one reaches beyond the window, the window grows to twice its
size and the value is decoded again, so that every character is looked at about twice; it never grows beyond the longest
record that is allowed. Memory is that of the largest record, whatever the size of the file.
"""

import codecs
import json
import math
import re
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from . import lines
from .contract import Unreadable
from .limits import Limits, too_deep, too_long

CHUNK = 256 * 1024
LONGEST_NUMBER = 1000  # digits
SPACE = re.compile(r"[ \t\n\r]*")
# Escapes of characters that no database stores: NUL, and half a character.
ODD_ESCAPE = re.compile(r"\\u(?:0000|[dD][89abAB])")


class Broken(ValueError):
    """The text is no JSON here; the message says why in the reader's language."""


class TooMuch(Broken):
    """The value is longer or deeper than allowed."""


class Values:
    """Decodes values and says in `problem` what is wrong with the last one, though it is JSON."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problem = ""
        self._decoder = json.JSONDecoder(parse_constant=self._constant, parse_float=self._float, parse_int=self._int)

    def decode(self, text: str, at: int = 0) -> tuple[Any, int]:
        """The value that starts at `at`, and where it ends; ValueError when it is no JSON or goes on behind `text`."""
        self.problem = ""
        try:
            value, end = self._decoder.raw_decode(text, at)
        except RecursionError:
            raise TooMuch(too_deep(self.limits)) from None
        if deeper_than(value, self.limits.depth):
            raise TooMuch(too_deep(self.limits))
        if "\\u" in text and ODD_ESCAPE.search(text, at, end) and not _storable(value):
            self.problem = _("It has a character that cannot be stored (NUL, or half of a pair).")
        return value, end

    def _constant(self, name: str) -> None:
        self.problem = _("%(value)s is not a number that JSON knows.") % {"value": name}

    def _float(self, digits: str) -> float:
        value = float(digits)
        if not math.isfinite(value):
            self._constant(digits[:40])
        return value

    def _int(self, digits: str) -> int | None:
        """Python reads no number of thousands of digits, and no database keeps one."""
        return int(digits) if len(digits) <= LONGEST_NUMBER else self._constant(digits[:40])


class Window:
    """The text of a file from where we are; `line` is the number of the line that the window starts in."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.values = Values(limits)
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._begin()

    def peek(self) -> str:
        """The next character that is no white space, which is then the current one; "" at the end."""
        while True:
            self._at = SPACE.match(self._text, self._at).end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self, expected: str) -> None:
        """Go behind this character, which must be the next one."""
        if self.peek() != expected:
            raise Broken(self.where())
        self._at += 1

    def value(self) -> tuple[Any, int]:
        """The next value and its length in characters."""
        first = self.peek()
        while True:
            try:
                value, end = self.values.decode(self._text, self._at)
            except TooMuch:
                raise
            except ValueError as error:
                if len(self._text) - self._at > self.limits.record:
                    raise TooMuch(too_long(self.limits)) from None
                good = getattr(error, "pos", self._at) - self._at  # the window moves when it reads on
                if not self._more():
                    raise Broken(self.where(good, str(error))) from None
                continue
            if end == len(self._text) and first not in '{["' and self._more():
                continue  # a number may go on in what was not read yet
            length, self._at = end - self._at, end
            if length > self.limits.record:
                self.values.problem = too_long(self.limits)
            return value, length

    def where(self, good: int = 0, error: str = "") -> str:
        """Where the text stops being JSON, for a person who opens it in an editor.

        `good` characters from here on are fine; `error` are the decoder's words.
        """
        at = self._at + good
        line = self._line + self._text.count("\n", 0, at)
        if self._ended and (error.startswith("Unterminated string") or not self._text[at:].strip()):
            return _("It stops in the middle, in line %(line)s.") % {"line": line}
        return _("In line %(line)s it is no valid JSON any more.") % {"line": line}

    def _begin(self) -> None:
        start = self._file.read(len(codecs.BOM_UTF8))
        if lines.is_utf16(start):
            raise wrong_encoding(self.name)
        self._pending = start.removeprefix(codecs.BOM_UTF8)

    def _more(self) -> bool:
        """Let go what was decoded and read on, as much again as is left; whether there was anything."""
        if self._ended:
            return False
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :], 0
        data = self._pending + self._file.read(max(CHUNK, len(self._text)))
        self._pending = b""
        self._ended = not data
        try:
            self._text += self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            line = self._line + self._text.count("\n") + error.object.count(b"\n", 0, error.start)
            raise wrong_encoding(self.name, line) from None
        return not self._ended


def wrong_encoding(name: str, line: int = 0) -> Unreadable:
    """The refusal of a file that is not UTF-8; `line` is the first that shows it."""
    if line:
        words = _("%(file)s is not in UTF-8: line %(line)s has another encoding. Save it as UTF-8 and try again.")
    else:
        words = _("%(file)s is not in UTF-8. Save it as UTF-8 and try again.")
    return Unreadable(words % {"file": name, "line": line}, code="wrong_encoding")


def deeper_than(value: Any, depth: int) -> bool:
    """Whether lists and objects are nested more than `depth` levels, found level by level without recursion."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _level in range(depth):
        inner = [node.values() if isinstance(node, dict) else node for node in level]
        level = [child for children in inner for child in children if isinstance(child, (dict, list))]
        if not level:
            return False
    return bool(level)


def _storable(value: Any) -> bool:
    """Whether every character of the value can be stored; escapes of two halves that belong together can."""
    try:
        written = json.dumps(value, ensure_ascii=False)
        written.encode()
    except UnicodeEncodeError:
        return False
    return not re.search(r"(?<!\\)(?:\\\\)*\\u0000", written)
