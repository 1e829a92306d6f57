"""A file that somebody gave to import, and its records one by one."""

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import clock
from ..work import WorkRow
from .contract import Outcome


def private_files() -> Storage:
    """A folder that no address leads to."""
    return FileSystemStorage(settings.DATA_DIR / "private", file_permissions_mode=0o600)


def _place(job: "ImportJob", _name: str) -> str:
    """Nothing of a name that came from outside gets into a path."""
    return f"imports/{job.key}"


class JobState(models.TextChoices):
    """Where an import stands; `jobs` and `asking` move it on."""

    WAITING = "waiting", pgettext_lazy("state of an import", "Waiting")
    CHECKING = "checking", pgettext_lazy("state of an import", "Being checked")
    CHECKED = "checked", pgettext_lazy("state of an import", "Checked")
    IMPORTING = "importing", pgettext_lazy("state of an import", "Being imported")
    DONE = "done", pgettext_lazy("state of an import", "Imported")
    FAILED = "failed", pgettext_lazy("state of an import", "Could not be read")
    DISCARDED = "discarded", pgettext_lazy("state of an import", "Discarded")

    @classmethod
    def for_the_worker(cls) -> tuple["JobState", ...]:
        return cls.WAITING, cls.CHECKING, cls.IMPORTING

    @classmethod
    def ended(cls) -> tuple["JobState", ...]:
        return cls.DONE, cls.FAILED, cls.DISCARDED


class ImportJob(WorkRow):
    """One file on its way: checked, looked at by the person who gave it, then imported.

    `position` records of the present phase are finished; it is written in the transaction of the batch that brought it
    there. `lease` names the worker that has the job until `lease_until` (see `jobs`). `done_at` is set while there is
    nothing for a worker to do, so also while the person looks at what was found.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.WAITING)
    person_id = models.CharField(_("who"), max_length=40)
    language = models.CharField(_("language"), max_length=5)
    file = models.FileField(_("file"), upload_to=_place, storage=private_files, blank=True)
    name = models.CharField(_("name of the file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    options = models.JSONField(_("options"), default=dict, blank=True)
    takes_source = models.BooleanField(_("takes the source's values"), default=False)
    position = models.PositiveIntegerField(_("records finished"), default=0)
    percent = models.PositiveSmallIntegerField(_("percentage read"), default=0)
    total = models.PositiveIntegerField(_("records"), null=True, blank=True)
    counts = models.JSONField(_("numbers per outcome"), default=dict, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    remarks = models.JSONField(_("remarks about the file"), default=list, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(done_at=None, parked_at=None), name="import_due"),
            models.Index(fields=["person_id", "kind", "-id"], name="import_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class ImportRowQuerySet(models.QuerySet):
    def accepted(self):
        return self.exclude(outcome=Outcome.REFUSED)

    def with_questions(self):
        return self.filter(asks=True)


class ImportRow(models.Model):
    """One record of the file: what importing it would do, and afterwards what it did; all words in the job's language.

    `answers` are the questions that the person answered for this record: field → "ours" or "theirs"; for the others
    `ImportJob.takes_source` holds.
    """

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    ordinal = models.PositiveIntegerField(_("place in the file"))
    position = models.CharField(_("place in the file"), max_length=300)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    key = models.CharField(_("matched on"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    number = models.CharField(_("number"), max_length=40, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    questions = models.JSONField(_("questions"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    asks = models.BooleanField(_("asks something"), default=False)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    notes = models.JSONField(_("notes"), default=list, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of an import")
        verbose_name_plural = _("records of an import")
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["job", "ordinal"], name="import_row_once")]
        indexes = [
            models.Index(fields=["job", "outcome", "ordinal"], name="import_row_outcome"),
            models.Index(fields=["job", "key"], name="import_row_key"),
            models.Index(fields=["job", "ordinal"], condition=models.Q(asks=True), name="import_row_asks"),
        ]

    def __str__(self) -> str:
        return self.position

    def taken(self, default: bool) -> list[str]:
        """Fields for which the source's value is taken; `default` holds where the person said nothing."""
        usual = "theirs" if default else "ours"
        return [field for field in self.questions if self.answers.get(field, usual) == "theirs"]
