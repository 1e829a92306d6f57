"""Files of a study: taken in after a look at their bytes, and given out to the team only."""

from django.core.files.base import File
from django.db import transaction

from academy.accounts.models import User
from academy.core import clock, events, uploads
from academy.core.errors import Unknown

from ..models import Document, Site, Study
from . import steps


@transaction.atomic
def add_document(*, study: Study, actor: User | None, upload: File, site: Site | None = None) -> Document:
    """Keep a file with the study, of an editor or of an involved bureau; the same file again gives the same document.

    Raises `InvalidInput` for what `uploads.checked` refuses.
    """
    study = steps.lock(study)
    steps.check(actor, "studies.attach", study)
    found = uploads.checked(upload)
    if known := study.documents.filter(sha256=found.sha256, name=found.name, site=site).first():
        return known
    document = Document(
        study=study,
        site=site,
        name=found.name,
        content_type=found.content_type,
        size=found.size,
        sha256=found.sha256,
        uploaded_by=actor,
        uploaded_at=clock.now(),
    )
    document.file.save(found.name, upload, save=False)
    document.save(force_insert=True)
    events.record(actor=actor, object=study, verb="add_document", document=document.pk, sha256=found.sha256)
    return document


def open_document(*, study: Study, pk: int, user: User) -> Document:
    """The document, for whom may see what is for the team; for everybody else there is none (`Unknown`)."""
    if not user.has_perm("studies.see_team", study):
        raise Unknown
    try:
        return study.documents.get(pk=pk)
    except Document.DoesNotExist:
        raise Unknown from None
