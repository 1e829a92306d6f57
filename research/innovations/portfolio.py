"""The totals of the portfolio: one dict of plain JSON from which page, workbook, PDF and API take their numbers.

What a viewer may not know of is in no number. Funnel, heat map, time in stage and value × complexity count active
innovations; the roadmap those on hold as well; benefits, FTE, goals and money all of them, stopped ones too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from academy.core import clock
from academy.strategy.models import Statement

from . import counting
from .counting import Spot, Sum4
from .filtering import Filter
from .models import Innovation
from .selectors import portfolio
from .states import Outcome, Stage
from .terms import Terms
from .vocabularies import Aim, Measure

Totals = dict[str, Any]

#: what was said in 2026-03 of the full-time jobs in care that would be short in 2050: from, to
YARDSTICK = (500, 1000)
YARDSTICK_STATEMENT = "st_staff_gap_2026"
#: what the roadmap shows: what somebody works on, or will again
ON_ROADMAP = (Outcome.ACTIVE, Outcome.ON_HOLD)
#: what the list of FTE figures tells of an innovation
OF_ONE = ("number", "title_nl", "title_en", "stage", "outcome", "hours_per_fte")


def totals(user: Any, wanted: Filter) -> Totals:
    """Every number of the overview for this viewer, through these filters, in a fixed number of statements."""
    shown, terms = shown_to(user, wanted), wanted.terms
    counted = counting.spots(shown, user)
    added = counting.sums(shown, user)
    return {
        "on": clock.today().isoformat(),
        "filter": wanted.query_string,
        **_outcomes(counted),
        "gates": _gates(added.get("gates", [])),
        "heat_map": _heat_map(counted, terms),
        "stages": _stages(counted, counting.middles(shown)),
        "value_complexity": _value_complexity(counted, counting.points(shown), terms),
        "roadmap": _roadmap(counted, terms),
        "benefits": _benefits(counted, added.get("benefits", [])),
        "fte": {**_fte(_sum(counted, "n"), _sum(counted, "with_fte"), added.get("fte", [])), "yardstick": _yardstick()},
        "goals": _goals(terms, added.get("goals", [])),
        "money": _money(counted, added.get("money", []), user),
    }


def shown_to(user: Any, wanted: Filter) -> QuerySet[Innovation]:
    """What the portfolio counts for this viewer, through these filters."""
    return wanted.apply(portfolio(user))


def fte(innovations: QuerySet[Innovation], user: Any) -> Totals:
    """FTE estimated, validated and realised, of all outcomes; realised compares only with `estimated_for_the_same`."""
    seen, some = counting.with_fte(innovations)
    return _fte(seen, some, counting.sums(innovations, user, wanted=("fte",)).get("fte", []))


def with_figures(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Those that have FTE figures, with these as `figures`; the most estimated FTE first."""
    found = counting.by_estimate(innovations.filter(counting.HAS_FTE))
    return found.prefetch_related(Prefetch("fte_figures", to_attr="figures")).only(*OF_ONE)


# Parts ---------------------------------------------------------------------------------------------------------------


def _sum(spots: Iterable[Spot], name: str) -> int:
    return sum(getattr(spot, name) for spot in spots)


def _outcomes(spots: list[Spot]) -> Totals:
    return {
        "innovations": _sum(spots, "n"),
        "outcomes": {outcome.value: _sum(_those(spots, outcome=outcome), "n") for outcome in Outcome},
        "stalled": _sum(spots, "stalled"),
    }


def _those(spots: Iterable[Spot], **values: Any) -> list[Spot]:
    return [spot for spot in spots if all(getattr(spot, name) == value for name, value in values.items())]


def _active(spots: Iterable[Spot]) -> list[Spot]:
    return [spot for spot in spots if spot.is_active]


def _gates(rows: list[Sum4]) -> Totals:
    numbers = {row.key: row.n for row in rows}
    return {"open": sum(numbers.values()), "late": numbers.get("late", 0)}


@dataclass(frozen=True)
class _Row:
    """A pillar, or none, as a row of a table."""

    key: str | None
    pk: int | None


