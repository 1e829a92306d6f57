"""Rows of an innovation: who works on it, its assessments, and what portfolio and gates count."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.core.imports.models import private_files
from academy.core.translation import pick

from .. import vocabularies as words
from .innovation import SHORT, Innovation

#: what a benefit is measured in, to four decimals
_FIGURE = {"max_digits": 14, "decimal_places": 4, "null": True, "blank": True}


class TeamMember(models.Model):
    """Somebody who works on it beside the owner; may change the record."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="team")
    person = models.ForeignKey(User, models.CASCADE, related_name="innovation_teams", verbose_name=_("person"))
    function = models.CharField(pgettext_lazy("in a team", "role"), max_length=SHORT, blank=True)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["innovation", "person"], name="innovation_team_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.innovation}"


def document_path(document: "Document", name: str) -> str:
    """Files of an innovation lie together; the stored name says nothing about the content."""
    return f"innovations/{document.innovation.number}/{document.sha256[:32]}"


class Document(models.Model):
    """A file of an innovation, kept outside what the web server serves; SHA-256 of its bytes."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="documents")
    name = models.CharField(_("file name"), max_length=SHORT)
    file = models.FileField(upload_to=document_path, storage=private_files, max_length=300)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Assessment(models.Model):
    """A dated entry of one kind; never changed, the last one by date holds.

    `code` is the TRL or value as a number, or the class of device or AI; empty for NASSS, of which `domains` has
    `{domain: {"level", "note_nl", "note_en"}}`. `note` is the health reading of a TRL, or the rule of a class.
    """

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="assessments")
    kind = models.CharField(_("kind"), max_length=10, choices=words.AssessmentKind)
    code = models.CharField(pgettext_lazy("of an assessment", "result"), max_length=12, blank=True)
    domains = models.JSONField(default=dict, blank=True)
    note_nl = models.TextField(_("note in Dutch"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    edition = models.CharField(_("edition of the list"), max_length=40, blank=True)
    on = models.DateField(_("on"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.code or self.complex}"

    @property
    def complex(self) -> int:
        """How many domains of NASSS are complex."""
        return sum(entry.get("level") == words.Complexity.COMPLEX for entry in self.domains.values())


class Compliance(models.Model):
    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="compliance")
    kind = models.CharField(_("kind"), max_length=30, choices=words.ComplianceKind)
    state = models.CharField(pgettext_lazy("of a record", "state"), max_length=30, choices=words.ComplianceState)
    on = models.DateField(_("since"), null=True, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("compliance")
        verbose_name_plural = _("compliance list")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["innovation", "kind"], name="innovation_compliance_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class Dependency(models.Model):
    """What has to happen elsewhere first; `name` is which supplier or standard."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="dependencies")
    kind = models.CharField(_("kind"), max_length=20, choices=words.DependencyKind)
    name = models.CharField(_("name"), max_length=SHORT, blank=True)
    state = models.CharField(pgettext_lazy("of a record", "state"), max_length=12, choices=words.DependencyState)
    note_nl = models.TextField(_("note in Dutch"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "state"], name="innovation_dependency")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"


class Benefit(models.Model):
    """What it should bring, or cost (`disbenefit`): from what it was, by what was expected, to what was measured."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="benefits")
    key = models.CharField(max_length=60, editable=False)
    category = models.CharField(_("category"), max_length=20, choices=words.Aim)
    disbenefit = models.BooleanField(_("disbenefit"), default=False)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    kpi_nl = models.CharField(_("measured by, in Dutch"), max_length=SHORT, blank=True)
    kpi_en = models.CharField(_("measured by, in English"), max_length=SHORT, blank=True)
    unit = models.CharField(pgettext_lazy("of a figure", "unit"), max_length=40, blank=True)
    baseline = models.DecimalField(_("baseline"), **_FIGURE)
    target = models.DecimalField(_("target"), **_FIGURE)
    estimate = models.DecimalField(_("estimated"), **_FIGURE)
    validated = models.DecimalField(_("validated"), **_FIGURE)
    actual = models.DecimalField(_("realised"), **_FIGURE)
    estimated_on = models.DateField(_("estimated on"), null=True, blank=True)
    measured_on = models.DateField(_("measured on"), null=True, blank=True)

    class Meta:
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["innovation", "key"], name="innovation_benefit_once")]

    def __str__(self) -> str:
        return pick(self, "kpi") or str(self.get_category_display())

    @property
    def measure(self) -> str:
        """How sure its latest figure is; empty while there is none."""
        sure = (words.Measure.ACTUAL, words.Measure.VALIDATED, words.Measure.ESTIMATE)
        return next((measure for measure in sure if getattr(self, measure) is not None), "")


class FteFigure(models.Model):
    """Time per case before and after, times cases a year; hours and FTE follow from it and are kept for adding up.

    Negative where the innovation costs time.
    """

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="fte_figures")
    measure = models.CharField(_("figure"), max_length=10, choices=words.Measure)
    minutes_before = models.DecimalField(_("minutes per case before"), max_digits=9, decimal_places=2)
    minutes_after = models.DecimalField(_("minutes per case after"), max_digits=9, decimal_places=2)
    cases_per_year = models.PositiveIntegerField(_("cases a year"))
    hours_per_year = models.DecimalField(_("hours a year"), max_digits=12, decimal_places=2, editable=False)
    fte = models.DecimalField("FTE", max_digits=10, decimal_places=4, editable=False)

    class Meta:
        verbose_name = _("FTE figure")
        verbose_name_plural = _("FTE figures")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["innovation", "measure"], name="innovation_fte_once")]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.fte}"

    def work_out(self, hours_per_fte: int) -> None:
        """Hours and FTE from minutes and cases; call before saving."""
        minutes = (Decimal(self.minutes_before) - Decimal(self.minutes_after)) * self.cases_per_year
        hours = minutes / 60
        self.hours_per_year = hours.quantize(Decimal("0.01"))
        self.fte = (hours / hours_per_fte).quantize(Decimal("0.0001"))


class Money(models.Model):
    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="money")
    year = models.PositiveSmallIntegerField(_("year"))
    funder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("funder")
    )
    funder_name = models.CharField(_("name of the funder"), max_length=SHORT, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=words.MoneyKind)
    budget_eur = models.DecimalField(_("budget in euros"), max_digits=12, decimal_places=2, null=True, blank=True)
    spent_eur = models.DecimalField(_("spent in euros"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("money")
        verbose_name_plural = _("money")
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(year__range=(1990, 2199)), name="innovation_money_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.funder or self.funder_name}"
