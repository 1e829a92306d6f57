"""A certificate in words: the verdict, its facts for strangers, its badge, its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.accounts.models import User
from academy.core import events, wording
from academy.core.badges import Badge
from academy.core.translation import Text, current

from .models import Certificate
from .render import title_of
from .states import Standing

VERBS = {
    "award": gettext_lazy("awarded"),
    "publish": gettext_lazy("file made"),
    "revoke": gettext_lazy("revoked"),
    "reduce_name": gettext_lazy("name reduced to initials"),
    "show_name": gettext_lazy("full name shown again"),
    "read": gettext_lazy("seen"),
    "download": gettext_lazy("downloaded"),
}
TONES = {
    Standing.PENDING: "info",
    Standing.VALID: "positive",
    Standing.EXPIRED: "warning",
    Standing.REVOKED: "negative",
}


@dataclass(frozen=True)
class Verdict:
    """The answer on the check page."""

    title: str
    text: str
    tone: str


@dataclass(frozen=True)
class Step:
    """One event in the history of a certificate."""

    at: Any
    what: str
    who: str
    reason: str


def verdict(certificate: Certificate) -> Verdict:
    """Valid, expired, revoked or being made, with the date that matters."""
    standing = certificate.standing
    title, text = {
        Standing.VALID: (
            _("This certificate is valid"),
            _("Issued by the Joint Academy and not revoked."),
        ),
        Standing.EXPIRED: (
            _("This certificate has expired"),
            _("It was valid until %(date)s and was not revoked.") % {"date": _plain(certificate.valid_until)},
        ),
        Standing.REVOKED: (
            _("This certificate has been revoked"),
            _("It no longer holds since %(date)s.") % {"date": _plain(certificate.revoked_at)},
        ),
        Standing.PENDING: (
            _("This certificate is being made"),
            _("It has been awarded and not revoked. The file follows soon."),
        ),
    }[standing]
    return Verdict(title, text, TONES[standing])


def badge(certificate: Certificate) -> Badge:
    """The standing in a word or two."""
    return Badge(certificate.standing.label, TONES[certificate.standing])


def title(certificate: Certificate) -> Text:
    """The title of what was completed, in the reader's language where there is one."""
    words, language = title_of(certificate.facts, current())
    return Text(words, language, language != current())


def entry(certificate: Certificate) -> dict[str, Any]:
    """A certificate with what a list shows of it."""
    return {"certificate": certificate, "badge": badge(certificate), "title": title(certificate)}


def public_rows(certificate: Certificate) -> list[tuple[str, Any]]:
    """What a stranger needs to check a certificate, and no more: of a revoked one not even the name.

    The reason of a revocation is left out: it is between the course manager and the holder, and often personal.
    """
    facts = certificate.facts
    number = (_("Number"), wording.number_token(certificate.token))
    achieved, issued = (_("Achieved"), title(certificate)), (_("Issued on"), _iso(facts["issued_on"]))
    if certificate.standing == Standing.REVOKED:
        return [number, achieved, issued, (_("Revoked on"), _plain(certificate.revoked_at))]
    return [
        number,
        (_("Holder"), _holder(certificate)),
        achieved,
        (_("Completed on"), _iso(facts["completed_on"])),
        issued,
        (_("Valid until"), _iso(facts["valid_until"])),
        (_("Points"), points(facts)),
        (_("Course of"), ", ".join(_in_language(owner["name"]) for owner in facts["organisations"])),
    ]


def full_rows(certificate: Certificate) -> list[tuple[str, Any]]:
    """Everything that was frozen, for who keeps or audits the certificate."""
    facts = certificate.facts
    file = getattr(certificate, "file", None)
    return [
        (_("Number"), wording.number_token(certificate.token)),
        (_("Holder"), facts["name"]),
        (_("Run"), facts["run"]),
        (_("Hours"), wording.hours(Decimal(facts["hours"]))),
        (_("Completed on"), _iso(facts["completed_on"])),
        (_("Issued on"), _iso(facts["issued_on"])),
        (_("Valid until"), _iso(facts["valid_until"])),
        (_("Points"), points(facts)),
        (_("Revoked on"), _plain(certificate.revoked_at)),
        (_("Reason"), certificate.revoke_reason),
        (_("File"), f"{wording.file_size(file.size)}, SHA-256 {file.sha256}" if file else ""),
    ]


def points(facts: dict[str, Any]) -> list[str]:
    """`6 · Kwaliteitsregister V&V`, one per register."""
    return [
        f"{wording.number(Decimal(entry['points']))} · {_in_language(entry['register'])}" for entry in facts["points"]
    ]


def history(certificate: Certificate) -> list[Step]:
    """Every event of this certificate, the newest first, with names in one query."""
    rows = list(events.of(certificate))
    names = _names(row.actor_id for row in rows)
    return [
        Step(
            at=row.at,
            what=str(VERBS.get(row.verb, row.verb)),
            who=names.get(row.actor_id, _("by rule") if not row.actor_id else row.actor_id),
            reason=row.reason,
        )
        for row in rows
    ]


def _names(ids: Iterable[str]) -> dict[str, str]:
    wanted = {int(pk) for pk in ids if pk}
    return {str(person.pk): person.full_name for person in User.objects.filter(pk__in=wanted)}


def _holder(certificate: Certificate) -> Any:
    if not certificate.show_initials:
        return certificate.shown_name
    note = _("the holder shows initials only")
    return format_html('{} <span class="small subtle">{}</span>', certificate.shown_name, note)


def _in_language(words: dict[str, str]) -> str:
    return words.get(current()) or words["nl"]


def _plain(day: Any) -> str:
    return wording.plain_date(day) if day else ""


def _iso(day: str | None) -> str:
    return _plain(date.fromisoformat(day)) if day else ""
