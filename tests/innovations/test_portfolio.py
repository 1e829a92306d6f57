"""The totals of the portfolio: exact numbers, one source for page, workbook and API, and nothing of what is hidden."""

import io
import json
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from statistics import median

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.accounts.models import Role, User
from academy.core import clock, pdf
from academy.strategy.models import Statement
from research.innovations import board, portfolio
from research.innovations.filtering import Filter
from research.innovations.models import Benefit, FteFigure, Innovation, Money
from research.innovations.selectors import portfolio as visible
from research.innovations.states import Outcome, PublicationState, Stage
from research.innovations.vocabularies import Measure, Visibility
from tests import factories as f
from tests.factories import innovations as made

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def wanted(query: str = "") -> Filter:
    return Filter.of(QueryDict(query))


def totals(user=NOBODY, query: str = "") -> dict:
    return portfolio.totals(user, wanted(query))


def change(innovation: Innovation, **columns) -> Innovation:
    if columns.get("outcome") == Outcome.ON_HOLD:
        columns["wake_up_on"] = clock.today()
    Innovation.objects.filter(pk=innovation.pk).update(**columns)
    return Innovation.objects.get(pk=innovation.pk)


def figure(of: Innovation, measure: str, before: int, after: int, cases: int) -> FteFigure:
    row = FteFigure(innovation=of, measure=measure, minutes_before=before, minutes_after=after, cases_per_year=cases)
    row.work_out(of.hours_per_fte)
    row.save()
    return row


@pytest.fixture
def lists():
    """Three pillars, four horizons, two goals."""
    return [made.pillar(number) for number in (1, 2, 3)], made.horizons(), [made.goal("g1", 1), made.goal("g2", 2)]


@pytest.fixture
def hospital():
    return f.organisation("mst")


# Exact numbers -------------------------------------------------------------------------------------------------------


def test_an_empty_portfolio(lists):
    found = totals()
    assert found["innovations"] == 0
    assert [row["pillar"] for row in found["heat_map"]["rows"]] == ["p1", "p2", "p3"]
    assert all(set(row["stages"].values()) == {0} for row in found["heat_map"]["rows"])
    assert found["fte"]["realised_missing"] == {"n": 0, "percent": None}
    assert found["goals"] == {
        "rows": [{"goal": key, "innovations": 0, "active": 0} for key in ("g1", "g2")],
        "zeros": ["g1", "g2"],
    }
    assert found["money"] is None


def test_funnel_and_heat_map_count_active_ones(lists, hospital):
    made.published(hospital, pillar="p1", days=10)
    made.published(hospital, pillar="p1", stage=Stage.PILOT_A, days=91)
    change(made.published(hospital, pillar="p2", stage=Stage.PILOT_A), outcome=Outcome.STOPPED)
    change(made.published(hospital, stage=Stage.IN_USE, days=400), pillar=None)
    found = totals()
    assert found["outcomes"] == {"active": 3, "on_hold": 0, "stopped": 1, "scaled": 0, "withdrawn": 0}
    rows = {row["pillar"]: row for row in found["heat_map"]["rows"]}
    assert {key: row["total"] for key, row in rows.items()} == {"p1": 2, "p2": 0, "p3": 0, None: 1}
    assert rows["p1"]["stages"] == {**dict.fromkeys(Stage.values, 0), "idea": 1, "pilot_a": 1}
    assert rows[None]["stages"]["in_use"] == 1
    assert found["heat_map"]["total"] == found["stages"]["active"] == 3
    assert found["stalled"] == 1  # what is in use waits for nothing


def test_a_row_without_pillar_is_there_only_when_something_has_none(lists, hospital):
    made.published(hospital, pillar="p1")
    assert [row["pillar"] for row in totals()["heat_map"]["rows"]] == ["p1", "p2", "p3"]


@pytest.mark.parametrize(
    ("days", "middle"), [([7], 7), ([1, 2], 1.5), ([1, 5, 100], 5), ([3, 3, 3, 3], 3), ([0, 90, 91, 400], 90.5)]
)
def test_the_median_of_days_in_a_stage(hospital, days, middle):
    for number in days:
        made.published(hospital, days=number)
    made.published(hospital, stage=Stage.IN_USE, days=2_000)
    found = totals()["stages"]
    rows = {row["stage"]: row for row in found["rows"]}
    assert rows["idea"]["median_days"] == found["median_days"] == middle
    assert rows["idea"]["stalled"] == sum(number > 90 for number in days)
    assert rows["in_use"]["median_days"] is None
    assert rows["in_use"]["active"] == 1


