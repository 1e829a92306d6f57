"""Tables of searching: records to take again, when records look different by themselves, and the state of the index."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.core import clock
from academy.core.work import WorkRow


class SearchOutbox(WorkRow):
    """A record that was touched, written in the transaction that touched it; the drain takes it.

    `done_at` is set on rows that are in the live index and wait for a rebuild that is under way.
    """

    UPSERT, DELETE = "upsert", "delete"

    seq = models.BigAutoField(primary_key=True)
    type = models.CharField(_("kind of record"), max_length=40)
    record = models.CharField(_("record"), max_length=64)
    operation = models.CharField(_("operation"), max_length=10, choices=[(UPSERT, _("change")), (DELETE, _("removal"))])
    queued_at = models.DateTimeField(_("queued"), default=clock.now)

    class Meta:
        verbose_name = _("record to index")
        verbose_name_plural = _("records to index")
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(done_at=None, parked_at=None), name="search_outbox_due"),
            models.Index(fields=["type", "record"], name="search_outbox_record"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.type}:{self.record}"


class SearchSchedule(models.Model):
    """A record that looks different from a moment on without anybody saving it; kept by the drain."""

    type = models.CharField(_("kind of record"), max_length=40)
    record = models.CharField(_("record"), max_length=64)
    changes_at = models.DateTimeField(_("looks different from"), db_index=True)

    class Meta:
        verbose_name = _("record to index later")
        verbose_name_plural = _("records to index later")
        constraints = [models.UniqueConstraint(fields=["type", "record"], name="search_schedule_once")]

    def __str__(self) -> str:
        return f"{self.type}:{self.record} {self.changes_at:%Y-%m-%d %H:%M}"


class SearchState(models.Model):
    """One row: the number of the last batch, whether a rebuild is under way, and when things last went well."""

    batch = models.BigIntegerField(_("batch"), default=0)
    rebuilding = models.BooleanField(_("a rebuild is under way"), default=False)
    drained_at = models.DateTimeField(_("last drained"), null=True)
    rebuilt_at = models.DateTimeField(_("last rebuilt"), null=True)
    compared_at = models.DateTimeField(_("last compared with the database"), null=True)

    class Meta:
        verbose_name = _("state of the index")
        verbose_name_plural = _("state of the index")

    def __str__(self) -> str:
        return f"batch {self.batch}"

    @classmethod
    def load(cls) -> "SearchState":
        """The one row."""
        row: SearchState = cls.objects.get_or_create(pk=1)[0]
        return row

    @classmethod
    def next_batch(cls) -> int:
        """A number that no batch had before; it is the version of every document read under it."""
        cls.load()
        cls.objects.filter(pk=1).update(batch=models.F("batch") + 1)
        batch: int = cls.load().batch
        return batch
