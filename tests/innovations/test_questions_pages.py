"""What managers ask: what lies still, which gates are open, what ended and why, what depends on what; page and file."""

from datetime import timedelta

import pytest
from django.urls import reverse

from academy.core import clock, events
from research.innovations.models import Decision, Innovation
from research.innovations.questions import QUESTIONS
from research.innovations.services import outcomes
from tests.factories import innovations, people

from .reading import csv_of, opened, words_of, xlsx_of

pytestmark = pytest.mark.django_db

EPD = {"kind": "epd", "name": "", "state": "open", "note_nl": "Grafiek", "note_en": ""}


@pytest.fixture
def mst():
    return people.organisation("mst")


def page_of(client, name: str, **query):
    return opened(client, reverse(f"innovations:{name}"), query)


def file_of(client, name: str, **query) -> list[list[str]]:
    return csv_of(client.get(reverse("innovations:export", kwargs={"format": "csv"}), {"list": name, **query}))


def numbers(*some: Innovation) -> list[str]:
    return [one.number for one in some]


def column(rows: list[list[str]], label: str) -> list[str]:
    at = [head.lower() for head in rows[0]].index(label.lower())
    return [row[at] for row in rows[1:]]


def stopped(of: Innovation, days_ago: int = 0, **given) -> Innovation:
    """Stopped by the innovation board so many days ago."""
    innovations.decided(of, "stop", lessons_nl=given.pop("lessons_nl", "Vraag het eerst."), **given)
    day = clock.today() - timedelta(days=days_ago)
    of.decisions.update(decided_on=day)
    Innovation.objects.filter(pk=of.pk).update(outcome_since=day)
    return Innovation.objects.get(pk=of.pk)


# What lies still -----------------------------------------------------------------------------------------------------


def test_stalled_is_more_than_90_days_active_and_not_in_use_the_longest_first(client, mst):
    innovations.published(mst, stage="pilot_a", days=90)
    just = innovations.published(mst, stage="pilot_a", days=91)
    longest = innovations.published(mst, days=300)
    innovations.published(mst, stage="in_use", days=500)
    on_hold = innovations.published(mst, stage="pilot_b", days=400)
    outcomes.put_on_hold(
        innovation=on_hold, actor=None, wake_up_on=clock.today() + timedelta(days=9), reason_nl="Wacht op geld"
    )
    innovations.gate(just, due_in=5)
    page = page_of(client, "stalled")
    assert page.numbers == numbers(longest, just)
    assert [row[2] for row in page.rows] == ["300", "91"]
    rows = file_of(client, "stalled")
    assert column(rows, "nummer") == numbers(longest, just)
    assert [row[3] for row in rows[1:]] == ["300", "91"]


# Open gates ----------------------------------------------------------------------------------------------------------


def test_open_gates_by_day_with_body_owner_and_what_is_late(client, mst):
    owner = people.member(mst)
    later = innovations.published(mst, stage="pilot_a")
    late = innovations.published(mst)
    innovations.published(mst)
    ended = innovations.published(mst)
    innovations.gate(later, due_in=8, owner=owner)
    innovations.gate(late, due_in=-4, owner=owner)
    innovations.gate(ended, due_in=1)
    outcomes.withdraw(innovation=ended, actor=None, reason_nl="Klaar")
    page = page_of(client, "gates")
    assert page.numbers == numbers(late, later)
    assert [row[1:4] for row in page.rows] == [
        ["Verkenning", "Innovatieraad", owner.full_name],
        ["Pilot B (breder)", "Innovatieraad", owner.full_name],
    ]
    assert "4 dagen te laat" in page.rows[0][4]
    assert "te laat" not in page.rows[1][4]
    assert [words_of(dd) for dd in page.main.select(".figures dd")] == ["1"]
    rows = file_of(client, "gates")
    assert [row[4:6] for row in rows[1:]] == [
        [owner.full_name, (clock.today() + timedelta(days=days)).isoformat()] for days in (-4, 8)
    ]


