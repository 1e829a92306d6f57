"""Runs in the admin: saved by the services, with their refusals at the fields, and two editors at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from academy.accounts.models import Role
from academy.core import clock, events
from courses.enrolment.models import CourseRun
from courses.enrolment.run_editing import snapshot
from tests import factories
from tests.cms.building import colleague, signed_in

pytestmark = pytest.mark.django_db
SPACE = "wagtailsnippets_enrolment_courserun"


@pytest.fixture
def mst():
    return factories.organisation("mst")


@pytest.fixture
def manager(mst):
    return colleague(Role.COURSE_MANAGER, "mst")


def day(n: int) -> str:
    return str(clock.today() + timedelta(days=n))


def run_form(organisation, sessions=(), allotments=(), trainers="", seen="", **more) -> dict[str, str]:
    """What the form of a run sends."""
    data = {
        "organisation": organisation.pk,
        "language": "nl",
        "delivery_mode": "classroom",
        "seats": "8",
        "seats_min": "1",
        "waiting_list": "on",
        "starts_on": day(30),
        "ends_on": day(30),
        "enrolment_opens_on": day(-1),
        "enrolment_closes_on": day(20),
        "note_nl": "",
        "note_en": "",
        "trainers": trainers,
        "seen": seen,
        "sessions": inline_formset(list(sessions), initial=len([row for row in sessions if row.get("id")])),
        "allotments": inline_formset(list(allotments), initial=len([row for row in allotments if row.get("id")])),
    }
    return nested_form_data({**data, **more})


def session_row(n: int = 30, **more) -> dict[str, str]:
    row = {"starts_at": f"{day(n)} 09:00", "ends_at": f"{day(n)} 12:00", "location": "Enschede", "room_nl": "Lokaal 2"}
    return {**row, "room_en": "", "title_nl": "", "title_en": "", **more}


def opened(person, run: CourseRun) -> str:
    """What the form remembers of the run that it shows."""
    page = signed_in(person).get(reverse(f"{SPACE}:edit", args=[run.pk]))
    return page.context["form"].initial["seen"]


def save(person, run: CourseRun, **more):
    rows = [session_row(id=str(session.pk)) for session in run.sessions.all()]
    data = run_form(run.organisation, **{"sessions": rows, "seen": opened(person, run), **more})
    return signed_in(person).post(reverse(f"{SPACE}:edit", args=[run.pk]), data)


def test_a_run_is_made_with_its_number_sessions_seats_and_trainers(manager, mst):
    course = factories.course(owners=[mst])
    trainer = factories.person("farida@example.org")
    data = run_form(
        mst,
        sessions=[session_row(), session_row(31)],
        allotments=[{"organisation": mst.pk, "seats": "2", "release_on": day(10)}],
        trainers="Farida@example.org\n",
        course=course.pk,
        ends_on=day(31),
    )
    response = signed_in(manager).post(reverse(f"{SPACE}:add"), data)
    assert response.status_code == 302, response.context["form"].errors
    run = CourseRun.objects.get()
    year = (clock.today() + timedelta(days=30)).year
    assert run.number == f"{course.code}.{year}-01"
    assert run.sessions.count() == 2
    assert [(row.organisation, row.seats) for row in run.allotments.all()] == [(mst, 2)]
    assert list(run.trainers.all()) == [trainer]
    assert events.of(run).get(verb="create").actor_id == str(manager.pk)


def test_what_is_wrong_stands_at_the_field_and_everything_typed_stays(manager, mst):
    course = factories.course(owners=[mst])
    data = run_form(mst, course=course.pk, ends_on=day(10), note_nl="Blijft staan", trainers="niemand@example.org")
    response = signed_in(manager).post(reverse(f"{SPACE}:add"), data)
    assert set(response.context["form"].errors) == {"ends_on", "trainers"}
    assert "Blijft staan" in response.content.decode()
    assert not CourseRun.objects.exists()


def test_only_courses_of_the_own_hospital_can_be_chosen(manager, mst):
    theirs = factories.course(owners=[factories.organisation("zgt")])
    response = signed_in(manager).post(reverse(f"{SPACE}:add"), run_form(mst, course=theirs.pk))
    assert set(response.context["form"].errors) == {"course"}


def test_a_run_is_held_by_an_owner_of_its_course(manager, mst):
    course = factories.course(owners=[mst])
    response = signed_in(manager).post(
        reverse(f"{SPACE}:add"), run_form(factories.organisation("zgt"), course=course.pk)
    )
    assert set(response.context["form"].errors) == {"organisation"}


def test_more_seats_move_the_waiting_list(manager, mst):
    from courses.enrolment import services
    from courses.enrolment.states import EnrolmentState

    run = factories.run(factories.course(owners=[mst]), seats=1)
    services.enrol(person=factories.person(), run=run)
    waiting = services.enrol(person=factories.person(), run=run)
    assert waiting.state == EnrolmentState.QUEUED
    assert save(manager, run, seats="2").status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == EnrolmentState.ASSOCIATED


def test_number_and_course_stay(manager, mst):
    run = factories.run(factories.course(owners=[mst]))
    other = factories.course(owners=[mst])
    save(manager, run, course=other.pk, seats="9")
    changed = CourseRun.objects.get(pk=run.pk)
    assert (changed.course_id, changed.number, changed.seats) == (run.course_id, run.number, 9)


def test_the_second_editor_sees_what_the_first_changed(manager, mst):
    second = colleague(Role.COURSE_MANAGER, "mst")
    run = factories.run(factories.course(owners=[mst]), seats=5)
    seen = opened(second, run)
    assert save(manager, run, seats="12").status_code == 302
    response = save(second, run, seats="6", note_nl="Van de tweede", seen=seen)
    assert response.status_code == 200
    page = response.content.decode()
    assert "5 → 12" in page
    assert "Van de tweede" in page
    assert CourseRun.objects.get(pk=run.pk).seats == 12
    again = response.context["form"]["seen"].value()
    assert save(second, run, seats="6", note_nl="Van de tweede", seen=again).status_code == 302
    assert CourseRun.objects.get(pk=run.pk).seats == 6


def test_a_double_click_changes_nothing_twice(manager, mst):
    run = factories.run(factories.course(owners=[mst]))
    seen = opened(manager, run)
    save(manager, run, seats="9", seen=seen)
    sessions = run.sessions.count()
    assert save(manager, run, seats="9", seen=seen).status_code == 302
    assert run.sessions.count() == sessions
    assert CourseRun.objects.get(pk=run.pk).seats == 9


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"x": 1}', "null", "7"])
def test_a_form_that_remembers_nonsense_does_no_harm(manager, mst, seen):
    run = factories.run(factories.course(owners=[mst]))
    assert save(manager, run, seen=seen).status_code in (200, 302)


def test_the_snapshot_is_words(mst):
    run = factories.run(factories.course(owners=[mst]), seats=5)
    assert "5" in snapshot(run).values()
    assert all(isinstance(value, str) for value in snapshot(run).values())


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list(manager, mst, django_assert_num_queries, rows):
    for _n in range(rows):
        factories.run(factories.course(owners=[mst]))
    client = signed_in(manager)
    client.get(reverse(f"{SPACE}:list"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse(f"{SPACE}:list"))
    assert len(page.context["object_list"]) == rows


LIST_QUERIES = 12
