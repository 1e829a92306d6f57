from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("search")

    def ready(self) -> None:
        """Watch the models of every registered source; the drain becomes part of the worker."""
        from search import schedule, signals

        signals.connect()
        schedule.register()
