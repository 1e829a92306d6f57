"""The time line of a study at one hospital: what everybody sees of it, and what only the team does."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string

from academy.core import clock
from research.studies import timelines
from research.studies.models import Deadline, Study
from research.studies.selectors import for_page
from research.studies.services import documents, reviewing
from research.studies.states import ReviewState
from tests.factories import people, studies

from .test_reviewing import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return Case()


def column(case: Case, *, internal: bool, hospital=None) -> timelines.Column:
    study = for_page(Study.objects.all(), signed_in=internal).get(pk=case.study.pk)
    wanted = hospital or case.mst
    site = next(one for one in study.sites.all() if one.organisation_id == wanted.pk)
    return timelines.column(site, study, internal=internal)


def titles(found: timelines.Column) -> list[tuple[str, str]]:
    return [(point.tone, str(point.title)) for point in found.points]


def test_conditions_letters_and_deadlines_are_for_the_team(case):
    approval = case.taken_up().approvals.get()
    letter = documents.add_document(study=case.study, actor=None, upload=ContentFile(b"%PDF-1.7", "brief.pdf"))
    reviewing.record_approval(
        approval=approval,
        actor=case.bureau,
        state="approved_with_conditions",
        conditions_nl="Eerst scholing",
        document=letter,
    )
    words = {"conditions_nl": "Niet in de nacht", "outcome": "approved_with_conditions"}
    reviewing.decide(review=case.review(), actor=case.bureau, **words)
    inside, outside = column(case, internal=True), column(case, internal=False)
    assert [point.title for point in inside.points if point.document] == [inside.points[1].title]
    shown = "".join(detail for point in inside.points for detail in point.details)
    assert "Eerst scholing" in shown
    assert "Niet in de nacht" in shown
    assert not [point for point in outside.points if point.details or point.document]
    assert titles(outside) == titles(inside)[: len(outside.points)]
    assert Deadline.objects.filter(study=case.study).exists()
    assert len(inside.points) > len(outside.points) == 3


def test_that_the_bureau_asks_for_more_stays_between_it_and_the_team(case):
    review = case.submitted()
    reviewing.return_to_researcher(review=review, actor=case.bureau, remarks=[{"field": "", "text": "Waarom?"}])
    inside, outside = column(case, internal=True), column(case, internal=False)
    assert inside.badge.text == ReviewState.RETURNED.label.capitalize()
    assert outside.badge.text == ReviewState.IN_REVIEW.label.capitalize()
    assert [tone for tone, _title in titles(outside)] == ["positive"]


def test_the_last_review_counts(case):
    review = case.submitted()
    reviewing.withdraw_review(review=review, actor=case.editor, reason="Geen geld")
    assert column(case, internal=False).badge.text == ReviewState.WITHDRAWN.label.capitalize()
    reviewing.start_again(site=review.site, actor=case.editor)
    assert column(case, internal=False).points == []


def test_investigators_are_named_at_their_own_hospital(case):
    assert column(case, internal=False).investigators == ["Onderzoeker MST"]
    assert column(case, internal=False, hospital=case.zgt).investigators == ["Onderzoeker ZGT"]


def test_a_deadline_of_this_hospital_that_has_passed_is_red(case):
    site = case.submitted().site
    day = clock.today() - timedelta(days=3)
    Deadline.objects.create(study=case.study, site=site, kind="progress_report", due_on=day)
    Deadline.objects.create(study=case.study, site=case.review(case.zgt).site, kind="progress_report", due_on=day)
    assert [tone for tone, _title in titles(column(case, internal=True))] == ["positive", "negative"]


def test_it_asks_nothing_more_than_the_page_brought_along(case, django_assert_num_queries):
    reviewing.decide(review=case.ready(), actor=case.bureau, outcome="approved")
    for internal in (False, True):
        study = for_page(Study.objects.all(), signed_in=internal).get(pk=case.study.pk)
        sites = list(study.sites.all())
        with django_assert_num_queries(0):
            for site in sites:
                shown = timelines.column(site, study, internal=internal)
                render_to_string("studies/review/site_column.html", {"column": shown, "level": 3, "below": 4})


def test_a_hospital_without_a_review_has_no_time_line():
    study = studies.study(people.organisation("mst"))
    site = study.sites.get()
    site.reviews.all().delete()
    assert timelines.column(site, study, internal=True).badge is None
