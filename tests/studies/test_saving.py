"""Registering and changing a study: nobody's change is lost."""

import pytest

from academy.core.errors import InvalidInput, NotAllowed, Unknown
from research.studies import record as records
from research.studies.errors import Clashing
from research.studies.models import Study
from research.studies.selectors import record_at, revisions_of
from research.studies.services import saving
from research.studies.states import ReviewState
from tests.factories import people, studies

pytestmark = pytest.mark.django_db


def fresh(study: Study) -> dict:
    return records.current(records.with_everything(Study.objects.all()).get(pk=study.pk))


def test_register_needs_the_role():
    with pytest.raises(NotAllowed):
        saving.register(actor=people.member())


def test_registered_record_reads_back_as_it_was_given():
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    given = studies.values(mst, zgt, funders=[
        {"organisation": "", "name": "Zorgfonds", "ror": "", "grant_number": "Z-1", "amount_eur": "1200.50"}
    ])  # fmt: skip
    study = saving.register(actor=studies.researcher(mst), values=given)
    read = fresh(study)
    assert {name: read[name] for name in given} == given
    assert read == revisions_of(study).get().content["record"]


def test_two_editors_change_different_fields_and_both_are_kept():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "EEN"})
    saved = saving.save(
        study=study, actor=editor, base_version=1, values={"acronym": "HARTTHUIS", "sample_size_target": 5}
    )
    assert saved.clashes == {}
    assert saved.changed == ("sample_size_target",)
    assert (fresh(study)["acronym"], fresh(study)["sample_size_target"]) == ("EEN", 5)


def test_two_editors_change_the_same_field_and_nobody_loses():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "EEN"})
    saved = saving.save(study=study, actor=editor, base_version=1, values={"acronym": "TWEE", "sample_size_target": 5})
    assert dict(saved.clashes) == {"acronym": ("HARTTHUIS", "TWEE", "EEN")}
    assert fresh(study)["acronym"] == "EEN"
    saving.save(study=study, actor=editor, base_version=saved.study.version, values={"acronym": "TWEE"})
    assert fresh(study)["acronym"] == "TWEE"
    assert record_at(study, 2)["acronym"] == "EEN"


def test_strict_saving_refuses_another_version_with_both_values():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "EEN"})
    with pytest.raises(Clashing) as refused:
        saving.save(study=study, actor=editor, base_version=1, values={"acronym": "TWEE"}, strict=True)
    assert (refused.value.mine, refused.value.theirs, refused.value.version) == (
        {"acronym": "TWEE"},
        {"acronym": "EEN"},
        2,
    )


def test_saving_what_is_there_makes_no_version():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    saved = saving.save(study=study, actor=editor, base_version=1, values=fresh(study))
    assert (saved.changed, saved.study.version, revisions_of(study).count()) == ((), 1, 1)


def test_values_that_cannot_be_stored_are_refused_together_and_nothing_is_written():
    editor = studies.researcher()
    study = studies.study(editor=editor)
    wrong = {"sample_size_target": "many", "sex": "OTHER", "nonsense": 1, "acronym": "OK"}
    with pytest.raises(InvalidInput) as refused:
        saving.save(study=study, actor=editor, base_version=1, values=wrong)
    assert set(refused.value.fields) == {"sample_size_target", "sex", "nonsense"}
    assert fresh(study)["acronym"] == "HARTTHUIS"


def test_change_of_published_study_waits_for_the_bureau_but_figures_do_not():
    editor = studies.researcher()
    study = studies.published(editor=editor)
    saving.save(study=study, actor=editor, base_version=1, values={"acronym": "ANDERS", "sample_size_actual": 12})
    study = records.with_everything(Study.objects.all()).get(pk=study.pk)
    assert (study.acronym, study.sample_size_actual) == ("HARTTHUIS", 12)
    assert study.proposed == {"acronym": "ANDERS"}
    assert records.current(study)["acronym"] == "ANDERS"


