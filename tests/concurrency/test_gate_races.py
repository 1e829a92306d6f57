"""Two managers decide, or one decides while another writes, at the same moment; and the same code without its lock."""

import pytest

from academy.core import clock, events
from research.innovations.errors import ChangedMeanwhile, NoSuchStep
from research.innovations.models import Decision, Innovation, Passage
from research.innovations.selectors import revisions_of
from research.innovations.services import gates, saving
from research.innovations.states import Result, Stage
from tests.factories import innovations, people

from .racing import at_once, meeting_after, without_lock

pytestmark = pytest.mark.django_db(transaction=True)
#: between finding the gate open and writing the decision
CHECKED = "research.innovations.services.gates.facts_of"
#: between reading the innovation and writing its next version
READ = "research.innovations.services.steps.with_record"


def open_gate() -> tuple[Decision, list]:
    """A gate that two innovation managers may decide."""
    mst = people.organisation("mst")
    one = innovations.published(mst, stage=Stage.PILOT_A, days=10)
    return innovations.gate(one), [innovations.manager(mst) for _n in range(2)]


def decide_at_once(gate: Decision, managers: list) -> list:
    calls = [
        lambda actor=actor, result=result: gates.decide(
            decision=gate, actor=actor, result=result, decided_on=clock.today(), rationale_nl="Ja", lessons_nl="Les"
        )
        for actor, result in zip(managers, (Result.GO, Result.STOP), strict=True)
    ]
    return at_once(calls, threads=2)


def test_two_managers_take_one_decision():
    gate, managers = open_gate()
    with meeting_after(CHECKED, parties=2):
        results = decide_at_once(gate, managers)
    assert [type(result) for result in results if isinstance(result, Exception)] == [NoSuchStep]
    decision = Decision.objects.get()
    now = Innovation.objects.get()
    onward = decision.result == Result.GO
    assert (now.stage, now.outcome) == ((Stage.PILOT_B, "active") if onward else (Stage.PILOT_A, "stopped"))
    assert Passage.objects.filter(decision=decision).count() == onward
    assert Passage.objects.filter(until=None).count() == 1
    assert events.of(now).filter(verb="decide").count() == 1


def test_twin_without_the_lock_decides_twice():
    """Proof that the test above would notice: both found the gate open before either wrote."""
    gate, managers = open_gate()
    with without_lock(), meeting_after(CHECKED, parties=2):
        decide_at_once(gate, managers)
    assert events.of(gate.innovation).filter(verb="decide").count() == 2


def test_one_button_pressed_many_times_is_one_decision_and_one_passage():
    mst = people.organisation("mst")
    one, actor, body = innovations.published(mst), innovations.manager(mst), innovations.body()
    results = at_once(
        [
            lambda: gates.record_decision(
                innovation=one, actor=actor, body=body, result=Result.GO, decided_on=clock.today(),
                rationale_nl="Ja", after=0,
            )
        ] * 4,
        threads=4,
    )  # fmt: skip
    assert [type(result) for result in results if isinstance(result, Exception)] == [NoSuchStep] * 3
    assert Decision.objects.count() == 1
    assert Passage.objects.count() == 2
    assert Innovation.objects.get().stage == Stage.EXPLORATION


def save_and_stop(gate: Decision, manager) -> list:
    """Somebody writes the summary while a manager stops the innovation, which writes its lessons."""
    one = gate.innovation
    calls = [
        lambda: saving.save(
            innovation=one, actor=one.owner, base_version=one.version, values={"summary_nl": "Nieuw"}
        ),
        lambda: gates.decide(
            decision=gate, actor=manager, result=Result.STOP, decided_on=clock.today(), rationale_nl="Nee",
            lessons_nl="Geleerd", seen=one.version,
        ),
    ]  # fmt: skip
    return at_once(calls, threads=2)


def test_writing_and_deciding_lose_nothing_and_nobody_decides_unseen():
    gate, managers = open_gate()
    with meeting_after(READ, parties=2):
        saved, decided = save_and_stop(gate, managers[0])
    now = Innovation.objects.get()
    assert now.summary_nl == "Nieuw"
    versions = [revision.content["version"] for revision in revisions_of(now)]
    assert sorted(versions) == list(range(1, now.version + 1))
    if isinstance(decided, ChangedMeanwhile):  # the writing came first: the manager reads it before deciding
        assert (now.outcome, now.version) == ("active", 2)
    else:
        assert (now.outcome, now.lessons_nl, now.version) == ("stopped", "Geleerd", 3)
    assert saved.changed == ("summary_nl",)


def test_twin_without_the_lock_writes_one_version_twice():
    gate, managers = open_gate()
    with without_lock(), meeting_after(READ, parties=2):
        save_and_stop(gate, managers[0])
    versions = [revision.content["version"] for revision in revisions_of(gate.innovation)]
    assert sorted(versions) == [1, 2, 2]
