"""What each gate asks for, as data: seven stages with one question each, and what has to be known before the next.

A gate is named after the stage to be entered. What is missing is told, and kept with the decision; it refuses nothing,
since a board may decide with open eyes (docs/decisions/0014).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .record import BENEFITS, CONDITIONS, EVIDENCE, IDEA, LINKS, STRATEGY, Record
from .states import Stage
from .vocabularies import ComplianceState, DeviceClass

#: what a body asks at the gate that ends this stage
QUESTIONS: dict[str, str | Promise] = {
    Stage.IDEA: _("Is this a problem people recognise?"),
    Stage.EXPLORATION: _("Do we know enough to dare to develop?"),
    Stage.DEVELOPMENT: _("Does it work safely outside practice?"),
    Stage.PILOT_A: _("Does it work for one team?"),
    Stage.PILOT_B: _("Does it also work for teams that did not ask for it?"),
    Stage.IMPLEMENTATION: _("Has it become ordinary work, with an owner and a budget?"),
    Stage.IN_USE: _("Does it still deliver what we promised?"),
}

#: the part of the innovation where assessments are given, beside the steps of the form
ASSESSMENTS = "assessments"


@dataclass(frozen=True)
class Facts:
    """What a gate looks at: the record, and the assessments that hold now by kind (`trl`, …) with their code."""

    record: Record
    assessed: Mapping[str, str]

    def has(self, *names: str) -> bool:
        """Whether one of these fields is filled in."""
        return any(self.record.get(name) not in ("", None, [], {}) for name in names)

    def counts(self, name: str, part: str) -> bool:
        """Whether a row of this list has this part."""
        return any(row.get(part) not in ("", None) for row in self.record[name])

    def fte(self, measure: str) -> bool:
        return any(row["measure"] == measure for row in self.record["fte_figures"])

    def settled(self, kind: str) -> bool:
        return any(
            row["kind"] == kind and row["state"] in ComplianceState.settled() for row in self.record["compliance"]
        )


@dataclass(frozen=True)
class Item:
    """Something a gate asks for: the gate, the part of the form to go to, whether it is there, and the fields of it."""

    name: str
    gate: Stage
    step: str
    label: str | Promise
    given: Callable[[Facts], bool]
    fields: tuple[str, ...] = ()


def _field(name: str, gate: Stage, step: str, label: str | Promise, *fields: str) -> Item:
    return Item(name, gate, step, label, lambda facts: facts.has(*fields), fields)


def _assessed(name: str, gate: Stage, label: str | Promise) -> Item:
    return Item(name, gate, ASSESSMENTS, label, lambda facts: facts.assessed.get(name) not in (None, "", "unknown"))


ITEMS: tuple[Item, ...] = (
    _field("title", Stage.EXPLORATION, IDEA, pgettext_lazy("asked at a gate", "title"), "title_nl", "title_en"),
    _field("problem", Stage.EXPLORATION, IDEA, _("the problem"), "problem_nl", "problem_en"),
    _field("how_it_works", Stage.EXPLORATION, IDEA, _("the idea"), "how_it_works_nl", "how_it_works_en"),
    _field("owner", Stage.EXPLORATION, IDEA, pgettext_lazy("asked at a gate", "owner"), "owner"),
    _field("units", Stage.EXPLORATION, IDEA, _("unit"), "units"),
    _field("pillar", Stage.EXPLORATION, IDEA, _("primary pillar"), "pillar"),
    _field("summary", Stage.DEVELOPMENT, IDEA, pgettext_lazy("asked at a gate", "summary"), "summary_nl", "summary_en"),
    _field("horizon", Stage.DEVELOPMENT, STRATEGY, pgettext_lazy("asked at a gate", "horizon"), "horizon_from"),
    _field("goals", Stage.DEVELOPMENT, STRATEGY, _("a goal"), "goals"),
    _field("challenges", Stage.DEVELOPMENT, STRATEGY, _("a challenge"), "challenges"),
    _field("sponsor", Stage.DEVELOPMENT, STRATEGY, _("sponsor of the board"), "sponsor"),
    _field("aims", Stage.DEVELOPMENT, EVIDENCE, _("aims"), "aims"),
    _assessed("trl", Stage.DEVELOPMENT, _("TRL")),
    _assessed("nasss", Stage.DEVELOPMENT, _("complexity (NASSS)")),
    _assessed("device", Stage.DEVELOPMENT, _("class of medical device")),
    _assessed("ai", Stage.DEVELOPMENT, _("class of AI")),
    _field("money", Stage.DEVELOPMENT, BENEFITS, _("budget and funder"), "money"),
    _field("roadmap_line", Stage.PILOT_A, STRATEGY, _("roadmap line"), "roadmap_line"),
    _field("evidence", Stage.PILOT_A, EVIDENCE, _("kind of evidence"), "evidence_tier"),
    _assessed("value", Stage.PILOT_A, _("value score")),
    Item("dpia", Stage.PILOT_A, CONDITIONS, _("a settled DPIA"), lambda facts: facts.settled("dpia"), ("compliance",)),
    Item(
        "benefit",
        Stage.PILOT_A,
        BENEFITS,
        _("a benefit with baseline and estimate"),
        lambda facts: any(row["baseline"] and row["estimate"] for row in facts.record["benefits"]),
        ("benefits",),
    ),
    Item(
        "fte_estimate",
        Stage.PILOT_A,
        BENEFITS,
        _("an estimate of the time it saves or costs"),
        lambda facts: facts.fte("estimate"),
        ("fte_figures",),
    ),
    Item(
        "ce",
        Stage.PILOT_B,
        CONDITIONS,
        _("CE marking, as it is a medical device"),
        lambda facts: facts.assessed.get("device") in (DeviceClass.NONE, DeviceClass.IN_HOUSE) or facts.settled("ce"),
        ("compliance",),
    ),
    Item(
        "nen_7510",
        Stage.PILOT_B,
        CONDITIONS,
        _("settled information security (NEN 7510)"),
        lambda facts: facts.settled("nen_7510"),
        ("compliance",),
    ),
    Item(
        "benefit_owner",
        Stage.PILOT_B,
        BENEFITS,
        _("an owner and a target for each benefit"),
        lambda facts: (
            facts.has("benefits")
            and all(row["owner"] and row["target"] for row in facts.record["benefits"] if not row["disbenefit"])
        ),
        ("benefits",),
    ),
    Item(
        "validated",
        Stage.IMPLEMENTATION,
        BENEFITS,
        _("a validated benefit"),
        lambda facts: facts.counts("benefits", "validated"),
        ("benefits",),
    ),
    Item(
        "fte_validated",
        Stage.IMPLEMENTATION,
        BENEFITS,
        _("a validated FTE figure"),
        lambda facts: facts.fte("validated"),
        ("fte_figures",),
    ),
    Item(
        "structural",
        Stage.IMPLEMENTATION,
        BENEFITS,
        _("structural money"),
        lambda facts: any(row["kind"] == "structural" for row in facts.record["money"]),
        ("money",),
    ),
    _field("courses", Stage.IMPLEMENTATION, LINKS, _("a course for who will work with it"), "courses"),
    Item(
        "actual",
        Stage.IN_USE,
        BENEFITS,
        _("a realised benefit"),
        lambda facts: facts.counts("benefits", "actual"),
        ("benefits",),
    ),
    Item(
        "fte_actual",
        Stage.IN_USE,
        BENEFITS,
        _("a realised FTE figure"),
        lambda facts: facts.fte("actual"),
        ("fte_figures",),
    ),
)


def gate_of(stage: str) -> Stage:
    """The gate that comes next; what is in use is looked at again at the gate of that name."""
    return Stage(stage).next or Stage.IN_USE


def missing(facts: Facts, gate: str) -> list[Item]:
    """What is asked for up to this gate and is not there yet, in the order of the gates."""
    return [item for item in ITEMS if item.gate.place <= Stage(gate).place and not item.given(facts)]


def asked(gate: str) -> list[Item]:
    """What this gate asks for that no earlier one did."""
    return [item for item in ITEMS if item.gate == gate]


def labels(names: Any) -> list[str]:
    """What these items are called, as a decision keeps them."""
    known = {item.name: item for item in ITEMS}
    return [str(known[name].label) for name in names if name in known]
