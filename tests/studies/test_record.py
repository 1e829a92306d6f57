"""The one list of fields, what may be stored, and what makes a record complete."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.core import clock
from academy.core.errors import InvalidInput
from research.studies import checks, dates, identifiers
from research.studies import record as records
from research.studies.cleaning import CLEANERS, clean
from research.studies.models import Study
from research.studies.services import deadlines
from tests.factories import studies

NOTHING = records.empty()
#: columns that only services write
OWNED = {"number", "publication_state", "published_at", "version", "proposed", "proposed_by", "proposed_at",
         "created_by", "created_at", "changed_at"}  # fmt: skip


def test_no_column_of_services_is_a_field_that_people_change_or_a_revision_keeps():
    columns = {column.name for column in Study._meta.get_fields() if column.concrete} - {"id"}
    assert columns - set(records.FIELDS) == OWNED
    assert not set(records.FIELDS) & OWNED


def test_every_field_has_a_known_group_and_step_and_a_cleaner():
    assert {entry.group for entry in records.FIELDS.values()} | {"grants", "certificates"} == set(records.GROUPS)
    assert {entry.step for entry in records.FIELDS.values()} | {records.CHECK} == set(records.STEPS)
    assert set(CLEANERS) == set(records.FIELDS)


def test_an_empty_record_may_be_stored_as_it_is():
    assert clean(NOTHING) == NOTHING


def cleaned_or_refused(values):
    try:
        return clean(values), {}
    except InvalidInput as refusal:
        return {}, refusal.fields


@given(st.dictionaries(st.sampled_from(sorted(records.FIELDS)), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6,
)))  # fmt: skip
def test_anything_is_cleaned_or_refused_with_a_message_at_its_field(values):
    cleaned, refused = cleaned_or_refused(values)
    assert set(refused) <= set(values)
    assert all(refused.values())
    assert clean(cleaned) == cleaned


def test_rows_in_which_nothing_is_filled_in_are_left_out():
    rows = [{"authority": "", "number": ""}, {"authority": "abr", "number": "NL12345.044.26"}]
    assert clean({"identifiers": rows}) == {"identifiers": rows[1:]}


@pytest.mark.parametrize(
    ("authority", "right", "wrong"),
    [
        ("clinicaltrials_gov", "nct 01234567", "NCT0123456"),
        ("isrctn", "ISRCTN12345678", "ISRCTN1234567"),
        ("eudract", "2020-123456-12", "2020-123456-1"),
        ("eu_ct", "2023-501234-12-00", "2023-501234-12"),
        ("abr", "NL12345.044.26", "NL1234.044.26"),
        ("omon", "NL-OMON123", "OMON123"),
        ("ntr", "NL1234", "NTR1234"),
        ("doi", "https://doi.org/10.5555/demo.1", "11.5555/x"),
        ("raid", "https://raid.org/10.1/abc", "abc"),
    ],
)
def test_forms_of_numbers(authority, right, wrong):
    assert not identifiers.problem_of(authority, right)
    assert identifiers.problem_of(authority, wrong)
    assert identifiers.key_of(authority, f"  {right.lower()} ") == identifiers.key_of(authority, right)


def test_numbers_of_hospitals_have_any_form_and_no_address():
    assert not identifiers.problem_of("metc", "K 24/01")
    assert identifiers.address_of("metc", "K 24/01") == ""
    assert identifiers.address_of("clinicaltrials_gov", "NCT01234567").endswith("/NCT01234567")
    assert identifiers.address_of("clinicaltrials_gov", "NCT01") == ""


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02-28", date(2026, 2, 28), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02-30", None, None),
        ("2026-13", None, None),
        ("0000", None, None),
        ("0001-01-02", None, None),
        ("9999-12", None, None),
        ("", None, None),
        ("12-05-2026", None, None),
        ("２０２６", None, None),
    ],
)
def test_partial_dates(text, first, last):
    assert (dates.earliest(text), dates.latest(text)) == (first, last)


def test_whole_record_lacks_only_what_publishing_does_not_need():
    record = {**NOTHING, **studies.WHOLE, "sites": [1], "primary_sponsor": {"name": "x"},
              "contributors": [{"role": "principal_investigator"}]}  # fmt: skip
    found = checks.completeness(record)
    assert (len(found.given), found.total, found.needed) == (18, 24, ())
    assert [item.number for item in found.missing] == [3, 4, 6, 20, 23, 24]


def test_an_empty_record_has_the_two_items_that_fill_themselves():
    found = checks.completeness(NOTHING)
    assert [item.number for item in found.given] == [1, 2]
    assert len(found.needed) == 16
    assert set(checks.missing_to_submit(NOTHING)) == {name for name, _given, _text in checks.NEEDED_TO_SUBMIT}


@pytest.mark.parametrize(
    ("answers", "under"),
    [((True, True), True), ((True, None), None), ((False, None), False), ((None, None), None), ((True, False), False)],
)
def test_wmo_test(answers, under):
    names = ("medical_scientific_research", "subjected_to_acts_or_rules")
    assert checks.falls_under_wmo(dict(zip(names, answers, strict=True))) is under


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"medical_scientific_research": True, "subjected_to_acts_or_rules": True, "legal_regime": "nwmo"},
         "legal_regime"),
        ({"medical_scientific_research": True, "subjected_to_acts_or_rules": False, "legal_regime": "wmo"},
         "legal_regime"),
        ({"identifiers": [{"authority": "abr", "number": "NL1.1.1"}]}, "identifiers"),
        ({"identifiers": [{"authority": "doi", "number": "10.5555/A"}, {"authority": "doi", "number": "10.5555/a"}]},
         "identifiers"),
        ({"identifiers": [{"authority": "", "number": "5"}]}, "identifiers"),
        ({"age_min": 2, "age_min_unit": "YEARS", "age_max": 18, "age_max_unit": "MONTHS"}, "age_max"),
        ({"first_enrolment": "2026-05", "first_enrolment_type": ""}, "first_enrolment_type"),
        ({"first_enrolment": "2040", "first_enrolment_type": "ACTUAL"}, "first_enrolment"),
        ({"first_enrolment": "mei", "first_enrolment_type": "ACTUAL"}, "first_enrolment"),
        ({"first_enrolment": "2026-05", "first_enrolment_type": "ESTIMATED", "completion": "2026-04-30",
          "completion_type": "ESTIMATED"}, "completion"),
        ({"contributors": [{"person": None, "name": "", "role": "other", "orcid": ""}]}, "contributors"),
        ({"contributors": [{"person": 1, "name": "", "role": "other", "orcid": "0000-0002-1825-0098"}]},
         "contributors"),
        ({"embargo_until": "2027-01-01", "visibility": "public"}, "embargo_until"),
        ({"recruitment_status": "TERMINATED"}, "why_stopped_nl"),
        ({"recruitment_status": "AVAILABLE", "study_type": "OBSERVATIONAL"}, "recruitment_status"),
        ({"study_type": "OBSERVATIONAL", "phases": ["PHASE1"]}, "phases"),
        ({"sites": [{"organisation": "mst", "leading": False}]}, "sites"),
        ({"sites": [{"organisation": "mst", "leading": True}, {"organisation": "mst", "leading": False}]}, "sites"),
    ],
)  # fmt: skip
def test_each_contradiction_is_told_at_its_field(values, field):
    assert set(checks.problems({**NOTHING, **values})) == {field}


def test_a_record_without_contradictions_has_no_problems():
    with clock.at(clock.start_of(date(2026, 11, 1))):
        record = {**NOTHING, **studies.WHOLE}
        assert checks.problems(record) == {}
        assert not checks.started(record)
        assert checks.started({**record, "first_enrolment": "2026-10", "first_enrolment_type": "ACTUAL"})


def test_orcid_check_digit():
    assert checks.orcid_is_right("https://orcid.org/0000-0002-1825-0097")
    assert checks.orcid_is_right("0000-0002-1694-233X")
    assert not checks.orcid_is_right("0000-0002-1825-0098")


@pytest.mark.django_db
def test_a_deadline_at_the_edge_of_the_calendar_stops_nothing():
    study = studies.study(first_enrolment="0001-01-02", completion="9999-12-31", completion_type="ACTUAL")
    studies.reviewed(study)
    assert deadlines.follow_time().failed == []
