"""The agenda of a steering group as a sheet: one row for each thing on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from academy.core import clock
from academy.core.exports import Column

from . import deciding_showing as showing
from .models import Innovation
from .steering import Agenda, ConditionItem, GateItem, InnovationItem


@dataclass(frozen=True)
class Line:
    """A row: what kind of thing it is, about which innovation, before which day, and what else is known of it."""

    part: str
    innovation: Innovation
    day: date | None = None
    more: dict[str, Any] = field(default_factory=dict)


def lines(agenda: Agenda) -> Iterator[Line]:
    """Everything on the agenda, part by part, as the page has it."""
    yield from (_gate(item) for item in agenda.gates)
    yield from (_condition(item) for item in agenda.conditions)
    yield from (_plain(_("On hold until"), item) for item in agenda.wake_ups)
    yield from (
        _plain(_("Next review"), item, body=str(decision.body), last_decision=_words(decision))
        for item, decision in agenda.reviews
    )
    yield from (_plain(_("Idea handed in"), item) for item in agenda.ideas)
    yield from (_plain(_("Nothing moves"), item) for item in agenda.stalled)


def _gate(item: GateItem) -> Line:
    innovation = item.innovation
    figure = showing.surest_fte(innovation)
    budget, spent = showing.money_of(innovation) if item.near else (None, None)
    more = {
        "hospitals": item.hospitals,
        "owner": item.owner,
        "gate": item.gate,
        "question": item.question,
        "body": str(item.body),
        "prepared_by": item.prepared_by,
        "missing": item.missing,
        "last_decision": _words(item.last) if item.last else "",
        "conditions": [str(line.text) for line in item.open_conditions],
        "value": innovation.value_score,
        "complexity": innovation.complexity,
        "fte": figure.fte if figure else None,
        "fte_measure": str(figure.get_measure_display()) if figure else "",
        "budget": budget,
        "spent": spent,
    }
    return Line(_("Decision"), innovation, item.decision.due_on, more)


def _words(line: showing.DecisionLine) -> str:
    """`2026-03-12 Go, with conditions: The technique works.`"""
    decision = line.decision
    return f"{decision.decided_on.isoformat()} {decision.get_result_display()}: {line.rationale}"


def _condition(item: ConditionItem) -> Line:
    more = {"gate": item.gate, "owner": item.line.who, "note": str(item.line.text)}
    return Line(pgettext("of a decision", "Condition"), item.innovation, item.line.condition.due_on, more)


def _plain(part: str, item: InnovationItem, **more: Any) -> Line:
    told = {"hospitals": item.hospitals, "owner": item.owner, "note": str(item.note), **more}
    return Line(part, item.innovation, item.day, told)


def _more(name: str) -> Any:
    return lambda line: line.more.get(name)


def _days_late(line: Line) -> int | None:
    late = (clock.today() - line.day).days if line.day else 0
    return late if late > 0 else None


COLUMNS: tuple[Column, ...] = (
    Column("part", gettext_lazy("On the agenda as"), lambda line: line.part),
    Column("number", gettext_lazy("Number"), lambda line: line.innovation.number),
    Column("title", pgettext_lazy("heading", "Innovation"), lambda line: str(showing.title_of(line.innovation))),
    Column("hospitals", gettext_lazy("Hospitals"), lambda line: line.more.get("hospitals", "")),
    Column("owner", gettext_lazy("Owner"), _more("owner")),
    Column("stage", pgettext_lazy("heading", "Stage"), lambda line: line.innovation.get_stage_display()),
    Column("days_in_stage", gettext_lazy("Days in this stage"), lambda line: line.innovation.days_in_stage),
    Column("day", pgettext_lazy("heading", "Day"), lambda line: line.day),
    Column("days_late", gettext_lazy("Days late"), _days_late),
    Column("gate", pgettext_lazy("heading", "Gate"), _more("gate")),
    Column("question", gettext_lazy("The question of this gate"), _more("question")),
    Column("body", pgettext_lazy("heading", "Body"), _more("body")),
    Column("prepared_by", gettext_lazy("Prepared by"), _more("prepared_by")),
    Column("missing", gettext_lazy("Still missing for this gate"), _more("missing")),
    Column("last_decision", gettext_lazy("Last decision"), _more("last_decision")),
    Column("conditions", gettext_lazy("Open conditions"), _more("conditions")),
    Column("value", gettext_lazy("Value (1 to 10)"), _more("value")),
    Column("complexity", gettext_lazy("Complex domains (of 7)"), _more("complexity")),
    Column("fte", "FTE", _more("fte")),
    Column("fte_measure", gettext_lazy("FTE figure"), _more("fte_measure")),
    Column("budget", gettext_lazy("Budget in euros"), _more("budget")),
    Column("spent", gettext_lazy("Spent in euros"), _more("spent")),
    Column("note", gettext_lazy("Note"), _more("note")),
    Column("address", gettext_lazy("Address"), lambda line: settings.SITE_URL + line.innovation.get_absolute_url()),
)
