"""The totals of the portfolio as its overview shows them: words, links that keep the filters, and pictures.

Every number comes from `portfolio.totals`; nothing is counted here.
"""

from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.core import wording
from academy.core.charts import BarChart, BubbleChart, Scale, bar_chart, bubble_chart, scale
from academy.core.translation import Text, pick

from .filtering import NOTHING, WITHOUT, Filter
from .models import Innovation
from .portfolio import ON_ROADMAP, Totals
from .states import Outcome, Stage
from .tabs import address
from .terms import Terms
from .vocabularies import Aim, Measure

Shown = dict[str, Any]
HEAT_STEPS = 4
VALUES = range(1, 11)
LEAST_DOMAINS = 4  # so many numbers of complex domains are on the axis at least: 0 to 3


def shown(found: Totals, wanted: Filter) -> Shown:
    """What the template of the overview needs."""
    rows = points(found["value_complexity"], wanted.terms)
    return {
        "totals": found,
        "figures": figures(found, wanted),
        "heat": heat_map(found["heat_map"], wanted),
        "stages": stages(found["stages"], wanted),
        "stages_chart": stages_chart(found["stages"]),
        "fte": fte_rows(found["fte"]),
        "fte_chart": fte_chart(found["fte"]),
        "yardstick": yardstick(found["fte"]),
        "points": rows,
        "bubbles": bubbles(rows),
        "pillars": wanted.terms.all("pillar"),
        "horizons": wanted.terms.all("horizon"),
        "roadmap": roadmap(found["roadmap"], wanted),
        "benefits": benefit_rows(found["benefits"]),
        "benefits_chart": benefits_chart(found["benefits"]),
        "goals": goal_rows(found["goals"], wanted),
    }


def narrowed(name: str, wanted: Filter, **values: Any) -> str:
    """The page of this name with these filters besides; a list of values chooses any of them."""
    for parameter, value in values.items():
        wanted = wanted.with_(parameter, *([value] if isinstance(value, str) else value))
    return address(name, wanted.query_string)


def figures(found: Totals, wanted: Filter) -> list[Shown]:
    """The numbers that matter, each with the list of what it counts."""
    outcomes = found["outcomes"]
    ended = [outcome.value for outcome in Outcome.ended()]
    late = found["gates"]["late"]
    note = _("%(n)s overdue") % {"n": wording.number(late)} if late else ""
    return [
        _figure(_("active innovations"), outcomes[Outcome.ACTIVE], narrowed("list", wanted, outcome=Outcome.ACTIVE)),
        {**_figure(_("open gate decisions"), found["gates"]["open"], narrowed("gates", wanted)), "note": note},
        _figure(_("stalled for more than 90 days"), found["stalled"], narrowed("stalled", wanted)),
        _figure(_("on hold"), outcomes[Outcome.ON_HOLD], narrowed("list", wanted, outcome=Outcome.ON_HOLD)),
        _figure(_("scaled up"), outcomes[Outcome.SCALED], narrowed("list", wanted, outcome=Outcome.SCALED)),
        _figure(_("stopped or withdrawn"), sum(outcomes[one] for one in ended), narrowed("ended", wanted)),
    ]


def _figure(label: str, value: int, url: str) -> Shown:
    return {"label": label, "value": value, "url": url}


# Pillars and stages --------------------------------------------------------------------------------------------------


def _pillar(key: str | None, terms: Terms) -> Shown:
    """The name of a pillar and its colour; of no pillar, words and none."""
    if key is None:
        return {"name": WITHOUT["pillar"], "css": "", "value": NOTHING}
    entry = terms["pillar"][key]
    return {"name": entry.short, "css": f"pillar-{entry.place}", "value": key}


def heat_map(found: Totals, wanted: Filter) -> list[Shown]:
    """A row per pillar with a cell per stage: number, step of the colour, link, and what a screen reader says."""
    most = max((n for row in found["rows"] for n in row["stages"].values()), default=0)
    rows = []
    for row in found["rows"]:
        pillar = _pillar(row["pillar"], wanted.terms)
        of_row = wanted.with_("pillar", pillar["value"]).with_("outcome", Outcome.ACTIVE)
        cells = [_cell(pillar, Stage(stage), n, most, of_row) for stage, n in row["stages"].items()]
        rows.append({**pillar, "cells": cells, "total": row["total"], "url": narrowed("list", of_row)})
    return rows


