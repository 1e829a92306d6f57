"""From ClinicalTrials.gov to our fields: the real records, and whatever else may come."""

import copy
import json
import time
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from research.studies import countries, ctgov, identifiers
from research.studies.cleaning import clean
from research.studies.ctgov import eligibility
from research.studies.ctgov.citations import article
from research.studies.ctgov.nodes import cut
from research.studies.record import FIELDS

FOLDER = Path(__file__).parent / "data" / "clinicaltrials_gov"
NUMBERS = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def real(number):
    return json.loads((FOLDER / f"{number}.json").read_text(encoding="utf-8"))


def convert(number="NCT03630471", **modules):
    """A real record with some of its modules changed: `module={field: value}`, or None to take it out."""
    raw = real(number)
    for name, change in modules.items():
        if isinstance(change, dict):
            raw["protocolSection"].setdefault(name, {}).update(change)
        else:
            raw["protocolSection"][name] = change
    return ctgov.convert(raw)


@pytest.mark.parametrize("number", NUMBERS)
def test_real_records_are_understood_whole(number):
    found = ctgov.convert(real(number))
    assert (found.key, found.problem, found.notes) == (number, "", [])
    assert clean(found.values) == found.values
    assert {"authority": "clinicaltrials_gov", "number": number} in found.values["identifiers"]


@pytest.mark.parametrize("number", NUMBERS)
def test_nothing_is_said_in_dutch(number):
    def texts(value):
        if isinstance(value, dict):
            yield from (part for name, part in value.items() if name.endswith("_nl"))
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                yield from texts(part)

    assert set(texts(ctgov.convert(real(number)).values)) <= {""}


def test_a_trial_in_our_fields():
    values = ctgov.convert(real("NCT03630471")).values
    wanted = {
        "acronym": "PRIDE",
        "keywords": ["Adolescents"],
        "identifiers": [
            {"authority": "clinicaltrials_gov", "number": "NCT03630471"},
            {"authority": "other", "number": "SANPRIDE_002"},
        ],
        "primary_sponsor": {"organisation": "", "name": "Sangath", "ror": ""},
        "study_type": "INTERVENTIONAL",
        "phases": ["NA"],
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "masking": "DOUBLE",
        "primary_purpose": "TREATMENT",
        "observational_model": "",
        "age_min": 13,
        "age_min_unit": "YEARS",
        "age_max": 20,
        "age_max_unit": "YEARS",
        "sex": "ALL",
        "healthy_volunteers": False,
        "first_enrolment": "2018-08-20",
        "first_enrolment_type": "ACTUAL",
        "completion": "2019-02-28",
        "completion_type": "ACTUAL",
        "sample_size_actual": 250,
        "recruitment_status": "COMPLETED",
        "countries": ["IN"],
        "locations": [{"facility": "Sangath", "city": "New Delhi", "country": "India", "status": ""}],
        "outputs": [],
        "results_summary_given_on": None,
    }
    assert {name: values[name] for name in wanted} == wanted
    assert [row["name"] for row in values["secondary_sponsors"]] == [
        "Harvard Medical School (HMS and HSDM)",
        "London School of Hygiene and Tropical Medicine",
    ]
    (investigator,) = values["contributors"]
    assert (investigator["name"], investigator["role"]) == ("Vikram Patel, PhD", "principal_investigator")
    assert values["ipd_statement_en"].startswith("Yes.\n\nAnonymised Individual Participant Data")
    assert len(values["primary_outcomes"]) == 2
    assert values["primary_outcomes"][0]["time_frame_en"] == "6 weeks"
    assert "sample_size_target" not in values


def test_a_registry_with_its_articles():
    values = ctgov.convert(real("NCT03475563")).values
    assert (values["observational_model"], values["time_perspective"]) == ("CASE_ONLY", "PROSPECTIVE")
    assert (values["sample_size_target"], values["recruitment_status"]) == (100, "UNKNOWN")
    title = values["outputs"][2]["title_en"]
    assert title.startswith("Long-term effectiveness and safety of the sirolimus-eluting BiOSS LIM(R)")
    assert title.endswith("distal left main stenosis: an international registry")
    assert values["outputs"][2] == {
        "type": "article",
        "title_nl": "",
        "title_en": title,
        "doi": "10.4244/EIJY15M10_05",
        "url": "https://pubmed.ncbi.nlm.nih.gov/26465375/",
        "published": "2016-11-20",
    }
    assert [row["published"] for row in values["outputs"]] == ["2015-05", "2015-02", "2016-11-20"]


