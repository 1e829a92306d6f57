"""Refusals of this room."""

from django.utils.translation import gettext_lazy as _

from academy.core.errors import Refused


class NotCompleted(Refused):
    code = "not_completed"
    message = _("A certificate needs the outcome “completed”. Record the outcome first.")


class CertificateHolds(Refused):
    code = "certificate_holds"
    message = _("There is a certificate for this outcome. Revoke it first, then correct the outcome.")


class AlreadyRevoked(Refused):
    code = "already_revoked"
    message = _("This certificate has been revoked before.")
