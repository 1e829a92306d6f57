"""Studies over REST: who sees what, filters, changes and conflicts, the way of a review, and requests without sense."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from academy.accounts.models import Role
from academy.core import clock
from academy.core.errors import InvalidInput
from academy.core.models import Event
from research.studies import permissions
from research.studies.cleaning import clean
from research.studies.findable import FACET_GROUPS
from research.studies.models import Approval, Decision, Remark, Review, Study
from research.studies.record import FIELDS, GROUPS
from research.studies.services import saving
from research.studies.states import PublicationState, ReviewState
from search import engines, facade
from search.contract import SearchQuery
from tests.api.asking import BASE, Program, is_refusal, of
from tests.factories import people, studies

pytestmark = pytest.mark.django_db
STUDIES = f"{BASE}studies/"
HEAD = {"number", "url", "version", "publication_state", "created_at", "changed_at", "published_at", "permissions"}
PUBLIC, MEMBERS, TEAM = "public", "members", "team"


@pytest.fixture
def mst():
    return people.organisation("mst")


@pytest.fixture
def zgt():
    return people.organisation("zgt")


def at(study, rest=""):
    return f"{STUDIES}{study.number}/{rest}"


def seen(program, study):
    answer = program.get(at(study))
    assert answer.status_code == 200, answer.content
    return answer.json()


def changed(program, study, **body):
    return program.patch(at(study), json.dumps(body), content_type="application/json")


def numbers(address, program=None):
    answer = (program or Program()).get(STUDIES + address)
    assert answer.status_code == 200, answer.content
    return {study["number"] for study in answer.json()["results"]}


# Reading --------------------------------------------------------------------------------------------------------------


def test_a_study_as_everybody_sees_it(mst, zgt):
    study = studies.published(mst, zgt, funders=[funder("Fonds", "5000.00")])
    found = seen(Program(language="en"), study)
    assert found["number"] == study.number
    assert found["url"] == f"/en/research/{study.number}/"
    assert found["public_title_nl"] == "Thuis meten bij hartfalen"
    assert found["primary_sponsor"] == {"organisation": "mst", "name": "Ziekenhuis mst", "ror": ""}
    assert found["funders"] == [{"organisation": "", "name": "Fonds", "ror": "", "grant_number": ""}]
    assert found["contributors"][0]["name"] == "Onderzoeker MST"
    assert not {"person", "certificate", "certificate_expires_on"} & set(found["contributors"][0])
    assert found["permissions"] == []
    assert [(review["organisation"], review["state"]) for review in found["reviews"]] == [
        ("mst", "approved"),
        ("zgt", "approved"),
    ]
    assert set(found["reviews"][0]) == {
        "organisation",
        "leading",
        "kind",
        "state",
        "submitted_at",
        "decided_at",
        "approvals",
        "decisions",
        "may_review",
    }


def funder(name, amount=None):
    return {"organisation": "", "name": name, "ror": "", "grant_number": "", "amount_eur": amount}


@pytest.fixture
def cast(mst, zgt):
    """Somebody of every kind, by name; the study is at mst (leading) and zgt."""
    editor = studies.researcher(mst)
    study = studies.published(mst, zgt, editor=editor)
    other = people.organisation("umc")
    return study, {
        "stranger": None,
        "bureau elsewhere": studies.bureau(other),
        "member": people.member(zgt),
        "viewer": studies.viewer(study),
        "editor": editor,
        "bureau": studies.bureau(zgt),
        "auditor": people.member(other, role=Role.AUDITOR),
    }


@pytest.mark.parametrize("state", [PublicationState.PUBLISHED, PublicationState.DRAFT])
@pytest.mark.parametrize("visibility", [PUBLIC, MEMBERS, TEAM])
def test_everybody_sees_the_groups_of_their_level(cast, visibility, state):
    study, everybody = cast
    parts = {group: (PUBLIC, MEMBERS, TEAM)[place % 3] for place, group in enumerate(GROUPS)}
    Study.objects.update(visibility=visibility, group_visibility=parts, publication_state=state)
    study.refresh_from_db()
    for name, person in everybody.items():
        program = of(person) if person else Program()
        user = person or AnonymousUser()
        if not permissions.may_know(user, study):
            is_refusal(program.get(at(study)), 404, "unknown")
            assert numbers("", program) == set(), name
            continue
        groups = permissions.groups_for(study, permissions.level_of(user, study))
        expected = HEAD | {field for field, entry in FIELDS.items() if entry.group in groups}
        found = seen(program, study)
        assert set(found) - {"reviews", "waiting"} == expected, name
        assert ("reviews" in found) == ("sites" in groups), name
        assert numbers("", program) == {study.number}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(django_assert_num_queries, mst, zgt, rows):
    for _n in range(rows):
        study = studies.published(mst, zgt, funders=[funder(str(n)) for n in range(rows)])
        Review.objects.filter(site__study=study).update(state=ReviewState.RETURNED)
        for review in Review.objects.filter(site__study=study):
            Approval.objects.create(review=review, kind="bureau", body_nl="Bureau")
            Remark.objects.create(review=review, text="Waarom?")
    viewer = of(studies.bureau(zgt))
    with django_assert_num_queries(12):
        assert len(Program().get(STUDIES).json()["results"]) == rows
    with django_assert_num_queries(12):
        Program().get(at(study))
    viewer.get(STUDIES)  # the token's last use is written once a minute
    with django_assert_num_queries(14):
        assert len(viewer.get(STUDIES).json()["results"]) == rows
    with django_assert_num_queries(14):
        viewer.get(at(study))


def test_pages_by_cursor_hold_every_study_once_also_when_one_is_added(mst):
    for _n in range(5):
        studies.published(mst)
    program, found, address = Program(), [], f"{STUDIES}?size=2"
    while address:
        page = program.get(address).json()
        found += [study["number"] for study in page["results"]]
        address = page["next"]
        if len(found) == 2:
            studies.published(mst)
    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize(
    "number",
    ["S-2026-9999", "S-2026-1", "BLS-01", "a%00b", "S-2026-0001%00", "x" * 5_000, "%F0%9F%92%8A", "S-٢٠٢٦-0001"],
)
def test_unknown_studies(number, mst):
    studies.study(mst)
    is_refusal(Program().get(f"{STUDIES}{number}/"), 404, "unknown")
    is_refusal(of(people.member(mst)).send(f"{STUDIES}{number}/submit/"), 404, "unknown")


# Filters --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def index(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SEARCH_URL = "memory://"
    engines._engine.cache_clear()
    yield
    engines._engine.cache_clear()


CHOICES = {
    "status": ["RECRUITING", "NOT_YET_RECRUITING"],
    "study_type": ["INTERVENTIONAL", "OBSERVATIONAL"],
    "phase": ["PHASE1", "PHASE2", "NA", "PHASE"],
    "regime": ["wmo", "nwmo"],
    "condition": ["heart failure", "crohn’s disease", "ménière", "disease"],
    "year": ["2027", "2019", "20", "x"],
    "organisation": ["mst", "zgt"],
    "specialty": ["cardiology"],
    "care_domain": ["clinic"],
    "programme": ["digital"],
    "language": ["nl", "en", "de"],
}


@pytest.fixture
def various(index, mst, zgt):
    """Studies that differ in every facet, some of which hide groups from some."""
    from academy.strategy.models import Programme
    from academy.taxonomy.models import CareDomain, Specialty

    Specialty.objects.create(key="cardiology", name_nl="Cardiologie")
    CareDomain.objects.create(key="clinic", name_nl="Kliniek")
    Programme.objects.create(key="digital", number="P-1", title_nl="Digitaal", type="x")
    terms = {"specialty": "cardiology", "care_domain": "clinic", "programmes": ["digital"]}
    names = {"code_system": "", "code": ""}
    crohn = [{**names, "name_nl": "", "name_en": "Crohn’s  Disease"}, {**names, "name_nl": "Ménière", "name_en": ""}]
    every = [
        studies.published(mst, zgt, **terms),
        studies.published(zgt, phases=["PHASE1", "PHASE2"], conditions=crohn, recruitment_status="RECRUITING", **terms),
        studies.published(mst, study_type="OBSERVATIONAL", first_enrolment="2019-01", public_title_en="", **terms),
        studies.study(mst, zgt, legal_regime="nwmo", medical_scientific_research=False, **terms),
    ]
    hidden = [studies.published(mst, zgt, **terms) for _n in range(6)]
    day = clock.today() + timedelta(days=9)
    for place, study in enumerate(hidden):
        parts = {group: (PUBLIC, MEMBERS, TEAM)[(place + n) % 3] for n, group in enumerate(sorted(set(GROUPS)))}
        visibility = (PUBLIC, MEMBERS, TEAM)[place % 3]
        Study.objects.filter(pk=study.pk).update(
            group_visibility=parts, visibility=visibility, embargo_until=day if place % 2 else None
        )
    return every + hidden


@pytest.mark.parametrize("days", [0, 9], ids=["during the embargo", "after it"])
def test_filters_find_what_the_search_finds(various, mst, zgt, days):
    whom = [None, people.member(zgt), studies.bureau(mst), people.member(people.organisation("umc"), role=Role.AUDITOR)]
    secrets = [of(person) if person else Program() for person in whom]
    with clock.at(clock.start_of(clock.today() + timedelta(days=days)) + timedelta(hours=12)):
        facade.rebuild()
        for person, program in zip(whom, secrets, strict=True):
            viewer = facade.viewer_for(person or AnonymousUser())
            for name, values in CHOICES.items():
                for chosen in ((values[0],), tuple(values), *((value,) for value in values[1:])):
                    query = SearchQuery(types=("study",), filters={name: chosen}, size=50)
                    expected = {hit.number for hit in facade.search(query, viewer).hits}
                    assert numbers("?" + "&".join(f"{name}={v}" for v in chosen), program) == expected, (name, chosen)
        assert set(CHOICES) == set(FACET_GROUPS)


def test_filters_together(various):
    assert numbers("?organisation=zgt&phase=PHASE1") == {various[1].number}
    assert numbers("?organisation=zgt&phase=PHASE3") == set()


@pytest.mark.parametrize("value", ["%00", "a%00b", "%22", "%25", "__", "x" * 4_000, "%F0%9F%92%8A", "[]", "\\"])
def test_hostile_filters(value, mst):
    studies.published(mst)
    query = "&".join(f"{name}={value}" for name in CHOICES)
    assert numbers(f"?{query}&size=abc") == set()
    for name in CHOICES:
        assert Program().get(f"{STUDIES}?{name}={value}").status_code == 200


# Writing --------------------------------------------------------------------------------------------------------------


def test_registering(mst):
    person = studies.researcher(mst)
    answer = of(person).send(STUDIES, studies.values(mst, acronym="API"))
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["acronym"], found["publication_state"], found["version"]) == ("API", "draft", 1)
    assert set(found["permissions"]) == {"edit", "submit", "invite", "see_team"}
    study = Study.objects.get(number=found["number"])
    assert (study.created_by, study.access.get().level) == (person, "editor")


def test_registering_nothing_yet(mst):
    answer = of(studies.researcher(mst)).send(STUDIES, {})
    assert answer.status_code == 201
    assert answer.json()["recruitment_status"] == "NOT_YET_RECRUITING"


def test_who_may_not_register(mst):
    is_refusal(of(people.member(mst)).send(STUDIES, {}), 403, "not_allowed")
    is_refusal(of(studies.researcher(mst), "read").send(STUDIES, {}), 403, "not_allowed")
    is_refusal(Program().send(STUDIES, {}), 401, "not_signed_in")
    assert not Study.objects.exists()


def test_the_same_key_registers_once(mst):
    program = of(studies.researcher(mst))
    answers = [program.send(STUDIES, {"acronym": "X"}, headers={"Idempotency-Key": "k-1"}) for _turn in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Study.objects.count() == 1
    is_refusal(program.send(STUDIES, {"acronym": "Y"}, headers={"Idempotency-Key": "k-1"}), 422)


@pytest.fixture
def draft(mst, zgt):
    return studies.study(mst, zgt, editor=studies.researcher(mst))


@pytest.fixture
def editor(draft):
    return of(draft.created_by)


def test_changing(draft, editor):
    found = changed(editor, draft, version=draft.version, acronym="NIEUW", keywords=["a"], reason="Beter")
    assert found.status_code == 200, found.content
    body = found.json()
    assert (body["acronym"], body["keywords"], body["version"]) == ("NIEUW", ["a"], draft.version + 1)
    assert seen(editor, draft) == body


def test_sending_back_what_was_read_changes_nothing(draft, editor):
    person = people.person()
    linked = {**studies.values(*_hospitals(draft))["contributors"][0], "person": person.pk, "name": ""}
    saving.save(
        study=draft, actor=draft.created_by, base_version=1,
        values={"contributors": [linked], "funders": [funder("Fonds", "12.50")]},
    )  # fmt: skip
    found = seen(editor, draft)
    assert found["contributors"][0]["name"] == person.full_name
    body = {name: found[name] for name in FIELDS}
    answer = changed(editor, draft, version=found["version"], **body)
    assert answer.status_code == 200, answer.content
    assert answer.json() == found
    more = [*found["contributors"], {"name": "Nieuw", "role": "statistician"}]
    answer = changed(editor, draft, version=found["version"], contributors=more)
    assert [row.name for row in Study.objects.get(pk=draft.pk).contributors.all()] == ["", "Nieuw"]
    assert answer.json()["version"] == found["version"] + 1


def _hospitals(study):
    return [site.organisation for site in study.sites.all()]


def test_a_change_made_from_an_older_version_gives_both_values(draft, editor):
    other = studies.viewer(draft, "editor")
    assert changed(of(other), draft, version=1, acronym="THEIRS", keywords=["same"]).status_code == 200
    answer = changed(editor, draft, version=1, acronym="MINE", keywords=["same"], public_title_en="Only mine")
    assert answer.status_code == 409
    body = answer.json()
    assert set(body) == {"code", "detail", "version", "fields"}
    assert (body["code"], body["version"]) == ("conflict", 2)
    assert body["fields"] == {
        "acronym": {"yours": "MINE", "theirs": "THEIRS"},
        "public_title_en": {"yours": "Only mine", "theirs": "Measuring at home with heart failure"},
    }
    assert seen(editor, draft)["acronym"] == "THEIRS"
    assert changed(editor, draft, version=2, acronym="MINE").json()["acronym"] == "MINE"


@pytest.mark.parametrize("version", [None, "", "x", 0, -1, 2, 10**30, 1.5, [1], {"a": 1}, True, "1\x00"])
def test_versions_that_there_are_not(draft, editor, version):
    body = is_refusal(changed(editor, draft, version=version, acronym="X"), 400, "invalid")
    assert list(body["fields"]) == ["version"]
    is_refusal(changed(editor, draft, acronym="X"), 400, "invalid")
    assert Study.objects.get().acronym == "HARTTHUIS"


def test_a_change_of_a_published_study_waits_for_the_bureau(mst):
    person = studies.researcher(mst)
    study = studies.published(mst, editor=person)
    answer = changed(of(person), study, version=study.version, acronym="NIEUW", sample_size_actual=7).json()
    assert (answer["acronym"], answer["sample_size_actual"]) == ("NIEUW", 7)
    assert answer["waiting"] == {"acronym": "HARTTHUIS"}
    public = seen(Program(), study)
    assert (public["acronym"], public["sample_size_actual"], "waiting" in public) == ("HARTTHUIS", 7, False)
    bureau = of(studies.bureau(mst))
    is_refusal(bureau.send(at(study, "publish-changes/"), {"fields": ["keywords"]}), 409, "no_such_step")
    assert bureau.send(at(study, "publish-changes/"), {"fields": ["acronym"]}).status_code == 200
    assert seen(Program(), study)["acronym"] == "NIEUW"
    changed(of(person), study, version=answer["version"] + 1, acronym="WEER ANDERS")
    is_refusal(of(person).send(at(study, "refuse-changes/"), {"reason": "Nee"}), 403, "not_allowed")
    assert bureau.send(at(study, "refuse-changes/"), {"reason": "Nee"}).status_code == 200
    assert seen(of(person), study)["acronym"] == "NIEUW"


def test_who_may_not_change(draft, zgt):
    viewer, stranger, bureau = studies.viewer(draft), people.member(zgt), studies.bureau(zgt)
    for person, status in ((viewer, 403), (bureau, 403), (stranger, 404)):
        is_refusal(changed(of(person), draft, version=1, acronym="X"), status)
    is_refusal(changed(Program(), draft, version=1, acronym="X"), 401)
    is_refusal(changed(of(draft.created_by, "read"), draft, version=1, acronym="X"), 403)
    assert Study.objects.get().version == 1


# The way of a review --------------------------------------------------------------------------------------------------


def test_the_whole_way(draft, editor, mst, zgt):
    bureaus = {"mst": of(studies.bureau(mst)), "zgt": of(studies.bureau(zgt))}

    def do(program, rest, body=None, expected=200):
        answer = program.send(at(draft, rest), body)
        assert answer.status_code == expected, answer.content
        return answer.json()

    def states(body):
        return {review["organisation"]: review["state"] for review in body["reviews"]}

    assert states(do(editor, "submit/")) == {"mst": "submitted", "zgt": "submitted"}
    do(editor, "submit/", expected=409)
    do(editor, "reviews/mst/take-up/", expected=403)
    do(bureaus["zgt"], "reviews/mst/take-up/", expected=403)
    do(bureaus["mst"], "reviews/umc/take-up/", expected=404)
    remark = {"field": "acronym", "text": "Te kort"}
    back = do(bureaus["mst"], "reviews/mst/return/", {"remarks": [remark, {"text": "Algemeen"}]})
    assert states(back) == {"mst": "returned", "zgt": "submitted"}
    do(editor, "submit/", expected=400)
    for row in seen(editor, draft)["reviews"][0]["remarks"]:
        answered = do(editor, f"remarks/{row['id']}/answer/", {"text": "Langer gemaakt"})
    assert [row["answer"] for row in answered["reviews"][0]["remarks"]] == ["Langer gemaakt"] * 2
    assert states(do(editor, "submit/", {"sites": ["mst"]})) == {"mst": "submitted", "zgt": "submitted"}
    do(bureaus["mst"], "publish/", expected=409)
    for hospital, program in bureaus.items():
        taken = do(program, f"reviews/{hospital}/take-up/")
        (review,) = [row for row in taken["reviews"] if row["organisation"] == hospital]
        assert review["may_review"]
        do(program, f"reviews/{hospital}/decide/", {"outcome": "approved"}, expected=409)
        for approval in review["approvals"]:
            said = {"state": "approved_with_conditions", "conditions_en": "Mind the gap", "valid_until": "2099-01-01"}
            do(program, f"reviews/{hospital}/approvals/{approval['id']}/", said)
            do(program, f"reviews/{hospital}/approvals/{approval['id']}/conditions-met/")
            do(program, f"reviews/{hospital}/approvals/{approval['id']}/conditions-met/", expected=409)
        do(program, f"reviews/{hospital}/decide/", {"outcome": "rejected"}, expected=400)
        decided = do(program, f"reviews/{hospital}/decide/", {"outcome": "approved", "decided_on": f"{clock.today()}"})
        do(program, f"reviews/{hospital}/decide/", {"outcome": "approved"}, expected=409)
    assert states(decided) == {"mst": "approved", "zgt": "approved"}
    assert Decision.objects.count() == 2
    do(bureaus["zgt"], "publish/", expected=403)
    assert do(bureaus["mst"], "publish/")["publication_state"] == "published"
    public = seen(Program(), draft)
    assert [approval["state"] for approval in public["reviews"][0]["approvals"]] == ["approved_with_conditions"]
    assert "Mind the gap" not in json.dumps(public)
    assert do(bureaus["mst"], "unpublish/", {"reason": "Fout"})["publication_state"] == "withdrawn"
    is_refusal(Program().get(at(draft)), 404)


def test_remarks_stay_with_the_bureau_until_the_study_goes_back(draft, mst):
    Review.objects.update(state=ReviewState.IN_REVIEW, submitted_at=clock.now() - timedelta(days=2))
    review = Review.objects.get(site__organisation=mst)
    Remark.objects.create(review=review, text="Vroeger", made_at=clock.now() - timedelta(days=3))
    Remark.objects.create(review=review, text="Nieuw")
    told = lambda person: [row["text"] for row in seen(of(person), draft)["reviews"][0]["remarks"]]  # noqa: E731
    assert told(studies.bureau(mst)) == ["Vroeger", "Nieuw"]
    assert told(draft.created_by) == ["Vroeger"]
    Review.objects.update(state=ReviewState.RETURNED)
    assert told(draft.created_by) == ["Vroeger", "Nieuw"]


def test_others_see_that_a_review_is_under_way_and_no_more(mst):
    study = studies.published(mst)
    Review.objects.update(state=ReviewState.RETURNED)
    assert seen(Program(), study)["reviews"][0]["state"] == "in_review"


def test_a_remark_and_an_approval_of_another_study_are_unknown(draft, editor, mst):
    other = studies.study(mst)
    review = Review.objects.get(site__study=other)
    remark = Remark.objects.create(review=review, text="Elders")
    approval = Approval.objects.create(review=review, kind="bureau", body_nl="Bureau")
    is_refusal(editor.send(at(draft, f"remarks/{remark.pk}/answer/"), {"text": "x"}), 404, "unknown")
    bureau = of(studies.bureau(mst))
    is_refusal(bureau.send(at(draft, f"reviews/mst/approvals/{approval.pk}/"), {"state": "approved"}), 404, "unknown")


# What makes no sense --------------------------------------------------------------------------------------------------

LONG, DEEP = "x" * 50_000, "[" * 60_000 + "]" * 60_000
ODD = [
    None, True, 7, -1, 1.5, 10**30, "", "x", "\x00", "a\x00b", "💊", LONG, [], [None], [[[]]], [7], ["x"] * 3, {},
    {"a": 1}, [{}], [{"x": 1}], [{"name": 1}], "NaN", "Infinity", "1e999999", "9999-12-31", "0001-01-01", "2026-13-45",
    "-1", "٣", "9" * 5_000,
]  # fmt: skip
HALF = "\ud800"


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", "7", '"x"', "[[1]]", '{"version": NaN}', b"\xff\xfe", DEEP, "true"]
)
def test_bodies_that_are_no_object(draft, editor, body):
    is_refusal(editor.send(STUDIES, body), 400, "invalid")
    is_refusal(editor.patch(at(draft), body, content_type="application/json"), 400, "invalid")
    Review.objects.update(state=ReviewState.IN_REVIEW)
    bureau = of(studies.bureau(people.organisation("mst")))
    for rest in ("reviews/mst/return/", "reviews/mst/decide/", "unpublish/", "publish-changes/", "submit/"):
        is_refusal(bureau.send(at(draft, rest), body), 400, "invalid")


def test_half_a_character_is_no_text(draft, editor):
    for body in ({"acronym": HALF}, {HALF: 1}, {"sex": HALF}, {"keywords": [HALF]}, {"reason": HALF}):
        is_refusal(changed(editor, draft, version=draft.version, **body), 400, "invalid")
        is_refusal(editor.send(STUDIES, body), 400, "invalid")


@pytest.mark.parametrize("name", FIELDS)
def test_no_value_of_a_field_breaks_the_server(draft, editor, name):
    """What can be stored is sent as well; what cannot is refused at its field, in words."""
    values = [*ODD, *([{**row, key: odd}] for row in [SAMPLES.get(name, {})] for key in row for odd in ODD)]
    kept = 0
    for value in values:
        if not storable(name, value):
            continue
        answer = changed(editor, draft, version=seen_version(draft), **{name: value})
        assert answer.status_code in (200, 400), (value, answer.content)
        kept += answer.status_code == 200
    assert kept
    assert editor.get(at(draft)).status_code == 200


def storable(name, value) -> bool:
    try:
        clean({name: value})
    except InvalidInput as refused:
        assert list(refused.fields) == [name]  # noqa: PT017  what is refused is the point
        return False
    return True


def seen_version(study) -> int:
    return Study.objects.values_list("version", flat=True).get(pk=study.pk)


SAMPLES = {
    "identifiers": {"authority": "abr", "number": "NL12345.044.26"},
    "secondary_sponsors": {"organisation": "mst", "name": "", "ror": ""},
    "funders": {"organisation": "", "name": "F", "ror": "", "grant_number": "", "amount_eur": "1.00"},
    "contributors": {"person": None, "name": "A", "orcid": "", "role": "statistician", "site": "mst", "affiliation": "",
                     "certificate": "", "certificate_expires_on": None},
    "outputs": {"type": "article", "title_nl": "A", "title_en": "", "doi": "", "url": "", "published": ""},
    "sites": {"organisation": "mst", "leading": True, "planned_inclusions": 1, "signatory": ""},
    "conditions": {"code_system": "", "code": "", "name_nl": "A", "name_en": ""},
    "interventions": {"type": "DRUG", "name_nl": "A", "name_en": ""},
    "primary_outcomes": {"measure_nl": "A", "measure_en": "", "time_frame_nl": "", "time_frame_en": ""},
    "locations": {"facility": "A", "city": "", "country": "", "status": ""},
    "contracts": {"kind": "other", "parties": [], "state": "draft", "on": None},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sites", [{"organisation": "mst", "leading": True}, {"organisation": "mst"}]),
        ("sites", [{"organisation": "mst", "leading": True}, {"organisation": "zgt", "leading": True}]),
        ("sites", [{"organisation": "nowhere"}]),
        ("identifiers", [{"authority": "abr", "number": "NL12345.044.26"}] * 2),
        ("programmes", ["x", "x"]),
        ("contributors", [{"person": 2_147_483_647, "name": "A"}]),
        ("unknown", 1),
        ("number", "S-2026-0001"),
        ("publication_state", "published"),
        ("group_visibility", {"identity": "team", "nonsense": "team"}),
        ("group_visibility", {"identity": ["team"]}),
    ],
)
def test_values_that_do_not_go_together(draft, editor, name, value):
    before = seen(editor, draft)
    answer = changed(editor, draft, version=draft.version, **{name: value})
    assert answer.status_code in (200, 400), answer.content
    if answer.status_code == 400:
        assert seen(editor, draft) == before


REMARKS = [[{"field": odd, "text": "x"}] for odd in ODD] + [[{"text": odd}] for odd in ODD]
VERBS = {
    "submit/": {"sites": ODD},
    "unpublish/": {"reason": ODD},
    "refuse-changes/": {"reason": ODD},
    "publish-changes/": {"fields": ODD},
    "reviews/mst/return/": {"remarks": [*ODD, *REMARKS]},
    "reviews/mst/decide/": {"outcome": ODD, "decided_on": ODD, "reason": ODD, "conditions_nl": ODD},
    "reviews/mst/approvals/{approval}/": {"state": ODD, "decided_on": ODD, "valid_until": ODD, "conditions_nl": ODD},
    "reviews/mst/approvals/{approval}/conditions-met/": {"on": ODD},
    "remarks/{remark}/answer/": {"text": ODD},
}
RIGHT = {"outcome": "rejected", "reason": "Nee", "state": "approved_with_conditions", "conditions_nl": "Ja"}
OF_EDITORS = ("submit/", "remarks/{remark}/answer/")


@pytest.mark.parametrize("rest", VERBS)
def test_no_body_of_a_verb_breaks_the_server(draft, editor, mst, rest):
    state = ReviewState.RETURNED if rest in OF_EDITORS else ReviewState.IN_REVIEW
    Review.objects.update(state=state, submitted_at=clock.now())
    review = Review.objects.get(site__organisation=mst)
    approval = Approval.objects.create(review=review, kind="bureau", body_nl="Bureau", state="requested")
    remark = Remark.objects.create(review=review, text="Waarom?")
    address = at(draft, rest.format(approval=approval.pk, remark=remark.pk))
    program = editor if rest in OF_EDITORS else of(studies.bureau(mst))
    for name, values in VERBS[rest].items():
        for value in values:
            answer = program.send(address, {**RIGHT, name: value})
            assert answer.status_code in (200, 400, 409), (name, value, answer.content)
            Review.objects.filter(pk=review.pk).exclude(state=state).update(state=state)


def test_every_change_has_its_event(draft, editor):
    before = Event.objects.count()
    editor.send(at(draft, "submit/"))
    assert Event.objects.count() > before
