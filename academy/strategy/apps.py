"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "academy.strategy"
    verbose_name = _("Strategy")

    def ready(self) -> None:
        from . import search_source, showing  # noqa: F401  they register themselves
