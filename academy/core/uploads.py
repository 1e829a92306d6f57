"""Files that people hand in: named harmlessly, and looked at before anything keeps them."""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext as _

from .errors import InvalidInput

MAX_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 200
_OFFICE = "application/vnd.openxmlformats-officedocument"


def _starts_with(*beginnings: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: file.read(8).startswith(beginnings)


def _office(folder: str) -> Callable[[BinaryIO], bool]:
    """A Word or Excel file of today, without macros."""

    def holds(file: BinaryIO) -> bool:
        names = _names_in(file)
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not macros

    return holds


def _names_in(file: BinaryIO) -> list[str]:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return []


def _open_document(file: BinaryIO) -> bool:
    """The first entry of an OpenDocument file is its kind, uncompressed; source: OpenDocument 1.3, part 2, 3.3."""
    beginning = file.read(30 + 8 + 39)
    return beginning.startswith(b"PK\x03\x04") and b"mimetypeapplication/vnd.oasis.opendocument.text" in beginning


def _text(file: BinaryIO) -> bool:
    content = file.read()
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content


#: by extension its content type and what its bytes must look like
KINDS: dict[str, tuple[str, Callable[[BinaryIO], bool]]] = {
    ".pdf": ("application/pdf", _starts_with(b"%PDF-")),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _office("word/")),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _office("xl/")),
    ".odt": ("application/vnd.oasis.opendocument.text", _open_document),
    ".txt": ("text/plain; charset=utf-8", _text),
    ".png": ("image/png", _starts_with(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", _starts_with(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", _starts_with(b"\xff\xd8\xff")),
}


@dataclass(frozen=True)
class Checked:
    """A file that is what it says: its harmless name, its kind, and what its bytes are known by."""

    name: str
    content_type: str
    size: int
    sha256: str


def checked(upload: File, field: str = "document") -> Checked:
    """Look at a file; it stands at its beginning afterwards.

    Raises `InvalidInput` for `field`: another extension, bytes that do not fit it, an empty file, more than 20 MB.
    """
    name = harmless_name(upload.name or "")
    if wrong := _wrong(upload, name):
        raise InvalidInput(fields={field: [wrong]})
    content_type, _fits = KINDS[PurePosixPath(name).suffix]
    sha256 = _digest(upload)
    upload.seek(0)
    return Checked(name, content_type, upload.size, sha256)


def harmless_name(name: str) -> str:
    """The name as people know it, without folders, invisible characters and what systems do not allow in names."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in base)
    tidy = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", seen)).rstrip(" .")
    stem, dot, suffix = tidy.rpartition(".")
    if not dot:
        stem, suffix = tidy, ""
    suffix = f"{dot}{suffix.strip().lower()}"
    return f"{(stem.strip(' .') or 'document')[: LONGEST_NAME - len(suffix)]}{suffix}"


def _wrong(upload: File, name: str) -> str:
    """Why it is not taken; empty when name, size and bytes are in order."""
    kind = KINDS.get(PurePosixPath(name).suffix)
    if kind is None:
        return _("Choose a file of the kind PDF, Word, Excel, OpenDocument, text, PNG or JPEG.")
    if not upload.size:
        return _("This file is empty.")
    if upload.size > MAX_BYTES:
        return _("This file is larger than 20 MB.")
    upload.seek(0)
    if not kind[1](upload):
        return _("The content of this file is not what its name says. Save it again and choose the new file.")
    return ""


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
