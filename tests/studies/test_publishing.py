"""The leading hospital's bureau publishes, takes offline, decides on proposed changes, hands the study over."""

import pytest

from academy.core import events
from academy.core.errors import InvalidInput, NotAllowed, Refused, Unknown
from academy.core.models import Message
from research.studies import record as records
from research.studies.errors import ChangedMeanwhile, Incomplete, NoSuchStep, NotReviewed
from research.studies.models import Study
from research.studies.selectors import revisions_of
from research.studies.services import publishing, saving
from research.studies.states import PublicationState, ReviewState
from tests.factories import people, studies

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """Two hospitals with their bureaus, and an editor."""
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    return mst, zgt, studies.bureau(mst), studies.bureau(zgt), studies.researcher(mst)


def reload(study):
    return records.with_everything(Study.objects.all()).get(pk=study.pk)


def verbs(study):
    return [event.verb for event in events.of(study).order_by("pk")]


def test_leading_bureau_publishes_once_the_leading_hospital_approved(place):
    mst, zgt, bureau, other_bureau, editor = place
    study = studies.study(mst, zgt, editor=editor)
    with pytest.raises(NotReviewed):
        publishing.publish(study=study, actor=bureau)
    studies.reviewed(study, ReviewState.APPROVED, zgt)
    with pytest.raises(NotReviewed):
        publishing.publish(study=study, actor=bureau)
    studies.reviewed(study, ReviewState.APPROVED_WITH_CONDITIONS, mst)
    with pytest.raises(NotAllowed):
        publishing.publish(study=study, actor=other_bureau)
    with pytest.raises(Unknown):
        publishing.publish(study=study, actor=people.person())
    publishing.publish(study=study, actor=bureau)
    assert reload(study).publication_state == PublicationState.PUBLISHED
    assert verbs(study) == ["register", "publish"]
    assert Message.objects.filter(kind="study_published", to=editor.email).count() == 1
    with pytest.raises(NoSuchStep):
        publishing.publish(study=study, actor=bureau)


def test_incomplete_study_is_not_published_and_says_what_is_missing(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.reviewed(studies.study(mst, editor=editor, countries=[], primary_outcomes=[]))
    with pytest.raises(Incomplete) as refused:
        publishing.publish(study=study, actor=bureau)
    assert set(refused.value.fields) == {"countries", "primary_outcomes"}


def test_taking_offline_needs_a_reason_and_can_be_undone(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    with pytest.raises(InvalidInput):
        publishing.unpublish(study=study, actor=bureau, reason="  ")
    publishing.unpublish(study=study, actor=bureau, reason="Dubbel aangemeld")
    assert reload(study).publication_state == PublicationState.WITHDRAWN
    with pytest.raises(NoSuchStep):
        saving.save(study=study, actor=editor, base_version=1, values={"acronym": "X"})
    first = reload(study).published_at
    publishing.publish(study=study, actor=bureau)
    assert reload(study).published_at == first


def test_bureau_publishes_some_proposed_changes_and_refuses_the_rest(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "NIEUW", "sample_size_target": 99})
    publishing.publish_changes(study=study, actor=bureau, fields=["acronym"])
    now = reload(study)
    assert (now.acronym, now.sample_size_target, now.proposed) == ("NIEUW", 240, {"sample_size_target": 99})
    with pytest.raises(InvalidInput):
        publishing.refuse_changes(study=study, actor=bureau, reason="")
    publishing.refuse_changes(study=study, actor=bureau, reason="Eerst een amendement")
    assert reload(study).proposed == {}
    assert verbs(study)[-2:] == ["publish_changes", "refuse_changes"]
    with pytest.raises(NoSuchStep):
        publishing.refuse_changes(study=study, actor=bureau, reason="Nog eens")


def test_revisions_keep_what_is_still_proposed(place):
    """After some changes were published, the editors' record still holds the others."""
    mst, _zgt, bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "NIEUW", "sample_size_target": 99})
    publishing.publish_changes(study=study, actor=bureau, fields=["acronym"])
    assert revisions_of(study).first().content["record"] == records.current(reload(study))


def test_editor_who_goes_back_takes_the_proposal_back(place):
    mst, _zgt, _bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    saved = saving.save(study=study, actor=editor, base_version=1, values={"acronym": "NIEUW"})
    saving.save(study=study, actor=editor, base_version=saved.study.version, values={"acronym": "HARTTHUIS"})
    assert reload(study).proposed == {}


