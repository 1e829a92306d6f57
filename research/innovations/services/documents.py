"""Files of an innovation: taken in after a look at their bytes, and given out to the team only."""

from django.core.files.base import File
from django.db import transaction

from academy.accounts.models import User
from academy.core import clock, events, uploads
from academy.core.errors import Unknown

from ..models import Document, Innovation
from . import steps


@transaction.atomic
def add_document(*, innovation: Innovation, actor: User | None, upload: File) -> Document:
    """Keep a file with the innovation, of its team or an innovation manager; the same one again is the same document.

    Raises `InvalidInput` for what `uploads.checked` refuses.
    """
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.attach", innovation)
    found = uploads.checked(upload)
    if known := innovation.documents.filter(sha256=found.sha256, name=found.name).first():
        return known
    document = Document(
        innovation=innovation,
        name=found.name,
        content_type=found.content_type,
        size=found.size,
        sha256=found.sha256,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    document.file.save(found.name, upload, save=False)
    document.save(force_insert=True)
    events.record(actor=actor, object=innovation, verb="add_document", document=document.pk, sha256=found.sha256)
    return document


def open_document(*, innovation: Innovation, pk: int, user: User) -> Document:
    """The document, for whom may see what is for the team; for everybody else there is none (`Unknown`)."""
    if not user.has_perm("innovations.see_team", innovation):
        raise Unknown
    try:
        return innovation.documents.get(pk=pk)
    except Document.DoesNotExist:
        raise Unknown from None
