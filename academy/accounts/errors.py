"""Why something about persons and roles is refused."""

from django.utils.translation import gettext_lazy as _

from academy.core.errors import NotAllowed, Refused


class OwnRole(NotAllowed):
    code = "own_role"
    message = _("Nobody changes their own roles. Ask another administrator.")


class OtherOrganisation(NotAllowed):
    code = "other_organisation"
    message = _("You administer your own organisation only.")


class NeededElsewhere(Refused):
    code = "needed_elsewhere"
    message = _("This person also has a role in another organisation. End the roles in your own organisation instead.")