def test_fte_compares_the_same_innovations(hospital):
    both, estimated, realised, negative = (made.published(hospital) for _turn in range(4))
    figure(both, Measure.ESTIMATE, 30, 20, 9_300)  # 1,550 hours, 1 FTE
    figure(both, Measure.ACTUAL, 30, 25, 9_300)
    figure(estimated, Measure.ESTIMATE, 60, 0, 3_100)  # 2 FTE
    figure(estimated, Measure.VALIDATED, 60, 30, 3_100)
    figure(realised, Measure.ACTUAL, 60, 0, 15_500)  # 10 FTE, and nobody expected them
    figure(negative, Measure.ESTIMATE, 0, 60, 775)  # it costs half an FTE
    change(negative, outcome=Outcome.STOPPED)
    made.published(hospital)
    found = portfolio.fte(visible(NOBODY), NOBODY)
    assert found == {
        "innovations": 5,
        "estimated": {"fte": 2.5, "hours_per_year": 3_875, "n": 3},
        "validated": {"fte": 1, "hours_per_year": 1_550, "n": 1},
        "realised": {"fte": 0.5, "hours_per_year": 775, "n": 1},
        "estimated_for_the_same": {"fte": 1, "hours_per_year": 1_550, "n": 1},
        "realised_missing": {"n": 2, "percent": 66.7},
        "realised_without_estimate": 1,
        "with_any_figure": 4,
        "without_any_figure": 1,
        "without_any_figure_percent": 20.0,
    }
    assert totals()["fte"] == {**found, "yardstick": None}


def test_the_yardstick_has_its_source_until_another_statement_replaces_it():
    texts = {"text_nl": "Tekort", "text_en": "Shortage", "source_nl": "nieuws", "source_en": "news"}
    said = Statement.objects.create(key="st_staff_gap_2026", date="2026-03", **texts)
    assert totals()["fte"]["yardstick"] == {"from": 500, "to": 1_000, "date": "2026-03", **texts}
    later = Statement.objects.create(key="later", date="2027-01", text_nl="Anders", source_nl="nieuws")
    Statement.objects.filter(pk=said.pk).update(replaced_by=later)
    assert totals()["fte"]["yardstick"] is None


def test_value_and_complexity_tell_what_is_missing(lists, hospital):
    scored = change(made.published(hospital, pillar="p2"), value_score=8, complexity=2)
    figure(scored, Measure.ESTIMATE, 60, 0, 1_550)
    change(made.published(hospital), value_score=8)
    change(made.published(hospital), complexity=0)
    made.published(hospital)
    change(made.published(hospital), value_score=1, complexity=1, outcome=Outcome.WITHDRAWN)
    found = totals()["value_complexity"]
    assert {name: found[name] for name in ("innovations", "n", "without_value", "without_complexity")} == {
        "innovations": 4,
        "n": 1,
        "without_value": 2,
        "without_complexity": 2,
    }
    assert found["points"] == [
        {
            "number": scored.number,
            "title_nl": scored.title_nl,
            "title_en": scored.title_en,
            "stage": "idea",
            "complexity": 2,
            "pillar": "p2",
            "value": 8,
            "fte": 1,
        }
    ]


def test_benefits_are_counted_by_how_sure_they_are(hospital):
    one, two = made.published(hospital), change(made.published(hospital), outcome=Outcome.STOPPED)
    made.published(hospital)
    rows = [
        (one, "cost", False, 1, 1, 1),
        (one, "cost", False, 1, None, None),
        (two, "cost", False, 1, 1, None),
        (two, "equity", True, 1, None, None),
    ]
    for number, (of, category, bad, *values) in enumerate(rows):
        sure = dict(zip(("estimate", "validated", "actual"), values, strict=True))
        Benefit.objects.create(innovation=of, key=str(number), category=category, disbenefit=bad, **sure)
    found = totals()["benefits"]
    numbers = {"n": 3, "estimated": 3, "validated": 2, "realised": 1, "realised_missing": {"n": 2, "percent": 66.7}}
    assert found["total"] == numbers
    assert [row for row in found["rows"] if row["n"]] == [{"category": "cost", "disbenefit": False, **numbers}]
    assert [(row["category"], row["disbenefit"], row["n"]) for row in found["disbenefits"]] == [("equity", True, 1)]
    assert (found["innovations"], found["without_any"]) == (3, 1)


