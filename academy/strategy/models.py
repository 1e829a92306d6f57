"""What the academy steers by, as records: pillars, horizons, goals, programmes, the roadmap, the document chain.

Sources: the founding documents, paraphrased. Their pages are with those of the site, since they show higher rooms too.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from academy.accounts.models import Organisation, User
from academy.core.translation import pick
from academy.taxonomy.models import Term

from .progress import Planned


class Pillar(Term):
    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    short_nl = models.CharField(_("short name in Dutch"), max_length=60)
    short_en = models.CharField(_("short name in English"), max_length=60, blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")


class OrderedTerm(Term):
    """A term with a place in its list."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


class Horizon(OrderedTerm):
    class Meta(OrderedTerm.Meta):
        verbose_name = _("horizon")
        verbose_name_plural = _("horizons")


class Goal(OrderedTerm):
    """One of the residents' goals."""

    class Meta(OrderedTerm.Meta):
        verbose_name = _("goal")
        verbose_name_plural = _("goals")


class Need(OrderedTerm):
    class Meta(OrderedTerm.Meta):
        verbose_name = _("need")
        verbose_name_plural = _("needs")


class Concern(OrderedTerm):
    class Meta(OrderedTerm.Meta):
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")


class Challenge(OrderedTerm):
    class Meta(OrderedTerm.Meta):
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")


class Body(OrderedTerm):
    """A governance body that takes decisions; joint when it has no organisation."""

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        help_text=_("Empty for a body of both hospitals."),
    )

    class Meta(OrderedTerm.Meta):
        verbose_name = _("governance body")
        verbose_name_plural = _("governance bodies")


class RoadmapLine(models.Model):
    key = models.SlugField(_("key"), max_length=60, unique=True)
    pillar = models.ForeignKey(Pillar, models.PROTECT, related_name="roadmap_lines", verbose_name=_("pillar"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("roadmap line")
        verbose_name_plural = _("roadmap lines")

    def __str__(self) -> str:
        return pick(self, "title")


class Document(ClusterableModel):
    """A step of the chain ambition → outline → course → draft plan → final plan."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("document")
        verbose_name_plural = _("document chain")

    def __str__(self) -> str:
        return pick(self, "title")


class DocumentVersion(Planned):
    document = ParentalKey(Document, on_delete=models.CASCADE, related_name="versions")
    version = models.CharField(_("version"), max_length=20)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    actual_on = models.DateField(_("actual"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["document", "version"], name="document_version_once")]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class Statement(models.Model):
    """What was said when and where; a later one may replace it."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    date = models.CharField(_("date"), max_length=10, help_text=_("Year and month, such as 2025-02."))
    text_nl = models.TextField(_("text in Dutch"))
    text_en = models.TextField(_("text in English"), blank=True)
    source_nl = models.CharField(_("source in Dutch"), max_length=200)
    source_en = models.CharField(_("source in English"), max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("replaced by"))

    class Meta:
        ordering = ["date"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return f"{self.date}: {pick(self, 'text')[:80]}"


class Programme(ClusterableModel):
    """What ties courses, studies and innovations together, such as the digital hospital."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    number = models.CharField(_("number"), max_length=10, unique=True, editable=False)
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    body_nl = models.TextField(_("text in Dutch"), blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    type = models.SlugField(_("type"), max_length=40)
    location = models.CharField(_("location"), max_length=80, blank=True)
    organisations = models.ManyToManyField(Organisation, verbose_name=_("organisations"), blank=True)
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("primary pillar")
    )
    other_pillars = models.ManyToManyField(Pillar, related_name="+", blank=True, verbose_name=_("other pillars"))
    horizon_from = models.ForeignKey(
        Horizon, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from horizon")
    )
    horizon_to = models.ForeignKey(
        Horizon, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to horizon")
    )
    roadmap_lines = models.ManyToManyField(RoadmapLine, blank=True, verbose_name=_("roadmap lines"))
    goals = models.ManyToManyField(Goal, blank=True, verbose_name=_("goals"))
    challenges = models.ManyToManyField(Challenge, blank=True, verbose_name=_("challenges"))
    lead = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("led by"))
    contact_email = models.EmailField(_("contact"), blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return pick(self, "title")

    def get_absolute_url(self) -> str:
        return reverse("cms:programme", kwargs={"number": self.number})


class Milestone(Planned):
    """A step of a programme: when it is to be there, and when it was."""

    programme = ParentalKey(Programme, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("programme"))
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    planned_on = models.DateField(_("planned"))
    actual_on = models.DateField(_("actual"), null=True, blank=True)

    class Meta:
        ordering = ["planned_on", "pk"]
        verbose_name = pgettext_lazy("of a programme", "milestone")
        verbose_name_plural = pgettext_lazy("of a programme", "milestones")

    def __str__(self) -> str:
        return pick(self, "title")
