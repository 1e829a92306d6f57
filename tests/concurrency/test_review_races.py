"""Two people of a bureau decide, or two researchers submit, at the same moment; and the same code without its lock."""

import pytest
from django.core.files.base import ContentFile

from academy.core import events
from research.studies.errors import NoSuchStep
from research.studies.models import Approval, Decision, Document, Review
from research.studies.services import documents, reviewing
from tests.factories import people, studies

from .racing import at_once, meeting_after, without_lock

pytestmark = pytest.mark.django_db(transaction=True)
#: between finding the review undecided and writing the decision
CHECKED = "research.studies.services.approving.refuse_document"


def ready_review() -> tuple[Review, list]:
    """A review that two members of the bureau may decide, every body having said yes."""
    mst = people.organisation("mst")
    editor = studies.researcher(mst)
    study = studies.study(mst, editor=editor)
    reviewing.submit(study=study, actor=editor)
    review = Review.objects.select_related("site__study").get(site__study=study)
    reviewing.take_up(review=review, actor=None)
    for approval in review.approvals.all():
        reviewing.record_approval(approval=approval, actor=None, state="approved")
    return review, [studies.bureau(mst) for _n in range(2)]


def decide_at_once(review: Review, people: list) -> list:
    calls = [
        lambda actor=actor, outcome=outcome: reviewing.decide(
            review=review, actor=actor, outcome=outcome, reason="zo is het"
        )
        for actor, outcome in zip(people, ("approved", "rejected"), strict=True)
    ]
    return at_once(calls, threads=2)


def test_two_members_of_a_bureau_make_one_decision():
    review, bureau = ready_review()
    with meeting_after(CHECKED, parties=2):
        results = decide_at_once(review, bureau)
    assert [type(result) for result in results if isinstance(result, Exception)] == [NoSuchStep]
    decision = Decision.objects.get()
    review.refresh_from_db()
    assert review.state == decision.outcome
    assert events.of(review.site.study).filter(verb="decide").count() == 1


def test_twin_without_the_lock_decides_twice():
    """Proof that the test above would notice: both found the review undecided before either wrote."""
    review, bureau = ready_review()
    with without_lock(), meeting_after(CHECKED, parties=2):
        decide_at_once(review, bureau)
    assert Decision.objects.count() == 2


def test_taking_up_from_two_tabs_asks_each_body_once():
    mst = people.organisation("mst")
    editor = studies.researcher(mst)
    study = studies.study(mst, editor=editor)
    reviewing.submit(study=study, actor=editor)
    review, actor = Review.objects.get(site__study=study), studies.bureau(mst)
    results = at_once([lambda: reviewing.take_up(review=review, actor=actor)] * 4, threads=4)
    assert [type(result) for result in results if isinstance(result, Exception)] == [NoSuchStep] * 3
    assert Approval.objects.count() == 1


def test_submitting_from_two_tabs_submits_once():
    mst = people.organisation("mst")
    editor = studies.researcher(mst)
    study = studies.study(mst, editor=editor)
    results = at_once([lambda: reviewing.submit(study=study, actor=editor)] * 4, threads=4)
    assert [type(result) for result in results if isinstance(result, Exception)] == [NoSuchStep] * 3
    assert events.of(study).filter(verb="submit", data__has_key="review").count() == 1


def test_the_same_file_sent_twice_at_once_is_kept_once():
    mst = people.organisation("mst")
    editor = studies.researcher(mst)
    study = studies.study(mst, editor=editor)
    letter = b"%PDF-1.7 a letter"
    calls = [lambda: documents.add_document(study=study, actor=editor, upload=ContentFile(letter, "brief.pdf"))] * 4
    results = at_once(calls, threads=4)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Document.objects.count() == 1