def test_a_month_stays_a_month_and_a_missing_type_stays_missing():
    values = ctgov.convert(real("NCT00973089")).values
    assert (values["first_enrolment"], values["first_enrolment_type"]) == ("2010-05", "")
    assert (values["completion"], values["completion_type"]) == ("2015-03", "ACTUAL")
    assert [row["name"] for row in values["contributors"]] == ["Moti Moskovitz"]
    assert values["why_stopped_en"].startswith("recruiting or enrolling")


def test_markdown_signs_lose_their_backslash():
    values = ctgov.convert(real("NCT02210780")).values
    assert "[Eichenfeld 2004]" in values["inclusion_criteria_en"]
    assert "needing >10 mg" in values["exclusion_criteria_en"]
    assert len(values["locations"]) == 42
    assert values["results_summary_given_on"] == "2020-05-07"


def test_a_record_with_nothing_but_its_number():
    found = ctgov.convert({"protocolSection": {"identificationModule": {"nctId": "nct01234567"}}})
    assert (found.key, found.problem, found.notes) == ("NCT01234567", "", [])
    assert found.values["identifiers"] == [{"authority": "clinicaltrials_gov", "number": "NCT01234567"}]
    assert clean(found.values) == found.values


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (None, "not a record of ClinicalTrials.gov API v2"),
        ([], "not a record of ClinicalTrials.gov API v2"),
        ({"title": "Something"}, "not a record of ClinicalTrials.gov API v2"),
        ({"protocolSection": ["list"]}, "not a record of ClinicalTrials.gov API v2"),
        ({"FullStudy": {"Rank": 1}}, "the older format"),
        ({"Study": {"ProtocolSection": {}}}, "the older format"),
        ({"TrialID": "NL-OMON1"}, "ICTRP"),
        ({"protocolSection": {}}, "nctId"),
        ({"protocolSection": {"identificationModule": {"nctId": 1234}}}, "nctId"),
        ({"protocolSection": {"identificationModule": {"nctId": "NCT123"}}}, "eight digits"),
    ],
)
def test_what_is_no_record(raw, says):
    found = ctgov.convert(raw)
    assert says in found.problem
    assert found.values == {}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_module_may_be_missing_or_misshapen(number):
    raw = real(number)
    modules = set(raw["protocolSection"]) - {"identificationModule", "oversightModule"}
    whole = set(ctgov.convert(raw).values)
    optional = {"contact_name", "contact_email", "contact_phone", "sample_size_target", "sample_size_actual"}
    for name in sorted(modules):
        for value in (None, {}, [], [1], "text", 7, True):
            changed = copy.deepcopy(raw)
            changed["protocolSection"][name] = value
            found = ctgov.convert(changed)
            assert not found.problem
            assert clean(found.values) == found.values
            assert whole - set(found.values) <= optional
            misshapen = value not in (None, {})
            assert found.notes == [f"{name} has another form than the format says and was left out."] * misshapen


def test_unknown_words_are_left_out_with_a_note():
    found = convert(
        statusModule={"overallStatus": "PONDERING"},
        designModule={"studyType": "SEANCE", "phases": ["PHASE2", "PHASE9"]},
        eligibilityModule={"sex": "UNKNOWN", "minimumAge": "young", "maximumAge": "N/A"},
        armsInterventionsModule={"interventions": [{"type": "MAGIC", "name": "Spell"}]},
        contactsLocationsModule={"locations": [{"country": "Atlantis"}, {"country": "Turkey (Türkiye)"}]},
        ipdSharingStatementModule={"ipdSharing": "PERHAPS"},
    )
    values = found.values
    assert (values["recruitment_status"], values["study_type"], values["phases"]) == ("", "", ["PHASE2"])
    assert (values["sex"], values["age_min"], values["age_max"]) == ("", None, None)
    assert values["interventions"] == [{"type": "OTHER", "name_nl": "", "name_en": "Spell"}]
    assert values["countries"] == ["TR"]
    assert found.notes == [
        f"“{value}” in {path} is not known here and was left out."
        for value, path in (
            ("SEANCE", "studyType"),
            ("PHASE9", "phases"),
            ("MAGIC", "type"),
            ("young", "minimumAge"),
            ("UNKNOWN", "sex"),
            ("Atlantis", "country"),
            ("PONDERING", "overallStatus"),
            ("PERHAPS", "ipdSharing"),
        )
    ]
    assert clean(values) == values


