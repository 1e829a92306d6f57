"""Any order of gates, decisions, holds, withdrawals and publication by anybody keeps the records right."""

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import ClassVar
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from academy.core import clock, events
from academy.core.errors import DomainError
from academy.core.models import Message
from research.innovations.models import Condition, Decision, Innovation, Passage
from research.innovations.services import gates, outcomes, publishing, saving
from research.innovations.states import NEXT_OUTCOME, NEXT_PUBLICATION, Outcome, PublicationState, Result, Stage
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db

#: verbs that move stage or outcome, and those that move the publication
MOVES = {"decide", "put_on_hold", "resume", "scale", "withdraw"}
PUBLISHES = {"submit", "give_back", "publish", "take_offline"}
#: mostly who may do it, sometimes anybody
who = st.sampled_from(["right"] * 20 + ["owner", "other", "stranger"])
days = st.integers(-3, 40)
reason = st.sampled_from(["Zo is het"] * 9 + [""])


class Story(RuleBasedStateMachine):
    """An innovation of one hospital, and everybody who might touch it, over some weeks."""

    #: every state that some story came to, so that the test knows that it saw something
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        hospital = people.organisation("mst")
        owner = people.member(hospital)
        self.body = innovations.body()
        self.pk = innovations.innovation(hospital, owner=owner).pk
        self.people = {
            "owner": owner,
            "manager": innovations.manager(hospital),
            "other": innovations.manager(people.organisation("zgt")),
            "stranger": people.person(),
        }
        self.moment = clock.now()
        self.before = self.now()
        self.counted = self.happened()
        self.rows = self.kept()
        self.decided: dict[int, dict] = {}
        self.conditions: dict[int, dict] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def now(self) -> Innovation:
        return Innovation.objects.get(pk=self.pk)

    def happened(self) -> dict[str, int]:
        verbs = list(events.of(Innovation(pk=self.pk)).values_list("verb", flat=True))
        return {"moves": sum(verb in MOVES for verb in verbs), "publishes": sum(verb in PUBLISHES for verb in verbs)}

    def kept(self) -> dict[type, int]:
        return {model: model.objects.count() for model in (Innovation, Decision, Condition, Passage)}

    def attempt(self, service, who: str, right: str = "manager", **arguments) -> None:
        """A refusal is an answer; anything else that goes wrong is a fault."""
        actor = self.people[right if who == "right" else who]
        with clock.at(self.moment), suppress(DomainError):
            service(actor=actor, **arguments)

    def today(self):
        return clock.day_of(self.moment)

    def later(self, days: int):
        return self.today() + timedelta(days=days)

    def gate(self) -> Decision | None:
        return Decision.objects.filter(innovation=self.pk, result=Result.OPEN).first()

    @rule(count=st.integers(1, 20))
    def time_passes(self, count):
        self.moment += timedelta(days=count)

    @rule(who=who, due=days)
    def open_gate(self, who, due):
        self.attempt(gates.open_gate, who, innovation=self.now(), body=self.body, due_on=self.later(due))

    @rule(who=who, due=days)
    def move_gate(self, who, due):
        if gate := self.gate():
            body, owner = self.body, self.people["owner"]
            self.attempt(gates.move_gate, who, decision=gate, body=body, due_on=self.later(due), owner=owner)

    @rule(
        who=who,
        result=st.sampled_from([*Result.given(), *[Result.GO] * 6, Result.OPEN]),
        on=st.integers(-2, 1),
        back=st.sampled_from(Stage),
        wake=days,
        why=reason,
        asked=st.booleans(),
        at_once=st.booleans(),
        seen=st.sampled_from([None] * 9 + [99]),
    )
    def decide(self, who, result, on, back, wake, why, asked, at_once, seen):
        condition = {"text_nl": "Eerst dit", "text_en": "", "owner": self.people["owner"], "due_on": self.later(20)}
        given = {
            "result": result,
            "decided_on": self.later(on),
            "rationale_nl": why,
            "lessons_nl": why,
            "back_to": back,
            "wake_up_on": self.later(wake),
            "conditions": [condition] if asked or result == Result.GO_WITH_CONDITIONS else [],
            "seen": seen,
        }
        if at_once:
            self.attempt(gates.record_decision, who, innovation=self.now(), body=self.body, **given)
        elif gate := Decision.objects.filter(innovation=self.pk).order_by("-pk").first():
            self.attempt(gates.decide, who, decision=gate, **given)

    @rule(result=st.sampled_from([*[Result.GO] * 8, Result.STOP]))
    def go_on(self, result):
        """The step that usually comes next, so that stories get somewhere, and sometimes to their end."""
        now = self.now()
        if now.publication_state != PublicationState.PUBLISHED:
            self.attempt(publishing.publish, "right", innovation=now)
        elif now.outcome == Outcome.ACTIVE and now.stage == Stage.IN_USE:
            self.attempt(outcomes.scale, "right", innovation=now, reason_nl="Ook elders")
        elif now.outcome != Outcome.ACTIVE:
            self.attempt(outcomes.resume, "right", innovation=now, reason_nl="Verder")
        else:
            given = {"result": result, "decided_on": self.today(), "rationale_nl": "Zo is het", "lessons_nl": "Les"}
            if gate := self.gate():
                self.attempt(gates.decide, "right", decision=gate, **given)
            else:
                self.attempt(gates.record_decision, "right", innovation=now, body=self.body, **given)

    @rule(asked_for=st.sampled_from([False] * 5 + [True]))
    def stop(self, asked_for):
        """Now and then somebody has had enough, or stories would hardly ever end."""
        if asked_for:
            given = {"result": Result.STOP, "decided_on": self.today(), "rationale_nl": "Genoeg", "lessons_nl": "Dit"}
            if gate := self.gate():
                self.attempt(gates.decide, "right", decision=gate, **given)
            else:
                self.attempt(gates.record_decision, "right", innovation=self.now(), body=self.body, **given)

    @rule(who=who, on=st.integers(-3, 1))
    def meet(self, who, on):
        if condition := Condition.objects.filter(decision__innovation=self.pk).order_by("met_on", "pk").first():
            self.attempt(gates.meet_condition, who, right="owner", condition=condition, on=self.later(on))

    @rule(who=who, wake=days, why=reason)
    def hold(self, who, wake, why):
        self.attempt(outcomes.put_on_hold, who, innovation=self.now(), wake_up_on=self.later(wake), reason_nl=why)

    @rule(who=who, why=reason)
    def resume(self, who, why):
        self.attempt(outcomes.resume, who, innovation=self.now(), reason_nl=why)

    @rule(who=who)
    def scale(self, who):
        self.attempt(outcomes.scale, who, innovation=self.now(), reason_nl="Ook elders")

    @rule(who=who, why=reason)
    def withdraw(self, who, why):
        self.attempt(outcomes.withdraw, who, right="owner", innovation=self.now(), reason_nl=why)

    @rule(who=who)
    def submit(self, who):
        self.attempt(publishing.submit, who, right="owner", innovation=self.now())

    @rule(who=who, why=reason)
    def give_back(self, who, why):
        self.attempt(publishing.give_back, who, innovation=self.now(), reason=why)

    @rule(who=who)
    def publish(self, who):
        self.attempt(publishing.publish, who, innovation=self.now())

    @rule(who=who, why=reason)
    def take_offline(self, who, why):
        self.attempt(publishing.take_offline, who, innovation=self.now(), reason=why)

    @rule(who=who, text=st.sampled_from(["Kort", "Lang", ""]))
    def change(self, who, text):
        now = self.now()
        values = {"summary_nl": text}
        self.attempt(saving.save, who, right="owner", innovation=now, base_version=now.version, values=values)

    @invariant()
    def every_change_has_one_event_and_follows_the_tables(self):
        before, now, counted = self.before, self.now(), self.happened()
        moved = (before.stage, before.outcome) != (now.stage, now.outcome)
        new_moves = counted["moves"] - self.counted["moves"]
        assert new_moves == 1 if moved else new_moves <= 1  # a body may leave everything as it is
        if before.outcome != now.outcome:
            assert now.outcome in NEXT_OUTCOME[before.outcome]
        published = before.publication_state != now.publication_state
        assert counted["publishes"] - self.counted["publishes"] == published
        if published:
            assert now.publication_state in NEXT_PUBLICATION[before.publication_state]
        if now.stage != before.stage and Stage(now.stage).place > Stage(before.stage).place:
            assert Stage(now.stage).place == Stage(before.stage).place + 1
        assert now.version >= before.version
        self.before, self.counted = now, counted
        self.reached |= {now.stage, now.outcome, f"record {now.publication_state}"}

    @invariant()
    def states_are_where_the_events_lead(self):
        told = {"stage": Stage.IDEA.value, "outcome": Outcome.ACTIVE.value, "record": PublicationState.DRAFT.value}
        for event in events.of(self.now()).filter(verb__in=MOVES | PUBLISHES).order_by("pk"):
            kind = "record" if event.verb in PUBLISHES else "outcome"
            if event.verb == "decide" and event.data["result"] in (*Result.onward(), Result.BACK):
                kind = "stage"
                told["outcome"] = Outcome.ACTIVE if event.to_state != event.from_state else told["outcome"]
            assert event.from_state == told[kind]
            told[kind] = event.to_state
        now = self.now()
        assert (told["stage"], told["record"]) == (now.stage, now.publication_state)

    @invariant()
    def passages_are_one_line_up_to_now(self):
        now, passages = self.now(), list(Passage.objects.filter(innovation=self.pk).order_by("since", "pk"))
        assert [passage.until for passage in passages].count(None) == 1
        for earlier, later in pairwise(passages):
            assert earlier.until == later.since
            assert later.decision is not None
        last = passages[-1]
        assert (last.stage, last.since, last.until) == (now.stage, now.stage_since, None)

    @invariant()
    def outcome_reason_and_day_belong_together(self):
        now = self.now()
        assert (now.outcome == Outcome.ON_HOLD) == (now.wake_up_on is not None)
        if now.outcome == Outcome.SCALED:
            assert now.stage in (Stage.IMPLEMENTATION, Stage.IN_USE)
        if now.outcome in (Outcome.STOPPED, Outcome.WITHDRAWN, Outcome.ON_HOLD):
            assert now.outcome_reason_nl
            assert now.outcome_since is not None
        if now.outcome == Outcome.STOPPED:
            assert now.lessons_nl

    @invariant()
    def what_was_decided_never_changes(self):
        for row in Decision.objects.exclude(result=Result.OPEN).values():
            assert self.decided.setdefault(row["id"], row) == row
        for row in Condition.objects.exclude(met_on=None).values():
            assert self.conditions.setdefault(row["id"], row) == row
        assert Decision.objects.filter(result=Result.OPEN).count() <= 1
        assert {row["id"] for row in Decision.objects.exclude(result=Result.OPEN).values("id")} == set(self.decided)

    @invariant()
    def only_a_manager_of_its_hospital_decided(self):
        manager = self.people["manager"].pk
        assert set(Decision.objects.values_list("recorded_by", flat=True)) <= {manager}
        actors = set(events.of(self.now()).filter(verb__in=MOVES - {"withdraw"}).values_list("actor_id", flat=True))
        assert actors <= {str(manager)}

    @invariant()
    def nothing_is_deleted(self):
        kept = self.kept()
        assert all(count >= self.rows[model] for model, count in kept.items())
        self.rows = kept

    @invariant()
    def everybody_is_told_once_and_nobody_without_a_right(self):
        told = list(Message.objects.values_list("kind", "to", "event_key"))
        assert len(told) == len(set(told))
        known = {self.people["owner"].email, self.people["manager"].email}
        assert {to for _kind, to, _key in told} <= known


STORY = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_innovations_stay_right():
    Story.reached.clear()
    run_state_machine_as_test(Story, settings=STORY)
    assert Story.reached == {*Stage, *Outcome, *(f"record {state}" for state in PublicationState)}


def test_twin_without_the_tables_breaks_a_rule():
    """Proof that the machine would notice: the same services when every step is allowed from everywhere."""
    anything = {state: set(Outcome) for state in Outcome}
    once = settings(STORY, phases=[Phase.generate], report_multiple_bugs=False)
    with (
        patch("research.innovations.services.steps.NEXT_OUTCOME", anything),
        pytest.raises(AssertionError),
    ):
        run_state_machine_as_test(Story, settings=once)


def test_the_tables_know_every_state_and_no_other():
    for table, states in ((NEXT_OUTCOME, Outcome), (NEXT_PUBLICATION, PublicationState)):
        assert set(table) == set(states)
        assert set().union(*table.values()) <= set(states)


@pytest.mark.long
def test_innovations_stay_right_for_long():
    """Two hundred stories of fifty steps; run by `make test-long`."""
    story = settings(max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Story, settings=story)
