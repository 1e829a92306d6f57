"""The innovation itself."""

from datetime import timedelta

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.accounts.models import Organisation, Unit, User
from academy.core import clock
from academy.core.translation import pick
from academy.strategy.models import Challenge, Concern, Goal, Horizon, Need, Pillar, Programme, RoadmapLine
from academy.taxonomy.models import Specialty
from courses.catalogue.models import Course
from research.studies.models import Study

from .. import vocabularies as words
from ..states import Outcome, PublicationState, Stage

SHORT, TITLE = 200, 300
STALLED_AFTER = 90  # days in one stage, after which somebody should look at it


class InnovationQuerySet(models.QuerySet):
    def published(self) -> "InnovationQuerySet":
        """The portfolio: those that people outside the team may know of, as far as their visibility goes."""
        return self.filter(publication_state=PublicationState.PUBLISHED)

    def public(self) -> "InnovationQuerySet":
        """Those that everybody may see."""
        return self.published().filter(visibility=words.Visibility.PUBLIC)

    def active(self) -> "InnovationQuerySet":
        """Those that somebody works on: what funnel, heat map and board count."""
        return self.filter(outcome=Outcome.ACTIVE)

    def stalled(self, days: int = STALLED_AFTER) -> "InnovationQuerySet":
        """Active, not in use, and longer than so many days in its stage."""
        before = clock.today() - timedelta(days=days)
        return self.active().exclude(stage=Stage.IN_USE).filter(stage_since__lt=before)


