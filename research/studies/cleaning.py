"""Values that can be stored: types, lengths and words of the lists. What is stored may still be wrong; see `checks`."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from academy.core.errors import InvalidInput

from . import identifiers
from . import vocabularies as words
from .dates import is_sensible
from .models import LONG_TITLE, SHORT, Study
from .record import FIELDS, GROUPS, Record

LONGEST_TEXT = 30_000
MOST_ROWS = 3_000
MOST_NUMBER = 2_147_483_647  # what every database keeps in an integer column


class Unfit(Exception):
    """A value that cannot be stored, with what is wrong as the only argument."""


Cleaner = Callable[[Any], Any]
#: what no database keeps: NUL, and halves of characters, which JSON can spell
_HALF_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


def text(limit: int) -> Cleaner:
    """Words of at most so many characters."""

    def clean(value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Unfit(_("This has to be text."))
        tidy = _HALF_CHARACTERS.sub("", value.replace("\r\n", "\n")).strip()
        if len(tidy) > limit:
            raise Unfit(_("At most %(limit)s characters; these are %(n)s.") % {"limit": limit, "n": len(tidy)})
        return tidy

    return clean


def one_of(choices: type[models.TextChoices]) -> Cleaner:
    """A code of this list, or nothing."""

    def clean(value: Any) -> str:
        if value in ("", None):
            return ""
        if not isinstance(value, str) or value not in choices.values:
            raise Unfit(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:80]})
        return value

    return clean


def whole_number(value: Any) -> int | None:
    if value in ("", None):
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Unfit(_("Write a whole number."))
    try:
        number = int(value)
    except ValueError:
        raise Unfit(_("Write a whole number.")) from None
    if not 0 <= number <= MOST_NUMBER:
        raise Unfit(_("Write a whole number from 0 on."))
    return number


def yes_or_no(value: Any) -> bool | None:
    if value in ("", None):
        return None
    if not isinstance(value, bool):
        raise Unfit(_("Choose yes or no."))
    return value


def day(value: Any) -> str | None:
    """A whole date, as its ISO text."""
    if value in ("", None):
        return None
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or not is_sensible(found):
        raise Unfit(_("Write a date as 2026-05-12."))
    return found.isoformat()


def amount(value: Any) -> str | None:
    """Euros with at most two decimals, as text."""
    if value in ("", None):
        return None
    try:
        euros = Decimal(str(value)).quantize(Decimal("0.01"))
        fits = 0 <= euros < Decimal("1e10")
    except InvalidOperation:  # no number, too many digits, or NaN, which is neither more nor less than anything
        fits = False
    if not fits:
        raise Unfit(_("Write an amount in euros, such as 12500.00."))
    return str(euros)


def key_number(value: Any) -> int | None:
    """The primary key of a person."""
    return whole_number(value)


def address(value: Any) -> str:
    tidy = text(254)(value)
    if tidy:
        try:
            validate_email(tidy)
        except ValidationError:
            raise Unfit(_("Write an e-mail address, such as name@example.org.")) from None
    return tidy


def web_address(value: Any) -> str:
    tidy = text(500)(value)
    if tidy and not tidy.startswith(("https://", "http://")):
        raise Unfit(_("Write a web address that begins with https://."))
    return tidy


def row(**parts: Cleaner) -> Cleaner:
    """A dict of exactly these parts; those that are not given are empty."""

    def clean(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Unfit(_("Each row has to be an object with names and values."))
        if unknown := set(value) - set(parts):
            raise Unfit(_("“%(name)s” is not known here.") % {"name": min(map(str, unknown))[:80]})
        return {name: cleaner(value.get(name)) for name, cleaner in parts.items()}

    return clean


def rows(cleaner: Cleaner) -> Cleaner:
    """A list; rows in which nothing is filled in are left out."""

    def clean(value: Any) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise Unfit(_("This has to be a list."))
        if len(value) > MOST_ROWS:
            raise Unfit(_("At most %(limit)s rows.") % {"limit": MOST_ROWS})
        cleaned = [cleaner(entry) for entry in value]
        return [entry for entry in cleaned if not _blank(entry)]

    return clean


def _blank(entry: Any) -> bool:
    return not any(entry.values()) if isinstance(entry, dict) else entry in ("", None)


def perhaps(cleaner: Cleaner, nothing: Any) -> Cleaner:
    """A row that may be missing."""

    def clean(value: Any) -> Any:
        if not value:
            return nothing
        cleaned = cleaner(value)
        return nothing if _blank(cleaned) else cleaned

    return clean


def _visibilities(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Unfit(_("This has to be an object with names and values."))
    if unknown := set(value) - set(GROUPS):
        raise Unfit(_("“%(name)s” is not known here.") % {"name": min(map(str, unknown))[:80]})
    cleaned = {name: one_of(words.Visibility)(level) for name, level in value.items()}
    return {name: level for name, level in cleaned.items() if level}


def _from_address(beginning: str, limit: int) -> Cleaner:
    """A number that people also write as the address that it has; without that beginning and in one spelling."""

    address = re.compile(rf"(https?://)?(www\.)?{re.escape(beginning)}/", re.IGNORECASE)

    def clean(value: Any) -> str:
        written = text(SHORT)(value)
        found = address.match(written)
        return text(limit)((written[found.end() :] if found else written).strip("/"))

    return clean


def orcid(value: Any) -> str:
    return _from_address("orcid.org", 19)(value).upper()


def ror(value: Any) -> str:
    return _from_address("ror.org", 9)(value).lower()


def _identifier(value: Any) -> Record:
    """The number as its authority writes it."""
    written = row(authority=one_of(words.Authority), number=text(SHORT))(value)
    return {**written, "number": text(SHORT)(identifiers.tidy(**written))}


def _sites(value: Any) -> list[Record]:
    """The hospitals in the order in which they are read again, so that another order is no change."""
    one = row(organisation=text(60), leading=_is_leading, planned_inclusions=whole_number, signatory=text(SHORT))
    return sorted(rows(one)(value), key=lambda site: (not site["leading"], site["organisation"]))


def _is_leading(value: Any) -> bool:
    return bool(yes_or_no(value))


_party = {"organisation": text(60), "name": text(SHORT), "ror": ror}
_localised = {"name_nl": text(SHORT * 2), "name_en": text(SHORT * 2)}
_outcome = row(measure_nl=text(2000), measure_en=text(2000), time_frame_nl=text(1000), time_frame_en=text(1000))
_plan = perhaps(row(state=one_of(words.PlanState), on=day, owner=text(SHORT)), {})

_ROWS: dict[str, Cleaner] = {
    "keywords": rows(text(SHORT)),
    "programmes": lambda value: sorted(set(rows(text(60))(value))),
    "phases": rows(one_of(words.Phase)),
    "identifiers": rows(_identifier),
    "conditions": rows(row(code_system=text(40), code=text(40), **_localised)),
    "interventions": rows(row(type=one_of(words.InterventionType), **_localised)),
    "primary_outcomes": rows(_outcome),
    "secondary_outcomes": rows(_outcome),
    "sites": _sites,
    "primary_sponsor": perhaps(row(**_party), None),
    "secondary_sponsors": rows(row(**_party)),
    "funders": rows(row(**_party, grant_number=text(100), amount_eur=amount)),
    "contributors": rows(
        row(
            person=key_number,
            name=text(SHORT),
            orcid=orcid,
            role=one_of(words.ContributorRole),
            site=text(60),
            affiliation=text(SHORT),
            certificate=one_of(words.ResearchCertificate),
            certificate_expires_on=day,
        )
    ),
    "countries": rows(text(2)),
    "locations": rows(row(facility=text(LONG_TITLE), city=text(SHORT), country=text(SHORT), status=text(40))),
    "dpia": _plan,
    "data_management_plan": _plan,
    "contracts": rows(
        row(kind=one_of(words.ContractKind), parties=rows(text(SHORT)), state=one_of(words.ContractState), on=day)
    ),
    "outputs": rows(
        row(
            type=one_of(words.OutputType),
            title_nl=text(LONG_TITLE),
            title_en=text(LONG_TITLE),
            doi=text(SHORT),
            url=web_address,
            published=text(10),
        )
    ),
    "group_visibility": _visibilities,
    "contact_email": address,
    "specialty": text(60),
    "care_domain": text(60),
    "visibility": lambda value: one_of(words.Visibility)(value) or words.Visibility.PUBLIC.value,
}


def _of_column(name: str) -> Cleaner:
    column = Study._meta.get_field(name)
    if isinstance(column, models.BooleanField):
        return yes_or_no
    if isinstance(column, models.DateField):
        return day
    if isinstance(column, models.PositiveIntegerField):
        return whole_number
    if column.choices:
        return lambda value: _choice(column, value)
    return text(getattr(column, "max_length", None) or LONGEST_TEXT)


def _choice(column: models.Field, value: Any) -> str:
    if value in ("", None):
        return ""
    if not isinstance(value, str) or value not in dict(column.flatchoices):
        raise Unfit(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:80]})
    return value


CLEANERS: dict[str, Cleaner] = {name: _ROWS.get(name) or _of_column(name) for name in FIELDS}


def clean(values: Mapping[str, Any]) -> Record:
    """The values as they are stored; raises `InvalidInput` with a message at each field that cannot be."""
    cleaned: Record = {}
    wrong: dict[str, list[str]] = {}
    for name, value in values.items():
        try:
            if name not in CLEANERS:
                raise Unfit(_("“%(name)s” is no field of a study.") % {"name": str(name)[:80]})
            cleaned[name] = CLEANERS[name](value)
        except Unfit as problem:
            wrong[str(name)] = [str(problem)]
    if wrong:
        raise InvalidInput(fields=wrong)
    return cleaned


def as_now(record: Record) -> Record:
    """An old version in the form that records have today: a field or part that is newer is empty in it."""
    return {name: _as_now(name, record.get(name, entry.empty)) for name, entry in FIELDS.items()}


def _as_now(name: str, value: Any) -> Any:
    """What cannot be stored any more stays as it was."""
    try:
        return CLEANERS[name](value)
    except Unfit:
        return value