@pytest.mark.parametrize("date", ["2024-02-30", "2024-13", "0001", "9999-01", "31-12-2024", "May 2024", "2024-5"])
def test_impossible_dates_are_left_out_with_a_note(date):
    found = convert(statusModule={"startDateStruct": {"date": date, "type": "ACTUAL"}})
    assert (found.values["first_enrolment"], found.values["first_enrolment_type"]) == ("", "")
    assert found.notes == [f"“{date}” in startDateStruct is no date and was left out."]


@pytest.mark.parametrize("count", [-1, 10**10, "many", 1.5, True])
def test_impossible_numbers_are_left_out_with_a_note(count):
    found = convert(designModule={"enrollmentInfo": {"count": count, "type": "ACTUAL"}})
    assert "sample_size_actual" not in found.values
    assert len(found.notes) == 1
    assert "count" in found.notes[0]


def test_titles_that_fit_stay_and_longer_ones_are_kept_whole_elsewhere():
    fits = "x" * 290 + " and more"
    found = convert(identificationModule={"briefTitle": fits[:300], "officialTitle": "w" * 590 + " words too"})
    assert (found.values["public_title_en"], found.notes) == (fits[:300], [])
    assert len(found.values["scientific_title_en"]) == 600
    official, brief = "A title " * 100, "Another one " * 60
    found = convert(identificationModule={"briefTitle": brief, "officialTitle": official})
    assert found.values["public_title_en"] == f"{('Another one ' * 25).strip()}…"
    assert len(found.values["scientific_title_en"]) <= 600
    assert found.values["description_en"].startswith(f"{brief.strip()}\n\n{official.strip()}\n\nBackground")
    assert [note.partition(" has ")[0] for note in found.notes] == ["officialTitle", "briefTitle"]
    assert "the description begins with all of it" in found.notes[0]
    assert clean(found.values) == found.values


def test_markup_in_a_title_stays_text():
    title = "<script>alert(1)</script> & <b>bold</b>"
    assert convert(identificationModule={"briefTitle": title}).values["public_title_en"] == title


def test_signs_that_no_database_stores():
    found = convert(identificationModule={"briefTitle": "A\x00 b\ud800 \x1b c\n d"})
    assert found.values["public_title_en"] == "A b c d"


def test_hundreds_of_locations():
    rows = [{"facility": f"Hospital {n}", "city": "Enschede", "country": "Netherlands"} for n in range(3_005)]
    found = convert(contactsLocationsModule={"locations": rows})
    assert (len(found.values["locations"]), found.values["countries"]) == (3_000, ["NL"])
    assert found.notes == ["Of 3005 entries in locations the first 3000 are kept."]


