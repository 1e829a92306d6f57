"""What is being done about goals, needs, concerns and challenges, zeros included."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from academy.core.translation import Text, pick
from academy.strategy.models import Challenge, Concern, Goal, Need, Programme
from research.innovations.models import Innovation
from research.innovations.selectors import portfolio
from research.innovations.states import Outcome
from research.innovations.tabs import address

EXAMPLES = 3  # innovations that are named; the others are in the list


@dataclass(frozen=True)
class Row:
    """One goal, need, concern or challenge: how many innovations there are about it, and the first of them."""

    anchor: str
    name: Text
    innovations: int
    active: int
    examples: list[dict[str, Any]]
    programmes: list[Programme]
    url: str
    active_url: str

    @property
    def others(self) -> int:
        return self.innovations - len(self.examples)


def coverage(user: Any) -> dict[str, list[Row]]:
    """Goals, needs, concerns and challenges in their order, with what this user may know is being done about each."""
    known = portfolio(user)
    return {
        "goals": _rows(Goal, "goal", "goals", known),
        "needs": _rows(Need, "need", "needs", known),
        "concerns": _rows(Concern, "concern", "concerns", known),
        "challenges": _rows(Challenge, "challenge", "challenges", known),
    }


def _rows(model: type[Model], parameter: str, field: str, known: QuerySet[Innovation]) -> list[Row]:
    seen = Q(innovations__in=known.values("pk"))
    counted = model._default_manager.annotate(
        n=Count("innovations", filter=seen),
        active=Count("innovations", filter=seen & Q(innovations__outcome=Outcome.ACTIVE)),
    ).order_by("order", "pk")
    examples = _examples(field, known)
    programmes = _programmes(field) if field in ("goals", "challenges") else {}
    return [
        Row(
            anchor=f"{parameter}-{record.key}",
            name=pick(record, "name"),
            innovations=record.n,
            active=record.active,
            examples=examples.get(record.pk, []),
            programmes=programmes.get(record.pk, []),
            url=address("list", urlencode({parameter: record.key})),
            active_url=address("list", urlencode({parameter: record.key, "outcome": Outcome.ACTIVE})),
        )
        for record in counted
    ]


def _examples(field: str, known: QuerySet[Innovation]) -> dict[int, list[dict[str, Any]]]:
    """By record the first innovations about it, those that somebody works on before the others."""
    through = getattr(Innovation, field).through
    target = Innovation._meta.get_field(field).m2m_reverse_field_name()
    works = Case(
        When(innovation__outcome=Outcome.ACTIVE, then=Value(0)),
        When(innovation__outcome__in=Outcome.ended(), then=Value(2)),
        default=Value(1),
    )
    place = Window(RowNumber(), partition_by=[target], order_by=[works, "innovation__number"])
    links = through.objects.filter(innovation__in=known.values("pk")).annotate(place=place)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for link in links.filter(place__lte=EXAMPLES).select_related("innovation").order_by("place"):
        found[getattr(link, f"{target}_id")].append(_example(link.innovation))
    return found


def _example(innovation: Innovation) -> dict[str, Any]:
    return {
        "title": pick(innovation, "title") or Text(innovation.number, "nl"),
        "url": innovation.get_absolute_url(),
        "ended": innovation.get_outcome_display() if innovation.outcome in Outcome.ended() else "",
    }


def _programmes(field: str) -> dict[int, list[Programme]]:
    """By record the programmes that say they add to it."""
    found: dict[int, list[Programme]] = defaultdict(list)
    for programme in Programme.objects.prefetch_related(field):
        for record in getattr(programme, field).all():
            found[record.pk].append(programme)
    return found
