"""The room in Django's registry."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "courses.certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        """The rule listens to outcomes; rules and the drain enter their registries on import."""
        from courses.enrolment.signals import enrolment_finished

        from . import permissions, services, sharing  # noqa: F401  they register themselves

        enrolment_finished.connect(services.follow_outcome, dispatch_uid="certificates")
