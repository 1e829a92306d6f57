"""The lists that innovations are sorted into (pillars, goals, programmes, hospitals …), all of them read at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, IntegerField, Model, QuerySet, Value, When

from academy.accounts.models import Organisation
from academy.core.translation import Text, pick
from academy.strategy.models import Challenge, Concern, Goal, Horizon, Need, Pillar, Programme, RoadmapLine
from academy.taxonomy.models import Specialty

_FIRST_HOSPITALS = Case(When(kind="hospital", then=Value(0)), default=Value(1), output_field=IntegerField())
_SAME = Value(0, output_field=IntegerField())


@dataclass(frozen=True)
class Entry:
    """One entry of one list; `place` is its number or its order."""

    kind: str
    pk: int
    key: str
    name_nl: str
    name_en: str
    short_nl: str
    short_en: str
    place: int

    @property
    def name(self) -> Text:
        return pick(self, "name")

    @property
    def short(self) -> Text:
        """The short name of a pillar or an organisation; the name of others."""
        return pick(self, "short") or self.name


def _read(kind: str, model: type[Model], *, name: str = "name", short: Any = ("", ""), place: Any = _SAME) -> QuerySet:
    dutch, english = short
    return model._default_manager.order_by().values_list(
        Value(kind, output_field=CharField()),
        "pk",
        "key",
        f"{name}_nl",
        f"{name}_en",
        F(dutch) if dutch else Value("", output_field=CharField()),
        F(english) if english else Value("", output_field=CharField()),
        F(place) if isinstance(place, str) else place,
    )


def _lists() -> list[QuerySet]:
    return [
        _read("organisation", Organisation, short=("short_name", "short_name"), place=_FIRST_HOSPITALS),
        _read("specialty", Specialty),
        _read("programme", Programme, name="title"),
        _read("pillar", Pillar, short=("short_nl", "short_en"), place="number"),
        *(
            _read(kind, model, place="order")
            for kind, model in (
                ("horizon", Horizon),
                ("goal", Goal),
                ("challenge", Challenge),
                ("need", Need),
                ("concern", Concern),
            )
        ),
        _read("roadmap_line", RoadmapLine, name="title", place="order"),
    ]


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The SQL of all lists, which never changes: putting ten queries together takes longer than running them."""
    first, *others = _lists()
    sql, values = first.union(*others, all=True).query.sql_with_params()
    return sql, tuple(values)


class Terms:
    """All lists by name, each in its order; one query when the first is asked for."""

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, Entry]]:
        with connection.cursor() as cursor:
            cursor.execute(*_statement())
            entries = sorted((Entry(*row) for row in cursor.fetchall()), key=_order)
        found: dict[str, dict[str, Entry]] = {}
        for entry in entries:
            found.setdefault(entry.kind, {})[entry.key] = entry
        return found

    def __getitem__(self, kind: str) -> dict[str, Entry]:
        """The entries of a list by key."""
        return self._by_kind.get(kind, {})

    def all(self, kind: str) -> list[Entry]:
        """The entries of a list in its order."""
        return list(self[kind].values())

    def keys_to_ids(self, kind: str, keys: Iterator[str] | tuple[str, ...]) -> list[int]:
        """Primary keys of these entries."""
        return [self[kind][key].pk for key in keys if key in self[kind]]


def _order(entry: Entry) -> tuple[int, str]:
    return entry.place, str(entry.name).casefold()
