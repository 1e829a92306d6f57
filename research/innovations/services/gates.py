"""Gates: asked of a body, decided, with conditions that are met; and what happens to the innovation by it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.cleaning import is_sensible
from academy.core.errors import InvalidInput
from academy.strategy.models import Body

from .. import gates, messages
from ..errors import Incomplete, NoSuchStep
from ..models import Condition, Decision, Document, Innovation
from ..record import read
from ..states import Outcome, Result, Stage
from . import steps


@transaction.atomic
def open_gate(
    *, innovation: Innovation, actor: User | None, body: Body, due_on: date, owner: User | None = None
) -> Decision:
    """Ask a body for the next gate; raises `NoSuchStep` while one is open, or once the innovation has ended."""
    decision = _ask(innovation, actor, body=body, due_on=due_on, owner=owner)
    messages.gate_asked(decision, actor)
    return decision


def _ask(innovation: Innovation, actor: User | None, *, body: Body, due_on: date, owner: User | None) -> Decision:
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    if innovation.outcome in Outcome.ended() or innovation.decisions.filter(result=Result.OPEN).exists():
        raise NoSuchStep
    _check_day("due_on", due_on)
    decision = Decision.objects.create(
        innovation=innovation,
        from_stage=innovation.stage,
        gate=gates.gate_of(innovation.stage),
        body=body,
        owner=owner or actor,
        due_on=due_on,
        recorded_by=actor,
    )
    events.record(
        actor=actor, object=innovation, verb="open_gate", to_state=decision.gate, decision=decision.pk, body=body.key
    )
    return decision


@transaction.atomic
def move_gate(
    *, decision: Decision, actor: User | None, body: Body, due_on: date, owner: User | None, reason: str = ""
) -> Decision:
    """Another day, body or owner for an open gate."""
    innovation, decision = _lock(decision)
    steps.check(actor, "innovations.manage", innovation)
    if decision.result != Result.OPEN:
        raise NoSuchStep
    _check_day("due_on", due_on)
    decision.body, decision.due_on, decision.owner = body, due_on, owner
    decision.save(update_fields=["body", "due_on", "owner"])
    events.record(
        actor=actor,
        object=innovation,
        verb="move_gate",
        reason=reason,
        decision=decision.pk,
        body=body.key,
        due_on=due_on.isoformat(),
    )
    messages.gate_asked(decision, actor, moved=True, reason=reason)
    return decision


def _lock(decision: Decision) -> tuple[Innovation, Decision]:
    """The innovation first, then the decision as it is now."""
    innovation = steps.lock(Innovation(pk=decision.innovation_id))
    fresh = Decision.objects.get(pk=decision.pk)
    fresh.innovation = innovation
    return innovation, fresh


@transaction.atomic
def decide(
    *,
    decision: Decision,
    actor: User | None,
    result: str,
    decided_on: date,
    rationale_nl: str = "",
    rationale_en: str = "",
    evidence_version: str = "",
    next_review_on: date | None = None,
    conditions: Iterable[Mapping[str, Any]] = (),
    back_to: str = "",
    wake_up_on: date | None = None,
    reason_nl: str = "",
    reason_en: str = "",
    lessons_nl: str = "",
    lessons_en: str = "",
    document: Document | None = None,
    seen: int | None = None,
) -> Decision:
    """Record what the body decided at an open gate, and do it.

    `conditions` are `{text_nl, text_en, owner, due_on}` (a person, a date). *Back* needs `back_to`, an earlier stage;
    *hold* needs `wake_up_on`, a later day; *stop* needs lessons. `reason` is what everybody reads of why it is on hold
    or stopped, the rationale when it is not given. Raises `Incomplete` for what is not
    given, `NoSuchStep` when it was decided already, `ChangedMeanwhile` when the innovation has another version than
    `seen`. A decided gate never changes; a mistake is followed by another decision.
    """
    innovation, decision = _lock(decision)
    steps.check(actor, "innovations.manage", innovation)
    if decision.result != Result.OPEN or result not in Result.given() or innovation.outcome in Outcome.ended():
        raise NoSuchStep
    steps.refuse_unseen(innovation, seen)
    asked = list(conditions)
    lessons = {"lessons_nl": lessons_nl or innovation.lessons_nl, "lessons_en": lessons_en or innovation.lessons_en}
    Asked(
        innovation=innovation,
        result=result,
        decided_on=decided_on,
        rationale=rationale_nl or rationale_en,
        conditions=asked,
        back_to=back_to,
        wake_up_on=wake_up_on,
        lessons=lessons["lessons_nl"] or lessons["lessons_en"],
        next_review_on=next_review_on,
    ).refuse()
    decision.result, decision.decided_on = Result(result), decided_on
    decision.rationale_nl, decision.rationale_en = rationale_nl, rationale_en
    decision.evidence_version, decision.next_review_on = evidence_version, next_review_on
    decision.document, decision.recorded_by, decision.recorded_at = document, actor, clock.now()
    decision.missing = [item.name for item in gates.missing(facts_of(innovation), decision.gate)]
    if result == Result.BACK:
        decision.gate = Stage(back_to)
    decision.save()
    Condition.objects.bulk_create(Condition(decision=decision, **row) for row in asked)
    before = (innovation.stage, innovation.outcome)
    told = {"reason_nl": reason_nl, "reason_en": reason_en} if reason_nl or reason_en else _reasons(decision)
    _apply(innovation, decision, wake_up_on=wake_up_on, reasons=told)
    _keep_lessons(innovation, actor, decision, lessons)
    moves = result in (*Result.onward(), Result.BACK)
    events.record(
        actor=actor,
        object=innovation,
        verb="decide",
        from_state=before[0] if moves else before[1],
        to_state=innovation.stage if moves else innovation.outcome,
        reason=rationale_nl or rationale_en,
        decision=decision.pk,
        result=result,
    )
    messages.decided(decision, actor)
    return decision


def facts_of(innovation: Innovation) -> gates.Facts:
    """What gates look at, read from the database."""
    fresh = steps.with_record(innovation)
    return gates.Facts(read(fresh), assessed_of(fresh))


def assessed_of(innovation: Innovation) -> dict[str, str]:
    """The assessments that hold now; "" where there is none."""
    return {
        "trl": str(innovation.trl or ""),
        "nasss": "" if innovation.complexity is None else str(innovation.complexity),
        "device": innovation.device,
        "ai": innovation.ai,
        "value": str(innovation.value_score or ""),
    }


def _check_day(name: str, day: date) -> None:
    if not is_sensible(day):
        raise InvalidInput(fields={name: [_("Look at the year again.")]})


@dataclass(frozen=True)
class Asked:
    """What is about to be decided, as far as it can be incomplete."""

    innovation: Innovation
    result: str
    decided_on: date
    rationale: str
    conditions: list[Mapping[str, Any]]
    back_to: str
    wake_up_on: date | None
    lessons: str
    next_review_on: date | None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Everything that is missing or does not fit, each with its field."""
        if not self.rationale.strip():
            yield "rationale_nl", _("Write why.")
        yield from self._days()
        yield from self._of_result()
        yield from self._of_conditions()

    def _days(self) -> Iterator[tuple[str, str]]:
        if self.decided_on > clock.today():
            yield "decided_on", _("This day is still to come.")
        elif self.decided_on < self.innovation.stage_since:
            yield "decided_on", _("This is before the stage began.")
        if self.next_review_on and self.next_review_on <= self.decided_on:
            yield "next_review_on", _("The next review comes after the decision.")

    def _of_result(self) -> Iterator[tuple[str, str]]:
        if self.result == Result.BACK and not _is_earlier(self.back_to, self.innovation.stage):
            yield "back_to", _("Choose an earlier stage.")
        if self.result == Result.HOLD and not (self.wake_up_on and self.wake_up_on > self.decided_on):
            yield "wake_up_on", _("Choose the day on which somebody looks at it again, after the decision.")
        if self.result == Result.STOP and not self.lessons.strip():
            yield "lessons_nl", _("Write what others can learn from it.")

    def _of_conditions(self) -> Iterator[tuple[str, str]]:
        if self.result == Result.GO_WITH_CONDITIONS and not self.conditions:
            yield "conditions", _("Write at least one condition.")
        if self.conditions and self.result not in (Result.GO_WITH_CONDITIONS, Result.NO_GO, Result.HOLD):
            yield "conditions", _("Conditions go with “go, with conditions”, “not yet” and “on hold”.")
        if any(not (row["text_nl"] or row.get("text_en")) for row in self.conditions):
            yield "conditions", _("Write what each condition is.")
        if any(row.get("due_on") and row["due_on"] < self.decided_on for row in self.conditions):
            yield "conditions", _("A condition is due after the decision.")

    def refuse(self) -> None:
        """Raise `Incomplete` with all of it."""
        wrong: dict[str, list[str]] = {}
        for name, message in self.problems():
            wrong.setdefault(name, []).append(message)
        if wrong:
            raise Incomplete(fields=wrong)


