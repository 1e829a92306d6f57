"""Values that can be stored, whatever they mean: types, lengths, words of lists, rows. Rooms make records of them."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from .errors import InvalidInput

LONGEST_TEXT = 30_000
MOST_ROWS = 3_000
MOST_NUMBER = 2_147_483_647  # what every database keeps in an integer column
#: a year outside these is a slip; one at the edge of the calendar would leave no room for counting days on or back
FIRST_YEAR, LAST_YEAR = 1900, 2199


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


def is_sensible(day: date) -> bool:
    """Whether the day lies in years in which hospitals register something."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def of_column(column: models.Field) -> Cleaner:
    """What fits into a column of this kind."""
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


def each_field(values: Mapping[str, Any], cleaners: Mapping[str, Cleaner], unknown: str) -> dict[str, Any]:
    """The values as they are stored, each by its cleaner; `unknown` is said of a name that has none.

    Raises `InvalidInput` with a message at each field that cannot be stored.
    """
    cleaned: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, value in values.items():
        try:
            if name not in cleaners:
                raise Unfit(unknown % {"name": str(name)[:80]})
            cleaned[name] = cleaners[name](value)
        except Unfit as problem:
            wrong[str(name)] = [str(problem)]
    if wrong:
        raise InvalidInput(fields=wrong)
    return cleaned
