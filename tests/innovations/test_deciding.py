"""Deciding pages: who may, what they show, what comes back when something is refused, and what happens once only."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from academy.accounts.models import Role
from academy.core import clock, events
from research.innovations.models import Condition, Decision, Document, Innovation
from research.innovations.services import gates as services
from research.innovations.services import publishing, saving
from research.innovations.states import Outcome, PublicationState, Result, Stage
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 31


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class Case:
    """An innovation in pilot A with its owner, managers of both hospitals and somebody of neither."""

    def __init__(self) -> None:
        self.mst, self.zgt = people.organisation("mst"), people.organisation("zgt")
        self.owner = people.member(self.mst, email="owner@example.org")
        self.innovation = innovations.published(self.mst, owner=self.owner, stage=Stage.PILOT_A, days=30)
        self.manager, self.other = innovations.manager(self.mst), innovations.manager(self.zgt)
        self.body = innovations.body()

    def url(self, name: str, **more) -> str:
        return reverse(f"innovations:{name}", kwargs={"number": self.innovation.number, **more})

    def gate(self, **given) -> Decision:
        return innovations.gate(self.innovation, **given)

    def fresh(self) -> Innovation:
        return Innovation.objects.get(pk=self.innovation.pk)

    def decision(self, **changed) -> dict:
        """A form that is complete."""
        return {
            "action": "decide",
            "seen": self.fresh().version,
            "result": "go",
            "decided_on": clock.today().isoformat(),
            "rationale_nl": "Het werkt bij één team.",
            "row": ["0"],
            **changed,
        }


@pytest.fixture
def case() -> Case:
    return Case()


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


# Who may --------------------------------------------------------------------------------------------------------------


def test_pages_are_for_who_works_on_it(client, case):
    gate = case.gate()
    pages = {
        "open_gate": case.url("open_gate"),
        "record": case.url("record_decision"),
        "decide": case.url("decide", pk=gate.pk),
        "outcome": case.url("outcome"),
        "publication": case.url("publication"),
    }
    auditor = people.member(role=Role.AUDITOR)
    expected = {
        case.manager: {"open_gate": 302, "record": 302, "decide": 200, "outcome": 200, "publication": 200},
        case.owner: {"open_gate": 403, "record": 403, "decide": 200, "outcome": 200, "publication": 200},
        auditor: {"open_gate": 403, "record": 403, "decide": 200, "outcome": 200, "publication": 200},
        case.other: {"open_gate": 403, "record": 403, "decide": 302, "outcome": 403, "publication": 403},
    }
    for user, statuses in expected.items():
        client.force_login(user)
        assert {name: client.get(page).status_code for name, page in pages.items()} == statuses
    client.logout()
    assert {client.get(page).status_code for page in pages.values()} == {302}


def test_what_nobody_may_know_of_is_not_there(client, case):
    Innovation.objects.update(visibility="team")
    gate = case.gate()
    client.force_login(case.other)
    for page in (case.url("open_gate"), case.url("decide", pk=gate.pk), case.url("outcome"), case.url("publication")):
        assert client.get(page).status_code == 404


def test_only_a_manager_decides_and_moves(client, case):
    gate = case.gate()
    auditor = people.member(role=Role.AUDITOR)
    for user in (case.owner, auditor):
        client.force_login(user)
        page = client.get(case.url("decide", pk=gate.pk))
        assert page.context["sent"] is None
        assert client.post(case.url("decide", pk=gate.pk), case.decision()).status_code == 403
    assert case.fresh().stage == Stage.PILOT_A


# Asking ---------------------------------------------------------------------------------------------------------------


def test_opening_a_gate_shows_the_question_and_what_is_missing_with_who_fills_it_in(client, case):
    client.force_login(case.manager)
    response = client.get(case.url("open_gate"))
    text = response.content.decode()
    assert "Does it work for one team?" in text
    missing = {part.part: (part.who, part.labels) for part in response.context["missing"] if part.part == "Assessments"}
    assert missing == {
        "Assessments": ("the innovation manager", ["class of medical device", "class of AI", "value score"])
    }
    owners = {part.who for part in response.context["missing"]}
    assert owners == {"the innovation manager", case.owner.full_name}
    data = {"body": case.body.key, "owner": case.owner.email.upper(), "due_on": in_days(20)}
    response = client.post(case.url("open_gate"), data)
    gate = Decision.objects.get()
    assert response.url == case.url("decide", pk=gate.pk)
    assert (gate.gate, gate.owner, gate.body, gate.result) == (Stage.PILOT_B, case.owner, case.body, Result.OPEN)
    again = client.post(case.url("open_gate"), data, follow=True)
    assert again.redirect_chain[-1][0] == response.url
    assert "This gate is open already." in again.content.decode()
    assert Decision.objects.count() == 1


def test_who_prepares_is_a_colleague_who_may_know_of_it(client, case):
    Innovation.objects.update(visibility="team")
    client.force_login(case.manager)
    for address in ("nobody@example.org", case.other.email):
        data = {"body": case.body.key, "owner": address, "due_on": in_days(20)}
        response = client.post(case.url("open_gate"), data)
        assert response.status_code == 400
        assert set(response.context["form"].errors) == {"owner"}
    assert not Decision.objects.exists()


def test_moving_a_gate(client, case):
    gate = case.gate(owner=case.owner)
    client.force_login(case.manager)
    page = case.url("decide", pk=gate.pk)
    data = {"action": "move", "move-body": case.body.key, "move-owner": case.owner.email, "move-due_on": in_days(60)}
    assert client.post(page, {**data, "move-due_on": "soon"}).status_code == 400
    assert client.post(page, {**data, "move-reason": "De cijfers komen later."}).status_code == 302
    gate.refresh_from_db()
    assert gate.due_on.isoformat() == in_days(60)
    assert events.of(case.innovation).filter(verb="move_gate", reason="De cijfers komen later.").count() == 1


# Deciding -------------------------------------------------------------------------------------------------------------


def test_going_on_with_conditions_and_a_document(client, case):
    gate = case.gate()
    client.force_login(case.manager)
    data = case.decision(
        result="go_with_conditions",
        row=["0", "3", "4"],
        evidence_version="v2",
        next_review_on=in_days(180),
        document=SimpleUploadedFile("besluit.pdf", b"%PDF-1.7 besluit"),
    )
    data |= {"condition-0-text_nl": "Halveer de loze meldingen", "condition-0-owner": case.owner.email}
    data |= {"condition-0-due_on": in_days(40), "condition-3-text_en": "Train the team"}
    response = client.post(case.url("decide", pk=gate.pk), data)
    assert response.status_code == 302
    gate.refresh_from_db()
    assert (gate.result, gate.evidence_version, gate.document.name) == ("go_with_conditions", "v2", "besluit.pdf")
    assert list(gate.conditions.values_list("text_nl", "text_en", "owner")) == [
        ("Halveer de loze meldingen", "", case.owner.pk),
        ("", "Train the team", None),
    ]
    assert case.fresh().stage == Stage.PILOT_B
    page = client.get(case.url("decide", pk=gate.pk)).content.decode()
    assert "Train the team" in page
    assert "besluit.pdf" in page


def test_rows_come_and_go_without_scripts_and_nothing_typed_is_lost(client, case):
    gate = case.gate()
    client.force_login(case.manager)
    page = case.url("decide", pk=gate.pk)
    typed = case.decision(result="hold", rationale_en="Half a sentence", wake_up_on="not yet known")
    typed |= {"row": ["2"], "condition-2-text_nl": "Eerst dit", "condition-2-owner": "no address"}
    response = client.post(page, {**typed, "add": "condition"})
    assert response.status_code == 200
    rows = response.context["sent"].conditions.rows()
    assert [number for number, _form in rows] == ["2", "3"]
    html = response.content.decode()
    for word in ("Half a sentence", "not yet known", "Eerst dit", "no address"):
        assert word in html
    assert 'aria-invalid="true"' not in html
    assert 'value="hold"' in html
    assert response.context["sent"].form["result"].value() == "hold"
    more = {**typed, "row": ["2", "3"], "condition-3-text_nl": "En dat", "remove": "2"}
    response = client.post(page, more)
    assert [number for number, _form in response.context["sent"].conditions.rows()] == ["3"]
    assert "En dat" in response.content.decode()
    assert case.fresh().outcome == Outcome.ACTIVE


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"rationale_nl": ""}, {"rationale_nl"}),
        ({"result": "stop"}, {"lessons_nl"}),
        ({"result": "hold"}, {"wake_up_on"}),
        ({"result": "back"}, {"back_to"}),
        ({"result": "back", "back_to": "pilot_b"}, {"back_to"}),
        ({"result": "go_with_conditions"}, {"__all__"}),
        ({"result": "go", "condition-0-text_nl": "Eerst dit"}, {"__all__"}),
        ({"result": "no_go", "condition-0-text_nl": "X", "condition-0-owner": "who@example.org"}, {"__all__"}),
        ({"decided_on": "2099-01-01"}, {"decided_on"}),
        ({"result": ""}, {"result"}),
        ({"result": "open"}, {"result"}),
    ],
)
def test_what_is_not_complete_comes_back_with_everything_typed(client, case, changed, wrong):
    gate = case.gate()
    client.force_login(case.manager)
    data = (
        case.decision(evidence_version="What was typed", document=SimpleUploadedFile("a.pdf", b"%PDF-1.7 a")) | changed
    )
    response = client.post(case.url("decide", pk=gate.pk), data)
    assert response.status_code == 400
    assert set(response.context["sent"].form.errors) == wrong
    assert "What was typed" in response.content.decode()
    assert "Choose the document again" in response.content.decode()
    assert not Document.objects.exists()
    gate.refresh_from_db()
    assert gate.result == Result.OPEN


def test_each_result_takes_its_own_fields_only(client, case):
    gate = case.gate()
    client.force_login(case.manager)
    data = case.decision(result="no_go", wake_up_on=in_days(3), lessons_nl="Niet bedoeld", back_to="idea")
    assert client.post(case.url("decide", pk=gate.pk), data).status_code == 302
    now = case.fresh()
    assert (now.outcome, now.wake_up_on, now.lessons_nl, now.stage) == (Outcome.ACTIVE, None, "", Stage.PILOT_A)


@pytest.mark.parametrize(
    ("changed", "stage", "outcome"),
    [
        ({"result": "hold", "wake_up_on": in_days(30)}, Stage.PILOT_A, Outcome.ON_HOLD),
        ({"result": "stop", "lessons_en": "Agree who watches"}, Stage.PILOT_A, Outcome.STOPPED),
        ({"result": "back", "back_to": "exploration"}, Stage.EXPLORATION, Outcome.ACTIVE),
    ],
)
def test_what_a_result_does(client, case, changed, stage, outcome):
    gate = case.gate()
    client.force_login(case.manager)
    assert client.post(case.url("decide", pk=gate.pk), case.decision(**changed)).status_code == 302
    assert (case.fresh().stage, case.fresh().outcome) == (stage, outcome)


def test_a_change_meanwhile_is_told_and_nothing_typed_is_lost(client, case):
    gate = case.gate()
    client.force_login(case.manager)
    data = case.decision(rationale_nl="Lang over nagedacht")
    saving.save(innovation=case.innovation, actor=case.owner, base_version=1, values={"summary_nl": "Heel anders"})
    response = client.post(case.url("decide", pk=gate.pk), data)
    assert response.status_code == 409
    assert response.context["sent"].changed == ["Summary in Dutch"]
    html = response.content.decode()
    assert "Lang over nagedacht" in html
    assert f'name="seen" value="{case.fresh().version}"' in html
    assert client.post(case.url("decide", pk=gate.pk), case.decision()).status_code == 302


def test_pressing_twice_records_once(client, case):
    gate = case.gate()
    client.force_login(case.manager)
    data = case.decision()
    client.post(case.url("decide", pk=gate.pk), data)
    again = client.post(case.url("decide", pk=gate.pk), data, follow=True)
    assert "recorded already" in again.content.decode()
    assert events.of(case.innovation).filter(verb="decide").count() == 1
    assert case.innovation.passages.count() == 3


def test_who_comes_second_reads_what_was_decided_and_what_they_typed(client, case):
    gate = case.gate()
    services.decide(
        decision=gate, actor=case.manager, result="no_go", decided_on=clock.today(), rationale_nl="Nog niet"
    )
    client.force_login(innovations.manager(case.mst))
    response = client.post(case.url("decide", pk=gate.pk), case.decision(rationale_nl="Ik vond van wel"))
    assert response.status_code == 409
    html = response.content.decode()
    assert "This gate was decided just before you sent it" in html
    assert "Ik vond van wel" in html
    assert "Nog niet" in html
    gate.refresh_from_db()
    assert gate.result == "no_go"


def test_a_decision_shows_what_was_decided_before_it(client, case):
    first, second = (innovations.decided(case.innovation, Result.NO_GO) for _n in range(2))
    open_one = case.gate()
    client.force_login(case.manager)
    for one, before in ((first, []), (second, [first]), (open_one, [second, first])):
        shown = client.get(case.url("decide", pk=one.pk)).context["history"]
        assert [line.decision for line in shown] == before


def test_recording_at_once(client, case):
    client.force_login(case.manager)
    page = case.url("record_decision")
    data = case.decision(body=case.body.key, owner=case.manager.email, after="0")
    assert 'name="after" value="0"' in client.get(page).content.decode()
    assert client.post(page, {**data, "body": "none"}).status_code == 400
    response = client.post(page, data)
    decision = Decision.objects.get()
    assert response.url == case.url("decide", pk=decision.pk)
    assert (decision.due_on, decision.decided_on) == (clock.today(), clock.today())
    assert case.fresh().stage == Stage.PILOT_B
    again = client.post(page, data, follow=True)
    assert "recorded already" in again.content.decode()
    assert Decision.objects.count() == 1
    other = client.post(page, {**data, "rationale_nl": "Een ander besluit"})
    assert other.status_code == 400
    assert "Another decision was recorded meanwhile" in other.content.decode()
    assert f'name="after" value="{decision.pk}"' in other.content.decode()


def test_an_ended_innovation_waits_for_somebody_to_go_on(client, case):
    gate = case.gate()
    Innovation.objects.update(outcome=Outcome.WITHDRAWN, outcome_since=clock.today())
    client.force_login(case.manager)
    response = client.get(case.url("decide", pk=gate.pk))
    assert "Nobody works on this innovation any more" in response.content.decode()
    assert client.post(case.url("decide", pk=gate.pk), case.decision()).status_code == 400
    assert case.fresh().stage == Stage.PILOT_A


def test_a_condition_is_met_once_by_the_team(client, case):
    row = {"text_nl": "Halveer", "text_en": "", "owner": case.owner, "due_on": clock.today()}
    decision = innovations.decided(case.innovation, Result.GO_WITH_CONDITIONS, conditions=[row])
    condition = Condition.objects.get()
    page, name = case.url("decide", pk=decision.pk), f"met-{condition.pk}"
    client.force_login(case.owner)
    assert f'name="{name}-on"' in client.get(page).content.decode()
    data = {"action": "meet", "condition": condition.pk, f"{name}-on": in_days(1), f"{name}-note": "Gehalveerd"}
    assert client.post(page, data).status_code == 400
    data[f"{name}-on"] = in_days(0)
    assert client.post(page, data).status_code == 302
    again = client.post(page, data, follow=True)
    assert "met already" in again.content.decode()
    assert events.of(case.innovation).filter(verb="meet_condition").count() == 1
    condition.refresh_from_db()
    assert (condition.met_on, condition.met_note) == (clock.today(), "Gehalveerd")


def test_a_condition_belongs_to_its_decision(client, case):
    decision = innovations.decided(case.innovation)
    client.force_login(case.manager)
    for wrong in ("", "x", "999999"):
        data = {"action": "meet", "condition": wrong}
        assert client.post(case.url("decide", pk=decision.pk), data).status_code == 404
    elsewhere = innovations.published(case.mst)
    page = reverse("innovations:decide", kwargs={"number": elsewhere.number, "pk": decision.pk})
    assert client.get(page).status_code == 404


# Without a gate -------------------------------------------------------------------------------------------------------


def offered(response) -> list[str]:
    return [one["name"] for one in response.context["offered"]]


def test_hold_and_go_on(client, case):
    client.force_login(case.manager)
    page = case.url("outcome")
    assert offered(client.get(page)) == ["hold", "withdraw"]
    data = {"action": "hold", "hold-wake_up_on": in_days(30), "hold-reason_nl": "De koppeling wacht."}
    assert client.post(page, {**data, "hold-reason_nl": ""}).status_code == 400
    assert client.post(page, {**data, "hold-wake_up_on": in_days(0)}).status_code == 400
    assert client.post(page, data).status_code == 302
    assert case.fresh().outcome == Outcome.ON_HOLD
    again = client.post(page, data, follow=True)
    assert "done already" in again.content.decode()
    assert offered(again) == ["resume", "withdraw"]
    client.post(page, {"action": "resume", "resume-reason_en": "The link is there."})
    assert (case.fresh().outcome, case.fresh().wake_up_on) == (Outcome.ACTIVE, None)


@pytest.mark.parametrize("stage", [Stage.IMPLEMENTATION, Stage.IN_USE])
def test_scaling_up_is_for_what_is_ordinary_work(client, case, stage):
    client.force_login(case.manager)
    page, data = case.url("outcome"), {"action": "scale", "scale-reason_nl": "Ook in ZGT"}
    assert "does not follow" in client.post(page, data, follow=True).content.decode()
    Innovation.objects.update(stage=stage)
    assert "scale" in offered(client.get(page))
    client.post(page, data)
    assert case.fresh().outcome == Outcome.SCALED


def test_the_team_withdraws_and_nothing_else(client, case):
    client.force_login(case.owner)
    page = case.url("outcome")
    assert offered(client.get(page)) == ["withdraw"]
    data = {"action": "hold", "hold-wake_up_on": in_days(30), "hold-reason_nl": "X"}
    assert client.post(page, data).status_code == 403
    assert client.post(page, {"action": "nonsense"}).status_code == 404
    assert client.post(page, {"action": "withdraw"}).status_code == 400
    client.post(page, {"action": "withdraw", "withdraw-reason_nl": "Er is iets beters."})
    assert case.fresh().outcome == Outcome.WITHDRAWN
    assert offered(client.get(page)) == []


def test_into_the_portfolio_back_and_out(client, case):
    idea = innovations.innovation(case.mst, owner=case.owner)
    case.innovation = idea
    publishing.submit(innovation=idea, actor=case.owner)
    client.force_login(case.manager)
    page = case.url("publication")
    assert offered(client.get(page)) == ["publish", "give_back"]
    assert client.post(page, {"action": "give_back"}).status_code == 400
    client.post(page, {"action": "give_back", "give_back-reason": "Voor welke unit?"})
    assert case.fresh().publication_state == PublicationState.DRAFT
    publishing.submit(innovation=idea, actor=case.owner)
    stale = client.post(page, {"action": "publish", "seen": case.fresh().version + 1})
    assert stale.status_code == 400
    assert "Read what is new" in stale.content.decode()
    data = {"action": "publish", "seen": case.fresh().version, "next": reverse("innovations:intake")}
    assert client.post(page, data).url == reverse("innovations:intake")
    assert "done already" in client.post(page, {**data, "next": page}, follow=True).content.decode()
    assert case.fresh().publication_state == PublicationState.PUBLISHED
    client.post(page, {"action": "take_offline", "take_offline-reason": "Dubbel"})
    assert case.fresh().publication_state == PublicationState.OFFLINE


def test_an_idea_that_misses_something_is_not_published(client, case):
    case.innovation = innovations.innovation(case.mst, owner=case.owner, problem_nl="", problem_en="")
    client.force_login(case.manager)
    response = client.post(case.url("publication"), {"action": "publish"})
    assert response.status_code == 400
    assert "Still missing: the problem." in response.content.decode()
    assert case.fresh().publication_state == PublicationState.DRAFT


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_decisions_and_conditions(client, case, number, django_assert_num_queries):
    for n in range(number):
        rows = [{"text_nl": f"Eis {n}", "text_en": "", "owner": case.owner, "due_on": clock.today()}] * number
        innovations.decided(case.innovation, Result.NO_GO, conditions=rows)
    gate = case.gate(owner=case.owner)
    client.force_login(case.manager)
    client.get(case.url("decide", pk=gate.pk))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(case.url("decide", pk=gate.pk))
