"""States of runs from dates: the same in Python and SQL; numbers; changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.core import clock
from academy.core.errors import InvalidInput
from academy.core.models import Message
from courses.enrolment import services
from courses.enrolment.errors import NoSuchStep
from courses.enrolment.models import CourseRun
from courses.enrolment.states import RunState
from tests import factories as f

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 6)
near = st.integers(-4, 4)


@pytest.mark.parametrize(
    ("opens", "closes", "starts", "ends", "state"),
    [
        (1, 2, 3, 4, RunState.UPCOMING),
        (0, 2, 3, 4, RunState.ENROLMENT_OPEN),
        (-2, 0, 3, 4, RunState.ENROLMENT_OPEN),
        (-2, -1, 3, 4, RunState.ENROLMENT_CLOSED),
        (-2, 0, 0, 4, RunState.ONGOING_OPEN),
        (-2, -1, 0, 4, RunState.ONGOING_CLOSED),
        (1, 2, 0, 4, RunState.ONGOING_CLOSED),
        (-2, 2, -3, 0, RunState.ONGOING_OPEN),
        (-9, 9, -3, -1, RunState.FINISHED),
    ],
)
def test_states_follow_from_dates(opens, closes, starts, ends, state):
    days = [TODAY + timedelta(days=n) for n in (opens, closes, starts, ends)]
    run = CourseRun(
        **dict(zip(["enrolment_opens_on", "enrolment_closes_on", "starts_on", "ends_on"], days, strict=True))
    )
    assert run.state_on(TODAY) == state


@settings(max_examples=40, deadline=None)
@given(opens=near, window=st.integers(0, 5), starts=near, length=st.integers(0, 4), cancelled=st.booleans())
def test_sql_and_python_agree_on_every_state(opens, window, starts, length, cancelled):
    """Every state is exactly one of seven, in both; the row is made by hand since dates may lie anywhere."""
    CourseRun.objects.all().delete()
    run = f.run()
    run.enrolment_opens_on = TODAY + timedelta(days=opens)
    run.enrolment_closes_on = run.enrolment_opens_on + timedelta(days=window)
    run.starts_on = TODAY + timedelta(days=starts)
    run.ends_on = run.starts_on + timedelta(days=length)
    run.cancelled_at = clock.now() if cancelled else None
    run.save()
    with clock.at(clock.start_of(TODAY) + timedelta(hours=13)):
        found = [state for state in RunState if CourseRun.objects.in_state(state).exists()]
        assert found == [run.state]


@settings(max_examples=30, deadline=None)
@given(opens=near, window=st.integers(0, 5), starts=near, length=st.integers(0, 4))
def test_next_change_is_the_first_moment_with_another_state(opens, window, starts, length):
    opening, first = TODAY + timedelta(days=opens), TODAY + timedelta(days=starts)
    run = CourseRun(
        enrolment_opens_on=opening,
        enrolment_closes_on=opening + timedelta(days=window),
        starts_on=first,
        ends_on=first + timedelta(days=length),
    )
    now = clock.start_of(TODAY) + timedelta(hours=13)
    with clock.at(now):
        state, change = run.state, run.next_change()
    for days in range(20):
        with clock.at(now + timedelta(days=days)):
            if run.state != state:
                assert change is not None
                assert change <= clock.now()
                break


def test_numbers_run_per_course_and_year_and_are_never_reused():
    course = f.course(code="BLS-01")
    numbers = [f.run(course, days=days).number for days in (10, 20)]
    year = (clock.today() + timedelta(days=10)).year
    assert numbers[0] == f"BLS-01.{year}-01"
    CourseRun.objects.get(number=numbers[0]).delete()
    third = f.run(course, days=10)
    assert third.number not in numbers


def test_bad_dates_are_refused_at_their_fields():
    with pytest.raises(InvalidInput) as refusal:
        f.run(ends_on=clock.today())
    assert "ends_on" in refusal.value.fields


def test_a_session_lies_within_the_days_of_its_run():
    run = f.run(days=10)
    start = clock.end_of(run.ends_on)
    row = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    with pytest.raises(InvalidInput) as refusal:
        services.change_run(run=run, actor=None, sessions=[row])
    assert set(refusal.value.fields) == {"sessions"}
    assert run.sessions.count() == 1


def test_no_more_seats_are_kept_than_there_are():
    run = f.run(seats=3)
    row = {"organisation": f.organisation("mst"), "seats": 4, "release_on": clock.today() + timedelta(days=3)}
    with pytest.raises(InvalidInput) as refusal:
        services.change_run(run=run, actor=None, allotments=[row])
    assert set(refusal.value.fields) == {"allotments"}
    services.change_run(run=run, actor=None, allotments=[{**row, "seats": 3}])
    with pytest.raises(InvalidInput):
        services.change_run(run=run, actor=None, seats=2)


def test_a_run_that_is_called_off_stays_as_it_is():
    run = f.run()
    services.cancel_run(run=run, actor=None, reason_nl="Docent ziek")
    with pytest.raises(NoSuchStep):
        services.change_run(run=run, actor=None, seats=9)


def test_a_moved_session_invites_again_with_a_higher_sequence():
    run, person = f.run(), f.member()
    services.enrol(person=person, run=run)
    session = run.sessions.get()
    row = {"id": session.pk, "starts_at": session.starts_at, "ends_at": session.ends_at, "location": "Hengelo"}
    services.change_run(run=run, actor=None, sessions=[row])
    services.change_run(run=run, actor=None, sessions=[row])
    session.refresh_from_db()
    assert (session.location, session.calendar_sequence) == ("Hengelo", 1)
    assert Message.objects.filter(kind="session_moved", to=person.email).count() == 1
