"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "academy.cms"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from . import menus, schedule, search_source, sitemap  # noqa: F401  they register themselves
        from .plans import belonging  # noqa: F401
