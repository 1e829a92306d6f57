"""Values of a record as people read them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.core.cleaning import Unfit
from academy.strategy.models import Programme
from research.studies import facts
from research.studies.cleaning import CLEANERS
from research.studies.record import FIELDS, empty
from tests import factories as f
from tests.factories import studies as made

pytestmark = pytest.mark.django_db
PARTY = {"organisation": "", "name": "Fonds", "ror": "00abc1234"}


@pytest.mark.parametrize(
    ("name", "value", "nl", "en"),
    [
        ("first_enrolment", "2026", "2026", "2026"),
        ("first_enrolment", "2026-05", "mei 2026", "May 2026"),
        ("first_enrolment", "2026-05-12", "12 mei 2026", "12 May 2026"),
        ("first_enrolment", "ooit", "ooit", "ooit"),
        ("embargo_until", "2026-10-06", "6 oktober 2026", "6 October 2026"),
        ("sample_size_target", 1284, "1.284", "1,284"),
        ("sample_size_target", 0, "0", "0"),
        ("countries", ["NL", "DE"], "Nederland\nDuitsland", "Netherlands\nGermany"),
        ("keywords", ["hart", "thuis"], "hart\nthuis", "hart\nthuis"),
        ("acronym", "", "", ""),
        ("conditions", [{"code_system": "", "code": "", "name_nl": "hart", "name_en": ""}], "hart", "hart"),
        (
            "funders",
            [{**PARTY, "grant_number": "Z-1", "amount_eur": "480000.50"}],
            "Fonds · ROR 00abc1234 · Z-1 · € 480.000,50",
            "Fonds · ROR 00abc1234 · Z-1 · €480,000.50",
        ),
    ],
)
def test_in_words(name, value, nl, en):
    assert [facts.in_words(name, value, language) for language in ("nl", "en")] == [nl, en]


def test_choices_have_words_and_unknown_codes_pass():
    assert facts.in_words("recruitment_status", "RECRUITING", "en") == "Looking for participants"
    assert facts.in_words("phases", ["PHASE1", "PHASE2"], "en") == "Phase 1\nPhase 2"
    assert facts.in_words("recruitment_status", "NEW_CODE", "en") == "NEW_CODE"
    assert facts.in_words("healthy_volunteers", False, "en") == "No"
    assert facts.in_words("group_visibility", {"people": "team"}, "en") == "People: the study team"


def test_keys_become_names():
    mst = f.organisation("mst", name_nl="Medisch Spectrum Twente")
    person = f.member(mst)
    Programme.objects.create(key="digitaal", number="P-01", title_nl="Digitaal ziekenhuis", type="programme")
    row = {**made.values(mst)["contributors"][0], "person": person.pk}
    assert facts.in_words("primary_sponsor", {"organisation": "mst", "name": "", "ror": ""}) == str(mst)
    assert facts.in_words("programmes", ["digitaal", "weg"]) == "Digitaal ziekenhuis\nweg"
    assert facts.in_words("contributors", [row]).startswith(f"{person.full_name} · ")
    assert "Medisch Spectrum Twente" in facts.in_words("sites", made.values(mst)["sites"])


def test_a_person_who_is_gone_keeps_the_name_that_was_given():
    row = {**made.values(f.organisation("mst"))["contributors"][0], "person": 999_999, "name": "A. de Vries"}
    assert facts.in_words("contributors", [row]).startswith("A. de Vries")


def test_names_are_read_once(django_assert_num_queries):
    f.organisation("mst")
    names = facts.Names()
    with django_assert_num_queries(1):
        for _n in range(3):
            assert names.hospital("mst") == "MST"
            assert names.hospital("weg") == "weg"


def test_nothing_is_empty():
    assert {name: facts.in_words(name, value) for name, value in empty().items() if name != "visibility"} == {
        name: "" for name in FIELDS if name != "visibility"
    }


def test_a_name_that_says_nothing_alone_gets_the_other_one_in_front():
    labels = [facts.label_of(name) for name in FIELDS]
    assert len(labels) == len(set(labels))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | st.text(max_size=12)
    | st.sampled_from(["2026-05", "NL", "team"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.sampled_from(sorted(FIELDS)), JSON)
def test_whatever_can_be_stored_has_words(name, value):
    try:
        stored = CLEANERS[name](value)
    except Unfit:
        return
    assert isinstance(facts.in_words(name, stored), str)
