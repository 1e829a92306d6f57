"""Tables of the ground: the event log, messages, the schedule, numbers, remembered answers, imports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .imports.models import ImportJob, ImportRow
from .work import WorkRow

__all__ = [
    "Event",
    "EventQuerySet",
    "ImportJob",
    "ImportRow",
    "Message",
    "NumberSequence",
    "Periodic",
    "RememberedAnswer",
]


class EventQuerySet(models.QuerySet):
    def update(self, **_kwargs):
        raise TypeError("the event log is append-only")

    def delete(self):
        raise TypeError("the event log is append-only")


class Event(models.Model):
    """Who did what to which record, when, from which state to which, and why; never changed afterwards.

    Persons and records are a type and an id, since the log outlives them.
    """

    at = models.DateTimeField(_("when"), default=clock.now)
    actor_id = models.CharField(_("who"), max_length=40, blank=True)  # empty: the system itself
    object_type = models.CharField(_("kind of record"), max_length=60)
    object_id = models.CharField(_("record"), max_length=40)
    verb = models.CharField(_("what"), max_length=60)
    from_state = models.CharField(_("from"), max_length=40, blank=True)
    to_state = models.CharField(_("to"), max_length=40, blank=True)
    reason = models.TextField(_("why"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="event_of_record")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type}:{self.object_id}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("the event log is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("the event log is append-only")


class Message(WorkRow):
    """One e-mail to one person about one event; written with the state it tells of, sent by the drain."""

    kind = models.CharField(_("kind"), max_length=60)
    to = models.EmailField(_("to"))
    person_id = models.CharField(_("person"), max_length=40, blank=True)
    event_key = models.CharField(_("about"), max_length=120)
    language = models.CharField(_("language"), max_length=5)
    context = models.JSONField(_("details"), default=dict)
    attachments = models.JSONField(_("attachments"), default=list)
    written_at = models.DateTimeField(_("written"), default=clock.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "to", "event_key"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(done_at=None, parked_at=None), name="message_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"


class Periodic(models.Model):
    """When something of the schedule is due next, and why it failed last; who moves `next_at` on runs it."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")

    def __str__(self) -> str:
        return self.name


class NumberSequence(models.Model):
    """The last number given under a key, such as a course and a year; numbers are never reused."""

    key = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"


class RememberedAnswer(models.Model):
    """The first answer to a request that carried an Idempotency-Key, given again to the same key and body."""

    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
