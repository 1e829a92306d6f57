"""The steering group: an agenda for next month on screen, as a sheet and on paper, and the ideas handed in."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from academy.accounts.models import Role
from academy.core import clock, events
from research.innovations.services import outcomes, publishing
from research.innovations.states import Result
from research.innovations.steering import Meeting, agenda
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db
STEERING, INTAKE = "innovations:steering", "innovations:intake"


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def zgt():
    return people.organisation("zgt")


@pytest.fixture
def manager(zgt):
    return innovations.manager(zgt)


@pytest.fixture
def reader(client, manager):
    client.force_login(manager)
    return client


def furnish(zgt, rows: int) -> None:
    """So many of everything that an agenda can hold."""
    for n in range(rows):
        innovations.gate(innovations.published(zgt, title_en=f"Due {n}", stage="exploration"), due_in=7)
        condition = {"text_nl": f"Voorwaarde {n}", "text_en": "", "owner": None, "due_on": clock.today()}
        given = {"conditions": [condition], "next_review_on": clock.today() + timedelta(days=9)}
        innovations.decided(innovations.published(zgt, title_en=f"Go {n}"), Result.GO_WITH_CONDITIONS, **given)
        held = innovations.published(zgt, title_en=f"Held {n}")
        day = clock.today() + timedelta(days=3)
        outcomes.put_on_hold(innovation=held, actor=None, wake_up_on=day, reason_nl="Wacht")
        publishing.submit(innovation=innovations.innovation(zgt, title_en=f"Idea {n}"), actor=None)
        innovations.published(zgt, title_en=f"Still {n}", stage="pilot_a", days=100)


def test_the_agenda_has_all_that_asks_for_attention(zgt, manager):
    furnish(zgt, 1)
    innovations.gate(innovations.published(zgt, title_en="Later"), due_in=60)
    found = agenda(manager, Meeting.next())
    assert [str(item.title) for item in found.gates] == ["Due 0"]
    assert (len(found.conditions), len(found.wake_ups), len(found.reviews)) == (1, 1, 1)
    assert (len(found.ideas), found.stalled_count) == (1, 1)


def test_a_body_sees_its_own_gates_and_what_is_overdue_comes_first(zgt, manager):
    board = innovations.body("board", name_nl="Raad van bestuur")
    one = innovations.gate(innovations.published(zgt, title_en="Of the board"), due_in=9)
    one.innovation.decisions.update(body=board)
    late = innovations.gate(innovations.published(zgt, title_en="Late"), due_in=1)
    late.innovation.decisions.update(due_on=clock.today() - timedelta(days=3))
    meeting = Meeting.next()
    assert [str(item.title) for item in agenda(manager, meeting).gates] == ["Late", "Of the board"]
    only = Meeting(meeting.since, meeting.until, body=board)
    assert [str(item.title) for item in agenda(manager, only).gates] == ["Of the board"]


def test_only_managers_and_the_auditor_have_an_agenda(zgt, client):
    for person, status in (
        (people.member(zgt), 404),
        (people.member(zgt, role=Role.AUDITOR), 200),
        (innovations.manager(zgt), 200),
    ):
        client.force_login(person)
        for name in (STEERING, INTAKE):
            assert client.get(reverse(name)).status_code == status
        answer = client.get(reverse("innovations:steering_export", args=["xlsx"]))
        assert (answer.status_code, bool(b"".join(answer))) == (status, True)


def test_what_is_for_the_team_of_another_hospital_is_on_no_agenda(zgt, manager):
    hidden = innovations.published(people.organisation("mst"), title_en="Secret", visibility="team")
    innovations.gate(hidden, due_in=3)
    assert agenda(manager, Meeting.next()).gates == []


def test_the_sheet_has_what_the_page_has_and_is_logged(zgt, reader, manager):
    furnish(zgt, 2)
    answer = reader.get(reverse("innovations:steering_export", args=["xlsx"]))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    titles = [cell for row in rows for cell in row if isinstance(cell, str)]
    page = reader.get(reverse(STEERING)).content.decode()
    for title in ("Due 0", "Due 1", "Go 0", "Held 1", "Idea 0"):
        assert title in titles
        assert title in page
    assert events.of(manager).first().verb == "export_steering_group"


def test_an_idea_is_taken_in_or_given_back_from_the_queue(zgt, reader):
    idea = innovations.innovation(zgt, title_en="New idea")
    publishing.submit(innovation=idea, actor=None)
    page = reader.get(reverse(INTAKE)).content.decode()
    assert "New idea" in page
    address = reverse("innovations:publication", kwargs={"number": idea.number})
    assert address in page
    reader.post(address, {"action": "publish", "seen": "1"})
    idea.refresh_from_db()
    assert idea.publication_state == "published"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(zgt, reader, rows):
    furnish(zgt, rows)
    found = {}
    for name in (STEERING, INTAKE):
        reader.get(reverse(name))
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(reverse(name)).status_code == 200
        found[name] = len(captured)
    assert found[STEERING] == 44
    assert found[INTAKE] <= 11  # the search is asked for each idea, and knows labels of what it finds once it has some
