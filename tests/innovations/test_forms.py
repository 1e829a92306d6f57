"""The form of an innovation: what it shows is what it reads, and nothing that was not sent is touched."""

import pytest
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.core.editing.step_form import StepForm
from research.innovations import gates
from research.innovations import record as records
from research.innovations.cleaning import clean
from research.innovations.forms.asking import Asking, first_gates
from research.innovations.forms.sources import Sources
from research.innovations.forms.steps import INTAKE, SECTIONS
from research.innovations.forms.subject import for_editing, subject_for
from research.innovations.models import Innovation
from research.innovations.record import ACCESS, BENEFITS, CONDITIONS, FIELDS, IDEA, LINKS, STEPS, STRATEGY
from tests.factories import courses, innovations, people, studies

pytestmark = pytest.mark.django_db

BENEFIT = {
    "key": "b1",
    "category": "outcomes",
    "disbenefit": True,
    "owner": None,
    "kpi_nl": "Heropnames",
    "kpi_en": "Readmissions",
    "unit": "%",
    "baseline": "1234.5",
    "target": "-17",
    "estimate": "16.125",
    "validated": None,
    "actual": "15",
    "estimated_on": "2026-01-02",
    "measured_on": None,
}
FTE = {"measure": "estimate", "minutes_before": "9", "minutes_after": "4.5", "cases_per_year": 42000}
MONEY = {
    "year": 2026,
    "funder": "",
    "funder_name": "Zorgfonds",
    "kind": "structural",
    "budget_eur": "114000.5",
    "spent_eur": None,
}


@pytest.fixture
def hospital():
    return people.organisation("mst", roles=["owner"])


@pytest.fixture
def owner(hospital):
    return people.member(hospital)


@pytest.fixture
def full(hospital, owner):
    """One with everything filled in, written through the service."""
    course, study = courses.course(code="BLS-01"), studies.published(people.organisation("zgt", roles=["owner"]))
    colleague = people.member(hospital)
    return innovations.innovation(
        hospital,
        owner=owner,
        horizon_from=innovations.horizons()[0].key,
        horizon_to=innovations.horizons()[2].key,
        goals=[innovations.goal("g1").key, innovations.goal("g2", 2).key],
        urgent=True,
        sponsor=colleague.pk,
        partners=[people.organisation("menzis", kind="insurer", roles=[]).key],
        aims=["cost", "equity"],
        evidence_tier="b",
        evidence_study=study.number,
        evidence_doi="10.5555/x",
        compliance=[{"kind": "dpia", "state": "approved", "on": "2026-02-03", "document": None}],
        dependencies=[{"kind": "epd", "name": "HiX", "state": "open", "note_nl": "Grafiek", "note_en": ""}],
        benefits=[{**BENEFIT, "owner": colleague.pk}, {**BENEFIT, "key": "b2", "disbenefit": False}],
        fte_figures=[FTE, {**FTE, "measure": "actual"}],
        hours_per_fte=1600,
        money=[MONEY, {**MONEY, "year": 2027, "funder": hospital.key, "funder_name": ""}],
        courses=[course.code],
        studies=[study.number],
        reuse_nl="In Almelo",
        catalogue_url="https://example.org/x",
        lessons_en="Begin small",
        contact_email="x@example.org",
        team=[{"person": colleague.pk, "function": "Verpleegkundige"}],
        visibility="members",
    )


def record_of(innovation: Innovation) -> dict:
    return records.read(for_editing(Innovation.objects.all()).get(pk=innovation.pk))


def form_of(step: str, user, record: dict, data: MultiValueDict | None = None, innovation=None) -> StepForm:
    return StepForm(subject_for(user), step, record, Sources(user, record, data, innovation), data)


def sent(form: StepForm, **changed) -> MultiValueDict:
    """What a browser sends for this form, with some names changed."""
    data = MultiValueDict()
    for element in form.elements.values():
        for key, values in element.fill(element.stored).items():
            data.setlist(key, [*data.getlist(key), *values])
    for key, value in changed.items():
        data.setlist(key, value if isinstance(value, list) else [value])
    return data