def test_bureau_hears_once_of_changes_that_wait(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    for number, version in ((5, 1), (6, 2)):
        saving.save(study=study, actor=editor, base_version=version, values={"sample_size_target": number})
    assert Message.objects.filter(kind="study_changes_proposed", to=bureau.email).count() == 1


def test_study_is_handed_to_another_of_its_hospitals(place):
    mst, zgt, bureau, other_bureau, editor = place
    study = studies.published(mst, zgt, editor=editor)
    with pytest.raises(Refused):
        publishing.transfer(study=study, actor=bureau, to=people.organisation("umc"))
    studies.reviewed(study, ReviewState.REJECTED, zgt)
    with pytest.raises(NotReviewed):
        publishing.transfer(study=study, actor=bureau, to=zgt)
    studies.reviewed(study, ReviewState.APPROVED, zgt)
    publishing.transfer(study=study, actor=bureau, to=zgt)
    now = reload(study)
    assert other_bureau.has_perm("studies.publish", now)
    assert not bureau.has_perm("studies.publish", now)
    assert revisions_of(study).first().content["record"]["sites"] == records.read(now)["sites"]


def test_mail_of_the_second_time_is_written_too(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    for reason in ("Dubbel aangemeld", "Toch niet klaar"):
        publishing.unpublish(study=study, actor=bureau, reason=reason)
        publishing.publish(study=study, actor=bureau)
    told = Message.objects.filter(to=editor.email)
    assert told.filter(kind="study_unpublished").count() == 2
    assert told.filter(kind="study_published").count() == 3


def test_a_change_that_the_bureau_did_not_see_is_not_published(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.published(mst, editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "NIEUW", "sample_size_target": 99})
    saving.save(study=study, actor=editor, base_version=2, values={"acronym": "STIEKEM"})
    with pytest.raises(ChangedMeanwhile):
        publishing.publish_changes(study=study, actor=bureau, fields=["acronym"], seen=2)
    publishing.publish_changes(study=study, actor=bureau, fields=["sample_size_target"], seen=2)
    now = reload(study)
    assert (now.acronym, now.sample_size_target) == ("HARTTHUIS", 99)


def test_a_study_is_not_published_as_somebody_changed_it_meanwhile(place):
    mst, _zgt, bureau, _other, editor = place
    study = studies.reviewed(studies.study(mst, editor=editor))
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "ANDERS"})
    with pytest.raises(ChangedMeanwhile):
        publishing.publish(study=study, actor=bureau, seen=1)
    publishing.publish(study=study, actor=bureau, seen=2)


def test_changes_do_not_take_away_what_publishing_needs(place):
    mst, zgt, bureau, _other, editor = place
    study = studies.published(mst, zgt, editor=editor)
    gone = {"countries": [], "acronym": "NIEUW"}
    saving.save(study=study, actor=editor, base_version=1, values=gone)
    with pytest.raises(Incomplete) as refused:
        publishing.publish_changes(study=study, actor=bureau)
    assert set(refused.value.fields) == {"countries"}
    publishing.publish_changes(study=study, actor=bureau, fields=(name for name in ["acronym"]))
    assert (reload(study).acronym, reload(study).countries) == ("NIEUW", ["NL"])


def test_a_published_study_is_not_handed_over_by_the_way(place):
    """Neither by proposing another leading hospital, nor by a proposal of before the hand-over."""
    mst, zgt, bureau, other_bureau, editor = place
    study = studies.published(mst, zgt, editor=editor)
    turned = [{**row, "leading": row["organisation"] == "zgt"} for row in records.read(reload(study))["sites"]]
    saving.save(study=study, actor=editor, base_version=1, values={"sites": turned})
    with pytest.raises(InvalidInput):
        publishing.publish_changes(study=study, actor=bureau)
    publishing.refuse_changes(study=study, actor=bureau, reason="Nee")
    more = [{**row, "planned_inclusions": 7} for row in records.read(reload(study))["sites"]]
    saving.save(study=study, actor=editor, base_version=3, values={"sites": more})
    studies.reviewed(study, ReviewState.APPROVED, zgt)
    publishing.transfer(study=study, actor=bureau, to=zgt)
    publishing.publish_changes(study=study, actor=other_bureau)
    now = reload(study)
    assert [(site.organisation.key, site.planned_inclusions) for site in now.sites.all()] == [("zgt", 7), ("mst", 7)]
    assert now.proposed == {}


def test_handing_over_changes_the_kind_of_reviews_that_have_not_begun(place):
    mst, zgt, bureau, _other, editor = place
    study = studies.study(mst, zgt, editor=editor)
    publishing.transfer(study=study, actor=bureau, to=zgt)
    kinds = {site.organisation.key: site.reviews.get().kind for site in study.sites.all()}
    assert kinds == {"zgt": "main_review", "mst": "feasibility_review"}