def test_an_innovation_counts_for_each_of_its_goals(lists, hospital):
    made.published(hospital, goals=["g1"])
    change(made.published(hospital, goals=["g1"]), outcome=Outcome.ON_HOLD)
    assert totals()["goals"] == {
        "rows": [{"goal": "g1", "innovations": 2, "active": 1}, {"goal": "g2", "innovations": 0, "active": 0}],
        "zeros": ["g2"],
    }


def test_the_roadmap_counts_every_horizon(lists, hospital):
    made.published(hospital, pillar="p1", horizon_from="h1", horizon_to="h10")
    change(made.published(hospital, pillar="p1", horizon_from="h1", horizon_to="h1"), outcome=Outcome.ON_HOLD)
    change(made.published(hospital, pillar="p1", horizon_from="h1", horizon_to="h1"), outcome=Outcome.STOPPED)
    made.published(hospital, pillar="p2")
    found = totals()["roadmap"]
    assert found["rows"] == [
        {"pillar": "p1", "horizons": {"h1": 2, "h3_5": 1, "h10": 1, "h20_30": 0}, "without": 0, "innovations": 2},
        {"pillar": "p2", "horizons": dict.fromkeys(("h1", "h3_5", "h10", "h20_30"), 0), "without": 1, "innovations": 1},
        {"pillar": "p3", "horizons": dict.fromkeys(("h1", "h3_5", "h10", "h20_30"), 0), "without": 0, "innovations": 0},
    ]
    assert found["innovations"] == 3


def test_gates_that_wait(hospital):
    made.gate(made.published(hospital), due_in=5)
    made.gate(made.published(hospital), due_in=-1)
    ended = made.published(hospital)
    made.gate(ended, due_in=-9)
    change(ended, outcome=Outcome.STOPPED)
    assert totals()["gates"] == {"open": 2, "late": 1}


def test_money_only_of_innovations_of_which_it_may_be_seen(hospital):
    other = f.organisation("zgt")
    own, theirs = made.published(hospital), made.published(other)
    for of, year, budget, spent in ((own, 2025, 100, 40), (own, 2026, 50, None), (theirs, 2026, 900, 900)):
        amounts = {"budget_eur": Decimal(budget), "spent_eur": spent and Decimal(spent)}
        Money.objects.create(innovation=of, year=year, kind="one_off", **amounts)
    assert totals()["money"] is None
    assert totals(User.objects.create(email="x@example.org"))["money"] is None
    found = totals(f.member(hospital))["money"]
    assert found == {
        "innovations": 1,
        "years": [
            {"year": 2025, "innovations": 1, "budget_eur": 100, "spent_eur": 40},
            {"year": 2026, "innovations": 1, "budget_eur": 50, "spent_eur": 0},
        ],
        "budget_eur": 150,
        "spent_eur": 40,
    }


def test_totals_are_plain_json(lists, hospital):
    one = change(made.published(hospital, goals=["g1"]), value_score=4, complexity=1)
    figure(one, Measure.ESTIMATE, 7, 2, 1_000)
    found = totals(made.manager(hospital))
    assert json.loads(json.dumps(found)) == found


# Who counts ----------------------------------------------------------------------------------------------------------


def test_drafts_and_those_of_a_team_count_for_whoever_may_see_them(lists, hospital):
    owner = f.member(hospital)
    made.innovation(hospital, owner=owner)
    made.published(hospital, owner=owner, goals=["g1"])
    hidden = made.published(hospital, owner=owner, goals=["g1"], visibility=Visibility.TEAM)
    made.published(hospital, owner=owner, goals=["g1"], visibility=Visibility.MEMBERS)
    figure(hidden, Measure.ESTIMATE, 60, 0, 1_550)
    made.gate(hidden)
    people = {
        "nobody": (NOBODY, 1, 0),
        "member": (f.member(hospital), 2, 0),
        "of the other": (f.member(f.organisation("zgt")), 1, 0),
        "owner": (owner, 3, 1),
        "manager": (made.manager(hospital), 3, 1),
        "auditor": (f.member(hospital, role=Role.AUDITOR), 3, 1),
    }
    for name, (user, number, of_hidden) in people.items():
        found = totals(user)
        assert found["innovations"] == found["goals"]["rows"][0]["innovations"] == number, name
        assert found["fte"]["estimated"]["n"] == found["gates"]["open"] == of_hidden, name