def test_every_field_stands_in_its_step():
    for step in STEPS:
        shown = {name for section in SECTIONS[step] for name, _spec in section.specs()}
        assert shown == {name for name, entry in FIELDS.items() if entry.step == step}
    six = {name for section in SECTIONS[INTAKE] for name, _spec in section.specs()}
    assert six - {"organisations"} == {name for item in gates.asked("exploration") for name in item.fields}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_form_that_is_sent_as_shown_changes_nothing(full, owner, step, language):
    with translation.override(language):
        for record in (record_of(full), records.empty()):
            data = sent(form_of(step, owner, record))
            form = form_of(step, owner, record, data)
            assert form.values() == {name: record[name] for name in form.elements}
            assert form.errors == {}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_controls_read_what_they_fill(full, owner, step, language):
    """Also where the record has changed meanwhile, so that the short way over what is stored is not taken."""
    record = record_of(full)
    with translation.override(language):
        data = sent(form_of(step, owner, record))
        elements = form_of(step, owner, record, data).elements
        read = {name: element.read() for name, element in elements.items()}
    assert clean(read) == {name: record[name] for name in read}


@pytest.mark.parametrize("step", STEPS)
def test_what_was_not_sent_is_not_read(full, owner, step):
    assert form_of(step, owner, record_of(full), MultiValueDict({"version": ["1"]})).values() == {}


figures = st.none() | st.decimals(-999_999, 999_999, places=4).map(records.figure)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures, figures, st.sampled_from(["nl", "en"]))
def test_any_figure_comes_back_from_its_form(owner, baseline, target, language):
    rows = clean({"benefits": [{**BENEFIT, "baseline": baseline, "target": target}]})["benefits"]
    record = {**records.empty(), "benefits": rows}
    with translation.override(language):
        data = sent(form_of(BENEFITS, owner, record))
        assert clean({"benefits": form_of(BENEFITS, owner, record, data).elements["benefits"].read()}) == {
            "benefits": rows
        }


class TestPeople:
    def test_a_colleague_by_address_in_any_writing(self, hospital, owner):
        colleague = people.member(hospital, email="nurse@example.org")
        for typed in ("nurse@example.org", " Nurse@Example.org ", f"{colleague.full_name} (nurse@example.org)"):
            form = form_of(IDEA, owner, records.empty(), MultiValueDict({"owner": [typed]}))
            assert form.values() == {"owner": colleague.pk}

    @pytest.mark.parametrize("typed", ["nobody@example.org", "outsider@example.org", "J. Jansen"])
    def test_others_are_not_taken_and_what_was_typed_stays(self, owner, typed):
        people.person("outsider@example.org")
        form = form_of(IDEA, owner, records.empty(), MultiValueDict({"owner": [typed]}))
        assert form.values() == {}
        assert set(form.errors) == {"owner"}
        assert form.elements["owner"].bound.value() == typed

    def test_who_left_stays_until_somebody_else_is_named(self, hospital, owner):
        gone = people.person("gone@example.org")
        record = {**records.empty(), "owner": gone.pk}
        data = sent(form_of(IDEA, owner, record), title_nl="X")
        assert form_of(IDEA, owner, record, data).values()["owner"] == gone.pk

    def test_team_by_address_and_a_role_without_anybody_is_said(self, hospital, owner):
        colleague = people.member(hospital, email="nurse@example.org")
        typed = {"has": ["team"], "team-0-person": ["nurse@example.org"], "team-0-function": ["Verpleegkundige"]}
        form = form_of(ACCESS, owner, records.empty(), MultiValueDict(typed))
        assert form.values() == {"team": [{"person": colleague.pk, "function": "Verpleegkundige"}]}
        form = form_of(ACCESS, owner, records.empty(), MultiValueDict({**typed, "team-0-person": [""]}))
        assert form.values() == {}
        assert form.elements["team"].rows.forms[0].errors["person"]


