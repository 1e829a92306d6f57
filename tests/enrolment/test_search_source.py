"""What may be found of a course follows from its runs, and is taken again when they change by time alone."""

from datetime import timedelta

import pytest

from academy.core import clock
from courses.enrolment import services
from courses.enrolment.search_source import courses_with_runs, document
from tests import factories as f

pytestmark = pytest.mark.django_db


def doc(course):
    return document(courses_with_runs().get(pk=course.pk))


def test_the_facet_says_whether_one_can_enrol():
    course = f.course()
    assert doc(course).facets["enrolment"] == ("closed",)
    f.run(course, seats=1)
    assert doc(course).facets["enrolment"] == ("open",)
    services.enrol(person=f.member(), run=course.runs.get())
    assert doc(course).facets["enrolment"] == ("waiting_list",)


def test_seats_that_are_kept_for_some_are_open_and_full_until_the_release():
    course, zgt = f.course(), f.organisation("zgt")
    run = f.run(course, seats=2)
    kept = f.allotment(run, zgt, 1)
    assert doc(course).facets["enrolment"] == ("open",)
    services.enrol(person=f.member(), run=run)
    first = doc(course)
    assert first.facets["enrolment"] == ("open", "waiting_list")
    assert first.changes_at == clock.start_of(kept.release_on)
    with clock.at(first.changes_at):
        assert doc(course).facets["enrolment"] == ("open",)


@pytest.mark.parametrize("days", [0, 1, 10])
def test_it_changes_no_later_than_what_it_says(days):
    """Until `changes_at` the document is the same, whatever the hour; this finds a forgotten limit."""
    course = f.course()
    f.run(course, days=days, sessions=3)
    first = doc(course)
    assert first.changes_at is not None
    moment = clock.now()
    while moment < first.changes_at:
        with clock.at(moment):
            assert doc(course).digest() == first.digest()
        moment += timedelta(hours=7)
    with clock.at(first.changes_at):
        assert doc(course).changes_at != first.changes_at


def test_a_draft_is_no_document_and_a_members_course_is_for_members():
    mst = f.organisation("mst")
    assert doc(f.course(live=False)) is None
    assert doc(f.course(owners=[mst], visibility="members")).acl == frozenset({f"org:{mst.pk}"})
