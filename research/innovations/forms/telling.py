"""Values of the record in words, where two people changed the same and one value stays."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from academy.accounts.models import Organisation, User
from academy.core import wording
from research.studies.facts import both

from ..models import Innovation
from ..record import FIELDS, MANY_KEYS, ONE_KEY, PEOPLE, Record
from ..vocabularies import Aim
from .sources import Sources

PICKED = {"courses": "courses", "studies": "studies", "units": "units", "evidence_study": "studies"}


class Telling:
    """For one reader: what is linked and they may not know of is not told."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def lines(self, name: str, value: Any, language: str | None = None) -> list[str]:
        """A line for each row or entry; nothing for what is not filled in."""
        if value in ("", None, [], {}):
            return []
        entries = value if isinstance(value, list) else [value]
        with override(language) if language else nullcontext():
            return [line for line in self._told(name, entries) if line]

    def _told(self, name: str, entries: list[Any]) -> list[str]:
        if name in PICKED:
            return self._picked(PICKED[name], entries)
        if name in MANY_KEYS or name in ONE_KEY:
            return self._terms(Innovation._meta.get_field(name).related_model, entries)
        if name in PEOPLE:
            return self._people(entries)
        if FIELDS[name].rows is not None:
            return [self._row(FIELDS[name].rows, row) for row in entries]
        return [_word(Innovation._meta.get_field(name), entry) for entry in entries]

    def _picked(self, source: str, keys: list[str]) -> list[str]:
        pick = getattr(Sources(self.user, {}), source)
        found = pick.found(keys)
        return [pick.title(found[key]) for key in keys if key in found]

    @staticmethod
    def _terms(table: Any, keys: list[str]) -> list[str]:
        found = {row.key: str(row) for row in table._default_manager.filter(key__in=keys)}
        return [found.get(key, key) for key in keys]

    def _people(self, pks: list[int]) -> list[str]:
        sources = Sources(self.user, {"team": [{"person": pk} for pk in pks]})
        return [sources.person_words(pk) for pk in pks]

    def _row(self, table: type[models.Model], row: Record) -> str:
        """The parts of a row with their names; those in two languages once."""
        told = []
        for name, value in _in_this_language(row).items():
            if value in ("", None, False) or name == "key":
                continue
            column = table._meta.get_field(name)
            told.append((column, self._part(column, value)))
        return " · ".join(
            _("%(name)s: %(value)s") % {"name": wording.capital(column.verbose_name), "value": word}
            for column, word in told
            if word
        )

    def _part(self, column: models.Field, value: Any) -> str:
        """A part of a row: who or what it names, or the value in words."""
        if column.related_model is User:
            return self._people([value])[0]
        if column.related_model is Organisation:
            return self._terms(Organisation, [value])[0]
        return _word(column, value)


def _in_this_language(row: Record) -> Mapping[str, Any]:
    """The row without its texts in the other language."""
    found = {}
    for name, value in row.items():
        stem, _dash, code = name.rpartition("_")
        if code not in ("nl", "en"):
            found[name] = value
        elif (text := both(row, stem)) and text.language == code:
            found[name] = text
    return found


def _word(column: Any, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if column.is_relation:  # a file of the innovation
        return _("Yes")
    if isinstance(column, models.DateField):
        return wording.plain_date(date.fromisoformat(value))
    if isinstance(column, models.DecimalField):
        return wording.number(Decimal(value))
    if column.name == "year":
        return str(value)
    labels = dict(Aim.choices if column.name == "aims" else getattr(column, "flatchoices", ()) or ())
    return str(labels.get(value, wording.number(value) if isinstance(value, int) else value))
