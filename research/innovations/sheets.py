"""The totals of the portfolio as sheets of a workbook: one per picture, and one that tells what they are about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.core.exports import Column

from .filtering import WITHOUT, Filter
from .overview import benefit_rows, measures, points
from .portfolio import Totals
from .states import Outcome, Stage
from .terms import Terms

Cells = tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """A sheet: its name, its headings and its rows."""

    title: str
    heads: Sequence[str]
    rows: list[Cells]

    @property
    def columns(self) -> list[Column]:
        return [Column(str(at), str(head), itemgetter(at)) for at, head in enumerate(self.heads)]


def sheets(found: Totals, wanted: Filter) -> list[Part]:
    """Every sheet; that of money only for whoever may see some."""
    terms = wanted.terms
    made = [_about(found, wanted), *(make(found, terms) for make in _PARTS)]
    return [*made, _money(found["money"])] if found["money"] else made


def _about(found: Totals, wanted: Filter) -> Part:
    """What the numbers are about: the day, the filters, and who counts."""
    chips = [str(chip["label"]) for chip in wanted.bar().chips]
    rows: list[Cells] = [
        (_("Day"), date.fromisoformat(found["on"])),
        (_("Filters"), "; ".join(chips) or _("none")),
        (_("Innovations"), found["innovations"]),
        *((Outcome(name).label, number) for name, number in found["outcomes"].items()),
        (_("Open gate decisions"), found["gates"]["open"]),
        (_("Of these overdue"), found["gates"]["late"]),
        (_("Stalled for more than 90 days"), found["stalled"]),
        (_("Who counts"), _("Only innovations that whoever made this file may see.")),
    ]
    return Part(_("About these numbers"), (_("What"), _("Value")), rows)


def _pillar(key: str | None, terms: Terms) -> str:
    return str(terms["pillar"][key].name if key else WITHOUT["pillar"])


def _heat_map(found: Totals, terms: Terms) -> Part:
    heat = found["heat_map"]
    rows: list[Cells] = [(_pillar(row["pillar"], terms), *row["stages"].values(), row["total"]) for row in heat["rows"]]
    rows.append((_("Total"), *heat["stages"].values(), heat["total"]))
    heads = (pgettext("heading", "Pillar"), *(str(stage.label) for stage in Stage), _("Total"))
    return Part(_("Pillars and stages"), heads, rows)


def _stages(found: Totals, terms: Terms) -> Part:
    funnel = found["stages"]
    names = ("active", "on_hold", "median_days", "stalled")
    rows: list[Cells] = [(str(Stage(row["stage"]).label), *(row[name] for name in names)) for row in funnel["rows"]]
    rows.append((_("Total"), *(funnel[name] for name in names)))
    heads = (
        pgettext("heading", "Stage"),
        *(str(Outcome.ACTIVE.label), str(Outcome.ON_HOLD.label)),
        *(_("Days in the stage (median)"), _("More than 90 days")),
    )
    return Part(_("By stage"), heads, rows)


def _fte(found: Totals, terms: Terms) -> Part:
    fte = found["fte"]
    missing = fte["realised_missing"]
    rows: list[Cells] = [(label, *_amount(fte[name])) for name, label in measures().items()]
    rows += [
        (_("Estimated for the same innovations"), *_amount(fte["estimated_for_the_same"])),
        (_("Estimates without a realised figure"), None, None, missing["n"], missing["percent"]),
        (
            _("Innovations without any figure"),
            *(None, None, fte["without_any_figure"], fte["without_any_figure_percent"]),
        ),
    ]
    if compared := fte["yardstick"]:
        rows.append((_("Expected shortage in 2050, from"), compared["from"], None, None, None))
        rows.append((_("Expected shortage in 2050, to more than"), compared["to"], None, None, None))
    heads = (pgettext("heading", "Figure"), "FTE", _("Hours a year"), _("Innovations"), "%")
    return Part("FTE", heads, rows)


def _amount(one: Totals) -> Cells:
    return one["fte"], one["hours_per_year"], one["n"], None


def _points(found: Totals, terms: Terms) -> Part:
    rows: list[Cells] = [
        tuple(point[name] for name in ("place", "number", "title", "stage", "value", "complexity", "fte"))
        for point in points(found["value_complexity"], terms)
    ]
    told = found["value_complexity"]
    rows += [
        (None, None, _("Active innovations"), None, told["innovations"]),
        (None, None, _("with value and complexity"), None, told["n"]),
        (None, None, _("without a value"), None, told["without_value"]),
        (None, None, _("without complexity"), None, told["without_complexity"]),
    ]
    heads = (
        *(_("No."), _("Number"), pgettext("heading", "Innovation"), pgettext("heading", "Stage")),
        *(pgettext("heading", "Value"), pgettext("heading", "Complex"), "FTE"),
    )
    return Part(_("Value and complexity"), heads, [_filled(row, len(heads)) for row in rows])


def _filled(row: Cells, length: int) -> Cells:
    return (*row, *(None,) * (length - len(row)))


def _roadmap(found: Totals, terms: Terms) -> Part:
    rows: list[Cells] = [
        (_pillar(row["pillar"], terms), *row["horizons"].values(), row["without"], row["innovations"])
        for row in found["roadmap"]["rows"]
    ]
    heads = (
        pgettext("heading", "Pillar"),
        *(str(entry.name) for entry in terms.all("horizon")),
        *(str(WITHOUT["horizon"]), _("Innovations")),
    )
    return Part(_("Pillars and horizons"), heads, rows)


def _benefits(found: Totals, terms: Terms) -> Part:
    names = ("n", "estimated", "validated", "realised")
    rows: list[Cells] = [
        (
            str(row["name"]),
            _("disbenefit") if row["disbenefit"] else "",
            *(row[name] for name in names),
            row["realised_missing"]["percent"],
        )
        for row in benefit_rows(found["benefits"])
    ]
    total = found["benefits"]["total"]
    rows.append((_("Benefits together"), "", *(total[name] for name in names), total["realised_missing"]["percent"]))
    rows.append((_("Innovations without any"), "", found["benefits"]["without_any"], None, None, None, None))
    heads = (
        *(pgettext("heading", "Aim"), pgettext("heading", "Kind"), pgettext("how many", "Number")),
        *(*measures().values(), _("Not measured (%)")),
    )
    return Part(_("Benefits"), heads, rows)


def _goals(found: Totals, terms: Terms) -> Part:
    rows: list[Cells] = [
        (str(terms["goal"][row["goal"]].name), row["innovations"], row["active"]) for row in found["goals"]["rows"]
    ]
    return Part(_("Goals"), (pgettext("heading", "Goal"), _("Innovations"), _("Of these active")), rows)


def _money(money: Totals) -> Part:
    rows: list[Cells] = [
        (row["year"], row["innovations"], row["budget_eur"], row["spent_eur"]) for row in money["years"]
    ]
    rows.append((_("Total"), None, money["budget_eur"], money["spent_eur"]))
    return Part(
        pgettext("part of an innovation", "Money"),
        (_("Year"), _("Innovations"), _("Budget (€)"), _("Spent (€)")),
        rows,
    )


_PARTS: tuple[Callable[[Totals, Terms], Part], ...] = (
    *(_heat_map, _stages, _fte, _points, _roadmap, _benefits, _goals),
)
