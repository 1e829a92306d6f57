"""What has to be done for a study before a day is over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import clock

from .parts import Site
from .reviews import Document
from .study import Study


class DeadlineQuerySet(models.QuerySet):
    def open(self) -> "DeadlineQuerySet":
        """Those that are still to be met, the most urgent first."""
        return self.filter(done_on=None).order_by("due_on", "pk")

    def overdue(self, on=None) -> "DeadlineQuerySet":
        """Open ones whose last day has passed."""
        return self.open().filter(due_on__lt=on or clock.today())


class Deadline(models.Model):
    """Something that has to be done for a study before a day is over; rows follow from the rules in `deadlines.py`."""

    class Kind(models.TextChoices):
        APPROVAL_LAPSES = "approval_lapses", _("the approval lapses")
        PROGRESS_REPORT = "progress_report", _("progress report")
        END_OF_STUDY_REPORT = "end_of_study_report", _("report the end of the study")
        PREMATURE_END_REPORT = "premature_end_report", _("report the premature end")
        RESULTS_SUMMARY = "results_summary", _("summary of the results")
        CERTIFICATE_AT_START = "certificate_at_start", _("certificate valid at the start")
        EMBARGO_LIFT = "embargo_lift", _("the embargo ends")

    study = models.ForeignKey(Study, models.CASCADE, related_name="deadlines")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="deadlines")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    due_on = models.DateField(_("before"), db_index=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    #: the last stage of reminding that went out, see `deadlines.STAGES`
    reminded = models.CharField(max_length=20, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_on", "pk"]
        constraints = [
            # Two constraints, since NULL differs from NULL on every database that runs here.
            models.UniqueConstraint(
                fields=["study", "site", "kind", "due_on"],
                condition=Q(site__isnull=False),
                name="deadline_of_site_once",
            ),
            models.UniqueConstraint(
                fields=["study", "kind", "due_on"], condition=Q(site=None), name="deadline_of_study_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study.number}: {self.get_kind_display()}, {self.due_on}"