def _is_earlier(stage: str, now: str) -> bool:
    return stage in Stage.values and Stage(stage).place < Stage(now).place


def _reasons(decision: Decision) -> dict[str, str]:
    return {"reason_nl": decision.rationale_nl, "reason_en": decision.rationale_en}


def _apply(innovation: Innovation, decision: Decision, *, wake_up_on: date | None, reasons: Mapping[str, str]) -> None:
    """What the decision does to stage and outcome; who goes on is active again."""
    day = decision.decided_on
    if decision.result in (*Result.onward(), Result.BACK):
        scaled = innovation.outcome == Outcome.SCALED and decision.result == Result.BACK
        if innovation.outcome == Outcome.ON_HOLD or scaled:
            steps.set_outcome(innovation, Outcome.ACTIVE, on=day)
        if decision.gate != innovation.stage:
            steps.enter(innovation, decision.gate, on=day, decision=decision)
    elif decision.result == Result.HOLD and innovation.outcome != Outcome.ON_HOLD:
        steps.set_outcome(innovation, Outcome.ON_HOLD, on=day, wake_up_on=wake_up_on, **reasons)
    elif decision.result == Result.HOLD:
        innovation.wake_up_on = wake_up_on
        innovation.save(update_fields=["wake_up_on"])
    elif decision.result == Result.STOP:
        steps.set_outcome(innovation, Outcome.STOPPED, on=day, **reasons)