def test_other_pages_of_it_tell_nothing_hidden(client, hospital):
    one = made.published(hospital, visibility=Visibility.TEAM, title_nl="Bewakingscentrale", title_en="Secret")
    figure(one, Measure.ESTIMATE, 60, 0, 1_550)
    change(one, value_score=9, complexity=3)
    for name in ("portfolio", "fte"):
        page = client.get(reverse(f"innovations:{name}")).content.decode()
        assert "Bewakingscentrale" not in page
        assert one.number not in page


# Page, workbook and paper --------------------------------------------------------------------------------------------


def numbers_of(page: str, start: str, end: str = "</table>") -> list[int]:
    """The numbers in the cells of a table of the page."""
    table = page[page.index(start) :]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", table[: table.index(end)], re.DOTALL)
    return [int(re.sub(r"<[^>]*>|\D", "", re.sub(r'<span class="visually-hidden">.*?</span>', "", c))) for c in cells]


def sheets_of(response) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_every_box_leads_to_its_innovations(client, lists, hospital):
    made.published(hospital, pillar="p1")
    page = client.get("/en/innovations/?organisation=mst").content.decode()
    assert page.count("/en/innovations/list/?organisation=mst&amp;pillar=") >= 3 * len(Stage)
    links = re.findall(r'class="heat-(\d)"><a href="([^"]+)" aria-label="(\d+) active', page)
    assert len(links) == 3 * len(Stage)
    for heat, url, number in links:
        assert (heat == "0") == (number == "0")
        query = QueryDict(url.replace("&amp;", "&").partition("?")[2])
        assert Filter.of(query).apply(visible(NOBODY)).count() == int(number)


def test_without_innovations_and_without_results(client, lists, hospital):
    page = client.get("/en/innovations/").content.decode()
    assert "The portfolio is still empty" in page
    made.published(hospital)
    page = client.get("/en/innovations/?stage=in_use").content.decode()
    assert "Nothing here with these filters" in page
    assert "heat-map" not in page


def test_the_workbook_tells_what_it_is_about(client, lists, hospital):
    made.published(hospital, pillar="p1")
    book = sheets_of(client.get("/en/innovations/totals/xlsx/?pillar=p1&stage=idea&nonsense=1"))
    about = dict(book["About these numbers"][1:])
    assert about["Day"].date() == clock.today()
    assert about["Filters"] == "Pillar: Pijler 1; Stage: Idea"
    assert about["Innovations"] == 1
    assert "Money" not in book


def test_the_paper(client, lists, hospital):
    made.published(hospital, pillar="p1")
    response = client.get("/en/innovations/totals/pdf/?pillar=p1")
    if not pdf.available()[0]:
        assert response.status_code == 302
        return
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert "innovation-portfolio" in response["Content-Disposition"]


@pytest.mark.parametrize("format", ["csv", "exe"])
def test_other_formats_are_none(client, format):
    assert client.get(f"/en/innovations/totals/{format}/").status_code == 404


def test_the_page_about_fte_shows_how_it_was_worked_out(client, hospital):
    one = made.published(hospital)
    figure(one, Measure.ESTIMATE, 30, 20, 9_300)
    made.published(hospital)
    page = client.get("/en/innovations/fte/").content.decode()
    assert "(30 − 20) min. × 9,300 = 1,550 hours ÷ 1,550" in page
    assert one.number in page
    assert "Of 1 of the 2 innovations (50%) no FTE is filled in yet." in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(client, lists, hospital, django_assert_num_queries, rows):
    for _turn in range(rows):
        one = change(made.published(hospital, goals=["g1"]), value_score=4, complexity=2)
        figure(one, Measure.ESTIMATE, 30, 20, 9_300)
        figure(one, Measure.ACTUAL, 30, 20, 9_300)
        Money.objects.create(innovation=one, year=2026, kind="one_off", budget_eur=5)
        made.gate(one)
    overview, fte = reverse("innovations:portfolio"), reverse("innovations:fte")
    for address in (overview, fte):
        client.get(address)
    with django_assert_num_queries(7):  # lists, spots, sums, middles, points, statement; the menu
        client.get(overview)
    with django_assert_num_queries(6):  # lists, how many, sums, rows, figures; the menu
        client.get(fte)
    client.force_login(made.manager(hospital))
    client.get(overview)  # the first one also writes to the session
    with django_assert_num_queries(10):  # session, person, roles and the same
        client.get(overview)
    with django_assert_num_queries(9):
        client.get(fte)


# Whatever the portfolio ----------------------------------------------------------------------------------------------

