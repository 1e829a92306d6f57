"""Archives of files with records: nothing is written to disk, no name in it is ever opened, and a bomb is not unpacked.

What an archive says about its sizes is not believed; bytes are counted as they come out.
"""

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ..wording import file_size, number
from .contract import Raw, Unreadable
from .limits import Limits

ENCRYPTED = 0x1
#: What other ways of packing give back, or ask for, has no bounds.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PIECE = 10**6  # bytes that are taken out at once
LISTED = 1000  # bytes of the list of parts that each may have
#: below this, a high ratio is harmless
SMALL = 5 * 10**6
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)

Read = Callable[[BinaryIO, str], Iterator[Raw]]


def records(file: BinaryIO, name: str, read: Read, endings: Collection[str], limits: Limits) -> Iterator[Raw]:
    """The records of every part with one of these endings, in the order of the archive.

    A part that cannot be used is one refused record; the others go on. Too many parts, or more bytes than allowed,
    refuse the archive.
    """
    try:
        archive = _zip(file, name, limits)
    except DAMAGED:
        raise Unreadable(_("%(file)s is not a ZIP archive.") % {"file": name}, code="not_zip") from None
    with archive:
        parts = [part for part in _parts(archive, name, limits) if not _is_junk(part.filename)]
        if not parts:
            raise Unreadable(_("%(file)s is empty.") % {"file": name}, code="empty_file")
        meter = Meter(name, limits)
        for part in parts:
            yield from _part(archive, part, name, read, endings, meter)


class Package:
    """An archive that is one document, such as a workbook: its parts are opened by name, their bytes counted."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        """Raises one of `DAMAGED` when it is no archive, `Unreadable` when it is none that is opened here."""
        self._archive = _zip(file, name, limits)
        self.names = frozenset(part.filename for part in _parts(self._archive, name, limits))
        self._meter = Meter(name, limits)

    def open(self, path: str) -> "Counted":
        """The part of this name as a file that can only be read; raises one of `DAMAGED`."""
        part = self._archive.getinfo(path)
        if part.flag_bits & ENCRYPTED or part.compress_type not in PACKED:
            raise NotImplementedError(path)
        return Counted(self._archive.open(part), part, self._meter)


def _zip(file: BinaryIO, name: str, limits: Limits) -> zipfile.ZipFile:
    return zipfile.ZipFile(_List(file, name, limits))


def _parts(archive: zipfile.ZipFile, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > limits.entries:
        raise _too_many(name, limits)
    return parts


def _too_many(name: str, limits: Limits) -> Unreadable:
    words = _("%(file)s has more than %(count)s parts.")
    return Unreadable(words % {"file": name, "count": number(limits.entries)}, code="too_many_parts")


def _part(archive, part: zipfile.ZipInfo, name: str, read: Read, endings: Collection[str], meter) -> Iterator[Raw]:
    path = f"{name}: {_shown(part.filename)}"
    if problem := _not_read(part, endings):
        yield Raw(path, problem=problem)
        return
    try:
        with archive.open(part) as content:
            yield from read(Counted(content, part, meter), path)
    except Bomb:
        raise
    except Unreadable as problem:
        yield Raw(path, problem=str(problem))
    except DAMAGED:
        yield Raw(path, problem=_("This part of the archive is damaged."))


def _not_read(part: zipfile.ZipInfo, endings: Collection[str]) -> str:
    ending = PurePosixPath(part.filename).suffix.lower()
    if ending == ".zip":
        return _("An archive inside an archive is not opened.")
    if ending not in endings:
        return _("Only these kinds of files are read: %(endings)s.") % {"endings": ", ".join(sorted(endings))}
    if part.flag_bits & ENCRYPTED:
        return _("This part of the archive has a password.")
    if part.compress_type not in PACKED:
        return _("This part is packed in a way that is not opened here. Make a usual ZIP.")
    return ""


def _is_junk(path: str) -> bool:
    """What systems put into archives by themselves."""
    parts = PurePosixPath(path).parts
    return not parts or parts[0] in JUNK or parts[-1] in JUNK or parts[-1].startswith("._")


def _shown(path: str) -> str:
    """A path inside the archive as words: printable, without the way up, at most 100 characters."""
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return "".join(character for character in "/".join(parts) if character.isprintable())[-100:]


class Bomb(Unreadable):
    """More comes out of the archive than any real one holds."""

    code = "archive_too_large"


class Meter:
    """Bytes that came out of the whole archive."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits, self.total = name, limits, 0

    def add(self, octets: int, of_part: int, part: zipfile.ZipInfo) -> None:
        self.total += octets
        if self.total > self.limits.unpacked:
            words = _("%(file)s holds more than %(size)s when unpacked.")
            raise Bomb(words % {"file": self.name, "size": file_size(self.limits.unpacked)})
        if of_part > SMALL and of_part > self.limits.ratio * max(1, part.compress_size):
            words = _("%(file)s is not unpacked: it grows more than %(count)s times as large.")
            raise Bomb(words % {"file": self.name, "count": number(self.limits.ratio)})


class _List:
    """The archive as a file of which no piece is read that is longer than the list of so many parts."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self._file, self._name, self._limits = file, name, limits

    def read(self, size: int = -1) -> bytes:
        if size > max(PIECE, LISTED * self._limits.entries):
            raise _too_many(self._name, self._limits)
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Counted:
    """A part of the archive as a file that can only be read; counts what comes out of it."""

    def __init__(self, content: BinaryIO, part: zipfile.ZipInfo, meter: Meter) -> None:
        self._content, self._part, self._meter, self._octets = content, part, meter, 0

    def read(self, size: int) -> bytes:
        data = self._content.read(min(size, PIECE))
        self._octets += len(data)
        self._meter.add(len(data), self._octets, self._part)
        return data
