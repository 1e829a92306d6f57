"""The board by stage and the roadmap: what stands where, who may move it, and that every number leads to its list."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from academy.core import clock
from academy.strategy.models import RoadmapLine
from research.innovations import board, roadmap
from research.innovations.models import Innovation
from research.innovations.services import outcomes
from research.innovations.states import Stage
from tests.factories import innovations, people

from .reading import opened, words_of

pytestmark = pytest.mark.django_db

BOARD = "innovations:board"
HORIZONS = "innovations:horizons"


@pytest.fixture
def mst():
    return people.organisation("mst")


def cards(page) -> list[str]:
    """The numbers on all cards, stage by stage."""
    return [number for lane in lanes(page) for number in lane]


def lanes(page) -> list[list[str]]:
    """The numbers on the cards of each stage."""
    return [
        [link["href"].rstrip("/").rpartition("/")[2] for link in lane.select("article h3 a")]
        for lane in page.main.select(".kanban > section")
    ]


def held(of: Innovation) -> Innovation:
    day = clock.today().replace(year=2199, day=1)
    return outcomes.put_on_hold(innovation=of, actor=None, wake_up_on=day, reason_nl="Geld")


# The board -----------------------------------------------------------------------------------------------------------


def test_every_stage_has_its_cards_the_longest_first(client, mst):
    young, old = innovations.published(mst, days=2), innovations.published(mst, days=30)
    pilot = innovations.published(mst, stage="pilot_a", days=100)
    on_hold = held(innovations.published(mst, stage="pilot_a", days=5))
    for ended in (outcomes.withdraw, outcomes.scale):
        ended(innovation=innovations.published(mst, stage="in_use"), actor=None, reason_nl="Klaar")
    page = opened(client, reverse(BOARD))
    assert lanes(page) == [
        [old.number, young.number],
        [],
        [],
        [pilot.number, on_hold.number],
        [],
        [],
        [],
    ]
    assert [words_of(lane.h2).split()[-2] for lane in page.main.select(".kanban > section")] == list("2001000")
    told = {article.h3.a["href"]: words_of(article) for article in page.main.select("article")}
    assert "100 d" in told[pilot.get_absolute_url()]
    assert "30 dagen" in told[old.get_absolute_url()]
    assert "2199" in told[on_hold.get_absolute_url()]


def test_team_ones_and_drafts_stand_only_where_somebody_may_see_them(client, mst):
    open_one = innovations.published(mst, days=3)
    team = innovations.published(mst, visibility="team")
    innovations.innovation(mst)
    for name, shown in ((BOARD, cards), (HORIZONS, links_of)):
        client.logout()
        assert shown(opened(client, reverse(name))) == [open_one.number], name
        client.force_login(innovations.manager(mst))
        assert shown(opened(client, reverse(name))) == [open_one.number, team.number], name


def links_of(page) -> list[str]:
    return [link["href"].rstrip("/").rpartition("/")[2] for link in page.main.select("ul.link-list a")]


def test_cards_tell_of_owner_and_gate(client, mst):
    owner = people.member(mst)
    one = innovations.published(mst, owner=owner, stage="pilot_a", days=40, urgent=True)
    innovations.gate(one, due_in=-3)
    words = opened(client, reverse(BOARD)).words
    for part in (owner.full_name, "Pilot B", "Innovatieraad", "3 dagen te laat", "Kort 3"):
        assert part in words


def test_a_stage_shows_its_first_cards_and_leads_to_all(client, mst, monkeypatch):
    monkeypatch.setattr(board, "MOST", 2)
    made = [innovations.published(mst, days=days) for days in (9, 8, 7)]
    held(made[2])
    page = opened(client, reverse(BOARD), {"pillar": "p3"})
    assert lanes(page)[0] == [made[0].number, made[1].number]
    (more,) = page.main.select(".kanban > section > a")
    assert re.search(r"\b1\b", words_of(more))
    assert parse_qs(urlsplit(more["href"]).query) == {
        "pillar": ["p3"],
        "stage": ["idea"],
        "outcome": ["active", "on_hold"],
    }
    assert len(opened(client, more["href"]).numbers) == 3


def test_filters_narrow_the_board(client, mst):
    innovations.published(mst)
    other = innovations.published(mst, stage="pilot_a")
    assert cards(opened(client, reverse(BOARD), {"stage": "pilot_a"})) == [other.number]
    assert cards(opened(client, reverse(BOARD), {"outcome": "on_hold"})) == []


def test_only_its_innovation_manager_moves_a_card(client, mst):
    here = innovations.published(mst, stage="development")
    there = innovations.published(people.organisation("zgt"), stage="development")
    page = opened(client, reverse(BOARD))
    assert not page.main.select("article form")
    client.force_login(people.member(mst))
    assert not opened(client, reverse(BOARD)).main.select("article form")
    client.force_login(innovations.manager(mst))
    (form,) = opened(client, reverse(BOARD)).main.select("article form")
    assert form["action"] == move_of(here)
    assert [option["value"] for option in form.select("option")] == ["pilot_a", "hold", "stop", "exploration", "idea"]
    assert client.get(move_of(there), {"to": "pilot_a"}).status_code == 403


def move_of(one: Innovation) -> str:
    return reverse("innovations:move", kwargs={"number": one.number})


@pytest.mark.parametrize(
    ("to", "query"),
    [
        ("pilot_b", {"result": ["go"]}),
        ("hold", {"result": ["hold"]}),
        ("stop", {"result": ["stop"]}),
        ("idea", {"result": ["back"], "back_to": ["idea"]}),
    ],
)
def test_a_move_leads_to_the_decision_that_makes_it(client, mst, to, query):
    one = innovations.published(mst, stage="pilot_a")
    client.force_login(innovations.manager(mst))
    answer = urlsplit(client.get(move_of(one), {"to": to})["Location"])
    assert answer.path == reverse("innovations:record_decision", kwargs={"number": one.number})
    assert parse_qs(answer.query) == query
    assert chosen(opened(client, answer.geturl())) == query
    gate = innovations.gate(one)
    answer = urlsplit(client.get(move_of(one), {"to": to})["Location"])
    assert answer.path == reverse("innovations:decide", kwargs={"number": one.number, "pk": gate.pk})
    assert chosen(opened(client, answer.geturl())) == query
    assert Innovation.objects.get(pk=one.pk).stage == Stage.PILOT_A


def chosen(page) -> dict[str, list[str]]:
    """What the decision form begins with."""
    found = {
        "result": [radio["value"] for radio in page.main.select("input[name=result][checked]")],
        "back_to": [one["value"] for one in page.main.select("select[name=back_to] option[selected]") if one["value"]],
    }
    return {name: values for name, values in found.items() if values}


def test_a_move_that_leads_nowhere_leads_back_to_the_board(client, mst):
    one = innovations.published(mst, stage="pilot_a")
    client.force_login(innovations.manager(mst))
    for to in ("", "in_use", "pilot_a", "nonsense"):
        assert client.get(move_of(one), {"to": to})["Location"] == reverse(BOARD)


def test_what_may_not_be_known_is_not_moved(client, mst):
    team = innovations.published(mst, visibility="team")
    assert client.get(move_of(team), {"to": "exploration"}).status_code == 302
    client.force_login(people.member(mst))
    assert client.get(move_of(team), {"to": "exploration"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "anonymous", "manager"), [(BOARD, 5, 9), (HORIZONS, 7, 10)])
def test_queries(client, django_assert_num_queries, mst, rows, name, anonymous, manager):
    innovations.horizons()
    for _n in range(rows):
        innovations.gate(innovations.published(mst, horizon_from="h1", horizon_to="h10"))
    with django_assert_num_queries(anonymous):
        client.get(reverse(name))
    client.force_login(innovations.manager(mst))
    client.get(reverse(name))
    with django_assert_num_queries(manager):
        client.get(reverse(name))


# The roadmap ---------------------------------------------------------------------------------------------------------


def rows_of(page) -> dict[str, list[str]]:
    """The words of the cells by the heading of their row."""
    rows = page.main.select("table.roadmap tbody tr")
    return {words_of(row.th): [words_of(cell) for cell in row.select("td")] for row in rows}


def test_an_innovation_stands_at_every_horizon_that_it_spans(client, mst):
    innovations.horizons()
    pillar = innovations.pillar()
    RoadmapLine.objects.create(key="rl_1", pillar=pillar, title_nl="Eerste lijn")
    RoadmapLine.objects.create(key="rl_2", pillar=pillar, title_nl="Tweede lijn", order=1)
    titles = ("Kort", "Lang", "Zonder lijn", "Zonder horizon", "Gestopt")
    fields = (
        {"horizon_from": "h1", "horizon_to": "h1", "roadmap_line": "rl_1"},
        {"horizon_from": "h1", "horizon_to": "h10", "roadmap_line": "rl_1"},
        {"horizon_from": "h10", "horizon_to": "h10"},
        {},
        {"horizon_from": "h1", "horizon_to": "h1", "roadmap_line": "rl_2"},
    )
    made = [innovations.published(mst, title_nl=title, **more) for title, more in zip(titles, fields, strict=True)]
    outcomes.withdraw(innovation=made[4], actor=None, reason_nl="Klaar")
    page = opened(client, reverse(HORIZONS))
    rows = rows_of(page)
    assert list(rows)[:3] == ["3. Pijler 3", "Eerste lijn", "Tweede lijn"]
    assert rows["3. Pijler 3"] == ["2", "1", "2", "0"]
    first = rows["Eerste lijn"]
    assert [("Kort" in cell, "Lang" in cell) for cell in first] == [(1, 1), (0, 1), (0, 1), (0, 0)]
    assert "1 jaar" in first[1]
    assert "10 jaar" in first[1]
    assert ["Zonder lijn" in cell for cell in list(rows.values())[3]] == [0, 0, 1, 0]
    assert links_of(page) == [made[3].number]
    assert (
        "Gestopt"
        not in page.words.partition(page.main.select_one("table").caption.get_text())[2].partition("Zonder")[0]
    )


def test_every_number_leads_to_a_list_of_as_many(client, mst):
    innovations.horizons()
    RoadmapLine.objects.create(key="rl_1", pillar=innovations.pillar(1), title_nl="Lijn")
    for n in range(7):
        horizon = {"horizon_from": "h1", "horizon_to": "h3_5" if n % 2 else "h1"}
        one = innovations.published(mst, title_nl=f"Titel {n}", pillar="p1", roadmap_line="rl_1", **horizon)
        if n == 5:
            held(one)
    innovations.published(mst, pillar="p1", horizon_from="h1", horizon_to="h1")
    gone = innovations.published(mst, pillar="p1", horizon_from="h1")
    outcomes.withdraw(innovation=gone, actor=None, reason_nl="Nee")
    page = opened(client, reverse(HORIZONS), {"stage": "idea"})
    totals = page.main.select("tr.group td a")
    assert [words_of(link) for link in totals] == [*"8300", *"0000"]
    for link in totals:
        assert len(opened(client, link["href"]).numbers) == int(words_of(link))
    (more,) = page.main.select("td > a.small")
    assert re.findall(r"\d+", words_of(more))[:1] == [str(7 - roadmap.MOST)]
    assert len(opened(client, more["href"]).numbers) == 7


def test_many_without_a_horizon_are_counted_and_found(client, mst, monkeypatch):
    monkeypatch.setattr(roadmap, "WITHOUT_HORIZON", 1)
    for _n in range(3):
        innovations.published(mst)
    page = opened(client, reverse(HORIZONS))
    assert len(links_of(page)) == 1
    (link,) = [one for one in page.main.select("section p a") if "horizon=none" in one["href"]]
    assert len(opened(client, link["href"]).numbers) == 3
