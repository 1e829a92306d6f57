"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "academy.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import following, importing, mails, own_data  # noqa: F401  they register themselves

        following.connect()
