"""What is being done about goals, needs, concerns and challenges, zeros included."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from academy.core.translation import Text, pick
from academy.strategy.models import Programme
from research.innovations.models import Innovation
from research.innovations.selectors import portfolio
from research.innovations.states import Outcome
from research.innovations.tabs import address
from research.innovations.terms import Entry, Terms

#: a list of the innovation, and the primary key of an entry of it
Place = tuple[str, int]
Examples = dict[Place, list[dict[str, Any]]]
#: by the list of the innovation its name in addresses
LISTS = {"goals": "goal", "needs": "need", "concerns": "concern", "challenges": "challenge"}
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
    known, terms = portfolio(user), Terms()
    numbers, examples, programmes = _numbers(known), _examples(known), _programmes()
    return {
        field: [_row(field, entry, numbers, examples, programmes) for entry in terms.all(LISTS[field])]
        for field in LISTS
    }


def _row(field: str, entry: Entry, numbers: dict[Place, tuple[int, int]], examples: Examples, programmes: Any) -> Row:
    place, parameter = (field, entry.pk), LISTS[field]
    innovations, active = numbers.get(place, (0, 0))
    return Row(
        anchor=f"{parameter}-{entry.key}",
        name=entry.name,
        innovations=innovations,
        active=active,
        examples=examples.get(place, []),
        programmes=programmes.get(place, []),
        url=address("list", urlencode({parameter: entry.key})),
        active_url=address("list", urlencode({parameter: entry.key, "outcome": Outcome.ACTIVE})),
    )


def _links(field: str, known: QuerySet[Innovation]) -> tuple[QuerySet, str]:
    """The links of these innovations to the entries of one list, and the column of the entry."""
    through = getattr(Innovation, field).through
    links = through._default_manager.filter(innovation__in=known.order_by().values("pk")).order_by()
    return links, f"{Innovation._meta.get_field(field).m2m_reverse_field_name()}_id"


def _numbers(known: QuerySet[Innovation]) -> dict[Place, tuple[int, int]]:
    """How many innovations are about each entry, and how many active ones; one query for all lists."""
    active = Count("innovation", filter=Q(innovation__outcome=Outcome.ACTIVE))
    parts = []
    for field in LISTS:
        links, entry = _links(field, known)
        parts.append(links.values_list(_name(field), F(entry)).annotate(n=Count("innovation"), m=active))
    return {(field, pk): (n, m) for field, pk, n, m in _together(parts)}


def _examples(known: QuerySet[Innovation]) -> Examples:
    """The first innovations about each entry, those that somebody works on before the others; one query."""
    parts = []
    for field in LISTS:
        links, entry = _links(field, known)
        place = Window(RowNumber(), partition_by=[entry], order_by=[_WORKS, "innovation__number"])
        first = links.annotate(place=place).filter(place__lte=EXAMPLES)
        columns = ("place", *(f"innovation__{name}" for name in ("number", "title_nl", "title_en", "outcome")))
        parts.append(first.values_list(_name(field), F(entry), *columns))
    found: Examples = defaultdict(list)
    for field, pk, _place, number, title_nl, title_en, outcome in sorted(_together(parts)):
        innovation = Innovation(number=number, title_nl=title_nl, title_en=title_en, outcome=outcome)
        found[field, pk].append(_example(innovation))
    return found


_WORKS = Case(
    When(innovation__outcome=Outcome.ACTIVE, then=Value(0)),
    When(innovation__outcome__in=Outcome.ended(), then=Value(2)),
    default=Value(1),
)


def _name(field: str) -> Value:
    return Value(field, output_field=CharField())


def _together(parts: list[QuerySet]) -> QuerySet:
    first, *others = parts
    return first.union(*others, all=True)


def _example(innovation: Innovation) -> dict[str, Any]:
    return {
        "title": pick(innovation, "title") or Text(innovation.number, "nl"),
        "url": innovation.get_absolute_url(),
        "ended": innovation.get_outcome_display() if innovation.outcome in Outcome.ended() else "",
    }


def _programmes() -> dict[Place, list[Programme]]:
    """The programmes that say they add to a goal or take up a challenge, in their order; one query."""
    parts = []
    for field in ("goals", "challenges"):
        through, entry = getattr(Programme, field).through, Programme._meta.get_field(field).m2m_reverse_field_name()
        columns = (f"programme__{name}" for name in ("number", "title_nl", "title_en"))
        parts.append(through._default_manager.order_by().values_list(_name(field), F(f"{entry}_id"), *columns))
    found: dict[Place, list[Programme]] = defaultdict(list)
    for field, pk, number, title_nl, title_en in sorted(_together(parts)):
        found[field, pk].append(Programme(number=number, title_nl=title_nl, title_en=title_en))
    return found
