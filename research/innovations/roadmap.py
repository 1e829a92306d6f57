"""The roadmap: pillars and their lines against horizons. An innovation stands at every horizon that it spans."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, Count, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from academy.core.badges import Badge
from academy.core.translation import Text
from academy.strategy.models import Horizon, Pillar, RoadmapLine

from . import badges
from .board import SHOWN
from .columns import horizon_of, title_of
from .models import Innovation
from .states import Outcome

MOST = 5  # innovations in one place; the others are in the list
WITHOUT_HORIZON = 10  # of those, as many are named
SHOWN_OF_ONE = ("number", "title_nl", "title_en", "outcome", "pillar", "roadmap_line", "horizon_from", "horizon_to")

#: pillar, line, first and last horizon of innovations: primary keys or None
Place = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True)
class Item:
    """An innovation on the roadmap; its words are made when they are shown."""

    innovation: Innovation

    @property
    def title(self) -> Text:
        return title_of(self.innovation)

    @property
    def url(self) -> str:
        return self.innovation.get_absolute_url()

    @property
    def span(self) -> str:
        """From when to when, of one with several horizons."""
        first, last = self.innovation.horizon_from_id, self.innovation.horizon_to_id
        return str(horizon_of(self.innovation)) if first and last and first != last else ""

    @property
    def badge(self) -> Badge | None:
        outcome = self.innovation.outcome
        return badges.of_outcome(outcome) if outcome != Outcome.ACTIVE else None


@dataclass
class Spot:
    """Where a line and a horizon meet: how many stand there, and the first of them."""

    horizon: Horizon
    count: int = 0
    items: list[Item] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass(frozen=True)
class Line:
    """A line of the roadmap, or None: what belongs to a pillar without a line."""

    line: RoadmapLine | None
    spots: list[Spot]


@dataclass(frozen=True)
class Part:
    """A pillar with its lines, or None: what has no pillar; `totals` count each horizon."""

    pillar: Pillar | None
    totals: list[Spot]
    lines: list[Line]


@dataclass(frozen=True)
class Roadmap:
    """The whole of it; `without` are those that have no horizon yet, `shown` is how many innovations it is about."""

    horizons: list[Horizon]
    parts: list[Part]
    without: list[Item]
    without_count: int
    shown: int


def roadmap(innovations: QuerySet[Innovation]) -> Roadmap:
    """These innovations, as far as somebody works on them or will again, in six queries."""
    shown = innovations.filter(outcome__in=SHOWN).order_by()
    horizons, pillars = list(Horizon.objects.all()), list(Pillar.objects.all())
    lines = {line.pk: line for line in RoadmapLine.objects.all()}
    counts = _counts(shown)
    examples = _examples(shown)
    return Roadmap(
        horizons=horizons,
        parts=[
            _part(pillar, _lines_of(pillar, lines.values(), counts), horizons, counts, examples)
            for pillar in _present(pillars, counts)
        ],
        without=[item for place, items in examples.items() if place[2] is None for item in items][:WITHOUT_HORIZON],
        without_count=sum(n for place, n in counts.items() if place[2] is None),
        shown=sum(counts.values()),
    )


def _counts(shown: QuerySet[Innovation]) -> dict[Place, int]:
    rows = shown.values_list("pillar", "roadmap_line", "horizon_from", "horizon_to").annotate(n=Count("pk"))
    counts: dict[Place, int] = {}
    for pillar, line, first, last, n in rows:
        place = (pillar, line, first or last, last or first)
        counts[place] = counts.get(place, 0) + n
    return counts


def _examples(shown: QuerySet[Innovation]) -> dict[Place, list[Item]]:
    """The first innovations of each place, by title; more of those that have no horizon."""
    places = ["pillar", "roadmap_line", "horizon_from", "horizon_to"]
    ranked = shown.annotate(place=Window(RowNumber(), partition_by=places, order_by=["number"]))
    most = Case(When(horizon_from=None, horizon_to=None, then=Value(WITHOUT_HORIZON)), default=Value(MOST))
    found = Innovation.objects.filter(pk__in=ranked.filter(place__lte=most).values("pk"))
    rows: dict[Place, list[Item]] = {}
    for one in found.select_related("horizon_from", "horizon_to").only(*SHOWN_OF_ONE).order_by("number"):
        first, last = one.horizon_from_id, one.horizon_to_id
        place = (one.pillar_id, one.roadmap_line_id, first or last, last or first)
        rows.setdefault(place, []).append(Item(one))
    return rows


def _present(pillars: list[Pillar], counts: dict[Place, int]) -> list[Pillar | None]:
    """Every pillar, and None when something has none."""
    return [*pillars, *([None] if any(place[0] is None for place in counts) else [])]


def _lines_of(
    pillar: Pillar | None, lines: Iterable[RoadmapLine], counts: dict[Place, int]
) -> list[RoadmapLine | None]:
    """The lines of the pillar, those of others that its innovations are on, and None when something is on no line."""
    key = pillar.pk if pillar else None
    used = {place[1] for place in counts if place[0] == key}
    own = [line for line in lines if line.pillar_id == key]
    others = [line for line in lines if line.pillar_id != key and line.pk in used]
    return [*own, *others, *([None] if None in used else [])]


def _part(
    pillar: Pillar | None,
    lines: list[RoadmapLine | None],
    horizons: list[Horizon],
    counts: dict[Place, int],
    examples: dict[Place, list[Item]],
) -> Part:
    found = [
        Line(line, [_spot(horizon, horizons, pillar, line, counts, examples) for horizon in horizons]) for line in lines
    ]
    totals = [Spot(horizon, sum(line.spots[at].count for line in found)) for at, horizon in enumerate(horizons)]
    return Part(pillar, totals, found)


def _spot(
    horizon: Horizon,
    horizons: list[Horizon],
    pillar: Pillar | None,
    line: RoadmapLine | None,
    counts: dict[Place, int],
    examples: dict[Place, list[Item]],
) -> Spot:
    """What spans this horizon: those that began first, first."""
    at = {one.pk: place for place, one in enumerate(horizons)}
    here = at[horizon.pk]
    key = (pillar.pk if pillar else None, line.pk if line else None)
    places = sorted(
        (place for place in counts if place[:2] == key and place[2] and at[place[2]] <= here <= at[place[3]]),
        key=lambda place: (at[place[2]], at[place[3]]),
    )
    items = [item for place in places for item in examples.get(place, ())]
    return Spot(horizon, sum(counts[place] for place in places), items[:MOST])
