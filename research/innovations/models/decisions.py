"""Gates: what bodies decide, on which conditions, and through which stages an innovation went."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.accounts.models import User
from academy.core import clock
from academy.strategy.models import Body

from ..states import Outcome, Result, Stage
from .innovation import SHORT, Innovation
from .parts import Document


class DecisionQuerySet(models.QuerySet):
    def open(self) -> "DecisionQuerySet":
        """Those that a body still has to take; what has ended waits for none, though it finds it again when resumed."""
        return self.filter(result=Result.OPEN).exclude(innovation__outcome__in=Outcome.ended())


class Decision(models.Model):
    """A gate: named after the stage to be entered, asked of a body, and then decided; a decided one never changes."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="decisions")
    from_stage = models.CharField(_("from stage"), max_length=20, choices=Stage)
    gate = models.CharField(_("gate"), max_length=20, choices=Stage)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"))
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("decide before"))
    result = models.CharField(_("result"), max_length=20, choices=Result, default=Result.OPEN)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    rationale_nl = models.TextField(_("rationale in Dutch"), blank=True)
    rationale_en = models.TextField(_("rationale in English"), blank=True)
    evidence_version = models.CharField(_("version of the evidence"), max_length=40, blank=True)
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    #: labels of what the gate asks for and was missing when it was decided: [names of `gates.ITEMS`]
    missing = models.JSONField(default=list, blank=True)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate decision")
        verbose_name_plural = _("gate decisions")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["result", "due_on"], name="innovation_decisions")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result=Result.OPEN, decided_on=None)
                | (~Q(result=Result.OPEN) & Q(decided_on__isnull=False)),
                name="decided_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["innovation"], condition=Q(result=Result.OPEN), name="one_open_gate_per_innovation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()}: {self.get_result_display()}"


class Condition(models.Model):
    """What a body asked for along with its yes."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="conditions")
    text_nl = models.TextField(_("condition in Dutch"))
    text_en = models.TextField(_("condition in English"), blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("before"), null=True, blank=True)
    met_on = models.DateField(_("met on"), null=True, blank=True)
    met_note = models.CharField(_("how it was met"), max_length=SHORT, blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text_nl[:80]


class Passage(models.Model):
    """A stage that an innovation was in; one from before the registry has no decision (*imported, no decision*)."""

    innovation = models.ForeignKey(Innovation, models.CASCADE, related_name="passages")
    stage = models.CharField(pgettext_lazy("of an innovation", "stage"), max_length=20, choices=Stage)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="passage_ends_after_start"),
            models.UniqueConstraint(fields=["innovation"], condition=Q(until=None), name="one_stage_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.since}"
