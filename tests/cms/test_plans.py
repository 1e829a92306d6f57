"""Pages of programmes, roadmap, goals and documents: what they show to whom, and at what cost."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from academy.cms.plans.chain import said_on
from academy.cms.plans.coverage import coverage
from academy.cms.plans.roadmap import Span, lanes, roadmap
from academy.strategy.models import Challenge, Concern, Document, DocumentVersion, Need, Statement
from research.innovations.filtering import Filter
from research.innovations.models import Innovation
from research.innovations.portfolio import totals
from research.innovations.services import outcomes
from tests import factories as f
from tests.cms.building import signed_in
from tests.factories import innovations, strategy, studies

pytestmark = pytest.mark.django_db
PAGES = ["/en/programmes/", "/en/roadmap/", "/en/goals/", "/en/from-ambition-to-plan/"]
NOBODY = AnonymousUser()


@pytest.fixture
def mst():
    return f.organisation("mst")


def page(client, address) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def section(soup: BeautifulSoup, name: str):
    return soup.find(attrs={"aria-labelledby": name})


def links(part) -> list[str]:
    return [" ".join(link.get_text().split()) for link in part.find_all("a")]


def words(part) -> str:
    return " ".join(part.get_text().split())


def withdrawn(innovation: Innovation) -> Innovation:
    return outcomes.withdraw(innovation=innovation, actor=None, reason_nl="Het werkte niet.")


# All of them ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_without_anything_they_say_so(client, address):
    soup = page(client, address)
    assert len(soup.find_all("h1")) == 1
    assert "yet" in words(soup.main)


@pytest.mark.parametrize("address", PAGES)
def test_they_lie_under_innovation_and_lead_to_each_other(client, address):
    soup = page(client, address)
    current = soup.select_one(".site-nav [aria-current]")
    assert words(current) == "Innovation"
    assert current["href"].startswith("/en/innovations/")
    tabs = soup.select(".tabs a")
    assert [tab["href"] for tab in tabs] == PAGES
    assert [tab["href"] for tab in tabs if tab.get("aria-current")] == [address]
    assert len(soup.select(".site-nav a")) <= 5


def test_the_language_switch_leads_to_the_same_programme(client):
    made = strategy.programme(title_nl="Zorg thuis", title_en="Care at home", body_nl="Tekst.")
    soup = page(client, f"/en/programmes/{made.number}/")
    other = soup.select_one('a[hreflang="nl"]')
    dutch = page(client, other["href"])
    assert (words(soup.h1), words(dutch.h1)) == ("Care at home", "Zorg thuis")
    assert section(soup, "about").select_one(".prose")["lang"] == "nl"
    assert {link["hreflang"] for link in soup.select('link[rel="alternate"]')} == {"nl", "en"}


# The list and the page of a programme ---------------------------------------------------------------------------------


def test_the_list_counts_what_the_reader_finds_behind_each(client, mst):
    made = strategy.programme(mst, key="digital", number="P-01", title_en="Digital hospital", location="Hengelo")
    f.course(programmes=[made])
    innovations.published(mst, programmes=["digital"])
    innovations.published(mst, programmes=["digital"], visibility="team")
    studies.published(mst, programmes=["digital"], visibility="members")

    def counts(of):
        return [span.get_text() for span in page(of, "/en/programmes/").select(".course-card .next span")]

    assert counts(client) == ["1 innovation", "1 course", "0 studies"]
    assert counts(signed_in(f.member(mst))) == ["1 innovation", "1 course", "1 study"]
    assert counts(signed_in(innovations.manager(mst))) == ["2 innovations", "1 course", "1 study"]
    assert "P-01" in words(page(client, "/en/programmes/").select_one(".course-card"))


def test_a_programme_shows_its_facts_text_and_what_it_adds_to(client, mst):
    h1, h3_5, *_others = innovations.horizons()
    made = strategy.programme(
        mst,
        number="P-01",
        title_nl="Digitaal ziekenhuis",
        summary_nl="Eén voordeur.",
        body_nl="Eerste <alinea>.\n\nTweede alinea.",
        location="Hengelo",
        pillar=innovations.pillar(3),
        horizon_from=h1,
        horizon_to=h3_5,
        lead=f.person(given_name="Iris", family_name="Bannenberg"),
        contact_email="digitaal@example.nl",
    )
    made.goals.add(innovations.goal("g2"))
    made.challenges.add(Challenge.objects.create(key="people", name_nl="Te weinig mensen"))
    line = strategy.line(title_nl="Zorg thuis")
    made.roadmap_lines.add(line)
    soup = page(client, made.get_absolute_url())
    assert "P-01" in words(soup.select_one(".kicker"))
    assert [words(paragraph) for paragraph in section(soup, "about").find_all("p")] == [
        "Eerste <alinea>.",
        "Tweede alinea.",
    ]
    aside = words(soup.aside)
    assert all(fact in aside for fact in ("Iris Bannenberg", "MST", "Hengelo", "1 jaar", "3–5 jaar"))
    adds = section(soup, "adds")
    assert {words(link): link["href"].partition("#")[2] for link in adds.find_all("a")} == {
        "Zorg thuis": f"line-{line.key}",
        "Doel g2": "goal-g2",
        "Te weinig mensen": "challenge-people",
    }
    linked = json.loads(soup.find("script", type="application/ld+json").string)
    assert linked["identifier"]["value"] == "P-01"


def test_milestones_tell_planned_and_actual_days_and_what_is_late(client):
    made = strategy.programme()
    strategy.milestone(made, planned=-40, actual=-30, title_en="One number")
    strategy.milestone(made, planned=-5, title_en="Questionnaires")
    strategy.milestone(made, planned=20, title_en="Six paths")
    items = section(page(client, f"/en/programmes/{made.number}/"), "milestones").find_all("li")
    assert [words(item.find("span")) for item in items] == ["Done", "Too late", "Planned"]
    assert "done on" in words(items[0])
    assert "10 days late" in words(items[0])
    assert "5 days late" in words(items[1])
    assert "late" not in words(items[2])


def test_a_programme_without_milestones_says_so(client):
    made = strategy.programme()
    shown = section(page(client, f"/en/programmes/{made.number}/"), "milestones")
    assert "This programme has no milestones yet." in words(shown)


def test_courses_stand_by_how_they_belong_and_only_those_the_reader_may_see(client, mst):
    made = strategy.programme(mst, key="digital")
    f.course(code="OWN-01", programmes=[made])
    f.course(code="OWN-02", programmes=[made], live=False)
    f.course(code="OWN-03", programmes=[made], visibility="members")
    f.course(code="BY-01"), f.course(code="BY-02"), f.course(code="BY-03", visibility="members")
    seen = innovations.published(mst, programmes=["digital"], courses=["BY-01", "BY-03", "OWN-01"])
    innovations.published(mst, programmes=["digital"], courses=["BY-02"], visibility="team", title_nl="Geheim plan")

    def codes(of):
        shown = section(page(of, made.get_absolute_url()), "courses")
        return [re.findall(r"[A-Z]+-\d\d", words(part)) for part in shown.find_all("ul")]

    assert codes(client) == [["OWN-01"], ["BY-01"]]
    assert codes(signed_in(f.member(mst))) == [["OWN-01", "OWN-03"], ["BY-01", "BY-03"]]
    assert codes(signed_in(innovations.manager(mst))) == [["OWN-01", "OWN-03"], ["BY-01", "BY-02", "BY-03"]]
    assert "Geheim plan" not in client.get(made.get_absolute_url()).content.decode()
    assert seen.title_nl in links(section(page(client, made.get_absolute_url()), "courses"))


def test_a_course_of_two_innovations_stands_once(client, mst):
    made = strategy.programme(mst, key="digital")
    f.course(code="BY-01")
    for title in ("First", "Second"):
        innovations.published(mst, programmes=["digital"], courses=["BY-01"], title_en=title)
    shown = section(page(client, f"/en/programmes/{made.number}/"), "courses")
    assert [words(note) for note in shown.select(".small")] == ["Belongs with First, Second"]


def test_innovations_come_with_stage_and_state_those_that_ended_last(client, mst):
    made = strategy.programme(mst, key="digital")
    ended = withdrawn(innovations.published(mst, programmes=["digital"], title_en="Ended"))
    innovations.published(mst, programmes=["digital"], title_en="Going on", stage="development")
    innovations.published(mst, programmes=["digital"], title_en="Hidden", visibility="team")
    innovations.innovation(mst, programmes=["digital"], title_en="Draft")
    innovations.published(mst, title_en="Elsewhere")
    shown = section(page(client, f"/en/programmes/{made.number}/"), "innovations")
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in shown.tbody.find_all("tr")]
    assert [row[0].partition(" I-")[0] for row in rows] == ["Going on", "Ended"]
    assert [row[1:] for row in rows] == [["Development", "Active"], ["Idea", "Withdrawn"]]
    assert ended.number in rows[1][0]
    more = shown.select_one(".section-head a")
    assert (words(more), more["href"]) == ("All innovations (2)", "/en/innovations/list/?programme=digital")


def test_studies_stand_there_for_whom_their_title_is(client, mst):
    made = strategy.programme(mst, key="digital")
    studies.published(mst, programmes=["digital"], public_title_nl="Open studie")
    studies.published(mst, programmes=["digital"], public_title_nl="Voor leden", visibility="members")
    studies.published(
        mst, programmes=["digital"], public_title_nl="Titel van het team", group_visibility={"identity": "team"}
    )
    studies.study(mst, programmes=["digital"], public_title_nl="Concept")

    def titles(of):
        return sorted(links(section(page(of, made.get_absolute_url()), "studies"))[1:])

    assert titles(client) == ["Open studie"]
    assert titles(signed_in(f.member(mst))) == ["Open studie", "Voor leden"]
    assert titles(signed_in(studies.bureau(mst))) == ["Open studie", "Titel van het team", "Voor leden"]


def test_a_programme_that_is_not_there(client):
    assert client.get("/en/programmes/P-99/").status_code == 404


# The roadmap ----------------------------------------------------------------------------------------------------------


def test_innovations_lie_over_the_horizons_that_they_span(client, mst):
    h1, h3_5, h10, _h20 = innovations.horizons()
    line = strategy.line(3, key="rl_11", title_en="Technology as backbone")
    strategy.line(3, title_en="A culture", title_nl="Cultuur")
    made = strategy.programme(title_en="Digital hospital")
    made.roadmap_lines.add(line)

    def put(title, first="", last="", **more):
        innovations.published(mst, title_en=title, roadmap_line=line.key, horizon_from=first, horizon_to=last, **more)

    put("Long", h1.key, h10.key), put("Late", h10.key, h10.key), put("Early", h1.key), put("Some day")
    put("Hidden", h1.key, visibility="team")
    withdrawn(innovations.published(mst, title_en="Over", roadmap_line=line.key, horizon_from=h1.key))
    innovations.published(mst, title_en="On no line")
    table = page(client, "/en/roadmap/").find("table")
    assert [words(head) for head in table.thead.find_all("th")][1:] == [str(one) for one in (h1, h3_5, h10, _h20)]
    rows = table.select("tbody tr:not(.group)")
    assert [[(words(cell), int(cell.get("colspan", 1))) for cell in row.find_all("td")] for row in rows] == [
        [("Long", 3), ("–none", 1)],
        [("Early", 1), ("none", 1), ("Late", 1), ("none", 1)],
        [("Without a horizon yet: Some day", 4)],
        [("–none", 1)] * 4,
    ]
    head = rows[0].th
    assert (head["id"], head["rowspan"]) == ("line-rl_11", "3")
    assert links(head) == ["Digital hospital"]
    foot = page(client, "/en/roadmap/").select_one(".table-scroll + p")
    assert "1 innovation lies on no line yet." in words(foot)
    assert foot.a["href"] == "/en/innovations/list/?roadmap_line=none&outcome=active&outcome=on_hold"


def test_those_near_it_see_more_on_the_roadmap(mst):
    line = strategy.line(3)
    h1 = innovations.horizons()[0]
    innovations.published(mst, roadmap_line=line.key, horizon_from=h1.key, visibility="team")
    seen = {user: roadmap(user)["parts"][-1].count for user in (NOBODY, f.member(mst), innovations.manager(mst))}
    assert list(seen.values()) == [0, 0, 1]


def test_what_is_too_much_for_a_place_is_in_the_list(client, mst):
    line, h1 = strategy.line(3), innovations.horizons()[0]
    for n in range(8):
        innovations.published(mst, title_en=f"Nr {n}", roadmap_line=line.key, horizon_from=h1.key)
    cell = page(client, "/en/roadmap/").select_one("td.span")
    assert links(cell) == [*(f"Nr {n}" for n in range(6)), "and 2 others"]
    assert cell.find_all("a")[-1]["href"] == f"/en/innovations/list/?roadmap_line={line.key}"


def test_lanes_hold_nothing_over_anything_else():
    spans = [Span(start, width) for start, width in ((0, 2), (2, 2), (1, 1), (0, 4), (3, 1))]
    rows = [[(cell.width, bool(cell.span)) for cell in row] for row in lanes(spans, 4)]
    assert rows == [[(4, True)], [(2, True), (2, True)], [(1, False), (1, True), (1, False), (1, True)]]
    assert [len(row) for row in lanes([], 4)] == [4]


# Goals, needs, concerns -----------------------------------------------------------------------------------------------


def test_goals_tell_what_is_done_zeros_included(client, mst):
    innovations.goal("g1", 1), innovations.goal("g2", 2)
    need, concern = (
        Need.objects.create(key="n1", name_nl="Topzorg"),
        Concern.objects.create(key="c1", name_nl="Wachten"),
    )
    made = strategy.programme(title_nl="Digitaal")
    made.goals.add(innovations.goal("g1"))
    about = {"goals": ["g1"], "needs": [need.key], "concerns": [concern.key]}
    withdrawn(innovations.published(mst, title_en="Over", **about))
    for n in range(4):
        innovations.published(mst, title_en=f"Nr {n}", **about)
    innovations.published(mst, title_en="Secret", visibility="team", **about)
    soup = page(client, PAGES[2])
    rows = section(soup, "goals").tbody.find_all("tr")
    assert links(rows[0]) == ["5", "4", "Nr 0", "Nr 1", "Nr 2", "and 2 others: Doel g1", "Digitaal"]
    assert [link["href"].partition("?")[2] for link in rows[1].find_all("a")] == ["goal=g2", "goal=g2&outcome=active"]
    assert links(rows[1]) == ["0", "0"]
    for name, record in (("needs", need), ("concerns", concern)):
        (row,) = section(soup, name).tbody.find_all("tr")
        assert links(row)[:2] == ["5", "4"]
        assert row.find(id=f"{name[:-1]}-{record.key}")
    assert "Secret" not in soup.get_text()


def test_goals_are_counted_as_in_the_portfolio(mst):
    innovations.goal("g1", 1), innovations.goal("g2", 2)
    innovations.published(mst, goals=["g1", "g2"])
    withdrawn(innovations.published(mst, goals=["g1"]))
    innovations.published(mst, goals=["g1"], visibility="team")
    for user in (NOBODY, innovations.manager(mst)):
        rows = totals(user, Filter.of(QueryDict()))["goals"]["rows"]
        shown = coverage(user)["goals"]
        assert [(row.anchor, row.innovations, row.active) for row in shown] == [
            (f"goal-{row['goal']}", row["innovations"], row["active"]) for row in rows
        ]


# Documents ------------------------------------------------------------------------------------------------------------


def test_the_chain_tells_planned_and_actual_days_and_what_is_late(client):
    outline = Document.objects.create(key="outline", order=1, title_nl="Contourenschets", title_en="Outline")
    DocumentVersion.objects.create(document=outline, version="0.9", planned_on="2025-05-14", actual_on="2025-05-26")
    plan = Document.objects.create(key="plan", order=2, title_nl="Plan")
    DocumentVersion.objects.create(document=plan, version="0.5", planned_on="2025-06-01")
    Document.objects.create(key="final", order=3, title_nl="Definitief")
    rows = section(page(client, PAGES[3]), "documents").tbody.find_all("tr")
    shown = [[words(cell) for cell in row.find_all(["th", "td"])] for row in rows]
    assert shown[0] == ["Outline", "0.9", "14 May 2025", "26 May 2025", "Done 12 days late"]
    assert shown[1][:4] == ["Plan", "0.5", "1 June 2025", "–"]
    assert shown[1][4].startswith("Too late")
    assert shown[2] == ["Definitief", "–", "–", "–", "No version yet"]


def test_statements_tell_when_where_and_what_replaced_them(client):
    later = Statement.objects.create(
        key="s2", date="2025-02", text_nl="Later", text_en="Later on", source_en="news item"
    )
    Statement.objects.create(key="s1", date="2021-02", text_nl="Eerst", text_en="At first", replaced_by=later)
    items = section(page(client, PAGES[3]), "statements").select(".statements > li")
    assert [item["id"] for item in items] == ["statement-s2", "statement-s1"]
    assert words(items[0]).startswith("February 2025 news item Later on Replaces: At first")
    assert [link["href"] for item in items for link in item.find_all("a")] == ["#statement-s1", "#statement-s2"]
    assert "Replaced by: Later on (February 2025)" in words(items[1])


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2025-02", "februari 2025"), ("2025-02-11", "11 februari 2025"), ("2025", "2025"), ("winter", "winter")],
)
def test_when_something_was_said(written, shown):
    assert said_on(written) == shown


# Cost -----------------------------------------------------------------------------------------------------------------


def furnish(mst, rows):
    """So many of everything that the pages show."""
    horizons = innovations.horizons()
    for n in range(rows):
        made = strategy.programme(mst, key=f"p{n}", number=f"P-{n + 1:02d}", lead=f.person())
        strategy.milestone(made, planned=10)
        goal, line = innovations.goal(f"g{n}", n), strategy.line(3)
        need = Need.objects.create(key=f"n{n}", name_nl="Zorg")
        concern = Concern.objects.create(key=f"c{n}", name_nl="Zorg")
        made.goals.add(goal), made.roadmap_lines.add(line)
        f.course(programmes=[made])
        for _n in range(rows):
            innovations.published(
                mst,
                programmes=[made.key],
                courses=[f.course().code],
                roadmap_line=line.key,
                horizon_from=horizons[n].key,
                goals=[goal.key],
                needs=[need.key],
                concerns=[concern.key],
            )
            studies.published(mst, programmes=[made.key])
        document = Document.objects.create(key=f"d{n}", order=n, title_nl="Document")
        DocumentVersion.objects.create(document=document, version="1", planned_on="2026-01-01")
        Statement.objects.create(key=f"s{n}", date="2025-02", text_nl="Gezegd")


QUERIES = {"/en/programmes/": 14, "/en/programmes/P-01/": 20, "/en/roadmap/": 10, "/en/goals/": 8, PAGES[3]: 7}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", QUERIES)
def test_queries_do_not_grow(mst, django_assert_num_queries, address, rows):
    furnish(mst, rows)
    reader = signed_in(f.member(mst))
    reader.get(address)
    with django_assert_num_queries(QUERIES[address]):
        assert reader.get(address).status_code == 200
