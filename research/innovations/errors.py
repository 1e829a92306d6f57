"""Why something did not happen to an innovation; what happens to studies alike is the same error."""

from django.utils.translation import gettext_lazy as _

from research.studies import errors
from research.studies.errors import Incomplete, NoSuchStep

__all__ = ["ChangedMeanwhile", "Clashing", "Incomplete", "NoSuchStep"]


class Clashing(errors.Clashing):
    message = _("Somebody else changed this innovation meanwhile. Both values are given; choose and send again.")


class ChangedMeanwhile(errors.ChangedMeanwhile):
    message = _("The innovation was changed after you opened this page. Read what is new, and decide again.")
