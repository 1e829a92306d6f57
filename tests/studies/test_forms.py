"""The form of a study: what it shows is what it reads, and nothing that was not sent is touched."""

import pytest
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.core.cleaning import Unfit
from academy.core.editing.elements import untouched
from academy.core.editing.step_form import StepForm
from research.studies import record as records
from research.studies.cleaning import clean
from research.studies.forms.controls import Countries
from research.studies.forms.sources import Sources
from research.studies.forms.steps import SECTIONS
from research.studies.forms.subject import SUBJECT
from research.studies.forms.table import LocationLines
from research.studies.record import ACCESS, BASIS, CHECK, CONDUCT, DESIGN, FIELDS, HOSPITALS, KIND
from tests.factories import people, studies

pytestmark = pytest.mark.django_db

PARTY = {"organisation": "", "name": "Zorgfonds", "ror": "033xvax87"}
FULL = {
    **studies.WHOLE,
    "keywords": ["hart", "thuis meten"],
    "identifiers": [{"authority": "abr", "number": "NL12345.044.26"}, {"authority": "doi", "number": "10.5555/x"}],
    "phases": ["PHASE2", "PHASE3"],
    "age_min": 18,
    "age_min_unit": "YEARS",
    "healthy_volunteers": False,
    "sex": "FEMALE",
    "secondary_outcomes": [{"measure_nl": "", "measure_en": "Quality", "time_frame_nl": "", "time_frame_en": "1 year"}],
    "countries": ["NL", "DE"],
    "locations": [{"facility": "UMC", "city": "Utrecht", "country": "Netherlands", "status": "RECRUITING"}],
    "primary_sponsor": PARTY,
    "secondary_sponsors": [PARTY, {**PARTY, "name": "Tweede"}],
    "funders": [{**PARTY, "grant_number": "Z-1", "amount_eur": "12500.50"}],
    "sites": [
        {"organisation": "mst", "leading": True, "planned_inclusions": 100, "signatory": "A. Arts"},
        {"organisation": "zgt", "leading": False, "planned_inclusions": None, "signatory": ""},
    ],
    "contributors": [
        {
            "person": None,
            "name": "A. Onderzoeker",
            "orcid": "0000-0002-1825-0097",
            "role": "principal_investigator",
            "site": "mst",
            "affiliation": "",
            "certificate": "brok",
            "certificate_expires_on": "2028-01-01",
        }
    ],
    "dpia": {"state": "approved", "on": "2026-02-01", "owner": "Privacy"},
    "contracts": [{"kind": "other", "parties": ["MST", "UT"], "state": "signed", "on": "2026-01-01"}],
    "outputs": [
        {"type": "article", "title_nl": "", "title_en": "Works", "doi": "10.5555/y", "url": "", "published": "2026"}
    ],
    "results_summary_given_on": "2026-03-01",
    "visibility": "members",
    "embargo_until": "2027-01-01",
    "group_visibility": {"people": "team", "grants": "members"},
}


@pytest.fixture
def hospitals():
    return people.organisation("mst", roles=["owner"]), people.organisation("zgt", roles=["owner"])


def sent(form: StepForm, **changed) -> MultiValueDict:
    """What a browser sends for this form, with some names changed."""
    data = MultiValueDict()
    for element in form.elements.values():
        for key, values in element.fill(element.stored).items():
            data.setlist(key, [*data.getlist(key), *values])
    for key, value in changed.items():
        data.setlist(key, value if isinstance(value, list) else [value])
    return data


def form_of(step: str, record: dict, data: MultiValueDict | None = None) -> StepForm:
    return StepForm(SUBJECT, step, record, Sources(record.get("study_type", "")), data)


def test_every_field_stands_in_its_step():
    for step, sections in SECTIONS.items():
        shown = {name for section in sections for name, _spec in section.specs()}
        assert shown == {name for name, entry in FIELDS.items() if entry.step == step}
    assert set(SECTIONS) == {entry.step for entry in FIELDS.values()}
    assert CHECK not in SECTIONS


