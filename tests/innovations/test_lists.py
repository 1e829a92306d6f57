"""The list of innovations: who sees which rows and columns, in which order; views that people keep; files."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.accounts.models import Role
from academy.core import events, registries
from research.innovations.columns import COLUMNS, STANDARD
from research.innovations.listing import ORDERS
from research.innovations.models import Innovation, SavedView
from research.innovations.services import keeping
from research.innovations.views import lists
from tests.factories import innovations, people

from .reading import csv_of, opened, xlsx_of

pytestmark = pytest.mark.django_db

MONEY = [
    {"year": 2026, "funder": "", "funder_name": "Fonds", "kind": "one_off", "budget_eur": "1500", "spent_eur": None},
    {"year": 2027, "funder": "", "funder_name": "Fonds", "kind": "one_off", "budget_eur": "500", "spent_eur": "20"},
]
FTE = [
    {"measure": "estimate", "minutes_before": "9", "minutes_after": "4", "cases_per_year": 42000},
    {"measure": "actual", "minutes_before": "9", "minutes_after": "6", "cases_per_year": 42000},
]


def nothing() -> str:
    """What stands in a cell that says nothing."""
    return f"–{pgettext('in a table', 'nothing')}"


@pytest.fixture
def mst():
    return people.organisation("mst")


@pytest.fixture
def zgt():
    return people.organisation("zgt")


def the_list(**query) -> str:
    return f"{reverse('innovations:list')}?{urlencode(query, doseq=True)}" if query else reverse("innovations:list")


def export(format: str = "csv") -> str:
    return reverse("innovations:export", kwargs={"format": format})


def numbers(*some: Innovation) -> list[str]:
    return [one.number for one in some]


# Rows ----------------------------------------------------------------------------------------------------------------


def test_everybody_sees_in_the_list_and_its_file_what_they_may_know_of(client, mst, zgt):
    open_one = innovations.published(mst)
    members = innovations.published(mst, visibility="members")
    team = innovations.published(mst, visibility="team")
    owner = people.member(mst)
    draft = innovations.innovation(mst, owner=owner, visibility="public")
    own = innovations.published(mst, owner=owner, visibility="team")
    seen = {
        None: [open_one],
        people.person(): [open_one],
        people.member(zgt): [open_one],
        innovations.manager(zgt): [open_one],
        people.member(mst): [members, open_one],
        owner: [own, members, open_one],
        innovations.manager(mst): [own, team, members, open_one],
        people.member(zgt, role=Role.AUDITOR): [own, team, members, open_one],
    }
    for person, expected in seen.items():
        client.logout()
        if person:
            client.force_login(person)
        assert opened(client, the_list()).numbers == numbers(*expected)
        assert opened(client, the_list(q=draft.number)).numbers == []
        rows = csv_of(client.get(export(), {"column": "number", "sort": "-number"}))
        assert [row[1] for row in rows[1:]] == numbers(*expected)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(client, django_assert_num_queries, mst, rows):
    for _n in range(rows):
        innovations.gate(innovations.published(mst, fte_figures=FTE, money=MONEY))
    with django_assert_num_queries(6):
        client.get(the_list())
    client.force_login(innovations.manager(mst))
    client.get(the_list())
    with django_assert_num_queries(10):
        client.get(the_list())
    with django_assert_num_queries(15):
        client.get(the_list(column=["budget", "units", "dependencies", "gate_body", "next_review", "fte_actual"]))
    with django_assert_num_queries(7):
        b"".join(client.get(export(), {"purpose": "stuurgroep"}).streaming_content)


def test_every_order_has_what_is_unknown_last(client, mst):
    low = innovations.published(mst, title_nl="Beddenhuis", stage="pilot_a", days=3)
    high = innovations.published(mst, title_nl="appelmoes", stage="idea", days=9)
    unknown = innovations.published(mst, title_nl="", title_en="Care path", stage="in_use", days=5)
    for one, value in ((low, 2), (high, 9)):
        Innovation.objects.filter(pk=one.pk).update(value_score=value, complexity=value - 2)
    orders = {
        "number": [low, high, unknown],
        "-number": [unknown, high, low],
        "title": [high, low, unknown],
        "-title": [unknown, low, high],
        "stage": [high, low, unknown],
        "-stage": [unknown, low, high],
        "days": [low, unknown, high],
        "-days": [high, unknown, low],
        "value": [low, high, unknown],
        "-value": [high, low, unknown],
        "complexity": [low, high, unknown],
        "-complexity": [high, low, unknown],
        "changed": [low, high, unknown],
        "nonsense": [unknown, high, low],
    }
    for order, expected in orders.items():
        assert opened(client, the_list(sort=order)).numbers == numbers(*expected), order


def test_order_by_fte_counts_the_estimate(client, mst):
    some, most, none = (
        innovations.published(mst, fte_figures=rows)
        for rows in ([{**FTE[0], "cases_per_year": 900}], FTE, [{**FTE[1], "cases_per_year": 9_000_000}])
    )
    assert opened(client, the_list(sort="-fte")).numbers == numbers(most, some, none)


def test_days_of_what_has_ended_do_not_go_on(client, mst):
    ended = innovations.published(mst, stage="pilot_a", days=40)
    going = innovations.published(mst, stage="pilot_a", days=30)
    Innovation.objects.filter(pk=ended.pk).update(outcome="stopped", outcome_since=ended.stage_since)
    page = opened(client, the_list(column=["days"], sort="-days"))
    assert page.numbers == numbers(going, ended)
    assert [row[1] for row in page.rows] == ["30", "0"]


def test_headings_sort_and_turn_round(client, mst):
    innovations.published(mst)
    page = opened(client, the_list(stage="idea", sort="title"))
    (head,) = page.main.select("th[aria-sort]")
    assert head["aria-sort"] == "ascending"
    assert head.a["href"] == the_list(stage="idea", sort="-title")
    assert page.links(COLUMNS["days"].label) == [the_list(stage="idea", sort="-days")]
    assert {option["value"].removeprefix("-") for option in page.main.select("select[name=sort] option")} == set(ORDERS)


def test_pages_keep_filters_columns_and_order(client, mst, monkeypatch):
    monkeypatch.setattr(lists, "SIZE", 2)
    made = [innovations.published(mst) for _n in range(5)]
    query = {"stage": "idea", "column": ["trl"], "sort": "number"}
    page = opened(client, the_list(**query, page=2))
    assert page.numbers == numbers(*made[2:4])
    assert [link["href"] for link in page.main.select("a[rel=next]")] == ["?stage=idea&column=trl&sort=number&page=3"]


# Columns -------------------------------------------------------------------------------------------------------------


def test_the_viewer_chooses_columns_and_they_stand_in_the_order_of_the_list(client, mst):
    one = innovations.published(mst, fte_figures=FTE)
    page = opened(client, the_list(column=["trl", "units", "fte_estimate", "stage", "nonsense"]))
    assert page.headings == [COLUMNS[name].label for name in ("title", "stage", "units", "trl", "fte_estimate")]
    assert page.rows == [["Thuismonitoring hartfalen", "Idee", str(one.units.get()), nothing(), "2,26"]]
    assert opened(client, the_list(column=["nonsense"])).headings == [COLUMNS[name].label for name in STANDARD]


def test_every_column_can_be_shown_and_taken_along(client, mst):
    hospital_owner = people.member(mst)
    one = innovations.published(
        mst,
        owner=hospital_owner,
        money=MONEY,
        fte_figures=FTE,
        dependencies=[{"kind": "epd", "name": "", "state": "open", "note_nl": "", "note_en": ""}],
    )
    innovations.decided(one, "no_go", next_review_on=None)
    innovations.gate(one, due_in=-2)
    client.force_login(innovations.manager(mst))
    page = opened(client, the_list(column=list(COLUMNS)))
    assert page.headings == [column.label for column in COLUMNS.values()]
    shown = dict(zip(COLUMNS, page.rows[0], strict=True))
    assert shown["budget"] == "2.000"
    assert shown["spent"] == "20"
    assert shown["owner"] == hospital_owner.full_name
    assert "2 dagen" in shown["gate_due"]
    rows = xlsx_of(client.get(export("xlsx"), {"column": list(COLUMNS), "purpose": "stuurgroep"}))
    taken = dict(zip(COLUMNS, rows[1], strict=True))
    assert (taken["budget"], taken["fte_estimate"]) == (2000, 2.26)
    assert taken["number"] == one.number


def test_money_and_visibility_are_for_members_of_the_hospital(client, mst, zgt):
    here, there = innovations.published(mst, money=MONEY), innovations.published(zgt, money=MONEY)
    query = {"column": ["budget", "visibility", "number"]}
    assert opened(client, the_list(**query)).headings == [COLUMNS[name].label for name in ("title", "number")]
    client.force_login(people.member(mst))
    page = opened(client, the_list(**query))
    budgets = {row[1]: row[2] for row in page.rows}
    assert budgets[here.number] == "2.000"
    assert "2.000" not in budgets[there.number]
    assert [row[3] for row in page.rows] == [nothing(), nothing()]
    rows = csv_of(client.get(export(), query))
    assert {row[1]: row[2] for row in rows[1:]} == {here.number: "2000,00", there.number: ""}
    client.force_login(innovations.manager(mst))
    assert {row[1]: row[3] for row in opened(client, the_list(**query)).rows} == {
        here.number: "Iedereen",
        there.number: nothing(),
    }


# Files ---------------------------------------------------------------------------------------------------------------


def test_the_file_has_the_rows_of_the_page_in_its_order(client, mst):
    for n, stage in enumerate(("idea", "pilot_a", "in_use")):
        innovations.published(mst, title_nl=f"Titel {n}", stage=stage, days=n)
    query = {"column": ["number", "stage", "days"], "sort": "-days", "stage": ["idea", "in_use"]}
    page = opened(client, the_list(**query))
    rows = csv_of(client.get(export(), query))
    assert rows[0] == page.headings
    assert rows[1:] == page.rows
    assert len(rows) == 3


def test_a_cell_that_looks_like_a_formula_is_harmless(client, mst):
    innovations.published(mst, title_nl="=1+1")
    assert csv_of(client.get(export(), {"column": ["number"]}))[1][0] == "'=1+1"


def test_names_are_taken_along_for_a_purpose_that_the_log_keeps(client, mst):
    owner = people.member(mst)
    innovations.published(mst, owner=owner)
    person = people.member(mst)
    client.force_login(person)
    asked = client.get(export(), {"column": ["owner"], "stage": "idea"})
    assert asked.status_code == 200
    assert "text/html" in asked["Content-Type"]
    assert not events.of(person).filter(verb="export_innovations").exists()
    assert client.get(export(), {"column": ["owner"], "purpose": " "}).status_code == 400
    query = {"column": ["owner"], "stage": "idea", "purpose": "stuurgroep van juni"}
    assert owner.full_name in csv_of(client.get(export(), query))[1]
    (event,) = events.of(person).filter(verb="export_innovations")
    assert event.reason == "stuurgroep van juni"
    assert event.data == {
        "format": "csv",
        "list": "list",
        "columns": ["title", "owner"],
        "query": "column=owner&stage=idea",
    }
    csv_of(client.get(export(), {"column": ["trl"]}))
    assert events.of(person).filter(verb="export_innovations", reason="").count() == 1


@pytest.mark.parametrize("address", ["pdf", "csv?list=nonsense"])
def test_what_is_no_list_or_format_is_not_there(client, address):
    format, _sign, query = address.partition("?")
    assert client.get(f"{export(format)}?{query}").status_code == 404


# Views that people keep ----------------------------------------------------------------------------------------------


def test_a_view_is_kept_and_opens_the_list(client, mst):
    first = innovations.published(mst, stage="pilot_a")
    innovations.published(mst)
    person = people.member(mst)
    client.force_login(person)
    looked = {"column": ["trl", "budget"], "sort": "title", "stage": "pilot_a"}
    answer = client.post(
        reverse("innovations:save_view"), {**looked, "name": "  Mijn   stuurgroep ", "is_default": "on"}
    )
    view = SavedView.objects.get(person=person)
    assert (view.name, view.query, view.order, view.is_default) == ("Mijn stuurgroep", "stage=pilot_a", "title", True)
    assert view.columns == ["title", "trl", "budget"]
    opened_by_itself = client.get(reverse("innovations:list"))
    assert opened_by_itself["Location"] == answer["Location"]
    page = opened(client, answer["Location"])
    assert page.numbers == numbers(first)
    assert page.headings == [COLUMNS[name].label for name in ("title", "trl", "budget")]
    assert page.links("Mijn stuurgroep") == [answer["Location"]]
    assert len(opened(client, f"{reverse('innovations:list')}?view=").numbers) == 2
    assert personal_data_of(person) == [
        {"name": "Mijn stuurgroep", "columns": ["title", "trl", "budget"], "query": "stage=pilot_a", "order": "title"}
    ]


def personal_data_of(person):
    return dict(registries.personal_data.items())["innovation_views"](person)


def test_the_same_name_is_the_same_view_and_one_is_the_default(client, mst):
    person = people.member(mst)
    for name, columns in (("een", ["trl"]), ("twee", ["ai"]), ("een", ["days"])):
        keeping.keep_view(person=person, name=name, columns=columns, is_default=True)
    kept = SavedView.objects.filter(person=person).values_list("name", "columns", "is_default")
    assert list(kept) == [("een", ["days"], True), ("twee", ["ai"], False)]
    two = SavedView.objects.get(person=person, name="twee")
    client.force_login(person)
    client.post(reverse("innovations:change_view", kwargs={"pk": two.pk}), {"default": "1"})
    assert list(SavedView.objects.filter(is_default=True)) == [two]
    client.post(reverse("innovations:change_view", kwargs={"pk": two.pk}), {"standard": "1"})
    assert client.get(reverse("innovations:list")).status_code == 200


def test_a_removed_view_can_be_put_back(client, mst):
    person = people.member(mst)
    view = keeping.keep_view(person=person, name="een", columns=["title", "trl"], query="stage=idea", order="-days")
    client.force_login(person)
    answer = client.post(reverse("innovations:change_view", kwargs={"pk": view.pk}), {"remove": "1"})
    assert not SavedView.objects.exists()
    page = opened(client, answer["Location"])
    assert page.main.select_one("form.toast")
    client.post(reverse("innovations:save_view"), page.form(reverse("innovations:save_view")))
    back = SavedView.objects.get(person=person)
    assert (back.name, back.columns, back.query, back.order) == (view.name, view.columns, view.query, view.order)
    assert not opened(client, answer["Location"]).main.select("form.toast")


def test_views_are_ones_own(client, mst):
    theirs = keeping.keep_view(person=people.member(mst), name="een", columns=["trl"])
    address = reverse("innovations:change_view", kwargs={"pk": theirs.pk})
    assert client.post(address, {"remove": "1"}).status_code == 302
    client.force_login(people.member(mst))
    for action in ("remove", "default", "standard"):
        assert client.post(address, {action: "1"}).status_code == 404
    assert SavedView.objects.filter(pk=theirs.pk).exists()
    assert opened(client, the_list(view=theirs.pk)).links("een") == []


def test_a_view_needs_a_name_and_there_are_not_too_many(client, mst, monkeypatch):
    person = people.member(mst)
    client.force_login(person)
    monkeypatch.setattr(keeping, "MOST", 1)
    answers = [client.post(reverse("innovations:save_view"), {"name": name}, follow=True) for name in ("", "a", "b")]
    told = [" ".join(str(message) for message in answer.context["messages"]) for answer in answers]
    assert told == [_("Give the view a name."), _("Kept as “%(name)s”.") % {"name": "a"}, told[2]]
    assert "1" in told[2]
    assert SavedView.objects.filter(person=person).count() == 1


# Keyboard and phone ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["list", "board", "horizons", "stalled", "gates", "ended", "dependencies"])
def test_the_filters_come_before_the_rows_and_every_control_has_a_name(client, mst, name):
    innovations.gate(innovations.published(mst, stage="pilot_a", days=100))
    client.force_login(innovations.manager(mst))
    main = opened(client, reverse(f"innovations:{name}")).main
    assert not [one for one in main.select("[tabindex]") if int(one["tabindex"]) > 0]
    named = {label.get("for") for label in main.select("label")}
    for control in main.select("input:not([type=hidden]), select, textarea"):
        assert control.get("id") in named or control.find_parent("label"), control.attrs
    order = {id(node): place for place, node in enumerate(main.find_all(True))}
    (bar,) = main.select("search.filter-bar form")
    last = order[id(bar.select("button")[-1])]
    assert all(order[id(control)] < last for control in bar.select("select, input"))
    assert last < order[id(main.select_one("table, .kanban, article, .empty"))]
    assert bar.get("method", "get") == "get"


def test_ids_on_the_page_are_unique(client, mst):
    person = innovations.manager(mst)
    client.force_login(person)
    view = keeping.keep_view(person=person, name="een", columns=["trl"])
    innovations.published(mst)
    ids = [one["id"] for one in opened(client, the_list(column=list(COLUMNS), view=view.pk)).main.select("[id]")]
    assert sorted(set(ids)) == sorted(ids)
