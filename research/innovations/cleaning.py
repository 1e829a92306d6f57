"""Values of the fields of an innovation that can be stored. What a gate asks for besides; see `gates`."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core.cleaning import (
    Cleaner,
    Unfit,
    address,
    day,
    each_field,
    key_number,
    of_column,
    one_of,
    row,
    rows,
    text,
    web_address,
    whole_number,
    yes_or_no,
)

from . import vocabularies as words
from .models import SHORT, Innovation
from .record import FIELDS, MANY_KEYS, ONE_KEY, Record, figure

_MOST = Decimal("1e9")


def number(value: Any) -> str | None:
    """A number with at most four decimals, as text; it may be below zero."""
    if value in ("", None):
        return None
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        found = Decimal(str(value)).quantize(Decimal("0.0001"))
        fits = -_MOST < found < _MOST
    except InvalidOperation:
        fits = False
    if not fits:
        raise Unfit(_("Write a number, such as 12.5."))
    return figure(found + 0)  # no minus before a zero


def _not_negative(value: Any) -> str | None:
    found = number(value)
    if found and found.startswith("-"):
        raise Unfit(_("Write a number from 0 on."))
    return found


def _cents(value: Any) -> str | None:
    """An amount of euros, at most two decimals."""
    found = _not_negative(value)
    return figure(Decimal(found).quantize(Decimal("0.01"))) if found else found


def _year(value: Any) -> int | None:
    year = whole_number(value)
    if year is not None and not 1990 <= year <= 2199:
        raise Unfit(_("Write a year of four digits, such as 2026."))
    return year


def _key(value: Any) -> str:
    """The key of a row; a new one where there is none yet."""
    written = text(60)(value)
    if written and not re.fullmatch(r"[\w.-]+", written, re.ASCII):
        raise Unfit(_("“%(value)s” is not one of the choices.") % {"value": written})
    return written or uuid4().hex


def _yes(value: Any) -> bool:
    return bool(yes_or_no(value))


def _keys(value: Any) -> list[str]:
    return sorted(set(rows(text(60))(value)))


def _unlike(name: str, cleaner: Cleaner, message: Promise) -> Cleaner:
    """Rows of which no two have the same `name`."""

    def clean(value: Any) -> list[Record]:
        cleaned = cleaner(value)
        names = [entry[name] for entry in cleaned]
        if len(set(names)) < len(names):
            raise Unfit(str(message))
        return cleaned

    return clean


def _benefits(value: Any) -> list[Record]:
    """Rows in which only the key is filled in are left out, before rows without a key get one."""
    parts = {
        "key": text(60),
        "category": one_of(words.Aim),
        "disbenefit": _yes,
        "owner": key_number,
        "kpi_nl": text(SHORT),
        "kpi_en": text(SHORT),
        "unit": text(40),
        **dict.fromkeys(("baseline", "target", "estimate", "validated", "actual"), number),
        "estimated_on": day,
        "measured_on": day,
    }
    cleaned = [
        entry
        for entry in rows(row(**parts))(value)
        if any(part not in ("", None, False) for name, part in entry.items() if name not in ("key", "owner"))
    ]
    for entry in cleaned:
        entry["key"] = _key(entry["key"])
        if not entry["category"]:
            raise Unfit(_("Choose a category for each benefit."))
    return cleaned


def _complete(name: str, message: Promise, cleaner: Cleaner) -> Cleaner:
    """Rows that all have this part."""

    def clean(value: Any) -> list[Record]:
        cleaned = cleaner(value)
        if any(entry[name] in ("", None) for entry in cleaned):
            raise Unfit(str(message))
        return cleaned

    return clean


def _fte_figures(value: Any) -> list[Record]:
    """A figure is never bare: minutes before and after, and how many cases."""
    parts = {
        "measure": one_of(words.Measure),
        "minutes_before": _not_negative,
        "minutes_after": _not_negative,
        "cases_per_year": whole_number,
    }
    cleaned = [
        entry
        for entry in rows(row(**parts))(value)
        if any(part not in ("", None) for name, part in entry.items() if name != "measure")
    ]
    if any(part in ("", None) for entry in cleaned for part in entry.values()):
        raise Unfit(_("Give minutes per case before and after, and the cases a year, for each figure."))
    if any(Decimal(entry[name]) > 100_000 for entry in cleaned for name in ("minutes_before", "minutes_after")):
        raise Unfit(_("At most 100,000 minutes per case."))
    return cleaned


def _hours(value: Any) -> int:
    hours = whole_number(value)
    if hours is not None and not 100 <= hours <= 3000:
        raise Unfit(_("Between 100 and 3,000 hours a year, such as 1550."))
    return hours or FIELDS["hours_per_fte"].empty


_CLEANERS: dict[str, Cleaner] = {
    **dict.fromkeys(MANY_KEYS, _keys),
    **dict.fromkeys(ONE_KEY, text(60)),
    "owner": key_number,
    "sponsor": key_number,
    "contact_email": address,
    "catalogue_url": web_address,
    "urgent": _yes,
    "aims": lambda value: [aim for aim in words.Aim.values if aim in rows(one_of(words.Aim))(value)],
    "hours_per_fte": _hours,
    "compliance": _unlike(
        "kind",
        _complete(
            "kind",
            gettext_lazy("Choose what each row is about."),
            rows(
                row(
                    kind=one_of(words.ComplianceKind),
                    state=lambda value: one_of(words.ComplianceState)(value) or words.ComplianceState.UNKNOWN.value,
                    on=day,
                    document=key_number,
                )
            ),
        ),
        gettext_lazy("Something is in the list twice."),
    ),
    "dependencies": _complete(
        "kind",
        gettext_lazy("Choose what each row is about."),
        rows(
            row(
                kind=one_of(words.DependencyKind),
                name=text(SHORT),
                state=lambda value: one_of(words.DependencyState)(value) or words.DependencyState.OPEN.value,
                note_nl=text(2000),
                note_en=text(2000),
            )
        ),
    ),
    "benefits": _unlike("key", _benefits, gettext_lazy("Something is in the list twice.")),
    "fte_figures": _unlike("measure", _fte_figures, gettext_lazy("Each kind of figure stands here once.")),
    "money": _complete(
        "year",
        gettext_lazy("Give the year of each row."),
        rows(
            row(
                year=_year,
                funder=text(60),
                funder_name=text(SHORT),
                kind=lambda value: one_of(words.MoneyKind)(value) or words.MoneyKind.ONE_OFF.value,
                budget_eur=_cents,
                spent_eur=_cents,
            )
        ),
    ),
    "team": _unlike(
        "person",
        _complete(
            "person",
            gettext_lazy("Choose a colleague for each row."),
            rows(row(person=key_number, function=text(SHORT))),
        ),
        gettext_lazy("Somebody is in the team twice."),
    ),
    "visibility": lambda value: one_of(words.Visibility)(value) or words.Visibility.PUBLIC.value,
}
CLEANERS: dict[str, Cleaner] = {
    name: _CLEANERS.get(name) or of_column(Innovation._meta.get_field(name)) for name in FIELDS
}


def clean(values: Mapping[str, Any]) -> Record:
    """The values as they are stored; raises `InvalidInput` with a message at each field that cannot be."""
    return each_field(values, CLEANERS, _("“%(name)s” is no field of an innovation."))


def as_now(record: Record) -> Record:
    """An old version in the form that records have today: a field or part that is newer is empty in it."""
    return {name: _as_now(name, record.get(name, entry.empty)) for name, entry in FIELDS.items()}


def _as_now(name: str, value: Any) -> Any:
    """What cannot be stored any more stays as it was."""
    try:
        return CLEANERS[name](value)
    except Unfit:
        return value
