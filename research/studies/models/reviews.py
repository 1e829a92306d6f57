"""Documents, routes, reviews, what bodies say, remarks and decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.core.imports.models import private_files
from academy.core.translation import pick

from .. import vocabularies as words
from ..states import ApprovalState, ReviewState
from .parts import Site
from .study import SHORT, Study


def document_path(document: "Document", name: str) -> str:
    """Files of a study lie together; the stored name says nothing about the content."""
    return f"studies/{document.study.number}/{document.sha256[:32]}"


class Document(models.Model):
    """A file of a study or of one of its sites, kept outside what the web server serves; SHA-256 of its bytes."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="documents")
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="documents")
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


class ReviewRoute(ClusterableModel):
    """How one hospital reviews one kind of study: which bodies say something, in which order."""

    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="review_routes",
        verbose_name=_("hospital"),
        limit_choices_to={"kind": "hospital"},
    )
    kind = models.CharField(_("kind of review"), max_length=20, choices=words.ReviewKind)
    intro_nl = models.TextField(_("what researchers read, in Dutch"), blank=True)
    intro_en = models.TextField(_("what researchers read, in English"), blank=True)
    days = models.PositiveSmallIntegerField(
        _("days"), default=42, help_text=_("Within so many days after submission the hospital means to decide.")
    )
    yearly_progress_report = models.BooleanField(
        _("asks for a yearly progress report"),
        default=False,
        help_text=_("The site of the main review always owes one; tick this when this hospital asks for it, too."),
    )

    class Meta:
        verbose_name = _("review route")
        verbose_name_plural = _("review routes")
        ordering = ["organisation", "kind"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="review_route_once")]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}: {self.get_kind_display()}"


class RouteStep(models.Model):
    """One body of a route; steps with the same order run beside each other."""

    route = ParentalKey(ReviewRoute, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(
        _("order"), default=1, help_text=_("Steps with the same number run at the same time.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=words.ApprovalKind)
    body_nl = models.CharField(_("body in Dutch"), max_length=SHORT)
    body_en = models.CharField(_("body in English"), max_length=SHORT, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order}. {pick(self, 'body')}"


class ReviewQuerySet(models.QuerySet):
    def of_bureaus(self, organisation_ids) -> "ReviewQuerySet":
        """Those that the science bureaus of these organisations decide."""
        return self.filter(site__organisation__in=organisation_ids)


class Review(models.Model):
    """The review of a study at one of its sites; a later amendment will be a review of its own."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="reviews")
    kind = models.CharField(_("kind of review"), max_length=20, choices=words.ReviewKind)
    state = models.CharField(_("state"), max_length=30, choices=ReviewState, default=ReviewState.DRAFT)
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    #: the day until which the hospital means to decide; from the route, at submission
    due_on = models.DateField(_("decide before"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.site}, {self.get_kind_display()}"


class Approval(models.Model):
    """What one body says in a review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="approvals")
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=words.ApprovalKind)
    body_nl = models.CharField(_("body in Dutch"), max_length=SHORT)
    body_en = models.CharField(_("body in English"), max_length=SHORT, blank=True)
    state = models.CharField(_("state"), max_length=30, choices=ApprovalState, default=ApprovalState.PLANNED)
    requested_on = models.DateField(_("requested"), null=True, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    conditions_nl = models.TextField(_("conditions in Dutch"), blank=True)
    conditions_en = models.TextField(_("conditions in English"), blank=True)
    conditions_met_on = models.DateField(_("conditions met on"), null=True, blank=True)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("letter")
    )

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{pick(self, 'body')}: {self.get_state_display()}"


class Remark(models.Model):
    """A remark of the bureau at a field (or at the whole, when `field` is empty), and the researcher's answer."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="remarks")
    field = models.CharField(_("field"), max_length=60, blank=True)
    text = models.TextField(_("remark"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class DecisionQuerySet(models.QuerySet):
    def update(self, **_kwargs):
        raise TypeError("a decision stays as it was made")

    def delete(self):
        raise TypeError("a decision stays as it was made")


class Decision(models.Model):
    """What a hospital decided on a review: never changed, never deleted; `study_version` is what was decided on."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=30, choices=ReviewState)
    decided_on = models.DateField(_("decided on"))
    reason = models.TextField(_("reason"), blank=True)
    conditions_nl = models.TextField(_("conditions in Dutch"), blank=True)
    conditions_en = models.TextField(_("conditions in English"), blank=True)
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("letter")
    )
    study_version = models.PositiveIntegerField(_("version of the study"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.review}: {self.get_outcome_display()}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("a decision stays as it was made")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("a decision stays as it was made")
