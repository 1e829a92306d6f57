"""Lists that several wings share; edited by administrators, loaded by key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from academy.core.translation import pick


class Term(models.Model):
    """One entry of a list: a stable key and a name in two languages."""

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Stays the same for ever."))
    name_nl = models.CharField(_("name in Dutch"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["name_nl"]

    def __str__(self) -> str:
        return pick(self, "name")


class Specialty(Term):
    joint = models.BooleanField(_("one specialty of both hospitals"), default=False)

    class Meta(Term.Meta):
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")


class CareDomain(Term):
    class Meta(Term.Meta):
        verbose_name = _("care domain")
        verbose_name_plural = _("care domains")


class FunctionFamily(Term):
    """A group of professions; the audience of a course."""

    class Meta(Term.Meta):
        verbose_name = _("function family")
        verbose_name_plural = _("function families")


class Register(Term):
    """A professional register that gives accreditation points, such as GAIA."""

    number_pattern = models.CharField(_("form of its numbers"), max_length=100, blank=True)
    number_kind = models.CharField(_("kind of number"), max_length=60, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("register")
        verbose_name_plural = _("registers")