def _cell(pillar: Shown, stage: Stage, number: int, most: int, of_row: Filter) -> Shown:
    where = {"n": wording.number(number), "pillar": pillar["name"], "stage": stage.label}
    return {
        "n": number,
        "css": f"heat-{ceil(HEAT_STEPS * number / most) if most else 0}",
        "url": narrowed("list", of_row, stage=stage),
        "label": _("%(n)s active: %(pillar)s, %(stage)s") % where,
    }


def stages(found: Totals, wanted: Filter) -> list[Shown]:
    """The rows of the funnel."""
    active = wanted.with_("outcome", Outcome.ACTIVE)
    return [
        {
            **row,
            "name": Stage(row["stage"]).label,
            "url": narrowed("list", active, stage=row["stage"]),
            "stalled_url": narrowed("stalled", wanted, stage=row["stage"]) if row["stalled"] else "",
        }
        for row in found["rows"]
    ]


def stages_chart(found: Totals) -> BarChart:
    return bar_chart(
        [row["active"] for row in found["rows"]], [str(Stage(row["stage"]).label) for row in found["rows"]]
    )


# FTE -----------------------------------------------------------------------------------------------------------------

#: part of the totals → class of its bar; the surer, the more solid
_BARS = {"estimated": "bar--open", "validated": "bar--soft", "realised": "bar"}


def measures() -> dict[str, str]:
    """Part of the totals → what people call it, from least to most sure."""
    return {
        "estimated": pgettext("figure", "Estimated"),
        "validated": pgettext("figure", "Validated"),
        "realised": pgettext("figure", "Realised"),
    }


def fte_rows(found: Totals) -> list[Shown]:
    """Estimated, validated and realised, each with its share of what the region is short of."""
    yardstick_from = (found.get("yardstick") or {}).get("from")
    return [
        {
            **found[name],
            "name": label,
            "share": round(100 * found[name]["fte"] / yardstick_from, 1) if yardstick_from else None,
        }
        for name, label in measures().items()
    ]


def fte_chart(found: Totals) -> Scale:
    said = {
        "estimated": _("%(n)s FTE estimated"),
        "validated": _("%(n)s FTE validated"),
        "realised": _("%(n)s FTE realised"),
    }
    bars = [
        (float(found[name]["fte"]), words % {"n": wording.number(found[name]["fte"])}, _BARS[name])
        for name, words in said.items()
    ]
    compared = found.get("yardstick")
    return scale(
        bars,
        band=(compared["from"], compared["to"]) if compared else None,
        words=[_("Expected shortage in 2050:"), _short(compared)] if compared else [],
        unit=_("Full-time jobs (FTE)"),
    )


def _short(compared: Totals) -> str:
    ends = {"low": wording.number(compared["from"]), "high": wording.number(compared["to"])}
    return _("%(low)s to more than %(high)s FTE") % ends


def yardstick(found: Totals) -> Shown | None:
    """What the shortage is said to be, who said so and when; and how that sounds beside the picture."""
    if not (compared := found.get("yardstick")):
        return None
    text, source = (_either(compared, name) for name in ("text", "source"))
    return {**compared, "text": text, "source": source, "month": _month(compared["date"]), "words": _short(compared)}


def _either(record: Totals, name: str) -> Text:
    return pick(_Fields(record), name)


class _Fields:
    """The values of a dict as attributes, for `pick`."""

    def __init__(self, values: Totals) -> None:
        self.__dict__.update(values)


def _month(text: str) -> str:
    """`maart 2026` of 2026-03; as it is when it is no month."""
    try:
        return wording.plain_date(date.fromisoformat(f"{text}-01")).partition(" ")[2]
    except ValueError:
        return text


# Value and complexity ------------------------------------------------------------------------------------------------


def points(found: Totals, terms: Terms) -> list[Shown]:
    """The rows of the table beside the bubbles; `place` is the number in the bubble."""
    return [
        {
            **point,
            "place": place,
            "title": _either(point, "title") or Text(point["number"], "nl"),
            "url": Innovation(number=point["number"]).get_absolute_url(),
            "stage": Stage(point["stage"]).label,
            "pillar": _pillar(point["pillar"], terms),
        }
        for place, point in enumerate(found["points"], 1)
    ]


def bubbles(rows: list[Shown]) -> Shown:
    """The picture of these points, and per bubble where it leads, its colour and what a screen reader says."""
    places = [(row["complexity"], row["value"], row["fte"]) for row in rows]
    across = range(max([LEAST_DOMAINS, *(x + 1 for x, _value, _fte in places)]))
    chart: BubbleChart = bubble_chart(places, across=across, up=VALUES)
    return {"chart": chart, "marks": [_mark(bubble, rows) for bubble in chart.bubbles]}


