"""What this room leaves with others: its part of the desk, the way to the overview, personal data."""

from typing import Any

import rules
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import registries
from academy.core.registries import Door, Section

from . import selectors
from .showing import entry

SHOWN = 5


@registries.desk_sections.register("certificates")
def my_certificates(person: User) -> Section | None:
    """The newest certificates; nothing for somebody who has none."""
    entries = [entry(certificate) for certificate in selectors.of_person(person)[:SHOWN]]
    return Section("certificates/parts/my_certificates.html", {"entries": entries}) if entries else None


@registries.doors.register("certificates")
def doors(person: User) -> list[Door]:
    """The overview, for course managers and auditors."""
    may = rules.has_perm("certificates.list", person)
    return [Door(_("Certificates"), reverse("certificates:overview"), "award")] if may else []


@registries.personal_data.register("certificates")
def personal_data(person: User) -> dict[str, Any]:
    """Every certificate with its facts, for "export my data"."""
    return {
        "certificates": [
            {
                "token": certificate.token,
                "state": certificate.state,
                "awarded_at": certificate.awarded_at.isoformat(),
                "facts": certificate.facts,
                "show_initials": certificate.show_initials,
                "revoked_at": certificate.revoked_at.isoformat() if certificate.revoked_at else None,
                "revoke_reason": certificate.revoke_reason,
            }
            for certificate in selectors.of_person(person)
        ]
    }