class TestLinks:
    def typed(self, **values) -> MultiValueDict:
        return MultiValueDict({"has": ["courses", "studies"], **{k.replace("_", "-"): [v] for k, v in values.items()}})

    def test_numbers_between_commas_and_lines_in_any_case(self, owner):
        one, other = studies.published(), studies.published()
        typed = self.typed(studies_more=f" {one.number.lower()},\n{other.number} ;")
        form = form_of(LINKS, owner, records.empty(), typed)
        assert form.values() == {"courses": [], "studies": sorted([one.number, other.number])}
        assert [chosen.key for chosen in form.elements["studies"].chosen] == [one.number, other.number]
        assert form.elements["studies"].left == ""

    def test_what_one_may_not_know_is_unknown_and_stays_typed(self, owner):
        known, secret = studies.published(), studies.study()
        form = form_of(LINKS, owner, records.empty(), self.typed(studies_more=f"{known.number}, {secret.number}"))
        assert form.values() == {"courses": []}
        assert secret.number in form.errors["studies"][0]
        assert form.elements["studies"].left == secret.number

    def test_what_is_linked_unseen_stays_and_is_not_named(self, owner):
        known, secret = studies.published(), studies.study()
        record = {**records.empty(), "studies": sorted([known.number, secret.number])}
        data = sent(form_of(LINKS, owner, record))
        assert secret.number not in str(data)
        data.setlist("studies", [])
        assert form_of(LINKS, owner, record, data).values()["studies"] == [secret.number]

    def test_a_key_that_is_made_up_links_nothing(self, owner):
        secret = studies.study()
        data = MultiValueDict({"has": ["studies"], "studies": [secret.number, "x"]})
        assert form_of(LINKS, owner, records.empty(), data).values() == {"studies": []}

    def test_long_lists_are_typed_and_short_ones_offered(self, owner, monkeypatch):
        courses.course(code="BLS-01"), courses.course(code="ALS-01")
        element = form_of(LINKS, owner, records.empty()).elements["courses"]
        assert [key for key, _title in element.choices] == ["ALS-01", "BLS-01"]
        monkeypatch.setattr("research.innovations.forms.picked.MOST_OFFERED", 1)
        record = {**records.empty(), "courses": ["BLS-01"]}
        element = form_of(LINKS, owner, record).elements["courses"]
        assert (element.choices, [chosen.key for chosen in element.chosen]) == ([], ["BLS-01"])

    def test_study_of_the_evidence(self, owner):
        known, secret = studies.published(), studies.study()
        form = form_of("evidence", owner, records.empty(), MultiValueDict({"evidence_study": [known.number.lower()]}))
        assert form.values() == {"evidence_study": known.number}
        assert form.elements["evidence_study"].title
        form = form_of("evidence", owner, records.empty(), MultiValueDict({"evidence_study": [secret.number]}))
        assert form.values() == {}


