"""States of a certificate, which may follow which, and how the public sees them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateState(models.TextChoices):
    PENDING = "pending", _("being made")
    PUBLISHED = "published", _("valid")
    REVOKED = "revoked", _("revoked")


S = CertificateState
#: From which state a certificate may go to which; what was revoked stays so.
NEXT: dict[str, frozenset[str]] = {
    "": frozenset({S.PENDING}),
    S.PENDING: frozenset({S.PUBLISHED, S.REVOKED}),
    S.PUBLISHED: frozenset({S.REVOKED}),
    S.REVOKED: frozenset(),
}


class Standing(models.TextChoices):
    """What a certificate is worth today; follows from its state and its last day."""

    PENDING = "pending", _("being made")
    VALID = "valid", _("valid")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
