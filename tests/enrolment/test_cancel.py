"""Stepping back, moving up, calling off."""

from datetime import timedelta

import pytest

from academy.accounts.models import Role
from academy.core import clock, events
from academy.core.errors import NotAllowed
from academy.core.models import Message
from courses.enrolment import services
from courses.enrolment.errors import NoSuchStep, ReasonMissing, TooLateToCancel
from courses.enrolment.models import Enrolment
from courses.enrolment.selectors import position_of
from courses.enrolment.states import EnrolmentState as S
from courses.enrolment.states import RunState
from tests import factories as f

pytestmark = pytest.mark.django_db


def kinds(person) -> list[str]:
    return list(Message.objects.filter(to=person.email).order_by("pk").values_list("kind", flat=True))


def test_the_first_in_line_gets_the_seat_in_the_same_transaction_and_is_told():
    run = f.run(seats=1)
    seated, first, second = f.member(), f.member(), f.member()
    place = services.enrol(person=seated, run=run)
    line = [services.enrol(person=person, run=run) for person in (first, second)]
    moved = services.cancel(enrolment=place, actor=seated, reason="ziek")
    assert [e.person for e in moved] == [first]
    for enrolment in line:
        enrolment.refresh_from_db()
    assert [e.state for e in line] == [S.ASSOCIATED, S.QUEUED]
    assert position_of(line[1]) == 1
    assert kinds(first) == ["enrolment_queued", "enrolment_promoted"]
    assert kinds(seated) == ["enrolment_confirmed", "enrolment_cancelled"]
    assert next((e.verb, e.from_state, e.to_state) for e in events.of(line[0])) == ("promote", "queued", "associated")


def test_cancelling_twice_changes_nothing():
    run, person = f.run(), f.member()
    enrolment = services.enrol(person=person, run=run)
    services.cancel(enrolment=enrolment, actor=person)
    services.cancel(enrolment=enrolment, actor=person)
    assert events.of(enrolment).count() == 2
    assert kinds(person) == ["enrolment_confirmed", "enrolment_cancelled"]


def test_leaving_the_waiting_list_moves_the_others_up():
    run = f.run(seats=1)
    services.enrol(person=f.member(), run=run)
    people = [f.member() for _n in range(3)]
    line = [services.enrol(person=person, run=run) for person in people]
    services.cancel(enrolment=line[0], actor=people[0])
    assert [position_of(e) for e in line[1:]] == [1, 2]


def test_who_no_longer_meets_the_prerequisites_is_passed_over_but_stays_in_line():
    needed = f.course()
    run = f.run(f.course(prerequisites=[needed]), seats=1)
    people = [f.member() for _n in range(3)]
    for person in people:
        person.completed_before.create(course=needed, completed_on=clock.today())
    place, passed, next_one = (services.enrol(person=person, run=run) for person in people)
    people[1].completed_before.all().delete()
    services.cancel(enrolment=place, actor=people[0])
    passed.refresh_from_db(), next_one.refresh_from_db()
    assert (passed.state, next_one.state) == (S.QUEUED, S.ASSOCIATED)


def test_strangers_may_not_cancel_and_managers_may():
    team = f.unit(f.organisation("mst"))
    lead, person = f.member(at=team, role=Role.TEAM_MANAGER), f.member(at=team)
    enrolment = services.enrol(person=person, run=f.run())
    with pytest.raises(NotAllowed):
        services.cancel(enrolment=enrolment, actor=f.member())
    services.cancel(enrolment=enrolment, actor=lead, reason="rooster")
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == (S.CANCELLED, "rooster")


def test_once_it_has_begun_only_the_course_manager_takes_somebody_off():
    mst = f.organisation("mst")
    manager, person = f.member(mst, role=Role.COURSE_MANAGER), f.member(mst)
    run = f.run(f.course(owners=[mst]), days=1)
    enrolment = services.enrol(person=person, run=run)
    with clock.at(clock.start_of(run.starts_on)):
        with pytest.raises(TooLateToCancel):
            services.cancel(enrolment=enrolment, actor=person)
        services.cancel(enrolment=enrolment, actor=manager)


def test_a_finished_enrolment_cannot_be_cancelled():
    run, person = f.run(days=1), f.member()
    enrolment = services.enrol(person=person, run=run)
    with clock.at(clock.start_of(run.starts_on)):
        services.record_outcome(enrolment=enrolment, outcome="not_passed", actor=None)
        with pytest.raises(NoSuchStep):
            services.cancel(enrolment=enrolment, actor=person)


def test_more_seats_move_the_waiting_list():
    run = f.run(seats=1)
    people = [f.member() for _n in range(4)]
    for person in people:
        services.enrol(person=person, run=run)
    services.change_run(run=run, actor=None, seats=3)
    states = list(Enrolment.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["associated"] * 3 + ["queued"]


def test_calling_off_tells_everybody_once_and_gives_no_seats_away():
    run = f.run(seats=1)
    people = [f.member() for _n in range(2)]
    for person in people:
        services.enrol(person=person, run=run)
    with pytest.raises(ReasonMissing):
        services.cancel_run(run=run, actor=None, reason_nl=" ")
    assert services.cancel_run(run=run, actor=None, reason_nl="Docent ziek", reason_en="Teacher ill") == 2
    assert services.cancel_run(run=run, actor=None, reason_nl="Docent ziek") == 0
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Message.objects.filter(kind="run_cancelled").count() == 2


def test_calling_off_takes_a_course_manager_of_an_owner():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    run = f.run(f.course(owners=[mst]))
    with pytest.raises(NotAllowed):
        services.cancel_run(run=run, actor=f.member(zgt, role=Role.COURSE_MANAGER), reason_nl="x")
    services.cancel_run(run=run, actor=f.member(mst, role=Role.COURSE_MANAGER), reason_nl="x")


def test_after_a_run_has_begun_and_closed_nobody_moves_up():
    run = f.run(seats=1, days=1)
    place = services.enrol(person=f.member(), run=run)
    waiting = services.enrol(person=f.member(), run=run)
    with clock.at(clock.start_of(run.starts_on) + timedelta(hours=10)):
        services.cancel(enrolment=place, actor=None)
    waiting.refresh_from_db()
    assert waiting.state == S.QUEUED


def test_who_was_shut_out_is_passed_over():
    run, gone = f.run(seats=1), f.member()
    first, _second, third = (services.enrol(person=person, run=run) for person in (f.member(), gone, f.member()))
    gone.is_active = False
    gone.save()
    assert services.cancel(enrolment=first, actor=None) == [third]
