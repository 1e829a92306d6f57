"""What the next gate asks for, where that stands in the form, and what is asked for later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core import wording
from academy.core.editing.progress import Step, knot

from .. import gates
from ..models import Innovation
from ..record import FIELDS, STEPS, Record
from ..services.gates import assessed_of
from ..states import Outcome, Stage

#: The label of these does not say that they may stay empty: they are asked for before the idea is handed in, or have a
#: value of their own.
NEEDED = frozenset(
    {name for item in gates.ITEMS if item.gate == Stage.EXPLORATION for name in item.fields}
    | {"organisations", "visibility", "hours_per_fte", "urgent"}
)

#: Fields that no gate asks for, and that say nothing without the one with which they stand.
_WITH = {
    "horizon_to": "horizon_from",
    "evidence_design_nl": "evidence_tier",
    "evidence_design_en": "evidence_tier",
    "evidence_study": "evidence_tier",
    "evidence_doi": "evidence_tier",
    "fte_method_nl": "fte_figures",
    "fte_method_en": "fte_figures",
    "hours_per_fte": "fte_figures",
}


@dataclass(frozen=True)
class Mark:
    """What stands at a field that the next gate asks for; `things` are those of a list that are missing."""

    given: bool
    things: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        if self.things:
            return _("Asked at the next gate: %(things)s") % {"things": ", ".join(self.things)}
        return _("Asked at the next gate, and filled in") if self.given else _("Asked at the next gate")

    @property
    def icon(self) -> str:
        return "circle-check" if self.given else "circle-dashed"


@dataclass(frozen=True)
class Line:
    """Something that is still missing, and where to fill it in."""

    label: str
    url: str


@dataclass(frozen=True)
class Part:
    """What is missing in one step of the form."""

    label: Any
    url: str
    lines: list[Line]


class Asking:
    """One innovation before its next gate; `record` is what is stored."""

    def __init__(self, innovation: Innovation, record: Record) -> None:
        self.innovation = innovation
        self.gate = gates.gate_of(innovation.stage)
        self.ended = innovation.outcome in Outcome.ended()
        facts = gates.Facts(record, assessed_of(innovation))
        self.missing = [] if self.ended else gates.missing(facts, self.gate)

    @property
    def gate_label(self) -> str:
        """The stage that the gate leads to."""
        return str(self.gate.label)

    @property
    def question(self) -> str:
        """What the body will ask."""
        return str(gates.QUESTIONS[self.innovation.stage])

    @property
    def parts(self) -> list[Part]:
        """What is missing, by step, in the order of the form."""
        found = []
        for step, label in {**STEPS, gates.ASSESSMENTS: gettext_lazy("Assessments")}.items():
            items = [item for item in self.missing if item.step == step]
            if items:
                lines = [Line(wording.capital(item.label), place_of(self.innovation, item)) for item in items]
                found.append(Part(label, address(self.innovation, step), lines))
        return found

    @property
    def marks(self) -> dict[str, Mark]:
        """A mark at every field that this gate asks for, or that an earlier one asked for in vain."""
        if self.ended:
            return {}
        asked: dict[str, list[gates.Item]] = {}
        for item in gates.ITEMS:
            if item.gate == self.gate or item in self.missing:
                for name in item.fields:
                    asked.setdefault(name, []).append(item)
        return {name: self._mark(name, items) for name, items in asked.items()}

    def _mark(self, name: str, items: list[gates.Item]) -> Mark:
        missing = [item for item in items if item in self.missing]
        things = tuple(str(item.label) for item in missing) if FIELDS[name].rows is not None else ()
        return Mark(not missing, things)

    @property
    def later(self) -> dict[str, str]:
        """By field that a later gate asks for first: when that is."""
        if self.ended:
            return {}
        words = _("asked at the gate to %(stage)s")
        later = {name: gate for name, gate in first_gates().items() if gate.place > self.gate.place}
        found = {name: words % {"stage": gate.label} for name, gate in later.items()}
        return found | {name: found[other] for name, other in _WITH.items() if other in found}

    def knots(self, current: str) -> list[Step]:
        """The steps of the form: done when this gate misses nothing of them."""
        gaps = {item.step for item in self.missing}
        later = {item.step for item in gates.ITEMS} - {
            item.step for item in gates.ITEMS if item.gate.place <= self.gate.place
        }
        return [
            knot(
                name,
                label,
                address(self.innovation, name),
                current=name == current,
                done=name not in gaps | later,
                otherwise=_("Not asked yet") if name in later else "",
            )
            for name, label in STEPS.items()
        ]


def first_gates() -> Mapping[str, Stage]:
    """By field the first gate that asks for it; fields that no gate asks for are not in it."""
    found: dict[str, Stage] = {}
    for item in gates.ITEMS:
        for name in item.fields:
            found.setdefault(name, item.gate)
    return found


def address(innovation: Innovation, step: str, field: str = "") -> str:
    """The page of a step, at this field."""
    if step == gates.ASSESSMENTS:
        page = reverse("innovations:assess", kwargs={"number": innovation.number})
    else:
        page = reverse("innovations:step", kwargs={"number": innovation.number, "step": step})
    return f"{page}#field-{field}" if field else page


def place_of(innovation: Innovation, item: gates.Item) -> str:
    """Where this item is filled in."""
    field = item.name if item.step == gates.ASSESSMENTS else next(iter(item.fields), "")
    return address(innovation, item.step, field)


def place_of_refused(innovation: Innovation, name: str) -> Line:
    """Where something is filled in that handing in found missing: an item of a gate or a field."""
    item = next((item for item in gates.ITEMS if item.name == name), None)
    if item is not None:
        return Line(wording.capital(item.label), place_of(innovation, item))
    entry = FIELDS[name]
    return Line(wording.capital(entry.label), address(innovation, entry.step, name))
