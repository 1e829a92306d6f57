"""Dates of which only the year or the month is known: "2026", "2026-05", "2026-05-12"."""

import re
from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from academy.core.cleaning import is_sensible

_FORM = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", re.ASCII)


def validate_partial_date(text: str) -> None:
    """Refuse what is no year, month or day that exists."""
    if earliest(text) is None:
        raise ValidationError(
            _("Write a date as 2026-05-12, or 2026-05 or 2026 when you know no more."), "partial_date"
        )


def earliest(text: str) -> date | None:
    """The first day that the text may mean; None when it is no date, or one of which the year is a slip."""
    found = _FORM.match(text or "")
    if not found:
        return None
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return first if is_sensible(first) else None


def latest(text: str) -> date | None:
    """The last day that the text may mean; None when it is no date."""
    first = earliest(text)
    if first is None or len(text) == 10:
        return first
    month = first.month if len(text) == 7 else 12
    return date(first.year, month, monthrange(first.year, month)[1])