ONE = st.fixed_dictionaries(
    {
        "pillar": st.sampled_from([1, 2, 3, None]),
        "stage": st.sampled_from(Stage.values),
        "outcome": st.sampled_from(Outcome.values),
        "visibility": st.sampled_from(Visibility.values),
        "state": st.sampled_from([PublicationState.PUBLISHED] * 4 + [PublicationState.DRAFT]),
        "hospital": st.sampled_from(["mst", "zgt"]),
        "days": st.integers(0, 300),
        "goals": st.sets(st.sampled_from(["g1", "g2"])),
        "horizons": st.sampled_from([None, ("h1", "h1"), ("h1", "h10"), ("h10", "h20_30")]),
        "value": st.none() | st.integers(1, 10),
        "complexity": st.none() | st.integers(0, 7),
        "figures": st.sets(st.sampled_from(Measure.values)),
        "minutes": st.integers(-30, 60),
        "gate": st.booleans(),
    }
)
VIEWERS = ("nobody", "member", "manager", "other", "auditor")
QUERIES = st.sampled_from(
    [
        *("", "pillar=p1", "pillar=none", "organisation=mst", "stage=idea&stage=pilot_a", "outcome=active"),
        *("horizon=h10", "goal=g1&pillar=p1&pillar=p2", "outcome=stopped&outcome=scaled"),
    ]
)


def plant(rows: list[dict]) -> None:
    """These innovations, written at once: what services would keep from happening may happen here."""
    hospitals = {key: f.organisation(key) for key in ("mst", "zgt")}
    pillars = {number: made.pillar(number) for number in (1, 2, 3)}
    horizons = {one.key: one for one in made.horizons()}
    goals = {key: made.goal(key) for key in ("g1", "g2")}
    today = clock.today()
    for number, row in enumerate(rows):
        first, last = row["horizons"] or (None, None)
        one = Innovation.objects.create(
            number=f"I-2020-{number:04d}",
            title_nl=f"Idee {number}",
            pillar=pillars.get(row["pillar"]),
            stage=row["stage"],
            stage_since=today - timedelta(days=row["days"]),
            outcome=row["outcome"],
            wake_up_on=today if row["outcome"] == Outcome.ON_HOLD else None,
            visibility=row["visibility"],
            publication_state=row["state"],
            horizon_from=horizons.get(first),
            horizon_to=horizons.get(last),
            value_score=row["value"],
            complexity=row["complexity"],
        )
        one.organisations.add(hospitals[row["hospital"]])
        one.goals.add(*(goals[key] for key in row["goals"]))
        for measure in row["figures"]:
            figure(one, measure, 60, 60 - row["minutes"], 1_000)
        if row["gate"] and Stage(row["stage"]).next:
            one.decisions.create(from_stage=row["stage"], gate=Stage(row["stage"]).next, body=made.body(), due_on=today)


def viewer(name: str):
    mst = f.organisation("mst")
    if name == "nobody":
        return NOBODY
    if name == "other":
        return f.member(f.organisation("zgt"))
    role = {"manager": Role.INNOVATION_MANAGER, "auditor": Role.AUDITOR}.get(name)
    return f.member(mst, role=role) if role else f.member(mst)


def by_hand(user, query: str) -> list[Innovation]:
    """The innovations that count, one by one."""
    return list(wanted(query).apply(visible(user)).prefetch_related("goals", "fte_figures"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ONE, max_size=12), name=st.sampled_from(VIEWERS), query=QUERIES)
def test_page_workbook_and_totals_give_the_same_numbers(client, rows, name, query):
    Innovation.objects.all().delete()
    plant(rows)
    user = viewer(name)
    found, seen = totals(user, query), by_hand(user, query)
    active = [one for one in seen if one.outcome == Outcome.ACTIVE]
    assert all(one.publication_state == PublicationState.PUBLISHED for one in seen)
    assert_by_hand(found, seen, active)
    client.logout()
    if user is not NOBODY:
        client.force_login(user)
    assert_board(user, query, found)
    assert_page(client, query, found)
    assert_workbook(client, query, found)


