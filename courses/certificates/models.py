"""Certificates: frozen facts, exact bytes, one current certificate per enrolment."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import clock
from academy.core.wording import number_token
from academy.core.work import WorkRow
from courses.enrolment.models import Enrolment

from .states import CertificateState, Standing


class CertificateQuerySet(models.QuerySet):
    def current(self) -> "CertificateQuerySet":
        """Those that were not revoked."""
        return self.filter(revoked_at=None)

    def with_subject(self) -> "CertificateQuerySet":
        """With the records that lists and rules ask for, in one query; of the file all but its bytes."""
        return self.select_related("enrolment__run__course", "person", "file").defer("file__content")


class Certificate(WorkRow):
    """A certificate of one enrolment; `facts` are frozen at award and never follow the records."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    person = models.ForeignKey(User, models.PROTECT, related_name="certificates")
    sequence = models.PositiveSmallIntegerField(default=1)
    token = models.CharField(_("token"), max_length=16, unique=True)
    state = models.CharField(_("state"), max_length=12, choices=CertificateState, default=CertificateState.PENDING)
    language = models.CharField(_("language"), max_length=2)
    facts = models.JSONField(_("facts"))
    template_version = models.PositiveSmallIntegerField(default=1)
    awarded_at = models.DateTimeField(_("awarded"), default=clock.now)
    awarded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    show_initials = models.BooleanField(_("show only my initials"), default=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoke_reason = models.TextField(_("reason"), blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-awarded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "sequence"], name="certificate_sequence_once"),
            models.UniqueConstraint(fields=["enrolment"], condition=Q(revoked_at=None), name="one_current_certificate"),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(done_at=None, parked_at=None), name="certificate_due"),
        ]

    def __str__(self) -> str:
        return f"{self.facts.get('name', '')}: {self.token}"

    def get_absolute_url(self) -> str:
        return reverse("verify", kwargs={"token": number_token(self.token)})

    @property
    def valid_until(self) -> date | None:
        """The last day on which it holds; None when it holds for ever."""
        return date.fromisoformat(self.facts["valid_until"]) if self.facts["valid_until"] else None

    @property
    def standing(self) -> Standing:
        """What it is worth today."""
        if self.state == CertificateState.PUBLISHED:
            expired = self.valid_until is not None and self.valid_until < clock.today()
            return Standing.EXPIRED if expired else Standing.VALID
        return Standing(self.state)

    @property
    def shown_name(self) -> str:
        """The name for strangers: as on the certificate, or only initials when the holder wishes so."""
        return self.facts["initials"] if self.show_initials else self.facts["name"]


class CertificateFile(models.Model):
    """The exact bytes that were issued, and their SHA-256; apart, so that lists never load them."""

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="file", primary_key=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.sha256
