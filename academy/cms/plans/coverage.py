"""What is being done about goals, needs, concerns and challenges, zeros included."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict

from academy.core.translation import Text, pick
from academy.strategy.models import Challenge, Concern, Goal, Need, Programme
from research.innovations.filtering import Filter
from research.innovations.models import Innovation
from research.innovations.portfolio import goal_coverage
from research.innovations.selectors import portfolio
from research.innovations.states import Outcome
from research.innovations.tabs import address

Numbers = dict[str, tuple[int, int]]
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
    of_goals = goal_coverage(user, Filter.of(QueryDict()))["rows"]
    goals = {row["goal"]: (row["innovations"], row["active"]) for row in of_goals}
    return {
        "goals": _rows(Goal, "goal", "goals", known, goals),
        "needs": _rows(Need, "need", "needs", known, _numbers(Need, known)),
        "concerns": _rows(Concern, "concern", "concerns", known, _numbers(Concern, known)),
        "challenges": _rows(Challenge, "challenge", "challenges", known, _numbers(Challenge, known)),
    }


def _numbers(model: type[Model], known: QuerySet[Innovation]) -> Numbers:
    """By key how many innovations are about it, and how many active ones; counted as `goal_coverage` counts goals."""
    seen = Q(innovations__in=known.values("pk"))
    active = seen & Q(innovations__outcome=Outcome.ACTIVE)
    counted = model._default_manager.annotate(
        n=Count("innovations", filter=seen), m=Count("innovations", filter=active)
    )
    return {key: (n, m) for key, n, m in counted.order_by().values_list("key", "n", "m")}


def _rows(model: type[Model], parameter: str, field: str, known: QuerySet[Innovation], numbers: Numbers) -> list[Row]:
    examples = _examples(field, known)
    programmes = _programmes(field) if field in ("goals", "challenges") else {}
    return [
        Row(
            anchor=f"{parameter}-{record.key}",
            name=pick(record, "name"),
            innovations=numbers[record.key][0],
            active=numbers[record.key][1],
            examples=examples.get(record.pk, []),
            programmes=programmes.get(record.pk, []),
            url=address("list", urlencode({parameter: record.key})),
            active_url=address("list", urlencode({parameter: record.key, "outcome": Outcome.ACTIVE})),
        )
        for record in model._default_manager.all()
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