@pytest.mark.parametrize(
    ("given", "authority", "number"),
    [
        ({"id": "2010-020562-12", "type": "EUDRACT_NUMBER"}, "eudract", "2010-020562-12"),
        ({"id": "EudraCT 2009-011277-33"}, "eudract", "2009-011277-33"),
        ({"id": "2023-501234-12-00", "type": "CTIS"}, "eu_ct", "2023-501234-12-00"),
        ({"id": "2023-501234-12-00"}, "eu_ct", "2023-501234-12-00"),
        ({"id": "ISRCTN12345678", "type": "REGISTRY", "domain": "ISRCTN"}, "isrctn", "ISRCTN12345678"),
        ({"id": "isrctn12345678"}, "isrctn", "ISRCTN12345678"),
        ({"id": "NL12345.044.26", "type": "OTHER", "domain": "CCMO"}, "abr", "NL12345.044.26"),
        ({"id": "NL-OMON54321", "type": "REGISTRY"}, "omon", "NL-OMON54321"),
        ({"id": "NL1234", "type": "REGISTRY", "domain": "Netherlands Trial Register"}, "ntr", "NL1234"),
        ({"id": "NTR1234", "type": "REGISTRY", "domain": "Netherlands Trial Register"}, "other", "NTR1234"),
        ({"id": "NL1234"}, "other", "NL1234"),
        ({"id": "K24-01", "type": "OTHER", "domain": "METC Twente"}, "metc", "K24-01"),
        ({"id": "2023-A00386-39", "type": "OTHER", "domain": "IDRCB"}, "other", "2023-A00386-39"),
        ({"id": "12345-2010-020562-12-99"}, "other", "12345-2010-020562-12-99"),
    ],
)
def test_whose_number_it_is(given, authority, number):
    found = convert(identificationModule={"secondaryIdInfos": [given], "orgStudyIdInfo": {}})
    assert found.values["identifiers"][1:] == [{"authority": authority, "number": number}]


@pytest.mark.parametrize("given", [{"type": "NTR"}, {"type": "METC"}, {"type": "OTHER"}])
def test_a_number_is_never_longer_than_its_column(given):
    found = convert(identificationModule={"orgStudyIdInfo": {"id": "ß" * 300, **given}})
    number = found.values["identifiers"][-1]
    assert len(number["number"]) <= 200
    assert len(identifiers.key_of(**number)) <= 200
    assert len(identifiers.tidy("ntr", "ß" * 200)) == 200


def test_grants_are_funders_and_the_same_number_stands_once():
    rows = [
        {"id": "U01AI1", "type": "NIH", "link": "https://example.org"},
        {"id": "848015", "type": "OTHER_GRANT", "domain": "ZonMw"},
        {"id": "nct03630471", "type": "REGISTRY"},
        {"id": "x-1"},
        {"id": "X-1"},
    ]
    values = convert(identificationModule={"secondaryIdInfos": rows, "nctIdAliases": ["NCT00000001"]}).values
    assert [(row["name"], row["grant_number"]) for row in values["funders"]] == [
        ("National Institutes of Health", "U01AI1"),
        ("ZonMw", "848015"),
    ]
    assert [row["number"] for row in values["identifiers"]] == ["NCT03630471", "NCT00000001", "SANPRIDE_002", "x-1"]


def test_contact_and_roles():
    contacts = [
        {"name": "Bo Bos", "email": "bo@example.org", "phone": "+31 53 1234567", "phoneExt": "12"},
        {"name": "Someone else"},
    ]
    officials = [{"name": "A", "role": "STUDY_CHAIR"}, {"name": "B", "role": "WIZARD"}, {"role": "STUDY_CHAIR"}]
    found = convert(contactsLocationsModule={"centralContacts": contacts, "overallOfficials": officials})
    given = {name: value for name, value in found.values.items() if name.startswith("contact_")}
    assert given == {
        "contact_name": "Bo Bos",
        "contact_email": "bo@example.org",
        "contact_phone": "+31 53 1234567 #12",
    }
    assert [(row["name"], row["role"]) for row in found.values["contributors"]] == [
        ("A", "coordinator"),
        ("B", "other"),
    ]
    broken = convert(contactsLocationsModule={"centralContacts": [{"email": "bo at example"}]})
    assert "contact_email" not in broken.values
    assert broken.notes == ["“bo at example” in email is not known here and was left out."]
    endless = convert(contactsLocationsModule={"centralContacts": [{"email": f"{'b' * 250}@example.org"}]})
    assert "contact_email" not in endless.values


def test_mesh_codes_of_conditions():
    raw = real("NCT06171568")
    (condition,) = ctgov.convert(raw).values["conditions"]
    assert condition == {"code_system": "MeSH", "code": "D000001930", "name_nl": "", "name_en": "Brain Injuries"}


