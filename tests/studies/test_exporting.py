"""The list of studies and its files: the same rows as the screen, and of each only what the viewer may see."""

import csv
import io
import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from academy.accounts.models import Role
from academy.core import clock, events
from research.studies.models import Study
from search import facade, walking
from search.errors import SearchUnavailable
from tests import factories as f
from tests.factories import studies as made
from tests.probes.indexing import own_index

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]
FUNDER = {"organisation": "", "name": "Fonds Oost", "ror": "", "grant_number": "Z-17", "amount_eur": "480000.00"}


@pytest.fixture
def index(db, settings, tmp_path):
    with own_index(settings, tmp_path):
        yield


@pytest.fixture
def mst():
    return f.organisation("mst")


def export(client, format, **query) -> bytes:
    answer = client.get(reverse("studies:export", kwargs={"format": format}), query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def rows_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


def numbers_on_screen(client, **query) -> list[str]:
    """From every page of the list."""
    found, page = [], 1
    while True:
        listing = client.get(reverse("studies:list"), {**query, "page": page}).context["listing"]
        found += [card.hit.number for card in listing.cards]
        if page >= listing.pages:
            return found
        page += 1


def published(mst, count, **changed) -> list[Study]:
    """So many studies, a minute apart, findable."""
    studies = []
    for n in range(count):
        with clock.at(clock.now() + timedelta(minutes=n)):
            studies.append(made.published(mst, **{"acronym": f"NR{n}", **changed}))
    facade.rebuild()
    return studies


@pytest.mark.parametrize("query", [{}, {"q": "hartfalen"}, {"sort": "title"}, {"status": "RECRUITING"}, {"q": "NR3"}])
def test_the_file_has_the_rows_of_the_screen_in_their_order(client, mst, monkeypatch, query):
    published(mst, 23)
    published(mst, 2, recruitment_status="RECRUITING")
    monkeypatch.setattr(walking, "AT_ONCE", 4)
    shown = numbers_on_screen(client, **query)
    assert shown
    assert [json.loads(line)["number"] for line in export(client, "jsonl", **query).splitlines()] == shown


def test_what_was_found_another_way_is_exported_as_it_is_shown(client, mst):
    published(mst, 3)
    query = {"q": "hartfalenn"}
    shown = numbers_on_screen(client, **query)
    assert len(shown) == 3
    assert [json.loads(line)["number"] for line in export(client, "jsonl", **query).splitlines()] == shown


def test_a_table_tells_in_words(client, mst):
    published(mst, 1, first_enrolment="2026-05", results_summary_given_on="2026-09-03")
    row = rows_of(export(client, "csv"))[0]
    cells = list(row.values())
    assert "2026-05" in cells
    assert "2026-09-03" in cells
    assert "INTERVENTIONAL" not in cells
    sheet = load_workbook(io.BytesIO(export(client, "xlsx"))).active
    assert [len(line) for line in sheet.iter_rows(values_only=True)] == [len(row), len(row)]


def test_a_formula_stays_text(client, mst):
    published(mst, 1, public_title_nl='=HYPERLINK("https://evil.example";"klik")')
    assert any(cell.startswith("'=HYPERLINK") for cell in rows_of(export(client, "csv"))[0].values())
    sheet = load_workbook(io.BytesIO(export(client, "xlsx"))).active
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}


@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl", "ris", "bibtex"])
def test_each_record_says_what_this_viewer_may_see(client, mst, format):
    editor = made.researcher(mst)
    plan = {"state": "approved", "on": None, "owner": "Datadesk"}
    study = made.published(mst, editor=editor, funders=[FUNDER], data_management_plan=plan)
    facade.rebuild()

    def texts(person) -> str:
        client.logout()
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        file = export(client, format)
        if format == "xlsx":
            return str(list(load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)))
        return file.decode()

    everybody, member, team = texts(None), texts(f.member(mst)), texts(editor)
    assert all(study.number in text for text in (everybody, member, team))
    assert "Datadesk" not in everybody
    assert "480" not in everybody + member
    if format in ("csv", "xlsx", "jsonl"):
        assert "Datadesk" in member
        assert "480" in team


