"""Sixty people, five seats: nobody oversells, nobody is lost; and the same code without its lock fails."""

import pytest

from academy.core.models import Event
from courses.enrolment import services
from courses.enrolment.models import Enrolment
from courses.enrolment.selectors import position_of
from courses.enrolment.states import EnrolmentState as S
from tests import factories as f

from .racing import at_once, meeting_after, without_lock

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = "courses.enrolment.services.enrolling.seats_of"


def enrol_at_once(people, run, threads=12):
    return at_once([lambda person=person: services.enrol(person=person, run=run) for person in people], threads)


def test_sixty_people_for_five_seats():
    run = f.run(seats=5)
    people = [f.person() for _n in range(60)]
    results = enrol_at_once(people, run)
    assert [error for error in results if isinstance(error, Exception)] == []
    assert Enrolment.objects.filter(state=S.ASSOCIATED).count() == 5
    waiting = Enrolment.objects.filter(state=S.QUEUED)
    in_order_of_events = [
        int(event.object_id) for event in Event.objects.filter(verb="enrol", to_state=S.QUEUED).order_by("pk")
    ]
    positions = {enrolment.pk: position_of(enrolment) for enrolment in waiting}
    assert [positions[pk] for pk in in_order_of_events] == list(range(1, 56))


def test_one_person_from_two_tabs_is_enrolled_once():
    run, person = f.run(seats=5), f.person()
    results = enrol_at_once([person] * 8, run, threads=8)
    assert [error for error in results if isinstance(error, Exception)] == []
    assert Enrolment.objects.count() == 1
    assert Event.objects.filter(verb="enrol").count() == 1


def test_two_cancel_while_others_enrol_and_no_seat_is_lost_or_given_twice():
    run = f.run(seats=4)
    people = [f.person() for _n in range(8)]
    first = [services.enrol(person=person, run=run) for person in people]
    leaving = [lambda e=e: services.cancel(enrolment=e, actor=None) for e in first[:4]]
    coming = [lambda p=p: services.enrol(person=p, run=run) for p in [f.person() for _n in range(6)]]
    mixed = [call for pair in zip(leaving, coming, strict=False) for call in pair] + coming[4:]
    assert [error for error in at_once(mixed) if isinstance(error, Exception)] == []
    assert Enrolment.objects.filter(state=S.ASSOCIATED).count() == 4
    assert Enrolment.objects.filter(state=S.QUEUED).count() == 6
    promoted = Event.objects.filter(verb="promote").values_list("object_id", flat=True)
    assert len(promoted) == len(set(promoted)) == 4


def test_twin_without_the_lock_oversells():
    """Proof that the test above would notice: two people, one seat, both counted before either wrote."""
    run = f.run(seats=1)
    people = [f.person() for _n in range(2)]
    with without_lock(), meeting_after(COUNT, parties=2):
        enrol_at_once(people, run, threads=2)
    assert Enrolment.objects.filter(state=S.ASSOCIATED).count() == 2


def test_twin_with_the_lock_and_the_same_barrier_does_not():
    run = f.run(seats=1)
    people = [f.person() for _n in range(2)]
    with meeting_after(COUNT, parties=2):
        results = enrol_at_once(people, run, threads=2)
    assert [error for error in results if isinstance(error, Exception)] == []
    assert sorted(Enrolment.objects.values_list("state", flat=True)) == ["associated", "queued"]


def test_twin_of_cancel_and_promote_without_the_lock_gives_one_seat_twice():
    run = f.run(seats=2)
    places = [services.enrol(person=f.person(), run=run) for _n in range(2)]
    line = [services.enrol(person=f.person(), run=run) for _n in range(2)]
    with without_lock(), meeting_after("courses.enrolment.services.steps.missing_prerequisites", parties=2):
        at_once([lambda e=e: services.cancel(enrolment=e, actor=None) for e in places], threads=2)
    promoted = list(Event.objects.filter(verb="promote").values_list("object_id", flat=True))
    assert promoted.count(str(line[0].pk)) == 2  # both saw the same first in line


def test_one_person_in_two_runs_of_a_course_gets_one_place():
    course, person = f.course(), f.person()
    runs = [f.run(course, days=days) for days in (20, 40)]
    with meeting_after(COUNT, parties=2):
        results = at_once([lambda run=run: services.enrol(person=person, run=run) for run in runs], threads=2)
    assert [type(result).__name__ for result in results if isinstance(result, Exception)] == ["AlreadyInCourse"]
    assert Enrolment.objects.filter(person=person).count() == 1


def test_twin_without_the_lock_gives_one_person_two_places_in_a_course():
    course, person = f.course(), f.person()
    runs = [f.run(course, days=days) for days in (20, 40)]
    with without_lock(), meeting_after(COUNT, parties=2):
        at_once([lambda run=run: services.enrol(person=person, run=run) for run in runs], threads=2)
    assert Enrolment.objects.filter(person=person).count() == 2