def test_the_manager_of_the_hospital_goes_on_to_the_decision(client, mst):
    here = innovations.gate(innovations.published(mst), due_in=2)
    innovations.gate(innovations.published(people.organisation("zgt")), due_in=3)
    decide = reverse("innovations:decide", kwargs={"number": here.innovation.number, "pk": here.pk})
    assert not page_of(client, "gates").main.select(f"a[href='{decide}']")
    client.force_login(innovations.manager(mst))
    buttons = page_of(client, "gates").main.select("tbody a.button")
    assert [button["href"] for button in buttons] == [decide]


# What ended ----------------------------------------------------------------------------------------------------------


def test_what_ended_tells_who_decided_why_and_what_was_learned_the_latest_first(client, mst):
    old = stopped(innovations.published(mst, days=99), 50, rationale_nl="Te duur", reason_nl="Het kostte te veel")
    withdrawn = innovations.published(mst)
    outcomes.withdraw(innovation=withdrawn, actor=None, reason_nl="Iemand anders doet het al")
    Innovation.objects.filter(pk=withdrawn.pk).update(outcome_since=clock.today() - timedelta(days=20))
    latest = stopped(innovations.published(mst, days=99), 3)
    innovations.published(mst)
    page = page_of(client, "ended")
    assert page.numbers == numbers(latest, withdrawn, old)
    articles = [words_of(article) for article in page.main.select("article")]
    for part in ("Innovatieraad", "Te duur", "Het kostte te veel", "Vraag het eerst."):
        assert part in articles[2]
    assert "Iemand anders doet het al" in articles[1]
    assert "Innovatieraad" not in articles[1]
    assert [words_of(dd) for dd in page.main.select(".figures dd")] == ["2", "1"]
    rows = file_of(client, "ended")
    assert column(rows, "nummer") == numbers(latest, withdrawn, old)
    assert column(rows, "Orgaan" if "Orgaan" in rows[0] else "Body") == ["Innovatieraad", "", "Innovatieraad"]
    assert [row[-2:] for row in rows[1:]][2] == ["Te duur", "Vraag het eerst."]


@pytest.mark.parametrize(
    ("words", "found"),
    [("duur", 1), ("KOSTTE veel", 1), ("kostte weinig", 0), ("eerst", 1), ("hartfalen", 1), ("onzin", 0), ("", 1)],
)
def test_what_ended_is_searched_by_all_words_in_its_texts_and_its_decision(client, mst, words, found):
    stopped(innovations.published(mst), rationale_nl="Te duur", reason_nl="Het kostte te veel")
    assert len(page_of(client, "ended", q=words).numbers) == found
    assert len(file_of(client, "ended", q=words)) == found + 1


def test_a_figure_leads_to_what_it_counts(client, mst):
    stopped(innovations.published(mst))
    one = innovations.published(mst)
    outcomes.withdraw(innovation=one, actor=None, reason_nl="Klaar")
    page = page_of(client, "ended", q="a")
    (_stopped, withdrawn) = [link["href"] for link in page.main.select(".figures a")]
    assert opened(client, withdrawn).numbers == [one.number]


def test_a_resumed_one_has_not_ended_and_a_second_stop_is_the_one_that_counts(client, mst):
    one = stopped(innovations.published(mst, days=50), 30, rationale_nl="Eerste keer")
    outcomes.resume(innovation=one, actor=None, reason_nl="Toch weer")
    assert page_of(client, "ended").numbers == []
    stopped(one, 2, rationale_nl="Tweede keer")
    Decision.objects.filter(rationale_nl="Eerste keer").update(decided_on=clock.today() - timedelta(days=30))
    words = page_of(client, "ended").words
    assert "Tweede keer" in words
    assert "Eerste keer" not in words


# What depends on what ------------------------------------------------------------------------------------------------