def _pillars(spots: Iterable[Spot], terms: Terms) -> list[_Row]:
    """Every pillar; a last row for what has none, when there is any."""
    rows = [_Row(entry.key, entry.pk) for entry in terms.all("pillar")]
    return [*rows, _Row(None, None)] if any(spot.pillar is None for spot in spots) else rows


def _heat_map(spots: list[Spot], terms: Terms) -> Totals:
    active = _active(spots)
    numbers: dict[tuple[int | None, str], int] = {}
    for spot in active:
        numbers[spot.pillar, spot.stage] = numbers.get((spot.pillar, spot.stage), 0) + spot.n
    rows: list[Totals] = [
        {"pillar": row.key, "stages": {stage.value: numbers.get((row.pk, stage.value), 0) for stage in Stage}}
        for row in _pillars(active, terms)
    ]
    return {
        "rows": [{**row, "total": sum(row["stages"].values())} for row in rows],
        "stages": {stage.value: sum(row["stages"][stage.value] for row in rows) for stage in Stage},
        "total": sum(numbers.values()),
    }


def _stages(spots: list[Spot], middles: dict[str, float]) -> Totals:
    """The funnel with the time in each stage; the median of days is None where nothing waits."""
    return {
        "rows": [
            {
                "stage": stage.value,
                "active": _sum(_those(spots, outcome=Outcome.ACTIVE, stage=stage), "n"),
                "on_hold": _sum(_those(spots, outcome=Outcome.ON_HOLD, stage=stage), "n"),
                "median_days": middles.get(stage.value),
                "stalled": _sum(_those(spots, stage=stage), "stalled"),
            }
            for stage in Stage
        ],
        "active": _sum(_active(spots), "n"),
        "on_hold": _sum(_those(spots, outcome=Outcome.ON_HOLD), "n"),
        "median_days": middles.get(""),
        "stalled": _sum(spots, "stalled"),
    }


def _value_complexity(spots: list[Spot], rows: list[dict[str, Any]], terms: Terms) -> Totals:
    active, pillars = _active(spots), {entry.pk: entry.key for entry in terms.all("pillar")}
    points = [
        {
            **{name: row[name] for name in ("number", "title_nl", "title_en", "stage", "complexity")},
            "pillar": pillars.get(row["pillar"]),
            "value": row["value_score"],
            "fte": None if row["fte"] is None else _round(row["fte"]),
        }
        for row in rows
    ]
    return {
        "innovations": _sum(active, "n"),
        "n": _sum(active, "placed"),
        "without_value": _sum(active, "without_value"),
        "without_complexity": _sum(active, "without_complexity"),
        "points": points,
    }


def _roadmap(spots: list[Spot], terms: Terms) -> Totals:
    """Pillars against horizons; an innovation counts at every horizon that it spans, so rows add up to more."""
    here = [spot for spot in spots if spot.outcome in ON_ROADMAP]
    horizons = terms.all("horizon")
    order = {entry.pk: place for place, entry in enumerate(horizons)}
    rows = []
    for row in _pillars(here, terms):
        own, counts = _those(here, pillar=row.pk), [0] * len(horizons)
        for spot in own:
            for place in _span(spot, order):
                counts[place] += spot.n
        keyed = {entry.key: n for entry, n in zip(horizons, counts, strict=True)}
        without = sum(spot.n for spot in own if not _span(spot, order))
        rows.append({"pillar": row.key, "horizons": keyed, "without": without, "innovations": _sum(own, "n")})
    return {"rows": rows, "innovations": _sum(here, "n")}


def _span(spot: Spot, order: dict[int, int]) -> range:
    first, last = spot.horizon_from or spot.horizon_to, spot.horizon_to or spot.horizon_from
    return range(order[first], order[last] + 1) if first and last else range(0)


def _benefits(spots: list[Spot], rows: list[Sum4]) -> Totals:
    """How many benefits have which figure, by aim; disbenefits apart. Their units differ, so nothing is added up."""
    kept = {(row.key, bool(row.flag)): row for row in rows}
    return {
        "rows": [_benefit(kept.get((aim.value, False)), aim, False) for aim in Aim],
        "disbenefits": [_benefit(kept[aim.value, True], aim, True) for aim in Aim if (aim.value, True) in kept],
        "total": _all_benefits([row for row in rows if not row.flag]),
        "innovations": _sum(spots, "n"),
        "without_any": _sum(spots, "n") - _sum(spots, "with_benefits"),
    }


