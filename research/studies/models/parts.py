"""What is looked up across studies: numbers, sponsors, people, outputs, hospitals, and who has access."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Organisation, User
from academy.core import clock
from academy.core.translation import pick

from .. import vocabularies as words
from ..dates import validate_partial_date
from .study import LONG_TITLE, SHORT, Study


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
