"""Write the innovations of a list: new ones in a fixed number of statements, changed ones one by one.

The machinery of imports opens the transaction; `actor` None is the system. Nobody is written to.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from wagtail.models import Revision

from academy.accounts.models import Organisation, User
from academy.core import clock, events, numbers
from academy.core.imports.contract import Context, Outcome, Plan
from search import facade

from .. import record as records
from ..models import Assessment, Dependency, FteFigure, Innovation, Money, Passage
from ..record import MANY_KEYS, ONE_KEY, PEOPLE
from ..states import Outcome as State
from ..states import PublicationState
from ..vocabularies import EDITIONS
from . import saving, steps, writing
from .assessing import COLUMN, assess
from .matching import Match, match

SOURCE = "list"


@transaction.atomic
def import_rows(*, rows: Sequence[Mapping[str, Any]], context: Context) -> list[Plan]:
    """Make and change innovations; one plan for each row that says what was done."""
    matches = match(rows, context, lock=True)
    create_many([found for found in matches if found.plan.outcome == Outcome.NEW], actor=context.actor)
    for found in matches:
        if found.plan.outcome == Outcome.CHANGED:
            _change(found, context.actor)
    return [found.plan for found in matches]


def _change(found: Match, actor: User | None) -> None:
    innovation = found.innovation
    if found.values:
        saving.save(
            innovation=innovation, actor=actor, base_version=innovation.version, values=found.values, source=SOURCE
        )
    for kind, code in found.assessed.items():
        assess(innovation=innovation, actor=actor, kind=kind, code=code, on=clock.today())


def create_many(matches: Sequence[Match], *, actor: User | None) -> list[Innovation]:
    """New innovations in the portfolio, with their rows, first revision, event and place in the index."""
    if not matches:
        return []
    moment = clock.now()
    found = _Found.of(matches)
    for one, number in zip(matches, _new_numbers(len(matches)), strict=True):
        one.innovation = _innovation(one, number, actor, moment, found)
        one.plan.number = number
    innovations = Innovation.objects.bulk_create([one.innovation for one in matches])
    _link(matches, found)
    _rows(matches, found, actor)
    Revision.objects.bulk_create(
        [steps.revision(one.innovation, actor, record=records.empty() | one.values, source=SOURCE) for one in matches]
    )
    events.record_all(
        [
            (one.innovation, one.innovation.publication_state, {"source": SOURCE, "key": one.plan.key})
            for one in matches
        ],
        actor=actor,
        verb="import",
    )
    facade.requeue("innovation", [innovation.pk for innovation in innovations])
    return innovations


def _new_numbers(count: int) -> list[str]:
    """So many numbers of this year in a row; the sequence stays locked until the transaction ends."""
    year = clock.today().year
    first = numbers.next_number(f"innovation:{year}")
    numbers.reserve(f"innovation:{year}", first + count - 1)
    return [f"I-{year}-{number:04d}" for number in range(first, first + count)]


class _Found:
    """The records that the new ones refer to, by field and key; a query for each field that is used."""

    def __init__(self, related: Mapping[str, Mapping[str, Model]], funders: Mapping[str, Organisation]) -> None:
        self.related, self.funders = related, funders

    @classmethod
    def of(cls, matches: Sequence[Match]) -> "_Found":
        related = {}
        for name, key in (MANY_KEYS | ONE_KEY).items():
            wanted = {value for one in matches for value in _as_list(one.values.get(name))}
            model = Innovation._meta.get_field(name).related_model
            rows = model._default_manager.filter(**{f"{key}__in": wanted}) if wanted else []
            related[name] = {getattr(row, key): row for row in rows}
            if missing := wanted - set(related[name]):
                raise writing.refuse(name, min(missing))
        funders = {row["funder"] for one in matches for row in one.values.get("money", [])} - {""}
        return cls(related, Organisation.objects.in_bulk(funders, field_name="key") if funders else {})


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _innovation(one: Match, number: str, actor: User | None, moment: Any, found: _Found) -> Innovation:
    values = {name: value for name, value in one.values.items() if name not in MANY_KEYS}
    columns = {name: value for name, value in values.items() if not isinstance(records.FIELDS[name].rows, type)}
    for name in ONE_KEY:
        if name in columns:
            columns[name] = found.related[name].get(columns[name])
    for name in PEOPLE:
        if name in columns:
            columns[f"{name}_id"] = columns.pop(name)
    told = one.history
    innovation = Innovation(
        number=number,
        created_by=actor,
        created_at=moment,
        changed_at=moment,
        publication_state=PublicationState.PUBLISHED,
        published_at=moment,
        stage=told["stage"],
        stage_since=_day(told["stage_since"]),
        outcome=told["outcome"],
        outcome_since=None if told["outcome"] == State.ACTIVE else _day(told["outcome_since"]),
        wake_up_on=_day(told["wake_up_on"]) if told["outcome"] == State.ON_HOLD else None,
        outcome_reason_nl=told["outcome_reason_nl"],
        outcome_reason_en=told["outcome_reason_en"],
        **columns,
    )
    for kind, code in one.assessed.items():
        setattr(innovation, COLUMN[kind], int(code) if kind in ("trl", "value") else code)
    return innovation


def _day(text: str) -> date:
    """The day, today when the list does not tell."""
    return date.fromisoformat(text) if text else clock.today()


def _link(matches: Sequence[Match], found: _Found) -> None:
    for name in MANY_KEYS:
        relation = Innovation._meta.get_field(name)
        through = relation.remote_field.through
        own, other = relation.m2m_column_name(), relation.m2m_reverse_name()
        through.objects.bulk_create(
            [
                through(**{own: one.innovation.pk, other: found.related[name][key].pk})
                for one in matches
                for key in one.values.get(name, [])
            ]
        )


def _rows(matches: Sequence[Match], found: _Found, actor: User | None) -> None:
    """Everything that stands in tables of its own."""
    pairs = [(one.innovation, one.values) for one in matches]
    Passage.objects.bulk_create(
        [Passage(innovation=new, stage=new.stage, since=new.stage_since) for new, _values in pairs]
    )
    Dependency.objects.bulk_create(
        [Dependency(innovation=new, **row) for new, values in pairs for row in values.get("dependencies", [])]
    )
    FteFigure.objects.bulk_create(
        [row for new, values in pairs for row in writing.fte_rows(new, values.get("fte_figures", []))]
    )
    Money.objects.bulk_create(
        [row for new, values in pairs for row in writing.money_rows(new, values.get("money", []), found.funders)]
    )
    Assessment.objects.bulk_create(
        [_assessment(one.innovation, kind, code, actor) for one in matches for kind, code in one.assessed.items()]
    )


def _assessment(innovation: Innovation, kind: str, code: str, actor: User | None) -> Assessment:
    edition = EDITIONS.get(kind, "")
    return Assessment(innovation=innovation, kind=kind, code=code, edition=edition, on=clock.today(), by=actor)
