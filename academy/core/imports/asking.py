"""What a person does with an import: give a file, answer questions, confirm, discard. The rest is the worker's."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .. import clock
from ..errors import InvalidInput, Refused
from .contract import Importer, Outcome, Unreadable
from .jobs import move
from .limits import USUAL, too_large
from .models import ImportJob, JobState
from .reading import base_name, empty, ending

WRITTEN = (Outcome.NEW, Outcome.CHANGED)


class NotNow(Refused):
    """The import is past this, or not there yet."""

    code = "import_state"
    message = _("This import has gone on meanwhile. Look at where it stands now.")


@transaction.atomic
def upload(*, importer: Importer, file: File, options: Mapping[str, Any], actor: Any) -> ImportJob:
    """Keep the file for the worker, which checks it; nothing is imported before `confirm`."""
    name = base_name(file.name)
    if ending(name) not in importer.extensions:
        words = _("%(file)s is of another kind. These can be used: %(kinds)s.")
        raise Unreadable(words % {"file": name, "kinds": ", ".join(importer.extensions)}, code="wrong_extension")
    if not file.size:
        raise empty(name)
    if file.size > USUAL.file:
        raise too_large(name, USUAL)
    job = ImportJob(
        kind=importer.kind,
        person_id=str(actor.pk),
        language=translation.get_language(),
        name=name,
        size=file.size,
        options=dict(options),
    )
    job.file.save(name, file, save=False)
    job.save()
    move(job, JobState.WAITING, actor=actor)
    return job


@transaction.atomic
def answer(*, job: ImportJob, answers: Mapping[int, Mapping[str, str]]) -> None:
    """Keep answers, per ordinal and field "ours" or "theirs"; other records keep theirs."""
    job = _held(job, JobState.CHECKED)
    rows = list(job.rows.with_questions().filter(ordinal__in=answers))
    for row in rows:
        given = answers[row.ordinal]
        if not set(given) <= set(row.questions) or not set(given.values()) <= {"ours", "theirs"}:
            raise InvalidInput
        row.answers = {**row.answers, **given}
    job.rows.bulk_update(rows, ["answers"])


@transaction.atomic
def answer_all(*, job: ImportJob, takes_source: bool) -> None:
    """One answer for every question of the file, over what was answered before."""
    job = _held(job, JobState.CHECKED)
    job.rows.with_questions().exclude(answers={}).update(answers={})
    ImportJob.objects.filter(pk=job.pk).update(takes_source=takes_source)


@transaction.atomic
def confirm(*, job: ImportJob, actor: Any) -> ImportJob:
    """Let the worker import what was found; asking twice changes nothing."""
    job = _held(job, JobState.CHECKED, JobState.IMPORTING, JobState.DONE)
    if job.state == JobState.CHECKED:
        if not writes_anything(job):
            raise NotNow(_("There is nothing to import in this file."))
        move(
            job, JobState.IMPORTING, actor=actor, position=0, percent=0, counts={}, done_at=None, not_before=clock.now()
        )
    return job


def writes_anything(job: ImportJob) -> bool:
    """Whether importing the checked file does anything: new or changed records, or answers to questions."""
    return any(job.counts.get(outcome) for outcome in WRITTEN) or job.rows.with_questions().exists()


@transaction.atomic
def discard(*, job: ImportJob, actor: Any) -> None:
    """Import nothing of it and delete the file."""
    job = _held(job, JobState.WAITING, JobState.CHECKING, JobState.CHECKED, JobState.FAILED, JobState.DISCARDED)
    if job.state not in JobState.ended():
        move(job, JobState.DISCARDED, actor=actor, done_at=clock.now(), finished_at=clock.now())
    delete_file(job)


def delete_file(job: ImportJob) -> None:
    """Delete the file when the transaction has committed."""
    storage, name = job.file.storage, job.file.name
    if name:
        ImportJob.objects.filter(pk=job.pk).update(file="")
        transaction.on_commit(lambda: storage.delete(name))


def _held(job: ImportJob, *states: JobState) -> ImportJob:
    held = ImportJob.objects.select_for_update().get(pk=job.pk)
    if held.state not in states:
        raise NotNow
    return held