def test_a_draft_is_in_no_file_but_its_teams(client, mst):
    editor = made.researcher(mst)
    draft = made.study(mst, editor=editor)
    facade.rebuild()
    assert export(client, "jsonl") == b""
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    assert json.loads(export(client, "jsonl"))["number"] == draft.number


def test_what_was_taken_offline_a_moment_ago_is_left_out(client, mst):
    first, second = published(mst, 2)
    Study.objects.filter(pk=first.pk).update(publication_state="withdrawn")
    assert [json.loads(line)["number"] for line in export(client, "jsonl").splitlines()] == [second.number]


def test_people_have_names_and_no_keys_in_lines_for_programs(client, mst):
    person = f.member(mst)
    row = {**made.values(mst)["contributors"][0], "person": person.pk, "name": ""}
    published(mst, 1, contributors=[row])
    told = json.loads(export(client, "jsonl"))["contributors"][0]
    assert told["name"] == person.full_name
    assert "person" not in told


def test_references(client, mst):
    identifiers = [{"authority": "clinicaltrials_gov", "number": "NCT01234567"}]
    title = "50% minder & beter\n{echt}"
    study = published(mst, 1, acronym="", public_title_nl=title, identifiers=identifiers)[0]
    lines = export(client, "ris").decode().split("\r\n")
    assert lines[:3] == ["TY  - GEN", f"ID  - {study.number}", "TI  - 50% minder & beter {echt}"]
    assert "AU  - Onderzoeker MST" in lines
    assert "N1  - ClinicalTrials.gov: NCT01234567" in lines
    assert lines[-3:] == ["ER  - ", "", ""]
    entry = export(client, "bibtex").decode()
    assert entry.startswith(f"@misc{{{study.number},\n")
    assert r"title = {{50\% minder \& beter \{echt\}}}" in entry
    assert "author = {{Onderzoeker MST}}" in entry
    unescaped = entry.replace(r"\{", "").replace(r"\}", "")
    assert unescaped.count("{") == unescaped.count("}")


def test_exports_of_people_who_are_signed_in_are_noted(client, mst):
    study, reader = published(mst, 1)[0], f.member(mst)
    export(client, "csv")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    export(client, "csv", q="hartfalen")
    b"".join(client.get(reverse("studies:download", kwargs={"number": study.number, "format": "ris"})))
    event = events.of(reader).get(verb="export")
    assert (event.actor_id, event.data) == (str(reader.pk), {"format": "csv", "query": "q=hartfalen"})
    assert events.of(study).get(verb="export").data == {"format": "ris"}


def test_an_unknown_format_is_404(client, mst):
    assert client.get(reverse("studies:export", kwargs={"format": "doc"})).status_code == 404
    study = published(mst, 1)[0]
    assert client.get(reverse("studies:download", kwargs={"number": study.number, "format": "doc"})).status_code == 404


def test_a_search_that_does_not_answer_says_so(client, monkeypatch):
    def broken(*_args):
        raise SearchUnavailable

    monkeypatch.setattr("search.walking.search", broken)
    assert client.get(reverse("studies:export", kwargs={"format": "csv"})).status_code == 503


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_file(client, mst, rows):
    published(mst, rows)
    export(client, "jsonl")
    with CaptureQueriesContext(connection) as captured:
        assert len(export(client, "jsonl").splitlines()) == rows
    assert len(captured) == 8


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list(client, mst, rows):
    published(mst, rows)
    client.get(reverse("studies:list"))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("studies:list")).context["listing"].count == rows
    assert len(captured) == 5


def test_the_list_offers_what_one_may_do(client, mst):
    people = {
        "nobody": None,
        "researcher": made.researcher(mst),
        "bureau": made.bureau(mst),
        "auditor": f.member(mst, role=Role.AUDITOR),
    }
    names = ("register", "mine", "queue")
    wanted = {reverse(f"studies:{name}"): name for name in names}
    wanted[reverse("imports:start", kwargs={"kind": "studies"})] = "import"
    seen = {}
    for who, person in people.items():
        client.logout()
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        page = BeautifulSoup(client.get(reverse("studies:list")).content, "html.parser")
        seen[who] = [wanted[link["href"]] for link in page.select(".page-head a") if link["href"] in wanted]
    assert seen == {
        "nobody": [],
        "researcher": ["register", "mine"],
        "bureau": ["queue", "import"],
        "auditor": ["queue"],
    }
