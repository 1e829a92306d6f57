"""How an innovation went: as its team reads it, and as everybody reads it."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from academy.core import clock
from academy.core.errors import Refused
from research.innovations.models import Innovation
from research.innovations.services import assessing, outcomes, publishing, saving
from research.innovations.states import Stage
from tests import factories as f
from tests.factories import innovations as made
from tests.factories import studies

pytestmark = pytest.mark.django_db


@pytest.fixture
def mst():
    return f.organisation("mst")


@pytest.fixture
def owner(mst):
    return f.member(mst, given_name="Esmeralda", family_name="Vogelzang")


def change(innovation, actor, minutes=0, reason="", **values) -> Innovation:
    """The innovation after an edit so many minutes from now."""
    innovation = Innovation.objects.get(pk=innovation.pk)
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        return saving.save(
            innovation=innovation, actor=actor, base_version=innovation.version, values=values, reason=reason
        ).innovation


def address(innovation, language="nl") -> str:
    with override(language):
        return reverse("innovations:history", kwargs={"number": innovation.number})


def told(client, innovation, person=None, language="nl") -> list[str]:
    """Each entry as one line of text, newest first."""
    client.logout()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address(innovation, language))
    assert answer.status_code == 200
    entries = BeautifulSoup(answer.content, "html.parser").select("article.decision")
    return [" ".join(entry.get_text(" ").split()) for entry in entries]


BENEFIT = {
    "key": "heropnames",
    "category": "outcomes",
    "disbenefit": False,
    "owner": None,
    "kpi_nl": "Heropnames",
    "kpi_en": "",
    "unit": "%",
    "baseline": "25.5",
    "target": None,
    "estimate": "18",
    "validated": None,
    "actual": None,
    "estimated_on": "2026-03-01",
    "measured_on": None,
}


def test_the_team_reads_who_changed_what_field_by_field(client, mst, owner):
    innovation = made.published(mst, owner=owner)
    change(innovation, owner, minutes=5, reason="Na de pilot", summary_nl="Anders", benefits=[BENEFIT], aims=["cost"])
    newest = told(client, innovation, owner, "en")[0]
    for words in ("Esmeralda Vogelzang", "Na de pilot", "Anders", "Heropnames", "25.5", "1 March 2026", "Cost"):
        assert words in newest
    for code in ("outcomes", "2026-03-01", "heropnames"):
        assert code not in newest


def test_rows_are_told_as_gone_and_come(client, mst, owner):
    money = {
        "year": 2026,
        "funder": "mst",
        "funder_name": "",
        "kind": "one_off",
        "budget_eur": "48000",
        "spent_eur": None,
    }
    innovation = made.published(mst, owner=owner, money=[money])
    change(innovation, owner, minutes=5, money=[money, {**money, "year": 2027}])
    newest = told(client, innovation, owner, "en")[0]
    assert "2027" in newest
    assert "2026" not in newest.partition("Money")[2]
    assert "48,000" in newest
    assert f"Funder: {mst}" in newest


def test_names_and_titles_stand_for_keys(client, mst, owner):
    shown, hidden = studies.published(mst), studies.published(f.organisation("zgt"), visibility="team")
    innovation = made.published(mst, owner=owner)
    colleague = f.member(mst, given_name="Kaatje", family_name="Zonneveld")
    team = [{"person": colleague.pk, "function": "Verpleegkundige"}]
    change(innovation, None, minutes=5, studies=[shown.number, hidden.number], team=team, goals=[made.goal().key])
    newest = told(client, innovation, owner)[0]
    for words in (shown.public_title_nl, "Kaatje Zonneveld", "Verpleegkundige", "Doel g1"):
        assert words in newest
    assert hidden.number not in newest


def test_edits_of_one_person_within_an_hour_are_one_entry(client, mst, owner):
    innovation = made.published(mst, owner=owner)
    before = len(told(client, innovation, owner))
    for minutes, text in ((5, "Een"), (20, "Twee"), (200, "Drie")):
        change(innovation, owner, minutes=minutes, summary_nl=text)
    lines = told(client, innovation, owner)
    assert len(lines) == before + 2
    assert "Drie" in lines[0]
    assert "Een" not in lines[1]


def test_others_read_how_it_went_without_names_and_reasons(client, mst, owner):
    manager = made.manager(mst, given_name="Gijsbert", family_name="Pronk")
    innovation = made.innovation(mst, owner=owner)
    publishing.submit(innovation=innovation, actor=owner)
    publishing.give_back(innovation=innovation, actor=manager, reason="Te vaag")
    publishing.submit(innovation=innovation, actor=owner)
    publishing.publish(innovation=innovation, actor=manager)
    made.decided(innovation)
    change(innovation, owner, minutes=5, summary_nl="Geheime zin")
    outcomes.put_on_hold(
        innovation=innovation, actor=manager, wake_up_on=clock.today() + timedelta(days=9), reason_nl="Te duur"
    )
    with_team = told(client, innovation, owner, "en")
    for person in (None, f.member(mst)):
        lines = told(client, innovation, person, "en")
        text = " ".join(lines)
        assert [line.partition(" 20")[2][6:] for line in lines]
        for words in ("Esmeralda", "Gijsbert", "Te vaag", "Te duur", "Geheime", "Given back"):
            assert words not in text
        for words in ("Put in", "Taken into the portfolio", "Board decided: Go (Idea → Exploration)", "On hold"):
            assert words in text
        assert len(lines) == 7
    assert len(with_team) == 9
    assert any("Te vaag" in line and "Gijsbert Pronk" in line for line in with_team)


def test_every_kind_of_event_has_words(client, mst, owner):
    manager = made.manager(mst)
    innovation = made.published(mst, owner=owner, stage=Stage.IMPLEMENTATION, days=30)
    made.gate(innovation)
    assessing.assess(innovation=innovation, actor=owner, kind="trl", code="7", on=clock.today())
    outcomes.scale(innovation=innovation, actor=manager, reason_nl="Ook elders")
    outcomes.resume(innovation=innovation, actor=manager, reason_nl="Toch hier")
    outcomes.withdraw(innovation=innovation, actor=owner, reason_nl="Klaar")
    publishing.take_offline(innovation=innovation, actor=manager, reason="Dubbel")
    publishing.publish(innovation=innovation, actor=manager)
    text = " ".join(told(client, innovation, owner, "en"))
    for words in (
        "In the portfolio again",
        "Taken out of the portfolio",
        "Withdrawn",
        "Taken up again",
        "Scaled up",
        "Assessed: TRL",
        "Decision asked of Board: Implementation → In use",
        "Innovation manager, ",
        "Owner",
    ):
        assert words in text
    assert "_" not in text


def test_lessons_that_come_with_a_decision_are_a_change_of_the_record(client, mst, owner):
    innovation = made.published(mst, owner=owner)
    made.decided(innovation, "stop", lessons_nl="Begin klein")
    assert any("Begin klein" in line for line in told(client, innovation, owner))
    assert not any("Begin klein" in line for line in told(client, innovation))


@pytest.mark.parametrize("visibility", ["draft", "members", "team"])
def test_who_may_not_know_it_gets_404(client, mst, owner, visibility):
    draft = visibility == "draft"
    make = made.innovation if draft else made.published
    innovation = make(mst, owner=owner, **({} if draft else {"visibility": visibility}))
    assert client.get(address(innovation)).status_code == 404
    client.force_login(f.person(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address(innovation)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_the_entries(client, mst, owner, rows):
    innovation = made.published(mst, owner=owner)
    for n in range(rows):
        made.decided(innovation, "no_go")
        team = [{"person": f.member(mst).pk, "function": f"Rol {m}"} for m in range(n + 1)]
        linked = {"studies": [studies.published(mst).number], "courses": [f.course().code]}
        change(innovation, owner, minutes=100 * (n + 1), team=team, units=[], goals=[made.goal(f"g{n}").key], **linked)
    counts = {}
    for who, person in {"visitor": None, "owner": owner}.items():
        client.logout()
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        client.get(address(innovation))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(innovation))
        counts[who] = len(captured)
    assert counts == {"visitor": 7, "owner": 19}


def test_pages(client, mst, owner):
    innovation = made.published(mst, owner=owner)
    for _n in range(25):
        assessing.assess(innovation=innovation, actor=None, kind="trl", code="3", on=clock.today())
    assert len(told(client, innovation)) == 20
    assert client.get(f"{address(innovation)}?page=nonsense").status_code == 200


def test_a_refused_step_leaves_no_entry(client, mst, owner):
    innovation = made.published(mst, owner=owner)
    before = told(client, innovation, owner)
    with pytest.raises(Refused):
        outcomes.scale(innovation=innovation, actor=made.manager(mst), reason_nl="Te vroeg")
    assert told(client, innovation, owner) == before