def _benefit(row: Sum4 | None, aim: Aim, disbenefit: bool) -> Totals:
    return {"category": aim.value, "disbenefit": disbenefit, **_all_benefits([row] if row else [])}


def _all_benefits(rows: list[Sum4]) -> Totals:
    number, realised = sum(row.n for row in rows), sum(row.n4 for row in rows)
    return {
        "n": number,
        "estimated": sum(row.n2 for row in rows),
        "validated": sum(row.n3 for row in rows),
        "realised": realised,
        "realised_missing": _missing(number - realised, number),
    }


def _fte(innovations: int, with_figures: int, rows: list[Sum4]) -> Totals:
    """Source of the arithmetic: question 6 of the managers. `realised` is what also has an estimate."""
    found = {row.key: row for row in rows}
    estimate, actual = found.get(Measure.ESTIMATE), found.get(Measure.ACTUAL)
    n, both = (estimate.n, estimate.n2) if estimate else (0, 0)
    return {
        "innovations": innovations,
        "estimated": _whole(estimate),
        "validated": _whole(found.get(Measure.VALIDATED)),
        "realised": _same(actual),
        "estimated_for_the_same": _same(estimate),
        "realised_missing": _missing(n - both, n),
        "realised_without_estimate": (actual.n - actual.n2) if actual else 0,
        "with_any_figure": with_figures,
        "without_any_figure": innovations - with_figures,
        "without_any_figure_percent": _missing(innovations - with_figures, innovations)["percent"],
    }


def _whole(row: Sum4 | None) -> Totals:
    return _amount(row.b, row.a, row.n) if row else _amount(0, 0, 0)


def _same(row: Sum4 | None) -> Totals:
    return _amount(row.d, row.c, row.n2) if row else _amount(0, 0, 0)


def _amount(jobs: Any, hours: Any, number: int) -> Totals:
    return {"fte": _round(jobs), "hours_per_year": round(hours), "n": number}


def _missing(lacking: int, of: int) -> Totals:
    """How many lack it, and their share in hundredths; None of nothing."""
    return {"n": lacking, "percent": round(100 * lacking / of, 1) if of else None}


def _round(value: Any) -> float | int:
    """Two decimals; whole numbers without any."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _yardstick() -> Totals | None:
    """What the region is short of, with its source; nothing once another statement replaced that one."""
    said = Statement.objects.filter(key=YARDSTICK_STATEMENT, replaced_by=None).first()
    if said is None:
        return None
    texts = {name: getattr(said, name) for name in ("text_nl", "text_en", "source_nl", "source_en")}
    return {"from": YARDSTICK[0], "to": YARDSTICK[1], "date": said.date, **texts}


def _goals(terms: Terms, rows: list[Sum4]) -> Totals:
    """For each goal how many innovations add to it, and how many active ones; the zeros as well.

    `{"rows": [{"goal", "innovations", "active"}], "zeros": [keys]}` in the order of the goals.
    """
    found = {row.key: row for row in rows}
    covered = [
        {
            "goal": entry.key,
            "innovations": found[entry.key].n if entry.key in found else 0,
            "active": found[entry.key].n2 if entry.key in found else 0,
        }
        for entry in terms.all("goal")
    ]
    return {"rows": covered, "zeros": [row["goal"] for row in covered if not row["innovations"]]}


def _money(spots: list[Spot], rows: list[Sum4], user: Any) -> Totals | None:
    """Budget and spent in euros by year; None for whoever sees the money of none of these innovations."""
    if not (seen := _sum(spots, "with_money_seen")):
        return None
    years = [
        {"year": int(row.key), "innovations": row.n, "budget_eur": _round(row.a), "spent_eur": _round(row.b)}
        for row in sorted(rows, key=lambda row: row.key)
    ]
    return {
        "innovations": seen,
        "years": years,
        "budget_eur": _round(sum(row.a for row in rows)),
        "spent_eur": _round(sum(row.b for row in rows)),
    }
