"""Innovations from people's own lists: matched, made, changed, and refused with row, column, value and reason."""

import io

import pytest
from django.core.management import CommandError, call_command

from academy.core.imports.contract import Context, Outcome
from academy.core.imports.run import import_file
from research.innovations.importing import InnovationImporter
from research.innovations.models import Innovation
from research.innovations.states import PublicationState
from tests.factories import innovations, people

pytestmark = pytest.mark.django_db


def table(*rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join(rows).encode("utf-8-sig"))


def run(actor, *rows: str, dry_run: bool = False):
    return import_file(InnovationImporter(), table(*rows), "lijst.csv", Context(actor=actor), dry_run=dry_run)


@pytest.fixture
def hospital():
    innovations.pillar(3)
    return people.organisation("zgt")


@pytest.fixture
def manager(hospital):
    return innovations.manager(hospital)


HEADINGS = "title_nl;pillar;stage;stage_since;trl;dependencies;fte_estimate_minutes_before;"
HEADINGS += "fte_estimate_minutes_after;fte_estimate_cases_per_year;budget_year;budget_eur"
ROW = "Slimme pleister;Kort 3;pilot_a;1-9-2026;6;EPD;38;21;5200;2026;12.500,50"


def test_a_row_becomes_an_innovation_in_the_portfolio(hospital, manager):
    summary = run(manager, HEADINGS.replace("EPD", "epd"), ROW.replace("EPD", "epd"))
    assert [str(row.plan.reason) for row in summary.refusals] == []
    one = Innovation.objects.get()
    assert (one.title_nl, one.stage, one.stage_since.isoformat(), one.trl) == (
        "Slimme pleister",
        "pilot_a",
        "2026-09-01",
        6,
    )
    assert one.publication_state == PublicationState.PUBLISHED
    assert [row.kind for row in one.dependencies.all()] == ["epd"]
    assert [str(row.fte) for row in one.fte_figures.all()] == ["0.9505"]
    assert [str(row.budget_eur) for row in one.money.all()] == ["12500.50"]
    assert list(one.organisations.all()) == [hospital]
    assert [passage.decision for passage in one.passages.all()] == [None]


def test_importing_twice_changes_nothing(manager):
    rows = (HEADINGS, ROW.replace("EPD", "epd"))
    run(manager, *rows)
    version = Innovation.objects.get().version
    summary = run(manager, *rows)
    assert summary.counts[Outcome.UNCHANGED] == 1
    assert Innovation.objects.get().version == version


def test_a_dry_run_writes_nothing(manager):
    assert run(manager, HEADINGS, ROW.replace("EPD", "epd"), dry_run=True).counts[Outcome.NEW] == 1
    assert not Innovation.objects.exists()


def test_a_number_changes_that_one_and_only_what_the_list_has(hospital, manager):
    one = innovations.published(hospital, goals=[innovations.goal().key])
    summary = run(manager, "number;title_nl;stage", f"{one.number};Een nieuwe titel;pilot_b")
    assert summary.counts[Outcome.CHANGED] == 1
    one = Innovation.objects.get()
    assert (one.title_nl, one.problem_nl) == ("Een nieuwe titel", innovations.TEXTS["problem_nl"])
    assert one.stage == "idea"
    assert one.goals.count() == 1


def test_what_is_of_another_hospital_is_not_there(manager):
    other = innovations.published(people.organisation("mst"))
    summary = run(manager, "number;title_nl", f"{other.number};Gekaapt")
    assert summary.counts[Outcome.REFUSED] == 1
    assert Innovation.objects.get().title_nl != "Gekaapt"


def test_every_problem_of_a_row_is_told_and_the_rest_goes_in(manager):
    summary = run(
        manager,
        "title_nl;pillar;owner;value",
        "Goed idee;Kort 3;;7",
        "Slecht idee;Vernieuwn;niemand@example.org;11",
        "Nog een;;niemand@example.org;11",
    )
    assert summary.counts[Outcome.NEW] == 1
    told = [str(row.plan.reason) for row in summary.refusals]
    assert "Vernieuwn" in told[0]
    assert "niemand@example.org" in told[1]
    assert "11" in told[1]
    assert ["row 3" in row.position or "rij 3" in row.position for row in summary.refusals] == [True, False]


def test_the_command_tells_and_ends_with_an_error(tmp_path, hospital):
    path = tmp_path / "lijst.csv"
    path.write_bytes(table("title_nl;organisations", "Met ziekenhuis;zgt", "Zonder;").read())
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_innovations", str(path), stdout=out, stderr=err)
    assert "2 read, 1 new" in out.getvalue()
    assert "row 3" in err.getvalue()


def test_queries_do_not_grow_with_the_rows(manager, django_assert_num_queries):
    def rows(count):
        return [HEADINGS, *(ROW.replace("EPD", "epd").replace("pleister", f"pleister {n}") for n in range(count))]

    run(manager, *[line.replace("Slimme", "Eerste") for line in rows(2)])
    with django_assert_num_queries(30):
        run(manager, *[line.replace("Slimme", "Tweede") for line in rows(2)])
    with django_assert_num_queries(30):
        run(manager, *[line.replace("Slimme", "Derde") for line in rows(6)])
