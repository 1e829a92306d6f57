"""How many queries a page takes, as literal numbers, at one row and at three."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from academy.accounts.models import Role
from academy.core import clock
from courses.enrolment import services
from tests import factories as f

pytestmark = pytest.mark.django_db


def queries(client, url: str) -> int:
    """Queries of a second request: the first fills caches of content types and sites."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@pytest.mark.parametrize("rows", [1, 3])
def test_course_page_for_a_visitor(client, rows):
    course = f.course()
    for n in range(rows):
        f.run(course, days=20 + n)
    assert queries(client, course.get_absolute_url()) == 12


@pytest.mark.parametrize("rows", [1, 3])
def test_course_page_for_somebody_signed_in(client, rows):
    course = f.course()
    for n in range(rows):
        f.run(course, days=20 + n)
    client.force_login(f.member())
    assert queries(client, course.get_absolute_url()) == 16


@pytest.mark.parametrize("rows", [1, 3])
def test_track_page(client, rows):
    track = f.track(*(f.course() for _n in range(rows)))
    assert queries(client, track.get_absolute_url()) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_my_academy(client, rows):
    person = f.member()
    for _n in range(rows):
        services.enrol(person=person, run=f.run())
    client.force_login(person)
    assert queries(client, reverse("desk:home")) == 20


@pytest.mark.parametrize("rows", [1, 3])
def test_my_runs(client, rows):
    trainer = f.member()
    for _n in range(rows):
        f.run().trainers.add(trainer)
    client.force_login(trainer)
    assert queries(client, reverse("enrolment:runs")) == 6


@pytest.mark.parametrize("rows", [1, 3])
def test_run_desk(client, rows):
    """One of them writes the event that the participants were read."""
    run, trainer = f.run(days=1), f.member()
    run.trainers.add(trainer)
    for _n in range(rows):
        services.enrol(person=f.member(), run=run)
    client.force_login(trainer)
    with clock.at(clock.start_of(run.starts_on) + timedelta(hours=14)):
        assert queries(client, run.get_desk_url()) == 11


@pytest.mark.parametrize("rows", [1, 3])
def test_approvals(client, rows):
    team = f.unit(f.organisation("mst"))
    lead = f.member(at=team, role=Role.TEAM_MANAGER)
    run = f.run(f.course(approval_required=True))
    for _n in range(rows):
        services.enrol(person=f.member(at=team), run=run)
    client.force_login(lead)
    assert queries(client, reverse("enrolment:approvals")) == 7


@pytest.mark.parametrize("rows", [1, 3])
def test_my_enrolment(client, rows):
    person = f.member()
    enrolment = services.enrol(person=person, run=f.run(sessions=rows))
    client.force_login(person)
    assert queries(client, reverse("enrolment:detail", kwargs={"pk": enrolment.pk})) == 5


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "number"), [("course", 8), ("run", 2), ("track", 4)])
def test_api_lists(client, rows, name, number):
    for _n in range(rows):
        f.track(f.run().course)
    assert queries(client, reverse(f"v1:{name}-list")) == number
