"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "research.studies"
    verbose_name = _("Studies")

    def ready(self) -> None:
        """Rules enter their registry on import, whoever asks first."""
        from . import desk_items, following, importing, mail_words, permissions, search_source, showing  # noqa: F401  they register themselves