@pytest.mark.parametrize("step", SECTIONS)
@pytest.mark.parametrize("record", [records.empty(), {**records.empty(), **FULL}], ids=["empty", "full"])
def test_form_that_is_sent_as_shown_changes_nothing(hospitals, step, record):
    shown = form_of(step, record)
    form = form_of(step, record, sent(shown))
    values = form.values()
    assert values == {name: record[name] for name in shown.elements}
    assert form.errors == {}


@pytest.mark.parametrize("step", SECTIONS)
def test_controls_read_what_they_fill(hospitals, step):
    """Also where the record has changed meanwhile, so that the short way over what is stored is not taken."""
    record = {**records.empty(), **FULL}
    data = sent(form_of(step, record))
    read = {}
    for name, element in form_of(step, {**record, **_other(record)}, data).elements.items():
        element.stored = record[name] if name == "sites" else element.stored  # whose order is kept
        read[name] = element.read()
    assert clean(read) == clean({name: record[name] for name in read})


def _other(record: dict) -> dict:
    return {name: entry.empty for name, entry in FIELDS.items() if name not in ("visibility", "study_type")}


@pytest.mark.parametrize("step", SECTIONS)
def test_what_was_not_sent_is_not_read(hospitals, step):
    assert form_of(step, {**records.empty(), **FULL}, MultiValueDict({"version": ["1"]})).values() == {}


texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)
outcomes = st.lists(
    st.fixed_dictionaries(
        {"measure_nl": texts, "measure_en": texts, "time_frame_nl": texts, "time_frame_en": texts}
    ).filter(lambda row: any(row.values())),
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes, texts, st.none() | st.integers(0, 130), st.sampled_from([None, True, False]))
def test_any_record_comes_back_from_its_form(rows, text, age, healthy):
    record = {
        **records.empty(),
        "primary_outcomes": rows,
        "inclusion_criteria_nl": text,
        "age_max": age,
        "healthy_volunteers": healthy,
    }
    form = form_of(DESIGN, record, sent(form_of(DESIGN, record)))
    assert clean(form.values()) == {name: record[name] for name in form.elements}