def _mark(bubble: Any, rows: list[Shown]) -> Shown:
    own = [rows[index] for index in bubble.indices]
    colours = {row["pillar"]["css"] for row in own}
    label = "; ".join(f"{row['place']}: {row['title']}" for row in own)
    return {
        "bubble": bubble,
        "url": own[0]["url"] if len(own) == 1 else "#points",
        "css": colours.pop() if len(colours) == 1 else "",
        "label": label,
    }


# Roadmap, benefits and goals -----------------------------------------------------------------------------------------


def roadmap(found: Totals, wanted: Filter) -> list[Shown]:
    """A row per pillar with a cell per horizon, and one for what has no horizon."""
    rows = []
    for row in found["rows"]:
        pillar = _pillar(row["pillar"], wanted.terms)
        of_row = wanted.with_("pillar", pillar["value"]).with_("outcome", *ON_ROADMAP)
        names = {key: wanted.terms["horizon"][key].name for key in row["horizons"]}
        numbers = {**row["horizons"], NOTHING: row["without"]}
        names[NOTHING] = WITHOUT["horizon"]
        cells = [_place(pillar, key, names[key], n, of_row) for key, n in numbers.items()]
        rows.append({**pillar, "cells": cells, "innovations": row["innovations"]})
    return rows


def _place(pillar: Shown, key: str, name: Any, number: int, of_row: Filter) -> Shown:
    where = {"n": wording.number(number), "pillar": pillar["name"], "horizon": name}
    label = _("%(n)s: %(pillar)s, %(horizon)s") % where
    return {"n": number, "url": narrowed("list", of_row, horizon=key), "label": label}


def benefit_rows(found: Totals) -> list[Shown]:
    """Benefits by aim; disbenefits after them, marked."""
    return [{**row, "name": Aim(row["category"]).label} for row in (*found["rows"], *found["disbenefits"])]


def benefits_chart(found: Totals) -> BarChart:
    names = measures()
    return bar_chart([found["total"][name] for name in names], list(names.values()))


def goal_rows(found: Totals, wanted: Filter) -> list[Shown]:
    """Every goal, with how much is done about it."""
    rows: Iterable[Totals] = found["rows"]
    return [
        {
            **row,
            "name": wanted.terms["goal"][row["goal"]].name,
            "url": narrowed("list", wanted, goal=row["goal"]),
            "active_url": narrowed("list", wanted, goal=row["goal"], outcome=Outcome.ACTIVE),
        }
        for row in rows
    ]


# The page about FTE --------------------------------------------------------------------------------------------------


def fte_figures(found: Totals) -> list[Shown]:
    """Realised against estimated, of the same innovations; and how much is not known."""
    missing = found["realised_missing"]
    of_both = _("%(n)s innovations") % {"n": wording.number(found["realised"]["n"])}
    of_all = _("%(n)s innovations") % {"n": wording.number(found["estimated"]["n"])}
    share = "" if missing["percent"] is None else wording.percent(missing["percent"])
    return [
        {"label": _("FTE realised"), "value": found["realised"]["fte"], "note": of_both},
        {
            "label": _("FTE estimated for the same innovations"),
            "value": found["estimated_for_the_same"]["fte"],
            "note": of_both,
        },
        {
            "label": _("FTE estimated in all"),
            "value": found["estimated"]["fte"],
            "note": of_all,
        },
        {"label": _("estimates without a realised figure"), "value": missing["n"], "note": share},
        {"label": _("innovations without any figure"), "value": found["without_any_figure"]},
    ]


def fte_line(innovation: Innovation) -> Shown:
    """One innovation with its three figures; reads `figures`."""
    by_measure = {figure.measure: figure for figure in innovation.figures}
    labels = zip((Measure.ESTIMATE, Measure.VALIDATED, Measure.ACTUAL), measures().values(), strict=True)
    figures = [(label, by_measure.get(measure)) for measure, label in labels]
    outcome = "" if innovation.outcome == Outcome.ACTIVE else f" · {Outcome(innovation.outcome).label}"
    return {
        "title": pick(innovation, "title") or Text(innovation.number, "nl"),
        "url": innovation.get_absolute_url(),
        "note": f"{innovation.number} · {Stage(innovation.stage).label}{outcome}",
        "figures": figures,
        "hours_per_fte": innovation.hours_per_fte,
    }