def test_dependencies_by_kind_and_state_then_title(client, mst):
    standards = {**EPD, "kind": "standards", "name": "FHIR", "state": "open"}
    done = innovations.published(mst, title_nl="Aap", dependencies=[{**EPD, "state": "done"}, standards])
    second = innovations.published(mst, title_nl="noot", dependencies=[EPD])
    first = innovations.published(mst, title_nl="Mies", dependencies=[EPD])
    closed = innovations.published(mst, dependencies=[{**EPD, "state": "closed"}])
    outcomes.withdraw(innovation=closed, actor=None, reason_nl="Klaar")
    busy = innovations.published(mst, dependencies=[{**EPD, "state": "in_progress"}])
    page = page_of(client, "dependencies")
    assert page.numbers == numbers(first, second, busy, done, closed, done)
    only = page_of(client, "dependencies", dependency="epd")
    assert only.numbers == numbers(first, second, busy, done, closed)
    assert only.rows[0][3:5] == ["Open", "Grafiek"]
    assert [words_of(dd) for dd in page.main.select(".figures dd")] == ["5", "0", "0", "1"]
    links = [link["href"] for link in page.main.select(".figures a")]
    assert opened(client, links[0]).numbers == only.numbers
    rows = file_of(client, "dependencies", dependency="epd")
    assert column(rows, "nummer") == only.numbers


# All of them ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_nobody_sees_here_what_they_may_not_know_of(client, mst, name):
    for visibility in ("public", "members", "team"):
        one = innovations.published(mst, days=100, visibility=visibility, title_nl=visibility, dependencies=[EPD])
        if name == "ended":
            stopped(one)
        else:
            innovations.gate(one)
    innovations.innovation(mst, dependencies=[EPD])
    for person, count in ((None, 1), (people.member(mst), 2), (innovations.manager(mst), 3)):
        if person:
            client.force_login(person)
        page = page_of(client, name)
        assert len(page.numbers) == count
        purpose = {"purpose": "stuurgroep"} if person else {}
        assert len(file_of(client, name, **purpose)) == count + 1
        figures = [words_of(dd) for dd in page.main.select(".figures dd")]
        assert figures in ([], ["0"], [str(count), "0"], [str(count), "0", "0", "0"])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "anonymous", "manager"),
    [("stalled", 6, 9), ("gates", 6, 10), ("ended", 6, 9), ("dependencies", 6, 9)],
)
def test_queries(client, django_assert_num_queries, mst, rows, name, anonymous, manager):
    for _n in range(rows):
        one = innovations.published(mst, days=100, dependencies=[EPD])
        if name == "ended":
            stopped(one)
        else:
            innovations.gate(one, due_in=-1)
    with django_assert_num_queries(anonymous):
        assert page_of(client, name).numbers
    client.force_login(innovations.manager(mst))
    page_of(client, name)
    with django_assert_num_queries(manager):
        page_of(client, name)


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_an_empty_answer_says_so_and_leads_on(client, name):
    page = page_of(client, name)
    assert str(QUESTIONS[name].nothing) in page.words
    page = page_of(client, name, stage="pilot_a")
    assert page.main.select(".empty a")


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_every_list_has_a_workbook_and_asks_what_names_are_for(client, mst, name):
    one = innovations.published(mst, days=100, dependencies=[EPD])
    innovations.gate(one)
    if name == "ended":
        outcomes.withdraw(innovation=one, actor=None, reason_nl="Klaar")
    person = people.member(mst)
    client.force_login(person)
    address = reverse("innovations:export", kwargs={"format": "xlsx"})
    assert "text/html" in client.get(address, {"list": name})["Content-Type"]
    rows = xlsx_of(client.get(address, {"list": name, "purpose": "verslag"}))
    assert rows[0] == [column.label for column in QUESTIONS[name].columns]
    assert len(rows) == 2
    assert [event.reason for event in events.of(person).filter(verb="export_innovations")] == ["verslag"]


def test_the_download_form_asks_for_the_purpose_and_keeps_the_filters(client, mst):
    innovations.published(mst, days=100)
    client.force_login(people.member(mst))
    page = page_of(client, "stalled", stage="idea")
    (form,) = page.main.select("form.downloads")
    assert [field["name"] for field in form.select("input")] == ["list", "stage", "purpose"]
    assert form.select_one("#purpose").has_attr("required")
    assert [button["formaction"] for button in form.select("button")] == [
        reverse("innovations:export", kwargs={"format": format}) for format in ("xlsx", "csv")
    ]
