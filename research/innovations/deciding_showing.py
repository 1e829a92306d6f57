"""What the pages around a gate show: what is asked and still missing, who fills it in, and what changed meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.badges import Badge
from academy.core.errors import Unknown
from academy.core.translation import Text, pick

from . import badges, gates
from . import record as records
from .models import Condition, Decision, Innovation
from .record import FIELDS, STEPS
from .selectors import record_at
from .services.gates import assessed_of
from .states import Result, Stage

#: what an innovation manager fills in; all else is for the owner and the team
BY_MANAGER = frozenset({"device", "ai", "value", "validated", "fte_validated"})


def title_of(innovation: Innovation) -> Text | str:
    """The title in the language of the page, or what stands in for it."""
    return pick(innovation, "title") or _("Untitled innovation")


def gate_words(from_stage: str, gate: str) -> str:
    """`Pilot A (small) → Pilot B (wider)`; one name where a stage is looked at again."""
    names = dict.fromkeys(str(Stage(stage).label) for stage in (from_stage, gate))
    return " → ".join(names)


@dataclass(frozen=True)
class Missing:
    """Things that a gate asks for and that are not there yet: who fills them in, and where."""

    who: str
    labels: list[str]
    part: str
    url: str


def missing_of(innovation: Innovation, gate: str) -> list[Missing]:
    """What is missing for this gate, by who fills it in and by part of the form.

    Reads the whole record (`record.with_everything`).
    """
    items = missing_items(innovation, gate)
    owner = innovation.owner.full_name if innovation.owner else _("the team")
    manager = _("the innovation manager")

    def place(item: gates.Item) -> tuple[bool, str]:
        return item.name in BY_MANAGER, item.step

    return [
        Missing(
            who=manager if by_manager else owner,
            labels=[str(item.label) for item in found],
            part=str(STEPS.get(step, _("Assessments"))),
            url=part_url(innovation, step),
        )
        for (by_manager, step), found in groupby(sorted(items, key=place), key=place)
    ]


def missing_items(innovation: Innovation, gate: str) -> list[gates.Item]:
    """What is missing for this gate; reads the whole record (`record.with_everything`)."""
    return gates.missing(gates.Facts(records.read(innovation), assessed_of(innovation)), gate)


def part_url(innovation: Innovation, step: str) -> str:
    """Where this part of an innovation is filled in."""
    if step == gates.ASSESSMENTS:
        return reverse("innovations:assess", kwargs={"number": innovation.number})
    return reverse("innovations:step", kwargs={"number": innovation.number, "step": step})


def decision_url(decision: Decision) -> str:
    """The page of this decision, for who works on it; reads its innovation."""
    return reverse("innovations:decide", kwargs={"number": decision.innovation.number, "pk": decision.pk})


def question_of(decision: Decision) -> str:
    """What the body asks itself."""
    return str(gates.QUESTIONS[decision.from_stage])


def facts_of(innovation: Innovation) -> list[tuple[str, Any]]:
    """What a body wants to know first: how long, how much, how hard."""
    return [
        (_("Days in this stage"), days_words(innovation)),
        (_("Value × complexity"), value_words(innovation)),
        ("TRL", str(innovation.trl or "")),
        ("FTE", fte_words(innovation)),
        (_("Money"), money_words(innovation)),
    ]


def days_words(innovation: Innovation) -> str:
    days = innovation.days_in_stage
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": wording.number(days)}


def value_words(innovation: Innovation) -> str:
    """`8 of 10 × 3 of 7 domains complex`; what was not assessed is said."""
    value = _("%(n)s of 10") % {"n": innovation.value_score} if innovation.value_score else _("no value yet")
    if innovation.complexity is None:
        return f"{value} × {_('complexity not assessed')}"
    words = ngettext("%(n)s of 7 domains complex", "%(n)s of 7 domains complex", innovation.complexity)
    return f"{value} × {words % {'n': innovation.complexity}}"


def fte_words(innovation: Innovation) -> str:
    """The surest figure with how sure it is and how it comes about; empty while there is none."""
    figure = surest_fte(innovation)
    if figure is None:
        return ""
    return _("%(fte)s %(measure)s (%(before)s to %(after)s minutes, %(cases)s cases a year)") % {
        "fte": wording.number(round(figure.fte, 2)),
        "measure": str(figure.get_measure_display()).lower(),
        "before": wording.number(figure.minutes_before),
        "after": wording.number(figure.minutes_after),
        "cases": wording.number(figure.cases_per_year),
    }


def surest_fte(innovation: Innovation) -> Any:
    """Realised before validated before estimated; None while there is no figure."""
    figures = {figure.measure: figure for figure in innovation.fte_figures.all()}
    return next((figures[measure] for measure in ("actual", "validated", "estimate") if measure in figures), None)


def money_words(innovation: Innovation) -> str:
    """Budget and what is spent of it, over all years."""
    budget, spent = money_of(innovation)
    if budget is None and spent is None:
        return ""
    words = {"budget": _euros(budget), "spent": _euros(spent)}
    return _("€ %(budget)s budget, € %(spent)s spent") % words


def money_of(innovation: Innovation) -> tuple[Any, Any]:
    """Budget and spent in euros over all years and funders; None where nothing is filled in."""
    return _sum(row.budget_eur for row in innovation.money.all()), _sum(row.spent_eur for row in innovation.money.all())


def _sum(amounts: Iterable[Any]) -> Any:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _euros(amount: Any) -> str:
    return wording.number(round(amount or 0))


@dataclass(frozen=True)
class ConditionLine:
    """A condition with who sees to it and whether it is late."""

    condition: Condition

    @property
    def text(self) -> Text:
        return pick(self.condition, "text")

    @property
    def who(self) -> str:
        return self.condition.owner.full_name if self.condition.owner else ""

    @property
    def badge(self) -> Badge:
        """Met on a day, so many days late, or still open."""
        if self.condition.met_on:
            return Badge(_("Met on %(day)s") % {"day": wording.plain_date(self.condition.met_on)}, "positive")
        return badges.of_due(self.condition.due_on) or Badge(_("Not met yet"), "warning", "clock")


@dataclass(frozen=True)
class DecisionLine:
    """A decision as a line of history; reads its body and conditions."""

    decision: Decision

    @property
    def gate(self) -> str:
        return gate_words(self.decision.from_stage, self.decision.gate)

    def is_before(self, other: "DecisionLine") -> bool:
        """Whether this one was taken before the other."""
        return _when(self.decision) < _when(other.decision)

    @property
    def body(self) -> Text:
        return pick(self.decision.body, "name")

    @property
    def badge(self) -> Badge:
        return badges.of_result(self.decision.result)

    @property
    def rationale(self) -> Text:
        return pick(self.decision, "rationale")

    @property
    def conditions(self) -> list[ConditionLine]:
        return [ConditionLine(condition) for condition in self.decision.conditions.all()]

    @property
    def open_conditions(self) -> list[ConditionLine]:
        return [line for line in self.conditions if line.condition.met_on is None]

    @property
    def missing(self) -> list[str]:
        """What was missing when it was taken."""
        return gates.labels(self.decision.missing)


def history(innovation: Innovation) -> list[DecisionLine]:
    """What was decided about it, the last first; reads `decisions` with body and conditions."""
    taken = [decision for decision in innovation.decisions.all() if decision.result != Result.OPEN]
    return [DecisionLine(decision) for decision in sorted(taken, key=_when, reverse=True)]


def _when(decision: Decision) -> tuple[Any, int]:
    return decision.decided_on, decision.pk


def changed_since(innovation: Innovation, version: int | None) -> list[str]:
    """What differs from this version of the record, in words; nothing when there never was one."""
    try:
        before = record_at(innovation, version or 0)
    except Unknown:
        return []
    changed = records.changes({**records.empty(), **before}, records.read(innovation))
    return [wording.capital(FIELDS[name].label) for name in changed]
