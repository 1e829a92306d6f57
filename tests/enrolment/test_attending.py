"""Attendance and outcome."""

from datetime import timedelta

import pytest

from academy.core import clock, events
from academy.core.errors import InvalidInput, NotAllowed
from courses.enrolment import services
from courses.enrolment.errors import ChangedMeanwhile, NotBegunYet
from courses.enrolment.models import Attendance
from courses.enrolment.signals import enrolment_finished
from courses.enrolment.states import EnrolmentState as S
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun():
    """A run on its first day with a trainer and two participants."""
    run = f.run(days=1, sessions=2)
    trainer = f.member()
    run.trainers.add(trainer)
    people = [services.enrol(person=f.member(), run=run) for _n in range(2)]
    with clock.at(clock.start_of(run.starts_on) + timedelta(hours=12)):
        yield run, trainer, people


def test_the_trainer_marks_the_sheet_with_one_event(begun):
    run, trainer, (first, second) = begun
    session = run.sessions.first()
    marks = {first.pk: "present", second.pk: "absent"}
    assert services.record_attendance(session=session, marks=marks, actor=trainer) == 2
    assert services.record_attendance(session=session, marks=marks, actor=trainer) == 0
    assert services.record_attendance(session=session, marks={second.pk: "present"}, actor=trainer) == 1
    assert set(Attendance.objects.values_list("state", "recorded_by")) == {("present", trainer.pk)}
    assert [e.data["marks"] for e in events.of(session)] == [
        {str(second.pk): "present"},
        {str(first.pk): "present", str(second.pk): "absent"},
    ]


def test_others_may_not_record(begun):
    run, _trainer, (first, _second) = begun
    for actor in (first.person, f.member()):
        with pytest.raises(NotAllowed):
            services.record_attendance(session=run.sessions.first(), marks={first.pk: "present"}, actor=actor)
        with pytest.raises(NotAllowed):
            services.record_outcome(enrolment=first, outcome="completed", actor=actor)


def test_a_session_that_has_not_come_cannot_be_recorded(begun):
    run, trainer, (first, _second) = begun
    with pytest.raises(NotBegunYet):
        services.record_attendance(session=run.sessions.last(), marks={first.pk: "present"}, actor=trainer)


def test_marks_for_strangers_or_of_unknown_kind_change_nothing(begun):
    run, trainer, (first, _second) = begun
    stranger = services.enrol(person=f.member(), run=f.run())
    for marks in ({first.pk: "present", stranger.pk: "present"}, {first.pk: "there"}):
        with pytest.raises(InvalidInput):
            services.record_attendance(session=run.sessions.first(), marks=marks, actor=trainer)
    assert not Attendance.objects.exists()


def test_outcomes_finish_and_can_be_corrected(begun):
    _run, trainer, (first, _second) = begun
    heard = []

    def listen(enrolment, before, **_kwargs):
        heard.append((before, enrolment.outcome))

    enrolment_finished.connect(listen)
    done = services.record_outcome(enrolment=first, outcome="not_passed", actor=trainer, score=40)
    assert (done.state, done.outcome, done.score, done.completed_on) == (S.FINISHED, "not_passed", 40, None)
    services.record_outcome(enrolment=first, outcome="not_passed", actor=trainer, score=40)
    better = services.record_outcome(enrolment=first, outcome="completed", actor=trainer, score=80)
    assert better.completed_on == clock.today()
    assert heard == [("", "not_passed"), ("not_passed", "completed")]
    assert [(e.verb, e.reason) for e in events.of(first)][:2] == [
        ("correct_outcome", "not_passed → completed"),
        ("finish", ""),
    ]


@pytest.mark.parametrize(("outcome", "score"), [("great", None), ("completed", 101), ("completed", -1)])
def test_bad_outcomes_are_refused(begun, outcome, score):
    _run, trainer, (first, _second) = begun
    with pytest.raises(InvalidInput):
        services.record_outcome(enrolment=first, outcome=outcome, actor=trainer, score=score)


def test_before_the_first_day_there_is_no_outcome():
    enrolment = services.enrol(person=f.member(), run=f.run(days=3))
    with pytest.raises(NotBegunYet):
        services.record_outcome(enrolment=enrolment, outcome="completed", actor=None)


def test_two_who_record_the_same_mark_see_each_other(begun):
    run, trainer, (first, second) = begun
    session = run.sessions.first()
    opened = {first.pk: "unknown", second.pk: ""}
    services.record_attendance(session=session, marks={first.pk: "present"}, seen=opened, actor=trainer)
    with pytest.raises(ChangedMeanwhile, match=first.person.full_name):
        services.record_attendance(session=session, marks={first.pk: "absent"}, seen=opened, actor=trainer)
    services.record_attendance(session=session, marks={second.pk: "absent"}, seen=opened, actor=trainer)
    assert {a.enrolment_id: a.state for a in session.attendance.all()} == {first.pk: "present", second.pk: "absent"}


def test_an_outcome_form_from_before_a_change_is_stopped(begun):
    _run, trainer, (first, _second) = begun
    opened = first.version
    services.record_outcome(enrolment=first, outcome="not_passed", actor=trainer, version=opened)
    with pytest.raises(ChangedMeanwhile):
        services.record_outcome(enrolment=first, outcome="completed", actor=trainer, version=opened)


def test_nobody_records_the_own_outcome(begun):
    run, trainer, (first, _second) = begun
    run.trainers.add(first.person)
    with pytest.raises(NotAllowed):
        services.record_outcome(enrolment=first, outcome="completed", actor=first.person)
    for session in run.sessions.all():
        with clock.at(session.ends_at):
            marks = {first.pk: "present"}
            services.record_attendance(session=session, marks=marks, actor=trainer)
    assert services.complete_present(run=run, actor=first.person) == 0
    assert services.complete_present(run=run, actor=trainer) == 1