def test_viewers_may_not_change_and_strangers_find_nothing():
    study = studies.study()
    with pytest.raises(NotAllowed):
        saving.save(study=study, actor=studies.viewer(study), base_version=1, values={"acronym": "X"})
    with pytest.raises(Unknown):
        saving.save(study=study, actor=people.person(), base_version=1, values={"acronym": "X"})


def test_copy_takes_the_design_but_not_what_happened():
    editor = studies.researcher()
    first = studies.study(editor=editor, identifiers=[{"authority": "abr", "number": "NL12345.044.26"}])
    copy = saving.register(actor=editor, copied_from=first)
    read = fresh(copy)
    assert read["public_title_nl"] == studies.WHOLE["public_title_nl"]
    assert (read["identifiers"], read["first_enrolment"]) == ([], "")
    assert copy.number != first.number


def test_field_that_is_newer_than_the_version_somebody_started_from_is_no_clash():
    """A version of before the field was there counts as empty in it."""
    editor = studies.researcher()
    study = studies.study(editor=editor, acronym="", keywords=[])
    first = revisions_of(study).get()
    for name in ("acronym", "keywords"):
        del first.content["record"][name]
    first.save()
    saving.save(study=study, actor=editor, base_version=1, values={"sample_size_target": 5})
    given = {"acronym": "NIEUW", "keywords": ["hart"]}
    saved = saving.save(study=study, actor=editor, base_version=1, values=given, seen={"acronym": 1})
    assert (saved.clashes, set(saved.changed)) == ({}, {"acronym", "keywords"})


def test_another_spelling_or_order_of_the_same_is_no_change():
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    editor = studies.researcher(mst)
    sponsor = {"organisation": "", "name": "UT", "ror": "https://ror.org/006hf6230/"}
    person = {"name": "A. Jansen", "orcid": "http://orcid.org/0000-0002-1825-009x", "role": "other"}
    given = {
        "identifiers": [{"authority": "clinicaltrials_gov", "number": " nct01234567 "}],
        "secondary_sponsors": [sponsor],
        "contributors": [person],
    }
    study = studies.study(mst, zgt, editor=editor, **given)
    read = fresh(study)
    assert read["secondary_sponsors"][0]["ror"] == "006hf6230"
    assert read["contributors"][0]["orcid"] == "0000-0002-1825-009X"
    again = {**given, "sites": read["sites"][::-1]}
    saved = saving.save(study=study, actor=editor, base_version=1, values=again)
    assert (saved.changed, saved.study.version) == ((), 1)


def test_sites_in_another_order_are_no_proposal():
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    editor = studies.researcher(mst)
    study = studies.published(mst, zgt, editor=editor)
    turned = fresh(study)["sites"][::-1]
    saving.save(study=study, actor=editor, base_version=1, values={"sites": turned, "acronym": "NIEUW"})
    assert set(records.with_everything(Study.objects.all()).get(pk=study.pk).proposed) == {"acronym"}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"embargo_until": "0001-01-01"}, "embargo_until"),
        ({"sites": [{"organisation": "mst", "leading": "no"}]}, "sites"),
    ],
)
def test_what_would_break_later_is_refused_at_once(values, name):
    """Days at the edge of the calendar, words for yes and no."""
    people.organisation("mst")
    with pytest.raises(InvalidInput) as refused:
        saving.register(actor=studies.researcher(), values=values)
    assert set(refused.value.fields) == {name}


def test_who_leads_is_handed_over_by_the_bureau_once_the_hospital_reviews():
    mst, zgt = people.organisation("mst"), people.organisation("zgt")
    editor = studies.researcher(mst)
    study = studies.study(mst, zgt, editor=editor)
    turned = [{**row, "leading": row["organisation"] == "zgt"} for row in fresh(study)["sites"]]
    saving.save(study=study, actor=editor, base_version=1, values={"sites": turned})
    studies.reviewed(study, ReviewState.REJECTED, zgt)
    back = [{**row, "leading": row["organisation"] == "mst"} for row in turned]
    with pytest.raises(InvalidInput) as refused:
        saving.save(study=study, actor=editor, base_version=2, values={"sites": back})
    assert set(refused.value.fields) == {"sites"}
