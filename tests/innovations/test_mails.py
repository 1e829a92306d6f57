"""What is written to people about innovations: who gets it, once, whole in both languages, and nothing that leaks."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.management import call_command

from academy.core import clock, mail
from academy.core.models import Message
from research.innovations import mail_words
from research.innovations.models import Condition, Innovation
from research.innovations.services import gates, outcomes, publishing, reminding
from research.innovations.states import Outcome, Result, Stage
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db


class Case:
    """An innovation of two hospitals with owner, team, a manager at each, and people who have nothing to do with it."""

    def __init__(self) -> None:
        self.mst, self.zgt = people.organisation("mst"), people.organisation("zgt")
        self.owner = people.member(self.mst, email="owner@example.org")
        self.member = people.member(self.mst, email="team@example.org")
        self.colleague = people.member(self.mst, email="colleague@example.org")
        self.manager = innovations.manager(self.mst, email="manager@example.org")
        self.other = innovations.manager(self.zgt, email="other@example.org")
        innovations.manager(people.organisation("elsewhere"), email="elsewhere@example.org")
        self.body = innovations.body()
        self.innovation = innovations.innovation(
            self.mst, self.zgt, owner=self.owner, team=[{"person": self.member.pk, "function": ""}]
        )

    def publish(self) -> None:
        publishing.publish(innovation=self.innovation, actor=None)
        Message.objects.all().delete()

    def condition(self, owner, days: int = 10, **given) -> Condition:
        row = {"text_nl": "Eerst dit", "text_en": "First this", "owner": owner, "due_on": in_days(days)}
        innovations.decided(self.innovation, Result.GO_WITH_CONDITIONS, conditions=[row], **given)
        return Condition.objects.latest("pk")


@pytest.fixture
def case() -> Case:
    return Case()


def in_days(days: int):
    return clock.today() + timedelta(days=days)


def told() -> list[tuple[str, str]]:
    """Kind, without its beginning, and first part of the address; then forgotten."""
    found = [(row.kind.removeprefix("innovation_"), row.to.partition("@")[0]) for row in Message.objects.order_by("pk")]
    return sorted(found)


def test_handing_in_publishing_giving_back_and_taking_offline(case):
    publishing.submit(innovation=case.innovation, actor=case.owner)
    assert told() == [("handed_in", "manager"), ("handed_in", "other")]
    Message.objects.all().delete()
    publishing.give_back(innovation=case.innovation, actor=case.manager, reason="Voor welke unit?")
    assert told() == [("given_back", "owner")]
    publishing.submit(innovation=case.innovation, actor=case.owner)
    Message.objects.all().delete()
    publishing.publish(innovation=case.innovation, actor=case.manager)
    assert told() == [("published", "owner"), ("published", "team")]
    Message.objects.all().delete()
    publishing.take_offline(innovation=case.innovation, actor=case.manager, reason="Dubbel")
    assert told() == [("offline", "owner"), ("offline", "team")]


def test_handing_in_again_is_told_again(case):
    for _turn in range(2):
        publishing.submit(innovation=case.innovation, actor=case.owner)
        publishing.give_back(innovation=case.innovation, actor=case.manager, reason="Nog eens")
    assert Message.objects.filter(kind="innovation_handed_in", to=case.manager.email).count() == 2


def test_a_gate_is_told_to_the_owner_and_who_prepares_it(case):
    case.publish()
    gate = gates.open_gate(
        innovation=case.innovation, actor=case.manager, body=case.body, due_on=in_days(20), owner=case.colleague
    )
    assert told() == [("gate", "colleague"), ("gate", "owner")]
    gates.move_gate(decision=gate, actor=case.manager, body=case.body, due_on=in_days(40), owner=case.manager)
    assert told() == [("gate", "colleague"), ("gate", "owner"), ("gate", "owner")]


def test_a_decision_is_told_to_the_team_and_conditions_to_who_sees_to_them(case):
    case.publish()
    case.condition(case.colleague)
    assert told() == [("condition", "colleague"), ("decided", "owner"), ("decided", "team")]


def test_nobody_hears_what_they_may_not_know_what_they_did_or_after_they_left(case):
    Innovation.objects.update(visibility="team")
    case.publish()
    case.condition(case.colleague)
    assert told() == [("decided", "owner"), ("decided", "team")]
    Message.objects.all().delete()
    case.member.is_active = False
    case.member.save()
    outcomes.put_on_hold(innovation=case.innovation, actor=case.manager, wake_up_on=in_days(3), reason_nl="Wacht")
    publishing.take_offline(innovation=case.innovation, actor=case.manager, reason="Dubbel")
    publishing.publish(innovation=case.innovation, actor=case.manager)
    assert told() == [("offline", "owner"), ("published", "owner")]


def test_a_manager_who_owns_it_gets_no_mail_of_their_own_decision(case):
    case.publish()
    Innovation.objects.update(owner=case.manager)
    gates.record_decision(
        innovation=case.innovation, actor=case.manager, body=case.body, result=Result.GO,
        decided_on=clock.today(), rationale_nl="Ja",
    )  # fmt: skip
    assert told() == [("decided", "team")]


# Reminders ------------------------------------------------------------------------------------------------------------


def test_a_gate_is_reminded_of_once_per_stage_and_again_when_it_moves(case):
    case.publish()
    gate = innovations.gate(case.innovation, due_in=10, owner=case.colleague)
    Message.objects.all().delete()
    expected = []
    for day, more in ((2, []), (3, ["week"]), (4, []), (11, ["overdue"]), (12, []), (40, ["long_overdue"]), (99, [])):
        with clock.at(clock.now() + timedelta(days=day)):
            assert reminding.remind().reminded == len(more)
        expected += more
        assert list(Message.objects.order_by("pk").values_list("context__due_stage", flat=True)) == expected
    assert set(Message.objects.values_list("to", flat=True)) == {case.colleague.email}
    gates.move_gate(decision=gate, actor=case.manager, body=case.body, due_on=in_days(5), owner=None)
    Message.objects.all().delete()
    assert reminding.remind().reminded == 1
    assert told() == [("gate_due", "manager"), ("gate_due", "other")]


def test_conditions_and_wake_ups(case):
    case.publish()
    condition = case.condition(case.colleague)
    Message.objects.all().delete()
    Condition.objects.update(due_on=in_days(-1))
    assert reminding.remind().reminded == 1
    assert told() == [("condition_due", "colleague")]
    gates.meet_condition(condition=condition, actor=case.owner, on=clock.today())
    outcomes.put_on_hold(innovation=case.innovation, actor=case.manager, wake_up_on=in_days(3), reason_nl="Wacht")
    Message.objects.all().delete()
    assert reminding.remind().reminded == 0
    with clock.at(clock.now() + timedelta(days=3)):
        assert reminding.remind().reminded == 1
        assert reminding.remind().reminded == 0
    assert told() == [("wake_up", "manager"), ("wake_up", "other")]


@pytest.mark.parametrize(
    "columns", [{"outcome": Outcome.STOPPED}, {"outcome": Outcome.WITHDRAWN}, {"publication_state": "offline"}]
)
def test_what_has_ended_or_is_offline_is_left_in_peace(case, columns):
    case.publish()
    case.condition(case.colleague)
    innovations.gate(case.innovation, due_in=-3)
    Condition.objects.update(due_on=in_days(-5))
    Message.objects.all().delete()
    Innovation.objects.update(**columns)
    assert reminding.remind().reminded == 0
    assert told() == []


def test_one_that_fails_does_not_stop_the_others(case, monkeypatch):
    case.publish()
    innovations.gate(case.innovation, due_in=-3, owner=case.owner)
    case.innovation = innovations.published(case.mst, owner=case.owner)
    innovations.gate(case.innovation, due_in=-3, owner=case.owner)
    Message.objects.all().delete()
    write, wrong = reminding.messages.gate_due, Innovation.objects.first().number

    def failing(decision, stage, key):
        if decision.innovation.number == wrong:
            raise ZeroDivisionError
        write(decision, stage, key)

    monkeypatch.setattr(reminding.messages, "gate_due", failing)
    summary = reminding.remind()
    assert (summary.read, summary.reminded, summary.failed) == (2, 1, [wrong])
    assert Message.objects.count() == 1


def test_the_command_and_the_worker_know_it(case, capsys):
    from academy.core import periodic

    case.publish()
    innovations.gate(case.innovation, due_in=-3, owner=case.owner)
    call_command("send_reminders")
    assert "innovations: read 1, refused 0; reminders: 1\n" in capsys.readouterr().out
    call_command("send_reminders")
    assert "innovations: read 1, refused 0; reminders: 0\n" in capsys.readouterr().out
    assert "innovation reminders" in periodic._jobs


# Words ----------------------------------------------------------------------------------------------------------------


def sent(kind: str, language: str = "en", **changed):
    """The mail of this kind as it leaves."""
    outbox.outbox.clear()
    Message.objects.all().delete()
    condition = {"text_nl": "Eerst dit", "text_en": "First this", "person": "Noor", "due_on": "2026-03-01"}
    context = {
        "given_name": "<b>Noor</b>",
        "innovation": "HART & <i>vaten</i>",
        "number": "I-2026-0001",
        "url": f"https://example.org/{language}/innovation/",
        "near": True,
        "why": "owner",
        "decision": 7,
        "from_stage": Stage.PILOT_A,
        "gate": Stage.PILOT_B,
        "stage": Stage.PILOT_B,
        "body_nl": "Innovatieraad",
        "body_en": "Innovation board",
        "due_on": in_days(7).isoformat(),
        "prepared_by": "Gerben te Lintelo",
        "moved": False,
        "reason": "te <i>klein</i>\nen te laat",
        "reason_nl": "Wacht op het EPD",
        "reason_en": "",
        "rationale_nl": "Het werkt",
        "rationale_en": "It works",
        "result": Result.GO_WITH_CONDITIONS,
        "wake_up_on": in_days(7).isoformat(),
        "next_review_on": "",
        "conditions": [condition, condition],
        "due_stage": "week",
        "text_nl": "Eerst dit",
        "text_en": "First this",
        "person": "Noor",
        **changed,
    }
    mail.write(kind=kind, to="noor@example.org", language=language, event_key="test", context=context)
    assert mail.send_waiting() == 1
    return outbox.outbox[0]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", mail_words.KINDS)
def test_every_kind_is_whole_in_both_languages(kind, language):
    found = sent(kind, language)
    html = found.alternatives[0].content
    assert "HART & <i>vaten</i>" in found.subject
    assert "\n" not in found.subject
    assert "HART & <i>vaten</i>" in found.body
    for text in (found.subject, found.body):
        assert not [mark for mark in ("&amp;", "&lt;", "None", "%(", "{{", "{%", "[]") if mark in text]
    assert "HART &amp; &lt;i&gt;vaten&lt;/i&gt;" in html
    assert "&lt;b&gt;Noor&lt;/b&gt;" in html
    assert "<i>" not in html
    assert f'lang="{language}"' in html
    assert f"/{language}/" in found.body
    assert "I-2026-0001" in found.body


@pytest.mark.parametrize("why", ["owner", "team", "manager", "prepares", "condition"])
def test_everybody_reads_why_they_get_it(why):
    assert "You get this mail because" in sent("innovation_gate", why=why).body


def test_who_may_not_see_the_decision_page_is_led_to_the_innovation():
    assert "/gates/7/" in sent("innovation_condition").body
    far = sent("innovation_condition", near=False).body
    assert "/gates/" not in far
    assert "https://example.org/en/innovation/" in far


def test_how_late_counts_from_the_day_on_which_it_leaves():
    late = sent("innovation_gate_due", due_on=in_days(-3).isoformat())
    assert late.subject.startswith("3 days late: decision")
    assert "that is 3 days ago" in late.body
    assert sent("innovation_condition_due", due_on=in_days(-1).isoformat()).subject.startswith("1 day late: condition")


def test_a_decision_tells_conditions_with_who_and_when():
    found = sent("innovation_decided")
    assert found.subject == "Go, with conditions: HART & <i>vaten</i>"
    assert "Conditions: First this (Noor, before 1 March 2026); First this" in found.body
    assert "It works" in found.body
    assert "Next review" not in found.body
    assert "Het werkt" in sent("innovation_decided", "nl").body
