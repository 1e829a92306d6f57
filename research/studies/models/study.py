"""The study itself, and what a registry said of it last."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.accounts.models import User
from academy.core import clock
from academy.core.translation import pick
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty

from .. import vocabularies as words
from ..dates import validate_partial_date
from ..states import PublicationState

SHORT, TITLE, LONG_TITLE = 200, 300, 600


class StudyQuerySet(models.QuerySet):
    def published(self) -> "StudyQuerySet":
        """Those that people outside the team may know of, as far as their visibility goes."""
        return self.filter(publication_state=PublicationState.PUBLISHED)

    def public(self, on=None) -> "StudyQuerySet":
        """Those that everybody may see on this day (today when not given); an embargo ends with its date."""
        day = on or clock.today()
        return self.published().filter(Q(visibility=words.Visibility.PUBLIC) | Q(embargo_until__lte=day))


class Study(models.Model):
    """One study; `record.FIELDS` tells which columns people fill in, the others belong to services."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    # Identity
    public_title_nl = models.CharField(_("title in Dutch"), max_length=TITLE, blank=True)
    public_title_en = models.CharField(_("title in English"), max_length=TITLE, blank=True)
    scientific_title_nl = models.CharField(_("scientific title in Dutch"), max_length=LONG_TITLE, blank=True)
    scientific_title_en = models.CharField(_("scientific title in English"), max_length=LONG_TITLE, blank=True)
    acronym = models.CharField(_("short title or acronym"), max_length=40, blank=True)
    summary_nl = models.TextField(_("summary in Dutch"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    description_nl = models.TextField(_("description in Dutch"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    specialty = models.ForeignKey(Specialty, models.SET_NULL, null=True, blank=True, verbose_name=_("specialty"))
    care_domain = models.ForeignKey(CareDomain, models.SET_NULL, null=True, blank=True, verbose_name=_("care domain"))
    programmes = models.ManyToManyField(Programme, blank=True, related_name="studies", verbose_name=_("programmes"))
    # Legal regime
    medical_scientific_research = models.BooleanField(_("medical-scientific research"), null=True, blank=True)
    subjected_to_acts_or_rules = models.BooleanField(_("people have to do or not do something"), null=True, blank=True)
    legal_regime = models.CharField(_("legal regime"), max_length=12, choices=words.LegalRegime, blank=True)
    # People to ask
    contact_name = models.CharField(_("contact"), max_length=SHORT, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=40, blank=True)
    # Design
    study_type = models.CharField(_("kind of research"), max_length=20, choices=words.StudyType, blank=True)
    phases = models.JSONField(_("phase"), default=list, blank=True)
    allocation = models.CharField(_("allocation"), max_length=20, choices=words.Allocation, blank=True)
    intervention_model = models.CharField(_("groups"), max_length=20, choices=words.InterventionModel, blank=True)
    masking = models.CharField(_("blinding"), max_length=20, choices=words.Masking, blank=True)
    primary_purpose = models.CharField(_("purpose"), max_length=30, choices=words.PrimaryPurpose, blank=True)
    observational_model = models.CharField(_("model"), max_length=30, choices=words.ObservationalModel, blank=True)
    time_perspective = models.CharField(_("time perspective"), max_length=20, choices=words.TimePerspective, blank=True)
    # Population
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    interventions = models.JSONField(_("interventions"), default=list, blank=True)
    age_min = models.PositiveIntegerField(_("age from"), null=True, blank=True)
    age_min_unit = models.CharField(
        pgettext_lazy("of an age", "unit"), max_length=10, choices=words.AgeUnit, blank=True
    )
    age_max = models.PositiveIntegerField(_("age up to"), null=True, blank=True)
    age_max_unit = models.CharField(
        pgettext_lazy("of an age", "unit"), max_length=10, choices=words.AgeUnit, blank=True
    )
    sex = models.CharField(_("sex"), max_length=10, choices=words.Sex, blank=True)
    healthy_volunteers = models.BooleanField(_("healthy volunteers"), null=True, blank=True)
    inclusion_criteria_nl = models.TextField(_("who can take part, in Dutch"), blank=True)
    inclusion_criteria_en = models.TextField(_("who can take part, in English"), blank=True)
    exclusion_criteria_nl = models.TextField(_("who cannot take part, in Dutch"), blank=True)
    exclusion_criteria_en = models.TextField(_("who cannot take part, in English"), blank=True)
    countries = models.JSONField(_("countries"), default=list, blank=True)
    locations = models.JSONField(_("other places"), default=list, blank=True)
    # Outcomes
    primary_outcomes = models.JSONField(_("primary outcomes"), default=list, blank=True)
    secondary_outcomes = models.JSONField(_("secondary outcomes"), default=list, blank=True)
    # Dates and numbers
    first_enrolment = models.CharField(
        _("first participant"), max_length=10, blank=True, validators=[validate_partial_date]
    )
    first_enrolment_type = models.CharField(_("this date is"), max_length=10, choices=words.DateType, blank=True)
    completion = models.CharField(_("end of the study"), max_length=10, blank=True, validators=[validate_partial_date])
    completion_type = models.CharField(_("this date is"), max_length=10, choices=words.DateType, blank=True)
    sample_size_target = models.PositiveIntegerField(_("participants planned"), null=True, blank=True)
    sample_size_actual = models.PositiveIntegerField(_("participants so far"), null=True, blank=True)
    # Recruitment
    recruitment_status = models.CharField(_("status"), max_length=30, choices=words.RecruitmentStatus, blank=True)
    why_stopped_nl = models.TextField(_("why it stopped, in Dutch"), blank=True)
    why_stopped_en = models.TextField(_("why it stopped, in English"), blank=True)
    # Governance
    dpia = models.JSONField(_("DPIA"), default=dict, blank=True)
    data_management_plan = models.JSONField(_("data-management plan"), default=dict, blank=True)
    contracts = models.JSONField(_("contracts"), default=list, blank=True)
    # Results
    results_summary_nl = models.TextField(_("summary of the results in Dutch"), blank=True)
    results_summary_en = models.TextField(_("summary of the results in English"), blank=True)
    results_summary_given_on = models.DateField(_("summary of the results given on"), null=True, blank=True)
    ipd_statement_nl = models.TextField(_("sharing of participants' data, in Dutch"), blank=True)
    ipd_statement_en = models.TextField(_("sharing of participants' data, in English"), blank=True)
    # Access
    visibility = models.CharField(
        _("visible to"), max_length=10, choices=words.Visibility, default=words.Visibility.PUBLIC
    )
    embargo_until = models.DateField(_("public from"), null=True, blank=True)
    group_visibility = models.JSONField(_("visibility of parts"), default=dict, blank=True)
    # Owned by services
    publication_state = models.CharField(
        _("publication"), max_length=12, choices=PublicationState, default=PublicationState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    #: changes of a published study that the leading hospital's bureau has not published yet: {field: new value}
    proposed = models.JSONField(default=dict, blank=True, editable=False)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    proposed_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(_("registered"), default=clock.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)

    # Wagtail's table, without its mixin: a revision keeps the record of `record.read` and no column that services own.
    revisions = GenericRelation("wagtailcore.Revision", related_query_name="study")
    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.acronym or pick(self, 'public_title') or _('Untitled study')} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("studies:study", kwargs={"number": self.number})


class ImportedRecord(models.Model):
    """What a registry said last about a study: the base for telling its changes from those that people made here."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="imported")
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    first_seen_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="imported_record_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"
