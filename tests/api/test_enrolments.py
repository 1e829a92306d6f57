"""One's own enrolments over REST."""

import pytest

from courses.enrolment import services
from courses.enrolment.models import Enrolment
from tests import factories as f

from .asking import BASE, is_refusal, of

pytestmark = pytest.mark.django_db
OWN = f"{BASE}enrolments/"


def test_enrolling_reading_and_cancelling():
    person, run = f.member(), f.run()
    program = of(person)
    made = program.send(OWN, {"run": run.number, "unknown": "field"})
    assert made.status_code == 201
    body = made.json()
    assert body == {
        "id": Enrolment.objects.get().pk,
        "run": run.number,
        "course": run.course.code,
        "state": "associated",
        "position": None,
        "outcome": "",
        "score": None,
        "requested_at": body["requested_at"],
        "completed_on": None,
        "reason": "",
        "version": 0,
    }
    assert program.get(f"{OWN}{body['id']}/").json() == body
    assert program.get(OWN).json() == {"next": None, "previous": None, "results": [body]}
    gone = program.send(f"{OWN}{body['id']}/cancel/", {"reason": "Ziek 🤒"})
    assert gone.status_code == 200
    assert gone.json() == {**body, "state": "cancelled", "reason": "Ziek 🤒", "version": 1}
    assert program.send(f"{OWN}{body['id']}/cancel/").json() == gone.json()


def test_asking_twice_changes_nothing():
    program, run = of(f.member()), f.run()
    answers = [program.send(OWN, {"run": run.number}) for _turn in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Enrolment.objects.count() == 1


def test_the_waiting_list_tells_the_position():
    run = f.run(seats=1)
    services.enrol(person=f.member(), run=run)
    bodies = [of(f.member()).send(OWN, {"run": run.number}).json() for _n in range(2)]
    assert [(body["state"], body["position"]) for body in bodies] == [("queued", 1), ("queued", 2)]


def test_refusals_of_the_house_keep_their_code():
    person, needed = f.member(), f.course(title_nl="Eerst dit")
    closed = f.run(days=-10)
    first = f.run(f.course(prerequisites=[needed]))
    program = of(person)
    is_refusal(program.send(OWN, {"run": closed.number}), 409, "enrolment_closed")
    body = is_refusal(program.send(OWN, {"run": first.number}), 409, "prerequisites_missing")
    assert "Eerst dit" in body["detail"]
    mine = f.run()
    other = f.run(mine.course)
    services.enrol(person=person, run=mine)
    is_refusal(program.send(OWN, {"run": other.number}), 409, "already_in_course")
    assert Enrolment.objects.count() == 1


def test_pages_by_cursor_the_newest_first():
    person = f.member()
    made = [services.enrol(person=person, run=f.run()).pk for _n in range(3)]
    page = of(person).get(f"{OWN}?size=2").json()
    rest = of(person).get(page["next"]).json()
    assert [row["id"] for row in page["results"] + rest["results"]] == made[::-1]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(client, django_assert_num_queries, rows):
    person, run = f.member(), f.run(sessions=rows)
    enrolments = [services.enrol(person=person, run=each) for each in (run, *(f.run() for _n in range(rows - 1)))]
    client.force_login(person)
    client.get(OWN)
    with django_assert_num_queries(4):  # session, person, enrolments, sessions
        assert len(client.get(OWN).json()["results"]) == rows
    with django_assert_num_queries(4):
        client.get(f"{OWN}{enrolments[0].pk}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_while_waiting(client, django_assert_num_queries, rows):
    person = f.member()
    for _n in range(rows):
        run = f.run(seats=1)
        services.enrol(person=f.member(), run=run)
        services.enrol(person=person, run=run)
    client.force_login(person)
    client.get(OWN)
    with django_assert_num_queries(4):
        assert [row["position"] for row in client.get(OWN).json()["results"]] == [1] * rows