class TestRows:
    def test_gaps_and_blank_rows_are_left_out_and_order_stays(self, hospitals):
        data = MultiValueDict({
            "has": ["funders"],
            "funders-7-name": ["Laatste"], "funders-7-organisation": [""],
            "funders-2-name": ["Eerste"], "funders-2-amount_eur": ["1.200,5"],
            "funders-4-name": [""],
        })  # fmt: skip
        found = form_of(HOSPITALS, records.empty(), data).values()["funders"]
        assert [(row["name"], row["amount_eur"]) for row in found] == [("Eerste", "1200.50"), ("Laatste", None)]

    def test_removing_every_row_empties_the_list(self, hospitals):
        form = form_of(HOSPITALS, {**records.empty(), **FULL}, MultiValueDict({"has": ["funders"]}))
        assert form.values() == {"funders": []}

    def test_wrong_part_is_shown_at_its_row_and_the_rest_is_read(self, hospitals):
        data = MultiValueDict({"has": ["funders"], "funders-0-amount_eur": ["veel"], "contact_name": ["Bel ons"]})
        form = form_of(HOSPITALS, records.empty(), data)
        assert form.values() == {"contact_name": "Bel ons"}
        assert set(form.errors) == {"funders"}
        assert form.elements["funders"].rows.forms[0].errors["amount_eur"]
        assert form.elements["funders"].errors == []

    def test_message_goes_to_the_row_that_it_names(self):
        record = {**records.empty(), "identifiers": [{"authority": "abr", "number": "NL1"}]}
        form = form_of(KIND, record)
        form.warn({"identifiers": ["NL1: Write NL …", "Fill in both"]})
        assert form.elements["identifiers"].rows.forms[0].errors["number"] == ["NL1: Write NL …"]
        assert form.elements["identifiers"].errors == ["Fill in both"]

    def test_offered_numbers_are_there_and_count_only_when_filled_in(self):
        form = form_of(KIND, records.empty())
        form.begin()
        rows = form.elements["identifiers"].rows
        assert [row.typed("authority") for row in rows.forms] == ["abr", "metc", "clinicaltrials_gov"]
        data = MultiValueDict({**{key: rows.data.getlist(key) for key in rows.data}, "has": ["identifiers"]})
        assert form_of(KIND, records.empty(), data).values()["identifiers"] == []
        data["identifiers-1-number"] = "K26-1"
        assert form_of(KIND, records.empty(), data).values()["identifiers"] == [
            {"authority": "metc", "number": "K26-1"}
        ]

    def test_registry_is_known_by_the_form_of_the_number(self):
        data = MultiValueDict({"has": ["identifiers"], "identifiers-0-number": ["nct 01234567"]})
        data["identifiers-1-number"] = "K26-1"
        assert form_of(KIND, records.empty(), data).values()["identifiers"] == [
            {"authority": "clinicaltrials_gov", "number": "NCT01234567"},
            {"authority": "", "number": "K26-1"},
        ]

    def test_hundreds_of_places_are_lines(self, hospitals):
        places = [{"facility": f"Place {n}", "city": "Ö|de", "country": "NL", "status": ""} for n in range(900)]
        record = {**records.empty(), "locations": places}
        shown = form_of(HOSPITALS, record)
        data = sent(shown)
        assert len(data) < 100
        assert form_of(HOSPITALS, record, data).values()["locations"] == places
        data["locations"] += "\nNieuw | Enschede"
        assert form_of(HOSPITALS, record, data).values()["locations"][-1] == {
            "facility": "Nieuw", "city": "Enschede", "country": "", "status": "",
        }  # fmt: skip
        with pytest.raises(Unfit):
            LocationLines().read("a|b|c|d|e")


class TestPeople:
    def row(self, **typed) -> MultiValueDict:
        return MultiValueDict({"has": ["contributors"], **{f"contributors-0-{k}": [v] for k, v in typed.items()}})

    def test_address_of_a_colleague_links(self, hospitals):
        colleague = people.member(hospitals[0], email="nurse@example.org")
        form = form_of(HOSPITALS, records.empty(), self.row(name=" Nurse@Example.org ", role="research_nurse"))
        row = form.values()["contributors"][0]
        assert (row["person"], row["name"], row["role"]) == (colleague.pk, colleague.full_name, "research_nurse")

    @pytest.mark.parametrize("email", ["nobody@example.org", "outsider@example.org"])
    def test_other_addresses_ask_for_a_name(self, hospitals, email):
        people.person("outsider@example.org")
        form = form_of(HOSPITALS, records.empty(), self.row(name=email))
        assert "contributors" not in form.values()
        assert form.elements["contributors"].rows.forms[0].errors["name"]

    def test_name_stays_a_name_and_unticking_lets_go(self, hospitals):
        colleague = people.member(hospitals[0])
        name = form_of(HOSPITALS, records.empty(), self.row(name="J. Jansen")).values()["contributors"][0]
        assert (name["person"], name["name"]) == (None, "J. Jansen")
        linked = {**FULL["contributors"][0], "person": colleague.pk}
        record = {**records.empty(), "contributors": [linked]}
        kept = form_of(HOSPITALS, record, self.row(name="J. Jansen", person=str(colleague.pk))).values()
        assert kept["contributors"][0]["person"] == colleague.pk
        assert form_of(HOSPITALS, record, self.row(name="J. Jansen")).values()["contributors"][0]["person"] is None

    def test_key_of_somebody_who_is_no_member_links_nobody(self, hospitals):
        outsider = people.person()
        found = form_of(HOSPITALS, records.empty(), self.row(name="X", person=str(outsider.pk))).values()
        assert found["contributors"][0]["person"] is None


