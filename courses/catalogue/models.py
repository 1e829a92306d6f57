"""Courses, tracks and competences: what is taught, to whom, in which order."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.core.fields import BodyField
from academy.core.translation import pick
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty, Term

from .blocks import BodyBlock
from .previews import preview_pages

code_format = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{1,19}$", _("Use capitals, digits and hyphens, such as BLS-01."))


class DeliveryMode(models.TextChoices):
    CLASSROOM = "classroom", _("classroom")
    ONLINE = "online", _("online")
    BLENDED = "blended", _("online and classroom")
    WORKPLACE = "workplace", _("at work")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everybody")
    MEMBERS = "members", _("members of the owners")


class CancellationRule(models.Model):
    """Until when cancelling is free, and what it costs afterwards."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    text_nl = models.TextField(_("text in Dutch"))
    text_en = models.TextField(_("text in English"), blank=True)
    deadline_days = models.PositiveSmallIntegerField(_("days before the first session"), default=7)
    no_show_fee_eur = models.DecimalField(_("fee in euros"), max_digits=7, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("cancellation rule")
        verbose_name_plural = _("cancellation rules")
        ordering = ["deadline_days"]

    def __str__(self) -> str:
        return pick(self, "title")


class Competence(Term):
    """What a person may do; how long it holds is told by the course that gives it."""

    reserved_procedure = models.BooleanField(_("reserved procedure (Wet BIG)"), default=False)

    class Meta(Term.Meta):
        verbose_name = _("competence")
        verbose_name_plural = _("competences")


class CatalogueQuerySet(models.QuerySet):
    def visible_to(self, organisation_ids) -> "CatalogueQuerySet":
        """What a person may see who is a confirmed member of these organisations: live, public or their own."""
        mine = Q(visibility=Visibility.MEMBERS, owners__in=organisation_ids)
        return self.filter(live=True).filter(Q(visibility=Visibility.PUBLIC) | mine).distinct()


class CatalogueRecord(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """What courses and tracks share: a code, text in two languages, owners, and Wagtail's draft state."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[code_format])
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), max_length=600)
    summary_en = models.TextField(_("summary in English"), max_length=600, blank=True)
    body_nl = BodyField(BodyBlock(required=False), blank=True, verbose_name=_("text in Dutch"))
    body_en = BodyField(BodyBlock(required=False), blank=True, verbose_name=_("text in English"))
    owners = ParentalManyToManyField(
        Organisation, verbose_name=_("owners"), related_name="+", limit_choices_to={"kind": "hospital"}
    )
    audience = ParentalManyToManyField(FunctionFamily, verbose_name=_("for"), blank=True, related_name="+")
    visibility = models.CharField(_("visible to"), max_length=10, choices=Visibility, default=Visibility.PUBLIC)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["title_nl"]

    def __str__(self) -> str:
        return f"{pick(self, 'title')} ({self.code})"

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The page itself, as it would be; the views register how they make it."""
        return preview_pages[type(self)](request, self)


class Course(CatalogueRecord):
    """What is taught; its runs are in the enrolment room."""

    outcomes_nl = models.TextField(_("what you learn, in Dutch"), blank=True, help_text=_("One outcome per line."))
    outcomes_en = models.TextField(_("what you learn, in English"), blank=True, help_text=_("One outcome per line."))
    specialties = ParentalManyToManyField(Specialty, verbose_name=_("specialties"), blank=True, related_name="courses")
    care_domains = ParentalManyToManyField(
        CareDomain, verbose_name=_("care domains"), blank=True, related_name="courses"
    )
    delivery_mode = models.CharField(_("form"), max_length=12, choices=DeliveryMode, default=DeliveryMode.CLASSROOM)
    languages = models.JSONField(_("languages"), default=list)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    classroom_hours = models.DecimalField(_("of which in a classroom"), max_digits=6, decimal_places=2, default=0)
    online_norm_minutes = models.PositiveIntegerField(_("norm time online in minutes"), default=0)
    cost_price_eur = models.DecimalField(_("cost price in euros"), max_digits=8, decimal_places=2, default=0)
    prerequisites = ParentalManyToManyField(
        "self", symmetrical=False, blank=True, related_name="required_by", verbose_name=_("to be completed before")
    )
    cancellation_rule = models.ForeignKey(
        CancellationRule, models.PROTECT, null=True, blank=True, verbose_name=_("cancellation rule")
    )
    approval_required = models.BooleanField(_("the team manager approves"), default=False)
    programmes = ParentalManyToManyField(Programme, verbose_name=_("programmes"), blank=True, related_name="courses")

    # Given by `selectors.courses_for_page`; a draft in the editor's preview has none.
    shortest_validity: int | None = None
    first_domain: str | None = None

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def get_absolute_url(self) -> str:
        return reverse("catalogue:course", kwargs={"code": self.code})


class CourseCompetence(models.Model):
    """A competence that completing the course gives, and for how many months."""

    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="competences")
    competence = models.ForeignKey(Competence, models.PROTECT, verbose_name=_("competence"))
    validity_months = models.PositiveSmallIntegerField(_("months valid"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        constraints = [models.UniqueConstraint(fields=["course", "competence"], name="course_competence_once")]

    def __str__(self) -> str:
        return str(self.competence)


class Accreditation(models.Model):
    """Points that a register gives for completing the course."""

    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="accreditation")
    register = models.ForeignKey(Register, models.PROTECT, verbose_name=_("register"))
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditation")
        constraints = [models.UniqueConstraint(fields=["course", "register"], name="course_register_once")]

    def __str__(self) -> str:
        return f"{self.register}: {self.points}"


class ImportedCourse(models.Model):
    """What somebody's own list said of a course when it was last imported: the base of the next comparison."""

    course = models.OneToOneField(Course, models.CASCADE, related_name="imported")
    values = models.JSONField(_("values by column"), default=dict)
    last_seen_at = models.DateTimeField(_("last seen"), default=clock.now)

    class Meta:
        verbose_name = _("imported course")
        verbose_name_plural = _("imported courses")

    def __str__(self) -> str:
        return self.course.code


class Track(CatalogueRecord):
    """An ordered set of courses, some of them by choice."""

    coordinator = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coordinator")
    )
    duration_months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    min_optional = models.PositiveSmallIntegerField(_("optional courses to choose at least"), default=0)

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("track")
        verbose_name_plural = _("tracks")

    def get_absolute_url(self) -> str:
        return reverse("catalogue:track", kwargs={"code": self.code})


class TrackPart(models.Model):
    """One course of a track, in order."""

    track = ParentalKey(Track, on_delete=models.CASCADE, related_name="parts")
    course = models.ForeignKey(Course, models.PROTECT, related_name="track_parts", verbose_name=_("course"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    mandatory = models.BooleanField(_("mandatory"), default=True)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [models.UniqueConstraint(fields=["track", "course"], name="track_course_once")]

    def __str__(self) -> str:
        return str(self.course)