def assert_by_hand(found: dict, seen: list[Innovation], active: list[Innovation]) -> None:
    assert found["innovations"] == len(seen)
    assert {name: n for name, n in found["outcomes"].items() if n} == Counter(one.outcome for one in seen)
    heat, funnel = found["heat_map"], found["stages"]
    assert heat["total"] == sum(row["total"] for row in heat["rows"]) == funnel["active"] == len(active)
    assert heat["stages"] == {row["stage"]: row["active"] for row in funnel["rows"]}
    counted = Counter((one.pillar.key if one.pillar else None, one.stage) for one in active)
    cells = {(row["pillar"], stage): n for row in heat["rows"] for stage, n in row["stages"].items()}
    assert {place: n for place, n in cells.items() if n} == counted
    days = [one.days_in_stage for one in active if one.stage != Stage.IN_USE]
    assert funnel["median_days"] == (median(days) if days else None)
    assert funnel["stalled"] == found["stalled"] == sum(number > 90 for number in days)
    scored = [one for one in active if None not in (one.value_score, one.complexity)]
    assert found["value_complexity"]["n"] == len(scored) == len(found["value_complexity"]["points"])
    goals = Counter(goal.key for one in seen for goal in one.goals.all())
    assert {row["goal"]: row["innovations"] for row in found["goals"]["rows"] if row["innovations"]} == goals
    assert_fte(found["fte"], seen)


def assert_fte(found: dict, seen: list[Innovation]) -> None:
    by_one = [{row.measure: row.fte for row in one.fte_figures.all()} for one in seen]
    estimates = [row for row in by_one if Measure.ESTIMATE in row]
    both = [row for row in estimates if Measure.ACTUAL in row]
    assert found["estimated"]["fte"] == pytest.approx(float(sum(row[Measure.ESTIMATE] for row in estimates)), abs=0.006)
    assert found["realised"]["fte"] == pytest.approx(float(sum(row[Measure.ACTUAL] for row in both)), abs=0.006)
    assert found["realised"]["n"] == found["estimated_for_the_same"]["n"] == len(both)
    assert found["realised_missing"]["n"] == len(estimates) - len(both)
    assert found["without_any_figure"] == sum(not row for row in by_one)


def assert_board(user, query: str, found: dict) -> None:
    """The board counts what the funnel counts."""
    lanes = board.lanes(wanted(query).apply(visible(user)), user)
    rows = {row["stage"]: (row["active"], row["on_hold"]) for row in found["stages"]["rows"]}
    assert {lane.stage: (lane.active, lane.on_hold) for lane in lanes} == rows


def assert_page(client, query: str, found: dict) -> None:
    page = client.get(f"/en/innovations/?{query}").content.decode()
    if not found["innovations"]:
        assert "heat-map" not in page
        return
    heat = [n for row in found["heat_map"]["rows"] for n in (*row["stages"].values(), row["total"])]
    heat += [*found["heat_map"]["stages"].values(), found["heat_map"]["total"]]
    assert numbers_of(page, 'id="heat-caption"') == heat
    goals = [n for row in found["goals"]["rows"] for n in (row["innovations"], row["active"])]
    assert numbers_of(page, 'id="goals-caption"') == goals
    roadmap = [
        n for row in found["roadmap"]["rows"] for n in (*row["horizons"].values(), row["without"], row["innovations"])
    ]
    assert numbers_of(page, 'id="roadmap-caption"') == roadmap


def assert_workbook(client, query: str, found: dict) -> None:
    book = sheets_of(client.get(f"/en/innovations/totals/xlsx/?{query}"))
    heat = [row[1:] for row in book["Pillars and stages"][1:]]
    assert heat == [
        *((*row["stages"].values(), row["total"]) for row in found["heat_map"]["rows"]),
        (*found["heat_map"]["stages"].values(), found["heat_map"]["total"]),
    ]
    names = ("active", "on_hold", "median_days", "stalled")
    funnel = [tuple(row[name] for name in names) for row in (*found["stages"]["rows"], found["stages"])]
    assert [row[1:] for row in book["By stage"][1:]] == funnel
    parts = ("estimated", "validated", "realised", "estimated_for_the_same")
    fte = [tuple(found["fte"][part][name] for name in ("fte", "hours_per_year", "n")) for part in parts]
    assert [row[1:4] for row in book["FTE"][1:5]] == fte
    goals = [(row["innovations"], row["active"]) for row in found["goals"]["rows"]]
    assert [row[1:] for row in book["Goals"][1:]] == goals
    assert ("Money" in book) == (found["money"] is not None)


def test_the_property_would_notice(lists, hospital):
    """The oracle is no copy: an innovation more changes what it says."""
    made.published(hospital, pillar="p1")
    found = totals()
    made.published(hospital, pillar="p1")
    seen = by_hand(NOBODY, "")
    with pytest.raises(AssertionError):
        assert_by_hand(found, seen, seen)