class TestRows:
    def test_checklist_has_every_kind_once_and_counts_only_what_is_filled_in(self, owner):
        stored = [{"kind": "nen_7510", "state": "present", "on": None, "document": None}]
        form = form_of(CONDITIONS, owner, {**records.empty(), "compliance": stored})
        form.begin()
        rows = form.elements["compliance"].rows
        assert [row.kind_code for row in rows.forms] == [
            "dpia", "ce", "metc_wmo", "nen_7510", "medical_technology_release",
        ]  # fmt: skip
        data = MultiValueDict({**{key: rows.data.getlist(key) for key in rows.data}, "has": ["compliance"]})
        again = form_of(CONDITIONS, owner, {**records.empty(), "compliance": stored}, data)
        assert again.values()["compliance"] == stored
        ce = next(row.prefix for row in rows.forms if row.kind_code == "ce")
        data[f"{ce}-state"] = "requested"
        again = form_of(CONDITIONS, owner, {**records.empty(), "compliance": stored}, data)
        assert [row["kind"] for row in again.values()["compliance"]] == ["nen_7510", "ce"]

    def test_time_is_worked_out_beside_the_figure(self, owner):
        record = {**records.empty(), "fte_figures": [{**FTE, "minutes_after": "4"}]}
        row = form_of(BENEFITS, owner, record).elements["fte_figures"].forms[0]
        assert row.worked_out == "9 → 4 minuten × 42.000 gevallen = 3.500 uur = 2,26 fte" or (
            "42.000" in row.worked_out and "3.500" in row.worked_out and "2,26" in row.worked_out
        )
        empty = form_of(BENEFITS, owner, records.empty()).elements["fte_figures"].rows.add()
        assert empty.worked_out == ""

    def test_validated_figures_are_shown_to_the_team_and_open_to_a_manager(self, hospital, owner):
        one = innovations.innovation(hospital, owner=owner)
        record = {
            **record_of(one),
            "benefits": [{**BENEFIT, "validated": "18"}],
            "fte_figures": [{**FTE, "measure": "validated"}],
        }
        team = form_of(BENEFITS, owner, record, innovation=one).elements
        assert team["benefits"].forms[0].fields["validated"].widget.attrs["readonly"]
        assert not team["benefits"].forms[0].removable
        assert team["fte_figures"].forms[0].locked
        assert "validated" not in [
            code for code, _label in team["fte_figures"].rows.blank["measure"].field.widget.choices
        ]
        manager = form_of(BENEFITS, innovations.manager(hospital), record, innovation=one).elements
        assert "readonly" not in manager["benefits"].forms[0].fields["validated"].widget.attrs
        assert not manager["fte_figures"].forms[0].locked
        assert manager["benefits"].forms[0].removable


class TestAsking:
    def shown(self, innovation, step: str, user) -> dict[str, tuple[bool, bool | None]]:
        """By field whether it is folded, and whether the next gate finds it given."""
        record = record_of(innovation)
        asking = Asking(innovation, record)
        form = form_of(step, user, record, innovation=innovation)
        sections = form.sections(innovation, later=asking.later, marks=asking.marks)
        blocks = [block for section in sections for block in section.blocks]
        return {
            element.name: (bool(block.folded), element.mark and element.mark.given)
            for block in blocks
            for element in block.elements
        }

    def test_later_gates_ask_later_and_their_fields_are_folded(self, owner, hospital):
        one = innovations.innovation(hospital, owner=owner)
        assert self.shown(one, IDEA, owner)["title_nl"] == (False, True)
        assert self.shown(one, STRATEGY, owner)["goals"] == (True, None)
        assert self.shown(one, STRATEGY, owner)["needs"] == (False, None)

    def test_the_next_gate_marks_what_it_asks_for(self, owner, hospital):
        one = innovations.published(hospital, owner=owner, stage="exploration", goals=[])
        assert self.shown(one, STRATEGY, owner)["goals"] == (False, False)
        assert self.shown(one, STRATEGY, owner)["roadmap_line"] == (True, None)

    def test_what_is_filled_in_is_not_folded(self, owner, hospital):
        one = innovations.innovation(hospital, owner=owner, goals=[innovations.goal().key])
        assert self.shown(one, STRATEGY, owner)["goals"] == (False, None)

    def test_missing_things_lead_to_their_fields(self, owner, hospital):
        one = innovations.innovation(hospital, owner=owner, pillar="", units=[])
        asking = Asking(one, record_of(one))
        (part,) = asking.parts
        assert [line.url.rpartition("#")[2] for line in part.lines] == ["field-units", "field-pillar"]

    def test_every_item_of_a_gate_has_its_place(self):
        for item in gates.ITEMS:
            assert item.step == gates.ASSESSMENTS or item.fields
            assert {FIELDS[name].step for name in item.fields} <= {item.step}
        assert set(first_gates()) <= set(FIELDS)
