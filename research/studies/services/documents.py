"""Files of a study: taken in after a look at their bytes, and given out to the team only."""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import InvalidInput, Unknown

from ..models import SHORT, Document, Site, Study
from . import steps

MAX_BYTES = 20 * 1024 * 1024
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


@transaction.atomic
def add_document(*, study: Study, actor: User | None, upload: File, site: Site | None = None) -> Document:
    """Keep a file with the study, of an editor or of an involved bureau; the same file again gives the same document.

    Raises `InvalidInput` for another extension, for bytes that do not fit it, for an empty file and for one of more
    than 20 MB.
    """
    study = steps.lock(study)
    steps.check(actor, "studies.attach", study)
    name = harmless_name(upload.name or "")
    content_type = _checked(upload, name)
    sha256 = _digest(upload)
    if known := study.documents.filter(sha256=sha256, name=name, site=site).first():
        return known
    upload.seek(0)
    document = Document(
        study=study,
        site=site,
        name=name,
        content_type=content_type,
        size=upload.size,
        sha256=sha256,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    document.file.save(name, upload, save=False)
    document.save(force_insert=True)
    events.record(actor=actor, object=study, verb="add_document", document=document.pk, sha256=sha256)
    return document


def harmless_name(name: str) -> str:
    """The name as people know it, without folders, invisible characters and what systems do not allow in names."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in base)
    tidy = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", seen)).rstrip(" .")
    stem, dot, suffix = tidy.rpartition(".")
    if not dot:
        stem, suffix = tidy, ""
    suffix = f"{dot}{suffix.strip().lower()}"
    return f"{(stem.strip(' .') or 'document')[: SHORT - len(suffix)]}{suffix}"


def _checked(upload: File, name: str) -> str:
    """The content type, once name, size and bytes are in order."""
    kind = KINDS.get(PurePosixPath(name).suffix)
    if kind is None:
        raise _refuse(_("Choose a file of the kind PDF, Word, Excel, OpenDocument, text, PNG or JPEG."))
    if not upload.size:
        raise _refuse(_("This file is empty."))
    if upload.size > MAX_BYTES:
        raise _refuse(_("This file is larger than 20 MB."))
    content_type, fits = kind
    upload.seek(0)
    if not fits(upload):
        raise _refuse(_("The content of this file is not what its name says. Save it again and choose the new file."))
    return content_type


def _refuse(message: str) -> InvalidInput:
    return InvalidInput(fields={"document": [message]})


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def open_document(*, study: Study, pk: int, user: User) -> Document:
    """The document, for whom may see what is for the team; for everybody else there is none (`Unknown`)."""
    if not user.has_perm("studies.see_team", study):
        raise Unknown
    try:
        return study.documents.get(pk=pk)
    except Document.DoesNotExist:
        raise Unknown from None