class Innovation(models.Model):
    """One innovation; `record.FIELDS` tells which columns people fill in, the others belong to services."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    # Identity
    title_nl = models.CharField(_("title in Dutch"), max_length=TITLE, blank=True)
    title_en = models.CharField(_("title in English"), max_length=TITLE, blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    problem_nl = models.TextField(_("the problem, in Dutch"), blank=True)
    problem_en = models.TextField(_("the problem, in English"), blank=True)
    how_it_works_nl = models.TextField(_("the idea and how it works, in Dutch"), blank=True)
    how_it_works_en = models.TextField(_("the idea and how it works, in English"), blank=True)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="innovations", verbose_name=_("owner")
    )
    sponsor = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sponsor of the board")
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="innovations", verbose_name=_("hospitals")
    )
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="innovations_as_partner", verbose_name=_("partners")
    )
    units = models.ManyToManyField(Unit, blank=True, related_name="innovations", verbose_name=_("units"))
    specialties = models.ManyToManyField(
        Specialty, blank=True, related_name="innovations", verbose_name=_("specialties")
    )
    contact_email = models.EmailField(_("contact"), blank=True)
    # Strategy
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, null=True, blank=True, related_name="innovations", verbose_name=_("primary pillar")
    )
    other_pillars = models.ManyToManyField(Pillar, blank=True, related_name="+", verbose_name=_("other pillars"))
    horizon_from = models.ForeignKey(
        Horizon, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from horizon")
    )
    horizon_to = models.ForeignKey(
        Horizon, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to horizon")
    )
    goals = models.ManyToManyField(Goal, blank=True, related_name="innovations", verbose_name=_("goals"))
    needs = models.ManyToManyField(Need, blank=True, related_name="innovations", verbose_name=_("needs"))
    concerns = models.ManyToManyField(Concern, blank=True, related_name="innovations", verbose_name=_("concerns"))
    challenges = models.ManyToManyField(Challenge, blank=True, related_name="innovations", verbose_name=_("challenges"))
    roadmap_line = models.ForeignKey(
        RoadmapLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="innovations",
        verbose_name=_("roadmap line"),
    )
    programmes = models.ManyToManyField(Programme, blank=True, related_name="innovations", verbose_name=_("programmes"))
    urgent = models.BooleanField(_("urgent"), default=False)
    # Aims and evidence
    aims = models.JSONField(_("aims"), default=list, blank=True)
    evidence_tier = models.CharField(_("tier of evidence"), max_length=20, choices=words.EvidenceTier, blank=True)
    evidence_design_nl = models.CharField(_("kind of evidence, in Dutch"), max_length=SHORT, blank=True)
    evidence_design_en = models.CharField(_("kind of evidence, in English"), max_length=SHORT, blank=True)
    evidence_doi = models.CharField(_("DOI of the evidence"), max_length=SHORT, blank=True)
    # FTE: the figures are rows
    fte_method_nl = models.TextField(_("how the time was measured, in Dutch"), blank=True)
    fte_method_en = models.TextField(_("how the time was measured, in English"), blank=True)
    hours_per_fte = models.PositiveIntegerField(_("hours a year of one FTE"), default=1550)
    # Links
    courses = models.ManyToManyField(Course, blank=True, related_name="innovations", verbose_name=_("courses"))
    studies = models.ManyToManyField(Study, blank=True, related_name="innovations", verbose_name=_("studies"))
    evidence_study = models.ForeignKey(
        Study, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("study of the evidence")
    )
    reuse_nl = models.TextField(_("where else it is used, in Dutch"), blank=True)
    reuse_en = models.TextField(_("where else it is used, in English"), blank=True)
    catalogue_url = models.CharField(_("address in a national catalogue"), max_length=500, blank=True)
    # What was learned; asked for when it stops
    lessons_nl = models.TextField(_("lessons, in Dutch"), blank=True)
    lessons_en = models.TextField(_("lessons, in English"), blank=True)
    # Access
    visibility = models.CharField(
        _("visible to"), max_length=10, choices=words.Visibility, default=words.Visibility.PUBLIC
    )
    # Owned by services: stage and outcome
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.IDEA, editable=False)
    stage_since = models.DateField(_("in this stage since"), default=clock.today, editable=False)
    outcome = models.CharField(
        pgettext_lazy("of an innovation", "outcome"),
        max_length=12,
        choices=Outcome,
        default=Outcome.ACTIVE,
        editable=False,
    )
    outcome_since = models.DateField(_("since"), null=True, blank=True, editable=False)
    wake_up_on = models.DateField(_("on hold until"), null=True, blank=True, editable=False)
    outcome_reason_nl = models.TextField(_("reason, in Dutch"), blank=True, editable=False)
    outcome_reason_en = models.TextField(_("reason, in English"), blank=True, editable=False)
    # Owned by services: the assessments that hold now (0 and "" where there is none)
    trl = models.PositiveSmallIntegerField(_("TRL"), null=True, editable=False)
    value_score = models.PositiveSmallIntegerField(_("value"), null=True, editable=False)
    complexity = models.PositiveSmallIntegerField(_("complex domains"), null=True, editable=False)
    device = models.CharField(_("medical device"), max_length=12, choices=words.DeviceClass, blank=True, editable=False)
    ai = models.CharField(_("AI"), max_length=12, choices=words.AiClass, blank=True, editable=False)
    # Owned by services: the record
    publication_state = models.CharField(
        _("publication"), max_length=12, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(_("put in"), default=clock.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)

    # Wagtail's table, without its mixin: a revision keeps the record of `record.read` and no column that services own.
    revisions = GenericRelation("wagtailcore.Revision", related_query_name="innovation")
    objects = InnovationQuerySet.as_manager()

    class Meta:
        verbose_name = _("innovation")
        verbose_name_plural = _("innovations")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["publication_state", "outcome", "stage"], name="innovation_portfolio"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ON_HOLD) | Q(wake_up_on__isnull=False), name="on_hold_wakes_up"
            ),
            models.CheckConstraint(condition=Q(value_score=None) | Q(value_score__range=(1, 10)), name="value_1_to_10"),
            models.CheckConstraint(condition=Q(trl=None) | Q(trl__range=(1, 9)), name="trl_1_to_9"),
        ]

    def __str__(self) -> str:
        return f"{pick(self, 'title') or _('Untitled innovation')} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("innovations:innovation", kwargs={"number": self.number})

    @property
    def days_in_stage(self) -> int:
        """How many days ago the stage began; until the end for one that has ended."""
        until = self.outcome_since if self.outcome in Outcome.ended() and self.outcome_since else clock.today()
        return (until - self.stage_since).days
