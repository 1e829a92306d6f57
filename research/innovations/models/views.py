"""Lists as somebody wants to see them again: columns, filters and order under a name of their own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User


class SavedView(models.Model):
    """One way in which a person looks at the portfolio; the default one is what the list opens with.

    `columns` are names of `columns.COLUMNS`, `query` the filters as `filtering.Filter.query_string` writes them,
    `order` one of `listing.ORDERS`. Whatever is not known any more is passed over.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="innovation_views", verbose_name=_("person"))
    name = models.CharField(_("name of the view"), max_length=60)
    columns = models.JSONField(_("columns"), default=list)
    query = models.CharField(_("filters"), max_length=2000, blank=True)
    order = models.CharField(_("sort by"), max_length=20, blank=True)
    is_default = models.BooleanField(_("the list opens with this view"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="innovation_view_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_default=True), name="one_default_view_per_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name
