"""The roadmap: twelve lines by pillar, over four horizons; innovations lie over the horizons that they span.

The lines themselves have no dates. Each line is drawn in lanes, so that nothing lies over anything else; innovations
that span the same horizons stand together.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber

from academy.strategy.models import Horizon, Pillar, Programme, RoadmapLine
from research.innovations.filtering import NOTHING
from research.innovations.models import Innovation
from research.innovations.selectors import portfolio
from research.innovations.states import Outcome
from research.innovations.tabs import address

from .programmes import title_of

SHOWN = (Outcome.ACTIVE, Outcome.ON_HOLD)  # what somebody works on, or will again
MOST = 6  # innovations that are named in one place; the others are in the list
WAY = ("roadmap_line", "horizon_from", "horizon_to")


@dataclass
class Span:
    """Innovations of one line that span the same horizons: those from `start` on, so many of them (0: none yet)."""

    start: int
    width: int
    count: int = 0
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass(frozen=True)
class Cell:
    """A piece of a lane, as wide as so many horizons; `span` is None where nothing lies."""

    width: int
    span: Span | None = None


@dataclass(frozen=True)
class Line:
    """A line of the roadmap; `undated` are innovations without a horizon."""

    line: RoadmapLine
    programmes: list[Programme]
    lanes: list[list[Cell]]
    undated: Span | None
    count: int
    url: str

    @property
    def height(self) -> int:
        return len(self.lanes) + (1 if self.undated else 0)


@dataclass(frozen=True)
class Part:
    """A pillar with its lines."""

    pillar: Pillar
    lines: list[Line]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def roadmap(user: Any) -> dict[str, Any]:
    """The roadmap with what this user may know of and somebody works on, or will again."""
    horizons = list(Horizon.objects.all())
    spans = _spans(portfolio(user).filter(outcome__in=SHOWN).order_by(), horizons)
    lines = RoadmapLine.objects.prefetch_related(Prefetch("programme_set", Programme.objects.order_by("number")))
    by_pillar: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_pillar[line.pillar_id].append(_line(line, spans.pop(line.pk, []), len(horizons)))
    return {
        "horizons": horizons,
        "columns": len(horizons) + 1,
        "parts": [Part(pillar, by_pillar[pillar.pk]) for pillar in Pillar.objects.all()],
        "without_line": sum(span.count for span in spans.pop(None, [])),
        "without_line_url": address("list", urlencode([("roadmap_line", NOTHING), *(("outcome", o) for o in SHOWN)])),
    }


def _spans(innovations: QuerySet[Innovation], horizons: list[Horizon]) -> dict[int | None, list[Span]]:
    """By line the places where innovations lie."""
    at = {horizon.pk: place for place, horizon in enumerate(horizons)}
    found: dict[tuple[int | None, int, int], Span] = {}

    def span_at(line: int | None, first: int | None, last: int | None) -> Span:
        places = sorted(at[end] for end in (first, last) if end)
        start, width = (places[0], places[-1] - places[0] + 1) if places else (0, 0)
        return found.setdefault((line, start, width), Span(start, width))

    for *ends, count in innovations.values_list(*WAY).annotate(n=Count("pk")):
        span_at(*ends).count += count
    for one in _first(innovations):
        span = span_at(one.roadmap_line_id, one.horizon_from_id, one.horizon_to_id)
        if len(span.items) < MOST:
            span.items.append(_item(one))
    by_line: dict[int | None, list[Span]] = defaultdict(list)
    for (line, _start, _width), span in found.items():
        by_line[line].append(span)
    return by_line


def _first(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """As many of each place as can be named."""
    ranked = innovations.annotate(place=Window(RowNumber(), partition_by=list(WAY), order_by="number"))
    return Innovation.objects.filter(pk__in=ranked.filter(place__lte=MOST).values("pk")).order_by("number")


def _item(one: Innovation) -> dict[str, Any]:
    on_hold = one.get_outcome_display() if one.outcome == Outcome.ON_HOLD else ""
    return {"title": title_of(one), "url": one.get_absolute_url(), "note": on_hold}


def _line(line: RoadmapLine, spans: list[Span], width: int) -> Line:
    return Line(
        line=line,
        programmes=list(line.programme_set.all()),
        lanes=lanes([span for span in spans if span.width], width),
        undated=next((span for span in spans if not span.width), None),
        count=sum(span.count for span in spans),
        url=address("list", urlencode({"roadmap_line": line.key})),
    )


def lanes(spans: Iterable[Span], width: int) -> list[list[Cell]]:
    """The spans in as few rows as it takes, the earliest and longest first; one empty row when there are none."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.width)):
        free = next((row for row in rows if row[-1].start + row[-1].width <= span.start), None)
        if free is None:
            rows.append(free := [])
        free.append(span)
    return [_cells(row, width) for row in rows or [[]]]


def _cells(row: list[Span], width: int) -> list[Cell]:
    """The row from the first horizon to the last; every horizon where nothing lies is a cell of its own."""
    cells, at = [], 0
    for span in row:
        cells += [Cell(1)] * (span.start - at)
        cells.append(Cell(span.width, span))
        at = span.start + span.width
    return cells + [Cell(1)] * (width - at)