class TestHospitals:
    def data(self, *keys: str, leading: str = "", **more: str) -> MultiValueDict:
        parts = {name: [value] for name, value in more.items()}
        return MultiValueDict({"has": ["sites"], "sites": list(keys), "sites-leading": [leading], **parts})

    def test_the_only_hospital_leads(self, hospitals):
        found = form_of(HOSPITALS, records.empty(), self.data("zgt")).values()["sites"]
        assert [(row["organisation"], row["leading"]) for row in found] == [("zgt", True)]

    def test_one_leads_and_parts_are_kept(self, hospitals):
        data = self.data("mst", "zgt", "zgt", leading="zgt", **{"sites-zgt-planned_inclusions": "40"})
        found = form_of(HOSPITALS, records.empty(), data).values()["sites"]
        assert [(row["organisation"], row["leading"], row["planned_inclusions"]) for row in found] == [
            ("zgt", True, 40),
            ("mst", False, None),
        ]


class TestShowing:
    def shown(self, step: str, **values) -> dict[str, bool]:
        study = studies.study(**values)
        form = form_of(step, records.current(study))
        blocks = [block for section in form.sections(study, {}) for block in section.blocks]
        return {element.name: not block.hidden for block in blocks for element in block.elements}

    def test_design_follows_the_kind(self):
        intervention = self.shown(DESIGN, study_type="INTERVENTIONAL", phases=[])
        assert (intervention["masking"], intervention["observational_model"]) == (True, False)
        observation = self.shown(DESIGN, study_type="OBSERVATIONAL", phases=[])
        assert (observation["masking"], observation["observational_model"]) == (False, True)

    def test_field_with_a_problem_shows_though_nobody_asks_for_it(self):
        study = studies.study(study_type="OBSERVATIONAL", phases=["PHASE2"])
        form = form_of(DESIGN, records.current(study))
        form.warn({"phases": ["A study that only observes has no phase."]})
        blocks = [block for section in form.sections(study, {}) for block in section.blocks]
        assert not next(block for block in blocks if block.elements and block.elements[0].name == "phases").hidden

    def test_reason_and_embargo_follow_their_answer(self):
        assert self.shown(CONDUCT, recruitment_status="RECRUITING")["why_stopped_nl"] is False
        assert self.shown(CONDUCT, recruitment_status="TERMINATED")["why_stopped_nl"] is True
        assert self.shown(ACCESS)["embargo_until"] is False
        assert self.shown(ACCESS, visibility="team")["embargo_until"] is True

    def test_statuses_of_expanded_access(self):
        study = {**records.empty(), "study_type": "EXPANDED_ACCESS", "recruitment_status": "RECRUITING"}
        choices = [
            code for code, _label in form_of(CONDUCT, study).elements["recruitment_status"].control.widget.choices
        ]
        assert choices == [
            "",
            "AVAILABLE",
            "NO_LONGER_AVAILABLE",
            "TEMPORARILY_NOT_AVAILABLE",
            "APPROVED_FOR_MARKETING",
            "RECRUITING",
        ]

    def test_who_sees_it_is_told(self):
        study = studies.study()
        form = form_of(CONDUCT, records.current(study))
        form.sections(study, {})
        assert form.elements["dpia"].audience
        assert not form.elements["first_enrolment"].audience


def test_countries_by_name_in_both_languages():
    assert Countries().read("Nederland\nGermany\nnl\n\nTurkey (Türkiye)") == ["NL", "DE", "TR"]
    with pytest.raises(Unfit, match="Atlantis"):
        Countries().read("Atlantis")


def test_untouched_texts_are_not_read_again():
    record = {**records.empty(), "summary_nl": "Een\nTwee"}
    element = form_of(BASIS, record).elements["summary_nl"]
    assert untouched(element, MultiValueDict({"summary_nl": ["Een\r\nTwee"]}), "Een\nTwee")