def _keep_lessons(innovation: Innovation, actor: User | None, decision: Decision, lessons: Mapping[str, str]) -> None:
    """What was learned is part of the record, with a version of its own."""
    if written := {name: text for name, text in lessons.items() if text != getattr(innovation, name)}:
        for name, text in written.items():
            setattr(innovation, name, text)
        innovation.version += 1
        innovation.changed_at = clock.now()
        innovation.save(update_fields=[*written, "version", "changed_at"])
        steps.keep_revision(innovation, actor, reason=str(decision))


@transaction.atomic
def record_decision(
    *,
    innovation: Innovation,
    actor: User | None,
    body: Body,
    owner: User | None = None,
    decided_on: date,
    after: int | None = None,
    **decided: Any,
) -> Decision:
    """A gate that was asked and decided in one meeting: `open_gate` and `decide` in one transaction.

    `after` is the primary key of the last decision that the actor saw, 0 for none; `NoSuchStep` when there is a newer
    one, so that what is sent twice is recorded once.
    """
    gate = _ask(innovation, actor, body=body, owner=owner, due_on=decided_on)
    if after is not None and innovation.decisions.filter(pk__gt=after).exclude(pk=gate.pk).exists():
        raise NoSuchStep
    return decide(decision=gate, actor=actor, decided_on=decided_on, **decided)


@transaction.atomic
def meet_condition(*, condition: Condition, actor: User | None, on: date, note: str = "") -> Condition:
    """The condition was met on this day; by the team or an innovation manager."""
    innovation = steps.lock(Innovation(pk=condition.decision.innovation_id))
    steps.check(actor, "innovations.meet", innovation)
    condition = Condition.objects.select_related("decision").get(pk=condition.pk)
    if condition.met_on:
        raise NoSuchStep
    if not condition.decision.decided_on <= on <= clock.today():
        raise InvalidInput(fields={"on": [_("Choose a day from the decision up to today.")]})
    condition.met_on, condition.met_note = on, note
    condition.save(update_fields=["met_on", "met_note"])
    events.record(
        actor=actor, object=innovation, verb="meet_condition", condition=condition.pk, decision=condition.decision_id
    )
    return condition
