"""Innovations over REST: who sees what, filters and totals, changes and conflicts, gates, and odd requests."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from academy.accounts.models import Role
from academy.core import clock
from research.innovations import permissions, portfolio
from research.innovations.filtering import Filter
from research.innovations.models import Condition, Decision, Document, Innovation
from research.innovations.record import FIELDS
from research.innovations.services import assessing, publishing, saving
from research.innovations.states import Outcome, PublicationState, Result, Stage
from search import engines, facade
from search.contract import SearchQuery
from tests import factories as f
from tests.api.asking import BASE, Program, is_refusal, of
from tests.factories import innovations, people, studies

pytestmark = pytest.mark.django_db
INNOVATIONS = f"{BASE}innovations/"
PUBLIC, MEMBERS, TEAM = "public", "members", "team"
ASSESSED = {"trl", "value_score", "complexity", "device", "ai"}
STANDING = {"stage", "stage_since", "days_in_stage", "outcome", "outcome_since", "wake_up_on"}
HEAD = {
    *("number", "url", "version", "publication_state", "created_at", "changed_at", "published_at", "permissions"),
    *("outcome_reason_nl", "outcome_reason_en", "decisions", "assessments"),
    *ASSESSED,
    *STANDING,
}


@pytest.fixture
def mst():
    return people.organisation("mst")


@pytest.fixture
def zgt():
    return people.organisation("zgt")


def at(innovation, rest=""):
    return f"{INNOVATIONS}{innovation.number}/{rest}"


def seen(program, innovation):
    answer = program.get(at(innovation))
    assert answer.status_code == 200, answer.content
    return answer.json()


def changed(program, innovation, **body):
    return program.patch(at(innovation), json.dumps(body), content_type="application/json")


def numbers(query="", program=None):
    answer = (program or Program()).get(INNOVATIONS + query)
    assert answer.status_code == 200, answer.content
    return {row["number"] for row in answer.json()["results"]}


def do(program, innovation, rest, body=None, expected=200):
    answer = program.send(at(innovation, rest), body)
    assert answer.status_code == expected, answer.content
    return answer.json()


def today(days=0):
    return f"{clock.today() + timedelta(days=days)}"


# Reading --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(mst, zgt):
    """Somebody of every kind, by name; the innovation is of mst and zgt."""
    owner, colleague = people.member(mst), people.member(zgt)
    team = [{"person": colleague.pk, "function": "onderzoeker"}]
    other = people.organisation("umc")
    one = innovations.published(mst, zgt, owner=owner, team=team, days=12)
    return one, {
        "stranger": None,
        "manager elsewhere": innovations.manager(other),
        "member": people.member(zgt),
        "owner": owner,
        "team": colleague,
        "manager": innovations.manager(zgt),
        "auditor": people.member(other, role=Role.AUDITOR),
    }


def test_an_innovation_as_everybody_sees_it(cast):
    one, everybody = cast
    innovations.decided(one, rationale_nl="Goed idee")
    found = seen(Program(language="en"), one)
    assert found["number"] == one.number
    assert found["url"] == f"/en/innovations/{one.number}/"
    assert (found["title_nl"], found["stage"], found["outcome"]) == (one.title_nl, "exploration", "active")
    assert found["owner_name"] == everybody["owner"].full_name
    assert not {"owner", "sponsor", "team", "money", "compliance", "visibility"} & set(found)
    assert found["permissions"] == []
    (decision,) = found["decisions"]
    assert (decision["gate"], decision["result"], decision["rationale_nl"]) == ("exploration", "go", "Goed idee")
    assert not {"missing", "evidence_version"} & set(decision)
    near = seen(of(everybody["manager"]), one)
    assert near["decisions"][0]["missing"] == []
    assert near["team"] == [
        {"person": everybody["team"].pk, "function": "onderzoeker", "name": everybody["team"].full_name}
    ]
    assert near["owner"] == everybody["owner"].pk


@pytest.mark.parametrize("state", [PublicationState.PUBLISHED, PublicationState.DRAFT])
@pytest.mark.parametrize("visibility", [PUBLIC, MEMBERS, TEAM])
def test_everybody_sees_the_groups_of_their_level(cast, visibility, state):
    one, everybody = cast
    Innovation.objects.update(visibility=visibility, publication_state=state)
    one.refresh_from_db()
    for name, person in everybody.items():
        program, user = of(person) if person else Program(), person or AnonymousUser()
        if not permissions.may_know(user, one):
            is_refusal(program.get(at(one)), 404, "unknown")
            assert numbers("", program) == set(), name
            continue
        level = permissions.level_of(user, one)
        groups = permissions.groups_for(one, level)
        expected = HEAD | {"owner_name", "sponsor_name"} | {n for n, entry in FIELDS.items() if entry.group in groups}
        assert set(seen(program, one)) == expected - (set() if level == TEAM else {"owner", "sponsor"}), name
        assert numbers("", program) == ({one.number} if state == PublicationState.PUBLISHED else set()), name


def test_only_what_the_reader_may_know_of_is_linked(mst, zgt):
    hidden, shown = studies.published(mst, visibility=TEAM), studies.published(mst)
    secret, course = f.course(visibility="members", owners=[zgt]), f.course()
    owner = people.member(mst)
    one = innovations.published(
        mst,
        owner=owner,
        studies=[hidden.number, shown.number],
        courses=[secret.code, course.code],
        evidence_study=hidden.number,
    )
    for program in (Program(), of(owner)):
        found = seen(program, one)
        assert (found["studies"], found["courses"]) == ([shown.number], [course.code])
        assert found["evidence_study"] == ""
        assert hidden.number not in json.dumps(found)
        assert secret.code not in json.dumps(found)
    found = seen(of(owner), one)
    answer = changed(of(owner), one, version=1, **{name: found[name] for name in ("studies", "courses")}, title_nl="X")
    assert answer.status_code == 200, answer.content
    changed(of(owner), one, version=2, courses=[], evidence_study="")
    fresh = Innovation.objects.get(pk=one.pk)
    assert {study.pk for study in fresh.studies.all()} == {hidden.pk, shown.pk}
    assert [course.code for course in fresh.courses.all()] == [secret.code]
    assert fresh.evidence_study == hidden


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(django_assert_num_queries, mst, zgt, rows):
    viewer = of(innovations.manager(zgt))
    for _n in range(rows):
        one = innovations.published(
            mst,
            zgt,
            sponsor=people.member(mst).pk,
            team=[{"person": people.member(zgt).pk, "function": ""} for _m in range(rows)],
            studies=[studies.published(mst).number],
            courses=[f.course().code],
            benefits=[{"category": "cost", "kpi_nl": "x", "owner": people.member(mst).pk}],
            money=[{"year": 2026, "funder": "zgt"}],
            fte_figures=[{"measure": "estimate", "minutes_before": 9, "minutes_after": 5, "cases_per_year": 100}],
        )
        conditions = [{"text_nl": "Eerst dit", "owner": people.member(mst)}]
        innovations.decided(one, Result.GO_WITH_CONDITIONS, conditions=conditions)
        assessing.assess(innovation=one, actor=None, by=people.member(mst), kind="trl", on=clock.today(), code="3")
    with django_assert_num_queries(26):
        assert len(Program().get(INNOVATIONS).json()["results"]) == rows
    with django_assert_num_queries(26):
        Program().get(at(one))
    viewer.get(INNOVATIONS)  # the token's last use is written once a minute
    with django_assert_num_queries(28):
        assert len(viewer.get(INNOVATIONS).json()["results"]) == rows
    with django_assert_num_queries(28):
        viewer.get(at(one))


def test_pages_by_cursor_hold_each_once_also_when_one_is_added(mst):
    for _n in range(5):
        innovations.published(mst)
    program, found, address = Program(), [], f"{INNOVATIONS}?size=2"
    while address:
        page = program.get(address).json()
        found += [row["number"] for row in page["results"]]
        address = page["next"]
        if len(found) == 2:
            innovations.published(mst)
    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize(
    "number",
    ["I-2026-9999", "I-2026-1", "BLS-01", "a%00b", "I-2026-0001%00", "x" * 5_000, "%F0%9F%92%8A", "I-٢٠٢٦-0001"],
)
def test_unknown_innovations(number, mst):
    innovations.innovation(mst)
    is_refusal(Program().get(f"{INNOVATIONS}{number}/"), 404, "unknown")
    is_refusal(of(people.member(mst)).send(f"{INNOVATIONS}{number}/submit/"), 404, "unknown")


# Filters and totals ---------------------------------------------------------------------------------------------------


@pytest.fixture
def index(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SEARCH_URL = "memory://"
    engines._engine.cache_clear()
    yield
    engines._engine.cache_clear()


CHOICES = {
    "organisation": ["mst", "zgt", "umc"],
    "pillar": ["p3", "p1"],
    "stage": ["idea", "pilot_a"],
    "outcome": ["active", "stopped"],
    "horizon": ["h1", "h3_5", "h10", "h20_30"],
    "goal": ["g1", "g2"],
    "trl": ["3"],
    "ai": ["high", "none"],
    "device": ["mdr_i"],
    "dependency": ["epd", "supplier"],
}


@pytest.fixture
def various(index, mst, zgt):
    """Innovations that differ in every facet, some of which not everybody may know of."""
    umc = people.organisation("umc")
    horizons, goals = innovations.horizons(), [innovations.goal("g1"), innovations.goal("g2", 2)]
    innovations.pillar(1)
    made = []
    for place, visibility in enumerate((PUBLIC, PUBLIC, MEMBERS, TEAM, PUBLIC, MEMBERS, TEAM, PUBLIC)):
        hospitals = ((mst,), (zgt,), (mst, zgt))[place % 3]
        one = innovations.published(
            *hospitals,
            visibility=visibility,
            partners=[umc.key] if place % 2 else [],
            pillar=("p1", "p3")[place % 2],
            stage=(Stage.IDEA, Stage.PILOT_A)[place % 2],
            days=place,
            horizon_from=horizons[place % 2].key,
            horizon_to=horizons[place % 4].key if place % 4 >= place % 2 else "",
            goals=[goals[place % 2].key],
            dependencies=[{"kind": ("epd", "supplier")[place % 2]}] if place % 3 else [],
        )
        Innovation.objects.filter(pk=one.pk).update(
            trl=3 if place % 2 else None, ai=("high", "none", "")[place % 3], device="mdr_i" if place % 3 else ""
        )
        made.append(one)
    innovations.decided(made[1], Result.STOP, lessons_nl="Les")
    innovations.innovation(mst, zgt, goals=["g1"])
    facade.rebuild()
    return made


def test_filters_find_what_the_search_finds(various, mst, zgt):
    auditor = people.member(people.organisation("umc"), role=Role.AUDITOR)
    for person in (None, people.member(zgt), innovations.manager(mst), auditor):
        program = of(person) if person else Program()
        viewer = facade.viewer_for(person or AnonymousUser())
        for name, values in CHOICES.items():
            for chosen in ((values[0],), tuple(values), *((value,) for value in values[1:])):
                query = SearchQuery(types=("innovation",), filters={name: chosen}, size=50)
                expected = {hit.number for hit in facade.search(query, viewer).hits}
                assert numbers("?" + "&".join(f"{name}={v}" for v in chosen), program) == expected, (name, chosen)


def test_words_and_filters_together(various):
    assert numbers("?organisation=zgt&outcome=stopped") == {various[1].number}
    assert numbers("?q=thuismonitoring&outcome=stopped") == {various[1].number}
    assert numbers("?q=bestaatniet") == set()


def test_the_totals_are_those_of_the_portfolio(various, zgt):
    member = people.member(zgt)
    for person, query in ((None, ""), (member, ""), (member, "organisation=zgt&pillar=p1"), (None, "stage=pilot_a")):
        program = of(person) if person else Program()
        found = program.get(f"{INNOVATIONS}totals/?{query}")
        assert found.status_code == 200
        wanted = Filter.of(QueryDict(query))
        expected = portfolio.totals(person or AnonymousUser(), wanted)
        assert found.json() == json.loads(json.dumps(expected, default=str))
        assert found.json()["innovations"] == len(numbers(f"?{query}", program))


@pytest.mark.parametrize("value", ["%00", "a%00b", "%22", "%25", "__", "x" * 4_000, "%F0%9F%92%8A", "[]", "\\"])
def test_hostile_filters(value, mst):
    innovations.published(mst)
    query = "&".join(f"{name}={value}" for name in (*CHOICES, "q", "programme", "specialty", "challenge"))
    for address in (f"?{query}&size=abc", f"?cursor={value}", f"totals/?{query}"):
        assert Program().get(INNOVATIONS + address).status_code in (200, 404), address


# Writing --------------------------------------------------------------------------------------------------------------


def test_putting_in(mst):
    person = people.member(mst)
    answer = of(person).send(INNOVATIONS, innovations.values(mst, title_nl="Via de API"))
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["title_nl"], found["publication_state"], found["version"]) == ("Via de API", "draft", 1)
    assert set(found["permissions"]) == {"edit", "submit", "assess", "meet", "withdraw", "see_team"}
    assert Innovation.objects.get(number=found["number"]).owner == person


def test_who_may_not_put_in(mst):
    is_refusal(of(people.person()).send(INNOVATIONS, {}), 403, "not_allowed")
    is_refusal(of(people.member(mst), "read").send(INNOVATIONS, {}), 403, "not_allowed")
    is_refusal(Program().send(INNOVATIONS, {}), 401, "not_signed_in")
    assert not Innovation.objects.exists()


def test_the_same_key_puts_in_once(mst):
    program = of(people.member(mst))
    answers = [program.send(INNOVATIONS, {"title_nl": "X"}, headers={"Idempotency-Key": "k-1"}) for _turn in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Innovation.objects.count() == 1
    is_refusal(program.send(INNOVATIONS, {"title_nl": "Y"}, headers={"Idempotency-Key": "k-1"}), 422)


@pytest.fixture
def draft(mst, zgt):
    return innovations.innovation(mst, zgt, owner=people.member(mst))


@pytest.fixture
def owner(draft):
    return of(draft.owner)


@pytest.fixture
def manager(mst):
    return of(innovations.manager(mst))


def test_changing(draft, owner):
    found = changed(owner, draft, version=1, title_nl="Nieuw", urgent=True, reason="Beter")
    assert found.status_code == 200, found.content
    body = found.json()
    assert (body["title_nl"], body["urgent"], body["version"]) == ("Nieuw", True, 2)
    assert seen(owner, draft) == body


def test_sending_back_what_was_read_changes_nothing(draft, owner, mst):
    saving.save(
        innovation=draft,
        actor=draft.owner,
        base_version=1,
        values={
            "team": [{"person": people.member(mst).pk, "function": "arts"}],
            "benefits": [{"category": "cost", "kpi_nl": "x", "owner": draft.owner.pk, "estimate": "12.50"}],
            "fte_figures": [{"measure": "estimate", "minutes_before": 9, "minutes_after": 5, "cases_per_year": 100}],
            "dependencies": [{"kind": "supplier", "name": "Bedrijf"}],
            "compliance": [{"kind": "dpia", "state": "requested"}],
        },
    )
    found = seen(owner, draft)
    assert found["fte_figures"][0]["hours_per_year"] == "6.67"
    answer = changed(owner, draft, version=2, **{name: found[name] for name in FIELDS})
    assert answer.status_code == 200, answer.content
    assert answer.json() == found
    assert (found["version"], found["dependencies"][0]["name"]) == (2, "Bedrijf")


def test_a_change_made_from_an_older_version_gives_both_values(draft, owner, manager):
    assert changed(manager, draft, version=1, title_nl="Van hen", urgent=True).status_code == 200
    answer = changed(owner, draft, version=1, title_nl="Van mij", urgent=True, summary_en="Only mine")
    assert answer.status_code == 409
    body = answer.json()
    assert set(body) == {"code", "detail", "version", "fields"}
    assert (body["code"], body["version"]) == ("conflict", 2)
    assert body["fields"]["title_nl"] == {"yours": "Van mij", "theirs": "Van hen"}
    assert set(body["fields"]) == {"title_nl", "summary_en"}
    assert seen(owner, draft)["title_nl"] == "Van hen"
    assert changed(owner, draft, version=2, title_nl="Van mij").json()["title_nl"] == "Van mij"


@pytest.mark.parametrize("version", [None, "", "x", 0, -1, 2, 10**30, 1.5, [1], {"a": 1}, True, "1\x00"])
def test_versions_that_there_are_not(draft, owner, version):
    body = is_refusal(changed(owner, draft, version=version, title_nl="X"), 400, "invalid")
    assert list(body["fields"]) == ["version"]
    is_refusal(changed(owner, draft, title_nl="X"), 400, "invalid")
    assert Innovation.objects.get().version == 1


def test_who_may_not_change(draft, mst):
    published = innovations.published(mst)
    is_refusal(changed(of(people.member(mst)), draft, version=1, title_nl="X"), 404)
    is_refusal(changed(of(people.member(mst)), published, version=1, title_nl="X"), 403)
    is_refusal(changed(Program(), draft, version=1, title_nl="X"), 401)
    is_refusal(changed(of(draft.owner, "read"), draft, version=1, title_nl="X"), 403)
    assert set(Innovation.objects.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize(
    "body",
    [
        {"stage": "in_use"},
        {"outcome": "stopped"},
        {"publication_state": "published"},
        {"number": "I-2026-9999"},
        {"title_nl": ["x"]},
        {"goals": ["nope"]},
        {"team": [{"person": 999999}]},
        {"team": "x"},
        {"benefits": [7]},
        {"owner": "x"},
        {"money": [{"year": 1}]},
        {"visibility": "nobody"},
        {"trl": 9},
    ],
)
def test_what_cannot_be_changed(draft, owner, body):
    answer = is_refusal(changed(owner, draft, version=1, **body), 400)
    assert set(answer["fields"]) == set(body)
    assert Innovation.objects.get().version == 1


@pytest.mark.parametrize("body", ["[]", "7", '"x"', "{", "null", '{"title_nl": "\\u0000"}'])
def test_bodies_without_sense(draft, owner, body):
    assert owner.patch(at(draft), body, content_type="application/json").status_code == 400
    assert owner.post(INNOVATIONS, body, content_type="application/json").status_code in (201, 400)


# The way through the gates --------------------------------------------------------------------------------------------


def test_the_whole_way(draft, owner, manager, mst):
    innovations.body()
    gate = {"body": "body_innovation_board", "due_on": today(14)}
    do(owner, draft, "publish/", expected=403)
    assert do(owner, draft, "submit/", {"seen": 1})["publication_state"] == "submitted"
    is_refusal(owner.send(at(draft, "submit/")), 409)
    assert do(manager, draft, "give-back/", {"reason": "Wie is de eigenaar?"})["publication_state"] == "draft"
    do(owner, draft, "submit/")
    do(manager, draft, "publish/", {"seen": 7}, expected=409)
    assert do(manager, draft, "publish/", {"seen": 1})["publication_state"] == "published"
    do(owner, draft, "gates/", gate, expected=403)
    found = do(manager, draft, "gates/", gate, expected=201)
    assert [(row["gate"], row["result"]) for row in found["decisions"]] == [("exploration", "open")]
    do(manager, draft, "gates/", gate, expected=409)
    decide = f"gates/{found['decisions'][0]['id']}/decide/"
    go = {
        "result": "go_with_conditions",
        "decided_on": today(),
        "rationale_nl": "Ja, mits",
        "conditions": [{"text_nl": "Vraag de cliëntenraad", "owner": draft.owner.pk, "due_on": today(9)}],
    }
    do(owner, draft, decide, go, expected=403)
    do(manager, draft, decide, {**go, "seen": 9}, expected=409)
    do(manager, draft, decide, {**go, "conditions": []}, expected=400)
    do(manager, draft, decide, {**go, "document": 999}, expected=400)
    found = do(manager, draft, decide, {**go, "seen": 1})
    assert (found["stage"], found["decisions"][0]["conditions"][0]["owner_name"]) == (
        "exploration",
        draft.owner.full_name,
    )
    do(manager, draft, decide, go, expected=409)
    meet = f"conditions/{found['decisions'][0]['conditions'][0]['id']}/meet/"
    met = do(owner, draft, meet, {"on": today(), "note": "Gevraagd"})
    assert met["decisions"][0]["conditions"][0]["met_on"] == today()
    do(owner, draft, meet, {"on": today()}, expected=409)
    assert Condition.objects.get().met_note == "Gevraagd"
    assert do(manager, draft, "take-offline/", {"reason": "Fout"})["publication_state"] == "offline"
    is_refusal(Program().get(at(draft)), 404)


def test_assessing(mst, manager):
    one = innovations.published(mst, owner=people.member(mst))
    team = of(one.owner)
    found = do(team, one, "assessments/", {"kind": "trl", "on": today(-1), "code": "4", "note_nl": "Proef"}, 201)
    assert (found["trl"], found["assessments"][0]["by_name"]) == (4, one.owner.full_name)
    do(team, one, "assessments/", {"kind": "ai", "on": today(), "code": "high"}, 403)
    assert do(manager, one, "assessments/", {"kind": "ai", "on": today(), "code": "high"}, 201)["ai"] == "high"
    body = is_refusal(team.send(at(one, "assessments/"), {"kind": "trl", "on": today(), "code": "10"}), 400)
    assert set(body["fields"]) == {"code"}
    names = "condition technology value adopters organisation wider_system embedding_over_time".split()
    domains = {name: {"level": "complex" if name == "value" else "simple"} for name in names}
    assert do(team, one, "assessments/", {"kind": "nasss", "on": today(), "domains": domains}, 201)["complexity"] == 1
    for wrong in ({}, {**domains, "more": {"level": "simple"}}, {"value": {"level": "x"}}):
        do(team, one, "assessments/", {"kind": "nasss", "on": today(), "domains": wrong}, 400)
    do(team, one, "assessments/", {"kind": "nope", "on": today()}, 400)


def test_outcomes_without_a_gate(mst, manager):
    one = innovations.published(mst, owner=people.member(mst), stage=Stage.IMPLEMENTATION)
    wait = {"outcome": "on_hold", "wake_up_on": today(30), "reason_nl": "Wacht op het EPD"}
    do(of(one.owner), one, "outcome/", wait, 403)
    do(manager, one, "outcome/", {**wait, "wake_up_on": None}, 400)
    do(manager, one, "outcome/", {**wait, "reason_nl": ""}, 400)
    found = do(manager, one, "outcome/", wait)
    assert (found["outcome"], found["wake_up_on"], found["outcome_reason_nl"]) == (
        "on_hold",
        today(30),
        "Wacht op het EPD",
    )
    assert do(manager, one, "outcome/", {"outcome": "active", "reason_nl": "Verder"})["outcome"] == "active"
    do(manager, one, "outcome/", {"outcome": "active", "reason_nl": "Verder"}, 409)
    do(manager, one, "outcome/", {"outcome": "stopped", "reason_nl": "Klaar"}, 400)
    assert do(manager, one, "outcome/", {"outcome": "scaled"})["outcome"] == "scaled"
    two = innovations.published(mst, owner=people.member(mst))
    assert do(of(two.owner), two, "outcome/", {"outcome": "withdrawn", "reason_nl": "Toch niet"})["outcome"] == (
        Outcome.WITHDRAWN
    )


def test_stopping_with_lessons_and_a_document(mst, manager):
    one = innovations.published(mst)
    gate = innovations.gate(one)
    other = innovations.gate(innovations.published(mst))
    letter = Document.objects.create(innovation=one, name="a.pdf", content_type="application/pdf", size=1, sha256="0")
    body = {"result": "stop", "decided_on": today(), "rationale_nl": "Te duur", "document": letter.pk}
    do(manager, one, f"gates/{gate.pk}/decide/", body, 400)
    do(manager, one, f"gates/{other.pk}/decide/", {**body, "lessons_nl": "Les"}, 404)
    do(manager, one, "gates/999999999999999999/decide/", body, 404)
    found = do(manager, one, f"gates/{gate.pk}/decide/", {**body, "lessons_nl": "Les"})
    assert (found["outcome"], found["lessons_nl"], found["version"]) == ("stopped", "Les", 2)
    assert Decision.objects.get(pk=gate.pk).document == letter


@pytest.mark.parametrize(
    ("rest", "body", "wrong"),
    [
        ("gates/", {"body": "nope", "due_on": "2026-12-01"}, {"body"}),
        ("gates/", {"body": "body_innovation_board", "due_on": "soon"}, {"due_on"}),
        ("gates/", {"body": "body_innovation_board", "due_on": "2026-12-01", "owner": 999999}, {"owner"}),
        ("gates/", {"body": "body_innovation_board", "due_on": "2026-12-01", "owner": 10**30}, {"owner"}),
        ("gates/", {}, {"body", "due_on"}),
        ("gates/{gate}/decide/", {"result": "open", "decided_on": "2026-01-01"}, {"result"}),
        ("gates/{gate}/decide/", {"result": "go", "decided_on": "2026-01-01", "conditions": [7]}, {"conditions"}),
        ("gates/{gate}/decide/", {"result": "go", "decided_on": "2026-01-01", "seen": "x"}, {"seen"}),
        ("gates/{gate}/decide/", {"result": "go", "decided_on": "2026-01-01", "back_to": "x"}, {"back_to"}),
        ("outcome/", {"outcome": "x"}, {"outcome"}),
        ("give-back/", {}, {"reason"}),
        ("take-offline/", {"reason": ""}, {"reason"}),
        ("publish/", {"seen": -1}, {"seen"}),
    ],
)
def test_verbs_without_sense(mst, manager, rest, body, wrong):
    one = innovations.published(mst)
    gate = innovations.gate(one) if "{gate}" in rest else None
    innovations.body()
    address = at(one, rest.format(gate=gate and gate.pk))
    assert set(is_refusal(manager.send(address, body), 400)["fields"]) == wrong
    for sent in ("[]", "7", "{", '"x"'):
        assert manager.send(address, sent).status_code == 400


def test_what_one_may_not_know_of_has_no_verbs(mst, zgt):
    hidden = innovations.published(mst, visibility=TEAM)
    gate = innovations.gate(hidden)
    stranger = of(innovations.manager(zgt))
    for rest in ("submit/", "publish/", "give-back/", "take-offline/", "gates/", "assessments/", "outcome/"):
        is_refusal(stranger.send(at(hidden, rest), {"reason": "x"}), 404, "unknown")
    is_refusal(stranger.send(at(hidden, f"gates/{gate.pk}/decide/"), {}), 404, "unknown")
    publishing.take_offline(innovation=hidden, actor=None, reason="Fout")
    is_refusal(of(people.member(mst)).get(at(hidden)), 404, "unknown")
