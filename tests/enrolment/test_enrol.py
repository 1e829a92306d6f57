"""Enrolling: seats, waiting list, allotments, prerequisites, approval, and what is written with it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from academy.accounts.models import Role
from academy.core import clock, events
from academy.core.errors import NotAllowed
from academy.core.models import Message
from courses.enrolment import services
from courses.enrolment.errors import (
    AlreadyInCourse,
    EnrolmentClosed,
    MayNotSee,
    NoSuchStep,
    PrerequisitesMissing,
    ReasonMissing,
    RunFull,
)
from courses.enrolment.models import CompletedBefore, Enrolment
from courses.enrolment.selectors import position_of, waiting_for_approval_by
from courses.enrolment.states import EnrolmentState as S
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_a_free_seat_is_given_at_once_with_one_event_and_one_message():
    run, person = f.run(), f.member()
    enrolment = services.enrol(person=person, run=run, actor=person)
    assert enrolment.state == S.ASSOCIATED
    assert [(e.verb, e.from_state, e.to_state, e.actor_id) for e in events.of(enrolment)] == [
        ("enrol", "", "associated", str(person.pk))
    ]
    assert list(Message.objects.values_list("kind", "to")) == [("enrolment_confirmed", person.email)]


def test_asking_twice_changes_nothing():
    run, person = f.run(), f.member()
    first = services.enrol(person=person, run=run)
    assert services.enrol(person=person, run=run) == first
    assert (Enrolment.objects.count(), Message.objects.count(), events.of(first).count()) == (1, 1, 1)


def test_a_full_run_puts_people_on_the_waiting_list_in_order():
    run = f.run(seats=1)
    services.enrol(person=f.member(), run=run)
    waiting = [services.enrol(person=f.member(), run=run) for _n in range(3)]
    assert [e.state for e in waiting] == [S.QUEUED] * 3
    assert [position_of(e) for e in waiting] == [1, 2, 3]
    positions = [m.context["position"] for m in Message.objects.filter(kind="enrolment_queued").order_by("pk")]
    assert positions == [1, 2, 3]


def test_without_a_waiting_list_a_full_run_refuses():
    run = f.run(seats=1, waiting_list=False)
    services.enrol(person=f.member(), run=run)
    with pytest.raises(RunFull):
        services.enrol(person=f.member(), run=run)
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("opens", "closes", "starts"), [(1, 5, 10), (-9, -1, 10)], ids=["opens tomorrow", "closed yesterday"]
)
def test_outside_the_window_nobody_enrols(opens, closes, starts):
    today = clock.today()
    run = f.run(
        days=starts,
        enrolment_opens_on=today + timedelta(days=opens),
        enrolment_closes_on=today + timedelta(days=closes),
    )
    with pytest.raises(EnrolmentClosed):
        services.enrol(person=f.member(), run=run)


def test_the_last_day_of_enrolment_still_counts():
    run = f.run(enrolment_closes_on=clock.today())
    assert services.enrol(person=f.member(), run=run).state == S.ASSOCIATED


def test_another_run_of_the_same_course_refuses_until_it_is_cancelled():
    course, person = f.course(), f.member()
    first = services.enrol(person=person, run=f.run(course))
    second = f.run(course, days=60)
    with pytest.raises(AlreadyInCourse):
        services.enrol(person=person, run=second)
    services.cancel(enrolment=first, actor=person)
    assert services.enrol(person=person, run=second).state == S.ASSOCIATED


def test_prerequisites_are_named_and_completion_elsewhere_counts():
    needed = f.course(title_nl="Eerst dit")
    run, person = f.run(f.course(prerequisites=[needed])), f.member()
    with pytest.raises(PrerequisitesMissing, match="Eerst dit"):
        services.enrol(person=person, run=run)
    CompletedBefore.objects.create(person=person, course=needed, completed_on=clock.today())
    assert services.enrol(person=person, run=run).state == S.ASSOCIATED


def test_a_course_for_members_does_not_exist_for_others():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    run = f.run(f.course(owners=[mst], visibility="members"))
    with pytest.raises(MayNotSee):
        services.enrol(person=f.member(zgt), run=run)
    assert services.enrol(person=f.member(mst), run=run).state == S.ASSOCIATED


def test_kept_seats_go_to_their_organisation_and_to_everybody_after_the_release():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    run = f.run(seats=3)
    kept = f.allotment(run, zgt, 2)
    states = [services.enrol(person=f.member(mst), run=run).state for _n in range(2)]
    assert states == [S.ASSOCIATED, S.QUEUED]
    assert services.enrol(person=f.member(zgt), run=run).state == S.ASSOCIATED
    with clock.at(clock.start_of(kept.release_on)):
        assert services.release_allotments() == 1
        assert services.release_allotments() == 0
    assert sorted(Enrolment.objects.values_list("state", flat=True)) == ["associated"] * 3


def test_after_the_release_date_the_waiting_list_goes_before_newcomers():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    run = f.run(seats=2)
    kept = f.allotment(run, zgt, 1)
    services.enrol(person=f.member(mst), run=run)
    waiting = services.enrol(person=f.member(mst), run=run)
    with clock.at(clock.start_of(kept.release_on)):
        newcomer = services.enrol(person=f.member(mst), run=run)
    waiting.refresh_from_db()
    assert (waiting.state, newcomer.state) == (S.ASSOCIATED, S.QUEUED)


def test_approval_keeps_the_seat_and_asks_every_manager_above():
    mst = f.organisation("mst")
    department = f.unit(mst)
    team = f.unit(parent=department)
    boss = f.member(at=department, role=Role.TEAM_MANAGER)
    lead = f.member(at=team, role=Role.TEAM_MANAGER)
    run = f.run(f.course(approval_required=True), seats=1)
    enrolment = services.enrol(person=f.member(at=team), run=run)
    assert enrolment.state == S.PENDING
    assert services.enrol(person=f.member(at=team), run=run).state == S.QUEUED
    asked = Message.objects.filter(kind="approval_requested").values_list("to", flat=True)
    assert sorted(asked) == sorted([boss.email, lead.email])
    services.approve(enrolment=enrolment, actor=lead)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.approved_by) == (S.ASSOCIATED, lead)


def test_without_a_team_manager_the_course_manager_decides():
    mst = f.organisation("mst")
    manager = f.member(mst, role=Role.COURSE_MANAGER)
    enrolment = services.enrol(person=f.member(mst), run=f.run(f.course(owners=[mst], approval_required=True)))
    assert list(Message.objects.filter(kind="approval_requested").values_list("to", flat=True)) == [manager.email]
    assert services.approve(enrolment=enrolment, actor=manager).state == S.ASSOCIATED


def test_nobody_approves_the_own_enrolment_not_even_a_manager():
    team = f.unit(f.organisation("mst"))
    lead = f.member(at=team, role=Role.TEAM_MANAGER)
    enrolment = services.enrol(person=lead, run=f.run(f.course(approval_required=True)))
    with pytest.raises(NotAllowed):
        services.approve(enrolment=enrolment, actor=lead)


def test_what_is_over_can_no_longer_be_approved():
    team = f.unit(f.organisation("mst"))
    lead = f.member(at=team, role=Role.TEAM_MANAGER)
    run = f.run(f.course(approval_required=True), days=2)
    enrolment = services.enrol(person=f.member(at=team), run=run)
    with clock.at(clock.end_of(run.ends_on)):
        assert list(waiting_for_approval_by(lead)) == []
        with pytest.raises(NoSuchStep):
            services.approve(enrolment=enrolment, actor=lead)


def test_denying_needs_a_reason_and_gives_the_seat_to_the_next():
    team = f.unit(f.organisation("mst"))
    lead = f.member(at=team, role=Role.TEAM_MANAGER)
    run = f.run(f.course(approval_required=True), seats=1)
    first = services.enrol(person=f.member(at=team), run=run)
    second = services.enrol(person=f.member(at=team), run=run)
    with pytest.raises(ReasonMissing):
        services.deny(enrolment=first, actor=lead, reason="  ")
    services.deny(enrolment=first, actor=lead, reason="Geen budget")
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, first.reason, second.state) == (S.DENIED, "Geen budget", S.PENDING)


def test_a_seat_that_nobody_decides_about_lapses_after_fourteen_days(settings):
    run = f.run(f.course(approval_required=True))
    enrolment = services.enrol(person=f.member(), run=run)
    assert services.lapse_pending() == 0
    with clock.at(clock.now() + timedelta(days=14, minutes=1)):
        assert services.lapse_pending() == 1
    enrolment.refresh_from_db()
    assert (enrolment.state, "14" in enrolment.reason) == (S.DENIED, True)


def test_the_days_to_decide_count_from_when_the_seat_came_free():
    start = clock.now()
    run = f.run(f.course(approval_required=True), seats=1, days=60)
    first = services.enrol(person=f.member(), run=run)
    second = services.enrol(person=f.member(), run=run)
    with clock.at(start + timedelta(days=13)):
        services.cancel(enrolment=first, actor=None)
    with clock.at(start + timedelta(days=26)):
        assert services.lapse_pending() == 0
    with clock.at(start + timedelta(days=27, minutes=1)):
        assert services.lapse_pending() == 1
    second.refresh_from_db()
    assert second.state == S.DENIED


def test_a_manager_enrols_the_team_and_nobody_else():
    team = f.unit(f.organisation("mst"))
    lead, colleague, stranger = f.member(at=team, role=Role.TEAM_MANAGER), f.member(at=team), f.member()
    run = f.run(f.course(approval_required=True))
    assert services.enrol(person=colleague, run=run, actor=lead).state == S.ASSOCIATED
    with pytest.raises(NotAllowed):
        services.enrol(person=stranger, run=run, actor=lead)


def test_only_the_course_manager_goes_beyond_the_seats_and_says_why():
    mst = f.organisation("mst")
    manager = f.member(mst, role=Role.COURSE_MANAGER)
    run = f.run(f.course(owners=[mst]), seats=1)
    services.enrol(person=f.member(), run=run)
    person = f.member(mst)
    with pytest.raises(ReasonMissing):
        services.enrol(person=person, run=run, actor=manager, over=True)
    with pytest.raises(NotAllowed):
        services.enrol(person=person, run=run, actor=person, over=True, reason="graag")
    extra = services.enrol(person=person, run=run, actor=manager, over=True, reason="Begint maandag")
    assert (extra.state, extra.over_enrolled) == (S.ASSOCIATED, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("full", [False, True])
def test_enrolling_takes_at_most_twelve_statements(full):
    run = f.run(seats=1)
    if full:
        services.enrol(person=f.member(), run=run)
    person = f.member()
    with CaptureQueriesContext(connection) as captured:
        services.enrol(person=person, run=run)
    statements = [q["sql"] for q in captured if q["sql"].split()[0] not in ("BEGIN", "COMMIT")]
    assert len(statements) == 11, "\n".join(sql[:120] for sql in statements)
