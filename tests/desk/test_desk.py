"""Mijn academie: what waits for somebody, in which order, and what the rooms show."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from academy.accounts.models import Role
from academy.core import registries
from academy.core.registries import Section, Todo
from academy.desk.selectors import todo_list
from courses.enrolment import services
from tests import factories as f

pytestmark = pytest.mark.django_db
NOTHING = "Nothing waits for you."


@pytest.fixture
def sources(monkeypatch):
    """Only the to-do items of the test: `sources(list, list)` gives each list from a room of its own."""

    def leave(*lists):
        registry = registries.Registry()
        for number, todos in enumerate(lists):
            registry.register(f"room {number}")(lambda _person, todos=todos: todos)
        monkeypatch.setattr("academy.desk.selectors.todo_sources", registry)

    return leave


@pytest.fixture
def desk(client):
    """`desk(person)` is their page, in English."""

    def see(person):
        client.force_login(person)
        with translation.override("en"):
            return client.get(reverse("desk:home"))

    return see


def todo(title: str, *, due: date | None = None, overdue: bool = False) -> Todo:
    return Todo(title=title, url=f"/{title}/", action="Do", due=due, overdue=overdue)


def headings(answer) -> list[str]:
    return re.findall(r'<h2 id="([a-z]+)"', answer.content.decode())


def test_overdue_comes_first_then_the_earliest_and_last_what_has_no_date(sources):
    soon, later = date(2026, 3, 2), date(2026, 4, 1)
    sources(
        [todo("no date"), todo("later", due=later), todo("late, later", due=later, overdue=True)],
        [todo("soon, b", due=soon), todo("soon, a", due=soon)],
        [todo("late, no date", overdue=True), todo("late, soon", due=soon, overdue=True)],
    )
    assert [item.title for item in todo_list(person=None)] == [
        "late, soon",
        "late, later",
        "late, no date",
        "soon, a",
        "soon, b",
        "later",
        "no date",
    ]


def test_the_page_keeps_the_order_and_marks_what_is_overdue(sources, desk):
    sources([todo("Hoesten"), todo("Tillen", due=date(2026, 3, 2), overdue=True)])
    page = desk(f.person()).content.decode()
    assert page.index("Tillen") < page.index("Hoesten")
    assert page.count('class="is-overdue"') == 1
    assert 'href="/Tillen/"' in page
    assert "2 tasks" in page


def test_a_visitor_is_sent_to_the_login(client):
    answer = client.get(reverse("desk:home"))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_somebody_with_nothing_reads_so_and_has_no_doors(desk):
    answer = desk(f.person())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert NOTHING in page
    assert "You are not enrolled in anything now." in page
    assert answer.context["doors"] == []
    assert "todo" in headings(answer)
    assert "certificates" not in headings(answer)


def test_a_team_manager_finds_what_waits_for_approval(desk):
    team = f.unit(f.organisation("mst"))
    lead, colleague = f.member(at=team, role=Role.TEAM_MANAGER), f.member(at=team)
    course = f.course(approval_required=True)
    enrolment = services.enrol(person=colleague, run=f.run(course))
    answer = desk(lead)
    page = answer.content.decode()
    assert f"Approve: {colleague.full_name}, {course.title_en}" in page
    with translation.override("en"):
        assert f'href="{reverse("enrolment:decide", kwargs={"pk": enrolment.pk})}"' in page
        assert reverse("enrolment:approvals") in [door.url for door in answer.context["doors"]]
    assert NOTHING not in page

    services.approve(enrolment=enrolment, actor=lead)
    assert NOTHING in desk(lead).content.decode()


def test_what_waits_for_another_team_is_not_shown(desk):
    mst = f.organisation("mst")
    team, other = f.unit(mst), f.unit(mst)
    services.enrol(person=f.member(at=team), run=f.run(f.course(approval_required=True)))
    assert NOTHING in desk(f.member(at=other, role=Role.TEAM_MANAGER)).content.decode()


def test_sections_stand_in_order_of_rank_and_none_is_left_out(monkeypatch, desk):
    found = {
        "last": Section("certificates/parts/my_certificates.html", {"entries": []}, rank=50),
        "nothing": None,
        "first": Section("enrolment/parts/my_enrolments.html", {"rows": [], "past": []}, rank=10),
    }
    registry = registries.Registry()
    for name, section in found.items():
        registry.register(name)(lambda _person, section=section: section)
    monkeypatch.setattr("academy.desk.views.desk_sections", registry)
    answer = desk(f.person())
    assert [section.rank for section in answer.context["sections"]] == [10, 50]
    assert headings(answer) == ["todo", "enrolments", "certificates"]
