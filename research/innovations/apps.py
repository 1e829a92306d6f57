"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "research.innovations"
    verbose_name = _("Innovations")

    def ready(self) -> None:
        """Rules enter their registry on import, whoever asks first."""
        from . import desk_items, doors, following, importing, mail_words, own_data, permissions, search_source, showing  # noqa: F401  they register themselves
