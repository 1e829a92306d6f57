"""Programmes over REST: everybody sees them, what hangs on them only as far as the person may know of it."""

import pytest

from academy.strategy.models import Challenge
from tests import factories as f
from tests.api.asking import BASE, Program, of
from tests.factories import innovations, strategy, studies

pytestmark = pytest.mark.django_db


@pytest.fixture
def mst():
    return f.organisation("mst")


def linked(programme, program=None) -> dict:
    body = (program or Program()).get(f"{BASE}programmes/{programme.number}/").json()
    return {kind: body[kind] for kind in ("courses", "courses_through_innovations", "studies", "innovations")}


def numbers(address: str) -> list[str]:
    answer = Program().get(f"{BASE}programmes/{address}")
    assert answer.status_code == 200, answer.content
    return [record["number"] for record in answer.json()["results"]]


def test_a_programme(mst):
    h1, h3_5, *_others = innovations.horizons()
    made = strategy.programme(
        mst,
        key="digital",
        number="P-01",
        title_nl="Digitaal ziekenhuis",
        title_en="Digital hospital",
        summary_nl="Eén voordeur.",
        body_nl="Een.\n\nTwee.",
        location="Hengelo",
        pillar=innovations.pillar(3),
        horizon_from=h1,
        horizon_to=h3_5,
        lead=f.person(given_name="Iris", family_name="Bannenberg"),
        contact_email="digitaal@example.nl",
    )
    made.other_pillars.add(innovations.pillar(1))
    made.goals.add(innovations.goal("g2"))
    made.challenges.add(Challenge.objects.create(key="people", name_nl="Te weinig mensen"))
    made.roadmap_lines.add(strategy.line(key="rl_03"))
    milestone = strategy.milestone(made, planned=-20, title_nl="Vragenlijsten")
    assert Program(language="en").get(f"{BASE}programmes/P-01/").json() == {
        "number": "P-01",
        "key": "digital",
        "url": made.get_absolute_url().replace("/nl/programmas/", "/en/programmes/").replace("/nl/", "/en/"),
        "type": "programme",
        "title_nl": "Digitaal ziekenhuis",
        "title_en": "Digital hospital",
        "summary_nl": "Eén voordeur.",
        "summary_en": "",
        "text_nl": "Een.\n\nTwee.",
        "text_en": "",
        "location": "Hengelo",
        "organisations": ["mst"],
        "pillar": "p3",
        "other_pillars": ["p1"],
        "horizon_from": "h1",
        "horizon_to": "h3_5",
        "roadmap_lines": ["rl_03"],
        "goals": ["g2"],
        "challenges": ["people"],
        "lead": "Iris Bannenberg",
        "contact_email": "digitaal@example.nl",
        "milestones": [
            {
                "title_nl": "Vragenlijsten",
                "title_en": "",
                "planned_on": f"{milestone.planned_on}",
                "actual_on": None,
                "progress": "overdue",
                "days_late": 20,
            }
        ],
        "courses": [],
        "courses_through_innovations": [],
        "studies": [],
        "innovations": [],
    }


def test_one_that_is_not_there():
    assert Program().get(f"{BASE}programmes/P-99/").status_code == 404


def test_what_hangs_on_it_goes_by_who_asks(mst):
    made = strategy.programme(mst, key="digital")
    f.course(code="OPEN-01", programmes=[made])
    f.course(code="OWN-01", programmes=[made], visibility="members")
    f.course(code="DRAFT-01", programmes=[made], live=False)
    by_open, by_hidden = f.course(code="BY-OPEN"), f.course(code="BY-HIDDEN")
    seen = innovations.published(mst, programmes=["digital"], courses=[by_open.code, "OPEN-01"])
    team = innovations.published(mst, programmes=["digital"], courses=[by_hidden.code], visibility="team")
    innovations.innovation(mst, programmes=["digital"], courses=[by_hidden.code])
    study = studies.published(mst, programmes=["digital"])
    inside = studies.published(mst, programmes=["digital"], visibility="members")
    studies.published(mst, programmes=["digital"], group_visibility={"identity": "team"})
    studies.study(mst, programmes=["digital"])
    everybody = {
        "courses": ["OPEN-01"],
        "courses_through_innovations": ["BY-OPEN"],
        "studies": [study.number],
        "innovations": [seen.number],
    }
    assert linked(made) == everybody
    member = of(f.member(mst))
    members = {"courses": ["OPEN-01", "OWN-01"], "studies": [inside.number, study.number]}
    assert linked(made, member) == {**everybody, **members}
    manager = of(innovations.manager(mst))
    assert linked(made, manager) == {
        **everybody,
        **members,
        "courses_through_innovations": ["BY-HIDDEN", "BY-OPEN"],
        "innovations": [seen.number, team.number],
    }


def test_filters(mst):
    h1, h3_5, h10, h20 = innovations.horizons()
    zgt = f.organisation("zgt")
    goal = innovations.goal("g2")
    first = strategy.programme(mst, number="P-01", pillar=innovations.pillar(1), horizon_from=h1, horizon_to=h10)
    second = strategy.programme(zgt, number="P-02", pillar=innovations.pillar(2), horizon_from=h10)
    strategy.programme(number="P-03")
    second.other_pillars.add(innovations.pillar(1))
    second.goals.add(goal)
    line = strategy.line()
    first.roadmap_lines.add(line)
    assert numbers("") == ["P-01", "P-02", "P-03"]
    assert numbers("?organisation=mst&organisation=zgt") == ["P-01", "P-02"]
    assert numbers("?pillar=p1") == ["P-01", "P-02"]
    assert numbers("?pillar=p1&organisation=zgt") == ["P-02"]
    assert numbers(f"?horizon={h3_5.key}") == ["P-01"]
    assert numbers(f"?horizon={h10.key}") == ["P-01", "P-02"]
    assert numbers(f"?horizon={h20.key}") == numbers("?horizon=nonsense") == []
    assert numbers("?goal=g2") == ["P-02"]
    assert numbers(f"?roadmap_line={line.key}") == ["P-01"]
    assert numbers("?challenge=people") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow(client, mst, django_assert_num_queries, rows):
    reader = f.member(mst)
    for n in range(rows):
        made = strategy.programme(mst, key=f"p{n}")
        strategy.milestone(made, planned=10)
        f.course(programmes=[made])
        innovations.published(mst, programmes=[made.key], courses=[f.course().code])
        studies.published(mst, programmes=[made.key])
    client.force_login(reader)
    client.get(f"{BASE}programmes/")
    with django_assert_num_queries(QUERIES):
        found = client.get(f"{BASE}programmes/").json()["results"]
    assert len(found) == rows
    assert all(len(record["innovations"]) == len(record["courses"]) == 1 for record in found)


QUERIES = 18
