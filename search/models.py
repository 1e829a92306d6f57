"""Tables of searching: records to take again, when records look different by themselves, the state of the index, and
the synonyms that editors keep."""

from typing import Any

from django.core.exceptions import ValidationError
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


class SynonymGroup(models.Model):
    """Terms that mean the same to people who search; each of them finds all others, in both languages."""

    MOST_TERMS, LONGEST = 40, 80

    key = models.SlugField(_("key"), max_length=60, unique=True)
    terms_nl = models.TextField(_("terms in Dutch"), blank=True, help_text=_("One on each line."))
    terms_en = models.TextField(_("terms in English"), blank=True, help_text=_("One on each line."))
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["key"]

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(term for terms in self.terms.values() for term in terms)) or self.key

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note the moment: by it every process sees that its list is old."""
        self.changed_at = clock.now()
        super().save(*args, **kwargs)

    @property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """The terms by language."""
        return {"nl": _lines(self.terms_nl), "en": _lines(self.terms_en)}

    def clean(self) -> None:
        """At least two terms, none of them without a word or longer than anybody types."""
        terms = {language: dict.fromkeys(found) for language, found in self.terms.items()}
        for language, found in terms.items():
            if len(found) > self.MOST_TERMS:
                raise ValidationError({f"terms_{language}": _("At most 40 terms.")})
            if long := next((term for term in found if len(term) > self.LONGEST), ""):
                raise ValidationError(
                    {f"terms_{language}": _("“%(term)s” is too long for a term.") % {"term": long[:40]}}
                )
        if len({*terms["nl"], *terms["en"]}) < 2:
            raise ValidationError({"terms_nl": _("Write at least two terms that mean the same.")})


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for part in text.splitlines() if (line := " ".join(part.split())))
