"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "academy.core"
    verbose_name = _("Ground")

    def ready(self) -> None:
        from . import mail  # noqa: F401  registers its drain
        from .imports import own_data, schedule  # noqa: F401  register what imports keep, their drain and cleaning
