"""Files of JSON records in flat memory: `.json` (one object, a list, or a list in a wrapper), `.jsonl`, `.zip` of them.

A record that cannot be used becomes a `Raw` with a problem and the others go on. A file that cannot be read to its end
is `Unreadable`; as a part of an archive it is a problem of the archive's, and its other parts go on.
"""

import os
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from . import archives, lines
from .contract import Raw, Unreadable
from .json_window import Broken, TooMuch, Values, Window, wrong_encoding
from .limits import USUAL, Limits, too_large, too_long, too_many

LINES = (".jsonl", ".ndjson")
PLAIN = (".json", *LINES)


def json_records(file: BinaryIO, name: str, *, inside: Collection[str] = (), limits: Limits = USUAL) -> Iterator[Raw]:
    """The records of a file that a person chose, one at a time.

    `inside` are the keys of an object under which a list of records may stand: with "studies",
    `{"studies": [{…}, {…}]}` is two records; an object without such a list is a record itself.
    """
    name = base_name(name)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > limits.file:
        raise too_large(name, limits)
    if size == 0:
        raise empty(name)
    if ending(name) == ".zip":
        raws = archives.records(file, name, lambda part, path: _plain(part, path, inside, limits), PLAIN, limits)
    else:
        raws = _plain(file, name, inside, limits)
    for count, raw in enumerate(raws, 1):
        if count > limits.records:
            raise too_many(name, limits)
        yield raw


def base_name(name: str) -> str:
    """The last part of a path, printable, at most 100 characters: a name to show, never one to open."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(character for character in last if character.isprintable())[-100:] or "?"


def ending(name: str) -> str:
    """`.json` of `Studies.JSON`."""
    return PurePosixPath(name).suffix.lower()


def empty(name: str) -> Unreadable:
    """The refusal of a file with nothing in it."""
    return Unreadable(_("%(file)s is empty.") % {"file": name}, code="empty_file")


def _plain(file: BinaryIO, name: str, inside: Collection[str], limits: Limits) -> Iterator[Raw]:
    if ending(name) in LINES:
        return _line_records(file, name, limits)
    return _JsonFile(file, name, inside, limits).records()


class _JsonFile:
    """One JSON text and how many records of it were read."""

    def __init__(self, file: BinaryIO, name: str, inside: Collection[str], limits: Limits) -> None:
        self.window = Window(file, name, limits)
        self.name, self.inside, self.limits, self.count = name, inside, limits, 0

    def records(self) -> Iterator[Raw]:
        first = self.window.peek()
        if not first:
            raise empty(self.name)
        if first not in "[{":
            raise Unreadable(_("%(file)s is not JSON.") % {"file": self.name}, code="not_json")
        try:
            yield from self._list() if first == "[" else self._object()
            if self.window.peek():
                raise Broken(self.window.where())
        except Broken as problem:
            raise self._unreadable(problem) from None

    def _unreadable(self, problem: Broken) -> Unreadable:
        words = _("%(file)s cannot be read after record %(count)s. %(problem)s")
        if not self.count:
            words = _("%(file)s cannot be read. %(problem)s")
        code = "too_much" if isinstance(problem, TooMuch) else "broken_file"
        return Unreadable(words % {"file": self.name, "count": self.count, "problem": problem}, code=code)

    def _list(self) -> Iterator[Raw]:
        self.window.skip("[")
        if self.window.peek() == "]":
            return self.window.skip("]")
        while True:
            value, length = self.window.value()
            yield self._raw(value, self.window.values.problem, length)
            if self.window.peek() == "]":
                return self.window.skip("]")
            self.window.skip(",")

    def _object(self) -> Iterator[Raw]:
        """A list under one of the `inside` keys, else the object itself as the only record."""
        self.window.skip("{")
        record: dict[str, Any] = {}
        length, problem, wrapper = 0, "", False
        while self.window.peek() != "}":
            if record or wrapper:
                self.window.skip(",")
            key = self._key()
            self.window.skip(":")
            if key in self.inside and self.window.peek() == "[":
                wrapper = True
                yield from self._list()
                continue
            record[key], taken = self.window.value()
            problem = problem or self.window.values.problem
            length += taken + len(key)
            if length > self.limits.record:
                raise TooMuch(too_long(self.limits))
        self.window.skip("}")
        if not wrapper:
            yield self._raw(record, problem, length)

    def _key(self) -> str:
        if self.window.peek() != '"':
            raise Broken(self.window.where())
        return self.window.value()[0]

    def _raw(self, value: Any, problem: str, length: int) -> Raw:
        self.count += 1
        position = _("%(file)s, record %(count)s") % {"file": self.name, "count": self.count}
        return _checked(position, value, problem, length)


def _line_records(file: BinaryIO, name: str, limits: Limits) -> Iterator[Raw]:
    values = Values(limits)
    found = False
    for number, line in lines.of(file, limits.record):
        if number == 1 and lines.is_utf16(line or b""):
            raise wrong_encoding(name)
        if line is not None and not line.strip():
            continue
        found = True
        yield _line(_("%(file)s, line %(line)s") % {"file": name, "line": number}, line, values)
    if not found:
        raise empty(name)


def _line(position: str, line: bytes | None, values: Values) -> Raw:
    if line is None:
        return Raw(position, problem=too_long(values.limits))
    try:
        text = line.decode("utf-8").strip()
    except UnicodeDecodeError:
        return Raw(position, problem=_("This line is not in UTF-8."))
    try:
        value, end = values.decode(text)
    except TooMuch as problem:
        return Raw(position, problem=str(problem))
    except ValueError:
        end, value = -1, None
    if end != len(text):
        return Raw(position, problem=_("This line is not JSON."))
    return _checked(position, value, values.problem, end)


def _checked(position: str, value: Any, problem: str, length: int) -> Raw:
    """A record is an object; what is not, or has a problem, is refused here."""
    if problem:
        return Raw(position, problem=problem)
    if isinstance(value, list):
        return Raw(position, problem=_("This is a list, not an object with fields."))
    if not isinstance(value, dict):
        return Raw(position, problem=_("This is a single value, not an object with fields."))
    return Raw(position, value, size=length)
