"""From frozen facts to the bytes of a certificate: wording in its language, QR code, one page."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext

from academy.core import wording
from academy.core.pdf import Press

Facts = Mapping[str, Any]

INK = "#15211f"
# The longest name that stays on one line in the settings 1, 2 and 3 of certificate.css; longer ones wrap in setting 4.
NAME_LENGTHS = (34, 62, 100)
SEPARATOR = " · "

press = Press(stylesheet="certificates/certificate.css", artwork=lambda: render_to_string("certificates/artwork.html"))


def render(*, facts: Facts, token: str) -> bytes:
    """The certificate as a tagged PDF/A-3a and PDF/UA-1 file; the same facts and token give the same bytes.

    Raises academy.core.pdf.PdfError: Pango is missing, no font draws a character of the name, or it does not fit.
    """
    return press.print_page(pages(facts=facts, token=token))


def pages(*, facts: Facts, token: str) -> Iterator[str]:
    """The page as HTML, in the setting that suits the name and then in every smaller one."""
    with translation.override(facts["language"]):
        context = page_context(facts, token)
        for setting in range(_first_setting(facts["name"]), len(NAME_LENGTHS) + 2):
            yield render_to_string("certificates/certificate.html", {**context, "setting": setting})


def _first_setting(name: str) -> int:
    return 1 + sum(len(name) > length for length in NAME_LENGTHS)


def page_context(facts: Facts, token: str) -> dict[str, Any]:
    """What the template prints, in the language that is active."""
    title, title_language = title_of(facts)
    return {
        "language": facts["language"],
        "name": facts["name"],
        "wider": needs_wider_font(facts["name"]),
        "title": title,
        "title_language": title_language,
        "organisations": SEPARATOR.join(organisation["short_name"] for organisation in facts["organisations"]),
        "number": wording.number_token(token[:8]),
        "details": details(facts),
        "qr": segno.make(verify_url(token), error="m", micro=False).svg_data_uri(
            border=0, dark=INK, xmldecl=False, omitsize=True, nl=False
        ),
        "verify_address": verify_url(token).partition("://")[2],
        "issued_on": wording.plain_date(date.fromisoformat(facts["issued_on"])),
        "issued": facts["issued_on"],
    }


def needs_wider_font(text: str) -> bool:
    """Whether a letter is outside western Latin: then the whole text takes the wider font, not single letters."""
    return any(letter > "\xff" and not "\u2010" <= letter <= "\u2027" for letter in text)


def title_of(facts: Facts, language: str | None = None) -> tuple[str, str]:
    """Title and its language: the one asked for (default the certificate's own), else the other."""
    wanted = language or facts["language"]
    titles = facts["title"]
    found = next((code for code in (wanted, *titles) if titles.get(code)), wanted)
    return titles.get(found, ""), found


def details(facts: Facts) -> list[str]:
    """Hours and dates in one line, then a line for the points of every register."""
    first = [
        wording.hours(Decimal(facts["hours"])) if Decimal(facts["hours"]) else "",
        gettext("completed on %(date)s") % {"date": _day(facts["completed_on"])},
        gettext("valid until %(date)s") % {"date": _day(facts["valid_until"])} if facts["valid_until"] else "",
    ]
    return [SEPARATOR.join(filter(None, first)), *(_points(entry, facts["language"]) for entry in facts["points"])]


def _points(entry: Mapping[str, Any], language: str) -> str:
    points = Decimal(entry["points"])
    counted = ngettext("%(count)s point", "%(count)s points", 1 if points == 1 else 2) % {
        "count": wording.number(points)
    }
    return f"{counted} {entry['register'].get(language) or entry['register']['nl']}"


def _day(value: str) -> str:
    return wording.plain_date(date.fromisoformat(value))


def verify_url(token: str) -> str:
    """The address, the same in every language, that the QR code holds."""
    return f"{settings.SITE_URL}{reverse('verify', kwargs={'token': wording.number_token(token)})}"
