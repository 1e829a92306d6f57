"""The pages of an importer of tables: template, columns, what of the file is not read, every problem of a row."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from academy.core.imports import contract, jobs
from academy.core.imports.contract import Outcome, Plan
from academy.core.imports.models import ImportJob
from academy.core.imports.tables import Column, TableImporter
from tests import factories as f

from .test_pages import words

pytestmark = pytest.mark.django_db
START = "/en/import/things/"


class Things(TableImporter):
    """Every row is new."""

    kind, label, needs = "things", "Import things", ("code",)

    def may(self, user):
        return True

    def columns(self):
        return [
            Column("code", "code", "text", "What it is <called>.", required=True, example="A-1"),
            Column("colour", "colour", "code", choices=lambda: {"red": ("Rood", "Red"), "blue": ("Blauw", "Blue")}),
            Column("price_eur", "price", "money"),
        ]

    def plan(self, batch, context):
        changes = {"colour": ("red", "blue"), "price_eur": (None, "12500.50")}
        return [Plan(Outcome.CHANGED, raw.data["code"], changes=changes) for raw in batch]

    apply = plan


@pytest.fixture
def here(client, monkeypatch):
    monkeypatch.setattr(contract, "_importers", {"things": Things()})
    client.force_login(f.person())
    return client


def looked_at(client, content: str):
    answer = client.post(START, {"file": SimpleUploadedFile("lijst.csv", content.encode())})
    jobs.drain()
    return client.get(answer.url)


def test_the_page_explains_the_columns_and_leads_to_the_templates(here):
    page = here.get(START)
    said = words(page)
    assert "colour one of the list, as a code or a name" in said
    assert "2 choices red Rood / Red" in said
    assert "Example: A-1" in said
    assert "&lt;called&gt;" in page.content.decode()
    addresses = re.findall(r'href="([^"]+template\.\w+)"', page.content.decode())
    assert addresses == [f"{START}template.xlsx", f"{START}template.csv"]
    workbook, text = map(here.get, addresses)
    made = openpyxl.load_workbook(io.BytesIO(b"".join(workbook)))
    assert [cell.value for cell in made.worksheets[0][1]] == ["code", "colour", "price_eur"]
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="template-things.xlsx"'
    assert b"".join(text) == b"\xef\xbb\xbfcode;colour;price_eur\r\n"
    assert text.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_templates_are_for_who_may_import(here, client, monkeypatch):
    assert here.get(f"{START}template.pdf").status_code == 404
    monkeypatch.setattr(Things, "may", lambda self, user: False)
    assert here.get(f"{START}template.csv").status_code == 404
    client.logout()
    assert client.get(f"{START}template.csv").status_code == 302


def test_what_is_not_read_and_every_problem_of_a_row_are_told(here):
    page = looked_at(here, "code;colour;price_eur;notes\nA-1;rood;1;x\n;paars;veel;\nB-2;;x;\n")
    said = words(page)
    assert "Not everything in this file is read" in said
    assert "These columns are not known and not read: notes." in said
    assert "lijst.csv, row 3" in said
    assert "B-2 lijst.csv, row 4 Refused" in said
    assert "Column code: this cannot be empty Column colour, “paars”: not one of Rood, Blauw" in said
    assert "Colour Red Blue Price empty € 12,500.50" in said
    report = b"".join(here.get(f"{page.request['PATH_INFO']}report.csv")).decode()
    assert "Column price_eur, “veel”: no amount in euros" in report


def test_a_file_without_the_column_that_rows_are_found_by(here):
    page = looked_at(here, "colour;price_eur\nrood;1\n")
    assert "lijst.csv lacks the column code, or it is hidden." in words(page)


@pytest.mark.parametrize("rows", [1, 20])
def test_choices_are_looked_up_once_for_a_page(here, monkeypatch, rows):
    page = looked_at(here, "code\n" + "".join(f"A-{n}\n" for n in range(rows)))
    asked = []
    columns = Things().columns()
    choices = columns[1].choices
    object.__setattr__(columns[1], "choices", lambda: asked.append(1) or choices())
    monkeypatch.setattr(Things, "columns", lambda self: columns)
    assert here.get(page.request["PATH_INFO"]).status_code == 200
    assert len(asked) == 1
    assert ImportJob.objects.get().remarks == []
