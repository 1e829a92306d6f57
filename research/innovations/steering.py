"""The agenda of a steering group: what a body decides in a period, and everything else that asks for attention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from academy.accounts.models import Organisation
from academy.core import clock
from academy.core.badges import Badge
from academy.core.translation import Text, pick
from academy.strategy.models import Body

from . import badges
from . import deciding_showing as showing
from .deciding_showing import ConditionLine, DecisionLine
from .models import Condition, Decision, Innovation
from .permissions import manager_of, members_level, organisation_ids, visible_to
from .record import with_everything
from .states import Outcome, Result
from .worklist import for_rows, handed_in

AHEAD = timedelta(weeks=5)  # a steering group meets once a month
MOST_STALLED = 12  # the whole list has a page of its own


@dataclass(frozen=True)
class Meeting:
    """Which body meets (None: any), over which days, and about the innovations of which hospital (None: any)."""

    since: date
    until: date
    body: Body | None = None
    hospital: Organisation | None = None

    @classmethod
    def next(cls) -> "Meeting":
        """The coming five weeks."""
        return cls(clock.today(), clock.today() + AHEAD)

    def falls_in(self, field: str) -> Q:
        """A day in the period, or one that has passed already."""
        passed = {f"{field}__lt": min(self.since, clock.today())}
        return Q(**{f"{field}__range": (self.since, self.until)}) | Q(**passed)


@dataclass(frozen=True)
class GateItem:
    """A gate on the agenda. `near`: the reader sees what is for members of its hospitals; `mine`: may decide."""

    decision: Decision
    innovation: Innovation
    near: bool
    mine: bool

    @property
    def title(self) -> Text | str:
        return showing.title_of(self.innovation)

    @property
    def body(self) -> Text:
        return pick(self.decision.body, "name")

    @property
    def gate(self) -> str:
        return showing.gate_words(self.decision.from_stage, self.decision.gate)

    @property
    def question(self) -> str:
        return showing.question_of(self.decision)

    @property
    def late(self) -> Badge | None:
        return badges.of_due(self.decision.due_on)

    @property
    def hospitals(self) -> str:
        return hospitals_of(self.innovation)

    @property
    def owner(self) -> str:
        return self.innovation.owner.full_name if self.innovation.owner else ""

    @property
    def prepared_by(self) -> str:
        return self.decision.owner.full_name if self.decision.owner else ""

    @property
    def days(self) -> str:
        return showing.days_words(self.innovation)

    @cached_property
    def missing(self) -> list[str]:
        """What is still missing for the gate, in words."""
        if not self.near:
            return []
        return [str(item.label) for item in showing.missing_items(self.innovation, self.decision.gate)]

    @property
    def value(self) -> str:
        return showing.value_words(self.innovation)

    @property
    def fte(self) -> str:
        return showing.fte_words(self.innovation)

    @property
    def money(self) -> str:
        return showing.money_words(self.innovation) if self.near else ""

    @cached_property
    def history(self) -> list[DecisionLine]:
        return showing.history(self.innovation)

    @property
    def last(self) -> DecisionLine | None:
        """What was decided before it."""
        return self.history[0] if self.history else None

    @property
    def open_conditions(self) -> list[ConditionLine]:
        """Of all decisions about it."""
        return [condition for line in self.history for condition in line.open_conditions]


@dataclass(frozen=True)
class ConditionItem:
    """A condition that is due."""

    line: ConditionLine
    decision: Decision
    innovation: Innovation

    @property
    def title(self) -> Text | str:
        return showing.title_of(self.innovation)

    @property
    def gate(self) -> str:
        return showing.gate_words(self.decision.from_stage, self.decision.gate)


@dataclass(frozen=True)
class InnovationItem:
    """An innovation on the agenda without a gate: since or until when, and why; `mine` when the reader manages it."""

    innovation: Innovation
    day: date | None
    note: Text | str = ""
    mine: bool = False

    @property
    def title(self) -> Text | str:
        return showing.title_of(self.innovation)

    @property
    def stage(self) -> str:
        return str(self.innovation.get_stage_display())

    @property
    def hospitals(self) -> str:
        return hospitals_of(self.innovation)

    @property
    def owner(self) -> str:
        return self.innovation.owner.full_name if self.innovation.owner else ""

    @property
    def days(self) -> str:
        return showing.days_words(self.innovation)

    @property
    def late(self) -> Badge | None:
        return badges.of_due(self.day)


def hospitals_of(innovation: Innovation) -> str:
    """Short names of the hospitals whose innovation it is."""
    return ", ".join(sorted(hospital.short_name for hospital in innovation.organisations.all()))


@dataclass(frozen=True)
class Agenda:
    """Everything on the agenda of one meeting; `stalled_count` is how many there are in all."""

    meeting: Meeting
    gates: list[GateItem]
    conditions: list[ConditionItem]
    wake_ups: list[InnovationItem]
    reviews: list[tuple[InnovationItem, DecisionLine]]
    ideas: list[InnovationItem]
    stalled: list[InnovationItem]
    stalled_count: int

    @property
    def stalled_more(self) -> int:
        """How many stand on the page of what is stalled only."""
        return self.stalled_count - len(self.stalled)

    @property
    def late(self) -> int:
        """How many of the gates are overdue."""
        return sum(item.late is not None for item in self.gates)


def agenda(user: Any, meeting: Meeting) -> Agenda:
    """The agenda as this innovation manager or auditor sees it, in a fixed number of queries."""
    seen = _of_hospital(visible_to(Innovation.objects.all(), user), meeting)
    stalled = seen.published().stalled()
    return Agenda(
        meeting=meeting,
        gates=_gates(user, seen, meeting),
        conditions=_conditions(seen, meeting),
        wake_ups=_wake_ups(user, seen, meeting),
        reviews=_reviews(seen, meeting),
        ideas=_ideas(user, meeting),
        stalled=[InnovationItem(row, None) for row in for_rows(stalled).order_by("stage_since", "pk")[:MOST_STALLED]],
        stalled_count=stalled.count(),
    )


def _of_hospital(innovations: QuerySet[Innovation], meeting: Meeting) -> QuerySet[Innovation]:
    if meeting.hospital is None:
        return innovations
    through = Innovation.organisations.through.objects.filter(organisation=meeting.hospital)
    return innovations.filter(pk__in=through.values("innovation"))


def _of_body(rows: QuerySet, meeting: Meeting, prefix: str = "") -> QuerySet:
    return rows.filter(**{f"{prefix}body": meeting.body}) if meeting.body else rows


def _gates(user: Any, seen: QuerySet[Innovation], meeting: Meeting) -> list[GateItem]:
    rows = Decision.objects.open().filter(meeting.falls_in("due_on"), innovation__in=seen.values("pk"))
    rows = _of_body(rows, meeting).select_related("body", "owner").order_by("due_on", "pk")
    found = list(rows)
    innovations = _whole(decision.innovation_id for decision in found)
    near = set(members_level(Innovation.objects.filter(pk__in=innovations), user).values_list("pk", flat=True))
    return [
        GateItem(decision, row, row.pk in near, _is_managed(user, row))
        for decision in found
        if (row := innovations[decision.innovation_id])
    ]


def _whole(pks: Iterable[int]) -> dict[int, Innovation]:
    """These innovations with their whole record and what was decided about them."""
    conditions = Condition.objects.select_related("owner")
    decisions = Decision.objects.select_related("body").prefetch_related(Prefetch("conditions", conditions))
    found = with_everything(Innovation.objects.filter(pk__in=list(pks)))
    return {row.pk: row for row in found.prefetch_related(Prefetch("decisions", decisions))}


def _conditions(seen: QuerySet[Innovation], meeting: Meeting) -> list[ConditionItem]:
    rows = Condition.objects.filter(meeting.falls_in("due_on"), met_on=None)
    rows = rows.filter(decision__innovation__in=seen.values("pk"))
    rows = _of_body(rows, meeting, "decision__").exclude(decision__innovation__outcome__in=Outcome.ended())
    rows = rows.select_related("owner", "decision__body", "decision__innovation").order_by("due_on", "pk")
    return [ConditionItem(ConditionLine(row), row.decision, row.decision.innovation) for row in rows]


def _wake_ups(user: Any, seen: QuerySet[Innovation], meeting: Meeting) -> list[InnovationItem]:
    rows = seen.filter(meeting.falls_in("wake_up_on"), outcome=Outcome.ON_HOLD)
    return [
        InnovationItem(row, row.wake_up_on, pick(row, "outcome_reason"), _is_managed(user, row))
        for row in for_rows(rows).order_by("wake_up_on", "pk")
    ]


def _reviews(seen: QuerySet[Innovation], meeting: Meeting) -> list[tuple[InnovationItem, DecisionLine]]:
    """Where the last decision said that a body looks again."""
    later = Decision.objects.filter(innovation=OuterRef("innovation"), pk__gt=OuterRef("pk")).exclude(
        result=Result.OPEN
    )
    rows = Decision.objects.filter(meeting.falls_in("next_review_on"), ~Exists(later)).exclude(result=Result.OPEN)
    rows = rows.filter(innovation__in=seen.values("pk")).exclude(innovation__outcome__in=Outcome.ended())
    rows = _of_body(rows, meeting).select_related("body").order_by("next_review_on", "pk")
    found = list(rows.prefetch_related(Prefetch("innovation", for_rows(Innovation.objects.all()))))
    return [(InnovationItem(row.innovation, row.next_review_on), DecisionLine(row)) for row in found]


def _ideas(user: Any, meeting: Meeting) -> list[InnovationItem]:
    rows = for_rows(_of_hospital(handed_in(user), meeting))
    return [
        InnovationItem(row, clock.day_of(row.handed_in_at), pick(row, "problem"), _is_managed(user, row))
        for row in rows
    ]


def _is_managed(user: Any, innovation: Innovation) -> bool:
    return bool(manager_of(user) & organisation_ids(innovation))