@pytest.mark.parametrize(
    ("text", "inclusion", "exclusion"),
    [
        ("", "", ""),
        ("Adults", "Adults", ""),
        ("Inclusion Criteria:\n\n* A\n* B\n\nExclusion Criteria:\n\n* C", "* A\n* B", "* C"),
        ("INCLUSION CRITERIA\nA\nEXCLUSION CRITERIA\nC", "A", "C"),
        ("**Key Inclusion Criteria:**\n1. A\n\n**Key Exclusion Criteria:**\n1. C", "1. A", "1. C"),
        ("Exclusion Criteria: C\nInclusion Criteria: A", "A", "C"),
        ("Eligibility criteria:\n\nA\n\nExclusion criteria:\nC", "A", "C"),
        ("Inclusion criteria for parents:\nA", "Inclusion criteria for parents:\nA", ""),
        ("Inclusion criteria are strict.\nA", "Inclusion criteria are strict.\nA", ""),
        ("Inclusion Criteria:\nA\nExclusion Criteria:\nB\nInclusion Criteria:\nC", "A\n\nC", "B"),
    ],
)
def test_criteria_are_split(text, inclusion, exclusion):
    assert eligibility.split(text) == (inclusion, exclusion)


def test_criteria_of_two_groups_stay_under_their_headings():
    values = ctgov.convert(real("NCT03630471")).values
    for name in ("inclusion_criteria_en", "exclusion_criteria_en"):
        assert values[name].startswith("For adolescent participants:")
        assert "\n\nFor parent participants:" in values[name]


def test_a_citation_of_nothing_but_brackets_and_question_marks_takes_no_time():
    before = time.process_time()
    convert(referencesModule={"references": [{"type": "RESULT", "citation": "A. " + "b? (" * 50_000}]})
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    ("citation", "pmid", "title", "published", "doi"),
    [
        ("", "", None, None, None),
        ("", "123", "PubMed 123", "", ""),
        ("Some report without form", "x", "Some report without form", "", ""),
        ("A B, C D. Is it so? A test. J Test. 2020;1(1):1.", "1", "Is it so? A test", "2020", ""),
        ("A B. Title. J Test. 2020 Feb 30. doi: 10.1234/a(b).c. Epub 2020.", "1", "Title", "2020-02", "10.1234/a(b).c"),
    ],
)
def test_citations(citation, pmid, title, published, doi):
    found = article(citation, pmid)
    if title is None:
        assert found is None
    else:
        assert (found["title_en"], found["published"], found["doi"]) == (title, published, doi)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Netherlands", "NL"),
        ("United States", "US"),
        ("Korea, Republic of", "KR"),
        ("Côte D'Ivoire", "CI"),
        ("Bosnia and Herzegovina", "BA"),
        ("Saint Kitts and Nevis", "KN"),
        ("Réunion", "RE"),
        ("Narnia", ""),
        ("", ""),
        ("European Union", ""),
    ],
)
def test_codes_of_countries(name, code):
    assert countries.code_of(name) == code


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [("one two", 7, "one two"), ("one two three", 8, "one two…"), ("one, two", 6, "one…"), ("abcdefgh", 5, "abcd…")],
)
def test_cut_at_a_word(text, limit, short):
    assert cut(text, limit) == short


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def _paths(value, path=()):
    yield path
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(part, (*path, name))


PATHS = [(number, path) for number in NUMBERS for path in _paths(real(number)) if len(path) > 1]


@settings(max_examples=300, deadline=None)
@given(where=st.sampled_from(PATHS), value=JUNK)
def test_whatever_stands_anywhere_nothing_breaks(where, value):
    """Any value at any place: the record is refused or its values can be stored, and each is a field of ours."""
    number, path = where
    raw = real(number)
    node = raw
    for name in path[:-1]:
        node = node[name]
    node[path[-1]] = value
    found = ctgov.convert(raw)
    assert bool(found.problem) != bool(found.values)
    assert set(found.values) <= set(FIELDS)
    assert clean(found.values) == found.values
    json.dumps(found.values, allow_nan=False).encode()
    "".join(found.notes).encode()
