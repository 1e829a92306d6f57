"""Studies with their sites, reviews, approvals, deadlines and documents.

What people fill in is listed in `record.py`; lists of values that belong to one study alone are JSON columns, and what
is looked up across studies (identifiers, organisations, people, sites) has a table.
"""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.core.imports.models import private_files
from academy.core.translation import pick
from academy.strategy.models import Programme
from academy.taxonomy.models import CareDomain, Specialty

from . import vocabularies as words
from .dates import validate_partial_date
from .states import ApprovalState, PublicationState, ReviewState

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


class Identifier(models.Model):
    """A number that an authority gave the study; `key` is what makes two spellings the same number."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="identifiers")
    authority = models.CharField(_("given by"), max_length=20, choices=words.Authority)
    number = models.CharField(_("number"), max_length=200)
    key = models.CharField(max_length=200, db_index=True, editable=False)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["study", "authority", "key"], name="study_identifier_once")]

    def __str__(self) -> str:
        return f"{self.get_authority_display()} {self.number}"


class Party(models.Model):
    """A sponsor or funder: one of our organisations, or a name with perhaps a ROR id."""

    class Kind(models.TextChoices):
        PRIMARY_SPONSOR = "primary_sponsor", _("sponsor")
        SECONDARY_SPONSOR = "secondary_sponsor", _("other sponsor")
        FUNDER = "funder", _("funder")

    study = models.ForeignKey(Study, models.CASCADE, related_name="parties")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=SHORT, blank=True)
    ror = models.CharField("ROR", max_length=9, blank=True)
    grant_number = models.CharField(_("grant number"), max_length=100, blank=True)
    amount_eur = models.DecimalField(_("amount in euros"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("sponsor or funder")
        verbose_name_plural = _("sponsors and funders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["study"], condition=Q(kind="primary_sponsor"), name="one_primary_sponsor")
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return pick(self.organisation, "name") if self.organisation else self.name

    @property
    def shown_ror(self) -> str:
        return self.ror or (self.organisation.ror if self.organisation else "")


class Contributor(models.Model):
    """Somebody who works on the study, linked to a person or by name; rights follow from `Access`, not from this."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="contributors")
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="contributions_to_studies", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=SHORT, blank=True)
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    role = models.CharField(_("role"), max_length=30, choices=words.ContributorRole)
    site = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hospital")
    )
    affiliation = models.CharField(_("works at"), max_length=SHORT, blank=True)
    certificate = models.CharField(_("certificate"), max_length=4, choices=words.ResearchCertificate, blank=True)
    certificate_expires_on = models.DateField(_("certificate valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.person.full_name if self.person else self.name

    @property
    def shown_orcid(self) -> str:
        return self.orcid or (self.person.orcid if self.person else "")


class Output(models.Model):
    """What came out of a study: an article, a dataset, a protocol …"""

    study = models.ForeignKey(Study, models.CASCADE, related_name="outputs")
    type = models.CharField(_("kind"), max_length=20, choices=words.OutputType)
    title_nl = models.CharField(_("title in Dutch"), max_length=LONG_TITLE, blank=True)
    title_en = models.CharField(_("title in English"), max_length=LONG_TITLE, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    published = models.CharField(_("published"), max_length=10, blank=True, validators=[validate_partial_date])

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return pick(self, "title") or self.doi


class Site(models.Model):
    """A hospital that takes part; exactly one of a study's sites leads."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="sites")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="study_sites", verbose_name=_("hospital")
    )
    leading = models.BooleanField(_("leads the study"), default=False)
    planned_inclusions = models.PositiveIntegerField(_("participants planned here"), null=True, blank=True)
    signatory = models.CharField(_("signs the suitability declaration (VGO)"), max_length=SHORT, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["-leading", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "organisation"], name="study_site_once"),
            models.UniqueConstraint(fields=["study"], condition=Q(leading=True), name="one_leading_site"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}: {self.study.number}"


class RecruitmentCount(models.Model):
    """How many people were screened, included and withdrawn at a site in the period that begins on this day."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="counts")
    on = models.DateField(_("from"))
    screened = models.PositiveIntegerField(_("screened"), default=0)
    included = models.PositiveIntegerField(_("included"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)

    class Meta:
        verbose_name = _("figures of recruitment")
        verbose_name_plural = _("figures of recruitment")
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["site", "on"], name="recruitment_count_once")]

    def __str__(self) -> str:
        return f"{self.site}, {self.on}"


class Access(models.Model):
    """Who of the team may see or edit the study before it is published, and what is for the team afterwards.

    Somebody without an account is invited by address; the invitation becomes theirs when they log in with it.
    """

    class Level(models.TextChoices):
        VIEWER = "viewer", _("may read")
        EDITOR = "editor", _("may edit")

    study = models.ForeignKey(Study, models.CASCADE, related_name="access")
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="study_access")
    email = models.EmailField(_("e-mail address"))
    level = models.CharField(_("may"), max_length=10, choices=Level, default=Level.VIEWER)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["study", "email"], name="study_access_once")]

    def __str__(self) -> str:
        return f"{self.person or self.email}: {self.get_level_display()}"


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
