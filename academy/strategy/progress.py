"""How far something with a planned and an actual day is: done, too late, still ahead. One definition for all."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from academy.core import clock
from academy.core.badges import Badge


class Progress(models.TextChoices):
    """Follows from the days alone."""

    DONE = "done", pgettext_lazy("progress of a plan", "Done")
    OVERDUE = "overdue", pgettext_lazy("progress of a plan", "Too late")
    PLANNED = "planned", pgettext_lazy("progress of a plan", "Planned")
    UNDATED = "undated", pgettext_lazy("progress of a plan", "No date yet")


_SIGNS = {
    Progress.DONE: ("positive", "circle-check"),
    Progress.OVERDUE: ("negative", "triangle-alert"),
    Progress.PLANNED: ("neutral", "calendar"),
    Progress.UNDATED: ("neutral", "circle-dashed"),
}


def progress_of(planned_on: date | None, actual_on: date | None) -> Progress:
    """What was planned for a day is in time until that day is over."""
    if actual_on:
        return Progress.DONE
    if planned_on is None:
        return Progress.UNDATED
    return Progress.OVERDUE if planned_on < clock.today() else Progress.PLANNED


def days_late(planned_on: date | None, actual_on: date | None) -> int:
    """Days between the planned day and the actual one, or today while it is not done; never below zero."""
    if planned_on is None:
        return 0
    return max(0, ((actual_on or clock.today()) - planned_on).days)


class Planned(models.Model):
    """Something that is planned for a day and happens on one."""

    class Meta:
        abstract = True

    planned_on: date | None  # columns of the models that are so
    actual_on: date | None

    def clean(self) -> None:
        super().clean()
        if self.actual_on and self.actual_on > clock.today():
            raise ValidationError({"actual_on": _("This day is still to come.")})

    @property
    def progress(self) -> Progress:
        return progress_of(self.planned_on, self.actual_on)

    @property
    def days_late(self) -> int:
        return days_late(self.planned_on, self.actual_on)

    @property
    def badge(self) -> Badge:
        """How far it is, in words."""
        progress = self.progress
        return Badge(progress.label, *_SIGNS[progress])

    @property
    def delay(self) -> str:
        """By how much it is or was too late, in words; empty when it is not."""
        days = self.days_late
        return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days} if days else ""
