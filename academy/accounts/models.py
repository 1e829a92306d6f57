"""Persons, organisations and who belongs where, in which role, from when until when."""

import hashlib
import secrets
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from academy.core import clock
from academy.core.translation import pick
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A person who logs in with this e-mail address; the address is kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the e-mail address is the login."""

    email = models.EmailField(_("e-mail address"), unique=True)
    given_name = models.CharField(_("given name"), max_length=100)
    infix = models.CharField(_("infix"), max_length=30, blank=True)
    family_name = models.CharField(_("family name"), max_length=150)
    job_title_nl = models.CharField(_("job title in Dutch"), max_length=200, blank=True)
    job_title_en = models.CharField(_("job title in English"), max_length=200, blank=True)
    function_family = models.ForeignKey(
        FunctionFamily, models.SET_NULL, null=True, blank=True, verbose_name=_("function family")
    )
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    preferred_language = models.CharField(
        _("language"), max_length=2, default="nl", choices=[("nl", _("Dutch")), ("en", _("English"))]
    )
    is_active = models.BooleanField(_("may log in"), default=True)
    # Counted up to end every session of the person: it is a part of what a session is checked against.
    sessions_version = models.PositiveIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=clock.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["family_name", "given_name"]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.infix, self.family_name) if part)

    @property
    def initials(self) -> str:
        """The first letters with points, to tell one colleague from another without the name."""
        return "".join(f"{part[0]}." for part in (self.given_name, self.family_name) if part)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        value = f"{self.password}:{self.sessions_version}"
        return salted_hmac("academy.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.given_name


class Organisation(models.Model):
    """A hospital, partner, insurer, municipality …; hospitals with the role `owner` own courses and studies."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name_nl = models.CharField(_("name in Dutch"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=40)
    kind = models.SlugField(_("kind"), max_length=40)
    roles = models.JSONField(_("roles"), default=list, blank=True, help_text=_("Such as owner, partner, insurer."))
    ror = models.CharField("ROR", max_length=9, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    other_locations = models.JSONField(_("other locations"), default=list, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    mail_domains = models.JSONField(
        _("e-mail domains"),
        default=list,
        blank=True,
        help_text=_("Whoever confirms an address in one of these domains becomes a member."),
    )
    note_nl = models.TextField(_("note in Dutch"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_nl"]

    def __str__(self) -> str:
        return pick(self, "name")


class Unit(models.Model):
    """A department; its team manager also manages what lies under it."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units", verbose_name=_("organisation"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    name_nl = models.CharField(_("name in Dutch"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    location = models.CharField(_("location"), max_length=80, blank=True)
    specialty = models.ForeignKey(Specialty, models.SET_NULL, null=True, blank=True, verbose_name=_("specialty"))
    care_domain = models.ForeignKey(CareDomain, models.SET_NULL, null=True, blank=True, verbose_name=_("care domain"))

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["organisation", "name_nl"]

    def __str__(self) -> str:
        return f"{pick(self, 'name')}, {self.organisation.short_name}"

    def clean(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A unit cannot be a part of itself.")})
            above = above.parent


class Role(models.TextChoices):
    MEMBER = "member", _("member")
    TEAM_MANAGER = "team_manager", _("team manager")
    COURSE_MANAGER = "course_manager", _("course manager")
    RESEARCHER = "researcher", _("researcher")
    SCIENCE_BUREAU = "science_bureau", _("science bureau")
    INNOVATION_MANAGER = "innovation_manager", _("innovation manager")
    EDITOR = "editor", _("editor")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class Source(models.TextChoices):
    DOMAIN = "domain", _("e-mail domain")
    SIGN_ON = "sign_on", _("single sign-on")
    CONFIRMED = "confirmed", _("confirmed by an administrator")


class MembershipQuerySet(models.QuerySet):
    def in_force(self, on=None) -> "MembershipQuerySet":
        """Memberships that hold on this day (today when not given); the last day counts."""
        day = on or clock.today()
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


class Membership(models.Model):
    """A role of a person in an organisation, or in one unit of it; several add up."""

    person = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role, default=Role.MEMBER)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day on which it holds."))
    source = models.CharField(_("follows from"), max_length=20, choices=Source, default=Source.CONFIRMED)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["person", "role"]
        constraints = [
            # Two constraints, since NULL differs from NULL on every database that runs here.
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(unit=None), name="membership_once"
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "role"], condition=Q(unit__isnull=False), name="membership_of_unit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.unit or self.organisation}"

    def clean(self) -> None:
        if self.unit_id and self.organisation_id and self.unit.organisation_id != self.organisation_id:
            raise ValidationError({"unit": _("This unit belongs to another organisation.")})
        if self.role == Role.TEAM_MANAGER and not self.unit_id:
            raise ValidationError({"unit": _("A team manager manages a unit: choose one.")})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first.")})


class RegisterNumber(models.Model):
    """A person's number in a professional register; one person may be in several."""

    person = models.ForeignKey(User, models.CASCADE, related_name="register_numbers", verbose_name=_("person"))
    register = models.ForeignKey(Register, models.PROTECT, verbose_name=_("register"))
    number = models.CharField(_("number"), max_length=40)

    class Meta:
        verbose_name = _("register number")
        verbose_name_plural = _("register numbers")
        constraints = [models.UniqueConstraint(fields=["person", "register"], name="one_number_per_register")]

    def __str__(self) -> str:
        return f"{self.register}: {self.number}"


class ApiTokenQuerySet(models.QuerySet):
    def usable(self) -> "ApiTokenQuerySet":
        """Tokens that open the API now."""
        return self.filter(revoked_at=None, person__is_active=True).filter(
            Q(expires_at=None) | Q(expires_at__gt=clock.now())
        )

    def for_secret(self, secret: str) -> "ApiToken | None":
        """The usable token of this secret, or None."""
        return self.usable().select_related("person").filter(digest=ApiToken.digest_of(secret)).first()


class ApiToken(models.Model):
    """A personal key to the API; the secret is shown once and kept only as a hash."""

    person = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(_("begins with"), max_length=12)
    scopes = models.JSONField(_("it may"), default=list)
    created_at = models.DateTimeField(_("made"), default=clock.now)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def last_day(self) -> date | None:
        """The day until whose midnight the token opens anything; None when it never ends."""
        return clock.day_of(self.expires_at - timedelta(seconds=1)) if self.expires_at else None

    @staticmethod
    def new_secret() -> str:
        """256 random bits behind a prefix that secret scanners recognise."""
        return f"academy_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(secret: str) -> str:
        """SHA-256 suffices without salt, since the secret is random and long."""
        return hashlib.sha256(secret.encode()).hexdigest()
