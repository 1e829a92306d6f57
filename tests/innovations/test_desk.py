"""What waits on the desks of owners, of who prepares decisions and of innovation managers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from academy.core import clock
from research.innovations import desk_items
from research.innovations.models import Condition, Innovation
from research.innovations.services import outcomes, publishing
from research.innovations.states import Result
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def zgt():
    return people.organisation("zgt")


@pytest.fixture
def owner(zgt):
    return people.member(zgt)


@pytest.fixture
def manager(zgt):
    return innovations.manager(zgt)


def owners(person) -> list[str]:
    return [todo.title for todo in desk_items.todo_of_owners(person)]


def managers(person) -> list[str]:
    return [todo.title for todo in desk_items.todo_of_managers(person)]


def test_who_has_nothing_has_nothing_to_do(owner, manager):
    assert (owners(owner), managers(owner), managers(manager)) == ([], [], [])


def test_a_gate_is_a_task_of_who_prepares_it_and_of_managers(zgt, owner, manager):
    gate = innovations.gate(innovations.published(zgt, owner=owner), due_in=3, owner=owner)
    assert [title for title in owners(owner) if title.startswith("Decision")] == [
        "Decision: Home monitoring for heart failure"
    ]
    assert managers(manager) == ["Decision: Home monitoring for heart failure"]
    assert managers(innovations.manager(people.organisation("mst"))) == []
    gate.innovation.decisions.update(due_on=clock.today() - timedelta(days=2))
    (todo,) = desk_items.todo_of_managers(manager)
    assert (todo.overdue, todo.status) == (True, "2 days late")


def test_a_gate_far_away_is_no_task_yet(zgt, owner, manager):
    innovations.gate(innovations.published(zgt, owner=owner), due_in=90)
    assert managers(manager) == []


def test_a_condition_waits_for_its_owner_until_it_is_met(zgt, owner):
    condition = {"text_nl": "Halveer de meldingen", "text_en": "", "owner": owner, "due_on": clock.today()}
    one = innovations.published(zgt, owner=people.member(zgt))
    innovations.decided(one, Result.GO_WITH_CONDITIONS, conditions=[condition])
    (todo,) = desk_items.todo_of_owners(owner)
    assert (todo.title, todo.hint) == ("Meet the condition: Home monitoring for heart failure", "Halveer de meldingen")
    Condition.objects.update(met_on=clock.today())
    assert owners(owner) == []


def test_nothing_is_said_of_what_the_owner_of_a_condition_may_not_know(zgt, owner):
    condition = {"text_nl": "Geheim", "text_en": "", "owner": owner, "due_on": clock.today()}
    hidden = innovations.published(zgt, owner=people.member(zgt), visibility="team")
    innovations.decided(hidden, Result.GO_WITH_CONDITIONS, conditions=[condition])
    assert owners(owner) == []


def test_before_an_open_gate_the_owner_fills_in_what_is_missing(zgt, owner):
    innovations.gate(innovations.published(zgt, owner=owner, stage="exploration"), due_in=60)
    (todo,) = desk_items.todo_of_owners(owner)
    assert todo.title == "Fill in: Home monitoring for heart failure"
    assert todo.hint.startswith("horizon, a goal, a challenge and ")


def test_what_does_not_move_waits_for_the_owner_and_as_one_task_for_managers(zgt, owner, manager):
    for days in (91, 120):
        innovations.published(zgt, owner=owner, stage="pilot_a", days=days)
    innovations.published(zgt, owner=owner, stage="in_use", days=300)
    assert owners(owner) == ["Nothing moves: Home monitoring for heart failure"] * 2
    assert managers(manager) == ["2 innovations do not move"]


def test_ideas_wait_for_managers_and_come_back_to_the_owner(zgt, owner, manager):
    idea = innovations.innovation(zgt, owner=owner)
    publishing.submit(innovation=idea, actor=owner)
    assert managers(manager) == ["Look at 1 idea"]
    publishing.give_back(innovation=idea, actor=manager, reason="Wat kost het?")
    assert managers(manager) == []
    (todo,) = desk_items.todo_of_owners(owner)
    assert (todo.title, todo.hint) == ("Hand in again: Home monitoring for heart failure", "Wat kost het?")


def test_a_day_to_wake_up_waits_for_managers_once_it_has_come(zgt, owner, manager):
    one = innovations.published(zgt, owner=owner)
    day = clock.today() + timedelta(days=5)
    outcomes.put_on_hold(innovation=one, actor=manager, wake_up_on=day, reason_nl="Wacht op de koppeling")
    assert managers(manager) == []
    Innovation.objects.update(wake_up_on=clock.today())
    assert managers(manager) == ["Look again: Home monitoring for heart failure"]


def test_doors_follow_the_roles(zgt, owner, manager):
    assert desk_items.doors(owner) == []
    assert [str(door.label) for door in desk_items.doors(manager)] == ["Ideas handed in", "Steering group"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_desk_do_not_grow(zgt, owner, manager, client, rows):
    for _row in range(rows):
        innovations.gate(innovations.published(zgt, owner=owner, stage="exploration", days=100), due_in=3, owner=owner)
    found = {}
    for name, person in (("owner", owner), ("manager", manager)):
        client.force_login(person)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse("desk:home")).status_code == 200
        found[name] = len(captured)
    assert found == {"owner": 45, "manager": 29}
