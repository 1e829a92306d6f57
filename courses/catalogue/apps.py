"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "courses.catalogue"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from . import importing, search_source, showing  # noqa: F401  they register themselves
