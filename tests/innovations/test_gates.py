"""Gates: what a decision does to stage and outcome, what it asks for, and what never changes."""

from datetime import timedelta

import pytest

from academy.core import clock, events
from academy.core.errors import NotAllowed, Unknown
from research.innovations.errors import Incomplete, NoSuchStep
from research.innovations.models import Innovation
from research.innovations.services import gates, outcomes
from research.innovations.states import Outcome, Result, Stage
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db


def fresh(innovation: Innovation) -> Innovation:
    return Innovation.objects.get(pk=innovation.pk)


def test_go_enters_the_next_stage_and_ends_the_passage():
    one = innovations.published(days=10)
    decision = innovations.decided(one)
    one = fresh(one)
    assert (decision.from_stage, decision.gate, one.stage) == (Stage.IDEA, Stage.EXPLORATION, Stage.EXPLORATION)
    first, second = one.passages.all()
    assert (first.until, second.since, second.until) == (clock.today(), clock.today(), None)
    assert (first.decision, second.decision) == (None, decision)
    event = events.of(one).first()
    assert (event.verb, event.from_state, event.to_state) == ("decide", Stage.IDEA, Stage.EXPLORATION)


def test_the_decision_keeps_what_was_missing():
    decision = innovations.decided(innovations.published(sponsor=None, stage=Stage.EXPLORATION))
    assert "sponsor" in decision.missing
    assert "problem" not in decision.missing


def test_stop_needs_lessons_and_a_reason_and_keeps_everything():
    one = innovations.published(stage=Stage.PILOT_A)
    with pytest.raises(Incomplete) as refused:
        innovations.decided(one, Result.STOP, rationale_nl="")
    assert set(refused.value.fields) == {"rationale_nl", "lessons_nl"}
    assert fresh(one).outcome == Outcome.ACTIVE
    innovations.decided(one, Result.STOP, lessons_nl="Spreek af wie kijkt.")
    one = fresh(one)
    assert (one.outcome, one.stage, one.lessons_nl) == (Outcome.STOPPED, Stage.PILOT_A, "Spreek af wie kijkt.")
    assert one.version == 2


def test_back_names_the_earlier_stage():
    one = innovations.published(stage=Stage.PILOT_A)
    with pytest.raises(Incomplete) as refused:
        innovations.decided(one, Result.BACK, back_to=Stage.PILOT_B)
    assert set(refused.value.fields) == {"back_to"}
    decision = innovations.decided(one, Result.BACK, back_to=Stage.EXPLORATION)
    assert (decision.gate, fresh(one).stage) == (Stage.EXPLORATION, Stage.EXPLORATION)


def test_hold_wakes_up_and_resumes():
    one = innovations.published(stage=Stage.PILOT_A)
    with pytest.raises(Incomplete):
        innovations.decided(one, Result.HOLD)
    day = clock.today() + timedelta(days=30)
    innovations.decided(one, Result.HOLD, wake_up_on=day)
    assert (fresh(one).outcome, fresh(one).wake_up_on) == (Outcome.ON_HOLD, day)
    outcomes.resume(innovation=one, actor=None, reason_nl="De koppeling is er.")
    assert (fresh(one).outcome, fresh(one).wake_up_on, fresh(one).stage) == (Outcome.ACTIVE, None, Stage.PILOT_A)


def test_a_decided_gate_never_changes():
    decision = innovations.decided(innovations.published())
    with pytest.raises(NoSuchStep):
        gates.decide(decision=decision, actor=None, result=Result.STOP, decided_on=clock.today())


def test_one_gate_is_open_at_a_time():
    one = innovations.published()
    innovations.gate(one)
    with pytest.raises(NoSuchStep):
        innovations.gate(one)


def test_only_a_manager_of_its_hospital_decides():
    hospital, other = people.organisation(), people.organisation()
    one = innovations.published(hospital)
    decision = innovations.gate(one)
    day = clock.today()
    owner = one.owner
    with pytest.raises(NotAllowed):
        gates.decide(decision=decision, actor=owner, result=Result.GO, decided_on=day, rationale_nl="Ja")
    with pytest.raises(NotAllowed):
        gates.decide(
            decision=decision, actor=innovations.manager(other), result=Result.GO, decided_on=day, rationale_nl="Ja"
        )
    hidden = innovations.published(hospital, visibility="team")
    with pytest.raises(Unknown):
        gates.open_gate(
            innovation=hidden, actor=innovations.manager(other), body=innovations.body(), due_on=clock.today()
        )
    decided = gates.decide(
        decision=decision, actor=innovations.manager(hospital), result=Result.GO, decided_on=day, rationale_nl="Ja"
    )
    assert decided.result == Result.GO


def test_conditions_are_met_once_and_by_the_team():
    one = innovations.published()
    condition = {"text_nl": "Halveer de loze meldingen", "text_en": "", "owner": one.owner, "due_on": clock.today()}
    decision = innovations.decided(one, Result.GO_WITH_CONDITIONS, conditions=[condition])
    (asked,) = decision.conditions.all()
    met = gates.meet_condition(condition=asked, actor=one.owner, on=clock.today(), note="Gehalveerd")
    assert met.met_on == clock.today()
    with pytest.raises(NoSuchStep):
        gates.meet_condition(condition=asked, actor=one.owner, on=clock.today())
