"""Lists as files: right types, nothing that a spreadsheet would run, in flat memory, in the reader's language."""

import csv
import io
import json
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from academy.core.exports import Column, Sheet, TooManyRows, csv_rows, json_lines, workbook, xlsx_file
from academy.core.exports.http import DOWNLOADS, csv_download, file_download

COLUMNS = [
    Column("title", _("Title"), lambda row: row["title"]),
    Column("value", "Value", lambda row: row["value"]),
]
DANGEROUS = ["=1+1", "+31 53", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")']


def rows(*values, title="t"):
    return [{"title": title, "value": value} for value in values]


def as_csv(found, delimiter=","):
    text = "".join(csv_rows(COLUMNS, found))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def as_sheet(found, title="A list"):
    with xlsx_file(COLUMNS, found, title) as file:
        return load_workbook(file).active


@pytest.fixture(autouse=True)
def _english():
    translation.activate("en")


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_words(text):
    assert as_csv(rows(text, title=text))[1] == [f"'{text}", f"'{text}"]
    cell = as_sheet(rows(text))["B2"]
    assert (cell.data_type, cell.value.strip()) == ("s", text.strip())
    assert [json.loads(line)["value"] for line in json_lines(COLUMNS, rows(text))] == [text]


def test_a_heading_or_a_list_that_looks_like_a_formula_is_one_of_words_too():
    assert next(csv_rows([Column("x", "=1", str)], [])) == "\ufeff'=1\r\n"
    assert as_csv(rows(["=1", "a"]))[1][1] == "'=1; a"
    with xlsx_file([Column("x", "=1", str)], []) as file:
        assert load_workbook(file).active["A1"].data_type == "s"


def test_numbers_and_dates_keep_their_kind_in_a_sheet():
    moment = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    sheet = as_sheet(rows(-12, -0.5, Decimal("12.50"), date(2026, 2, 1), moment, None, True, ["a", "b"], "#REF!"))
    found = [sheet.cell(n, 2) for n in range(2, 11)]
    assert [cell.value for cell in found] == [
        -12,
        -0.5,
        12.5,
        datetime(2026, 2, 1),  # noqa: DTZ001 a sheet knows no time zones: this is local time
        datetime(2026, 7, 1, 14, 30),  # noqa: DTZ001
        None,
        "yes",
        "a; b",
        "#REF!",
    ]
    assert "".join(cell.data_type for cell in found) == "nnnddnsss"
    assert [found[3].number_format, found[4].number_format] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]


def test_csv_opens_right_in_dutch_and_in_english():
    moment = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
    found = rows(-12, -0.5, Decimal("1E+3"), date(2026, 2, 1), moment, None, False, 'é;"\n')
    assert [line[1] for line in as_csv(found)] == [
        "Value",
        "-12",
        "-0.5",
        "1000",
        "2026-02-01",
        "2026-01-01 13:30",
        "",
        "no",
        'é;"\n',
    ]
    with translation.override("nl"):
        dutch = as_csv(found, ";")
    assert [line[1] for line in dutch][1:4] == ["-12", "-0,5", "1000"]
    assert dutch[0][0] == "Titel"


def test_json_lines_are_for_programs():
    found = rows(-12, Decimal("12.50"), date(2026, 2, 1), ["a"], "é")
    assert [json.loads(line) for line in json_lines(COLUMNS, found)] == [
        {"title": "t", "value": -12},
        {"title": "t", "value": "12.50"},
        {"title": "t", "value": "2026-02-01"},
        {"title": "t", "value": ["a"]},
        {"title": "t", "value": "é"},
    ]


def test_characters_and_lengths_that_a_sheet_does_not_know():
    sheet = as_sheet(rows("a\x00b\x0bc", "x" * 40_000), title="Studies: 2026/27 [all] and a very long name")
    assert sheet["B2"].value == "abc"
    assert len(sheet["B3"].value) == 32_767
    assert sheet.title == "Studies 202627 all and a very l"
    assert (sheet.freeze_panes, sheet["A1"].font.b) == ("A2", True)


def test_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr("academy.core.exports.tables.MOST_ROWS", 3)
    assert as_sheet(rows(1, 2)).max_row == 3
    with pytest.raises(TooManyRows):
        xlsx_file(COLUMNS, rows(1, 2, 3))


def test_memory_is_flat_however_many_rows():
    def peak(make, count):
        found = ({"title": f"{n} {'t' * 100}", "value": n} for n in range(count))
        tracemalloc.start()
        make(found)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    def sheet(found):
        xlsx_file(COLUMNS, found).close()

    def text(found):
        for _line in csv_rows(COLUMNS, found):
            pass

    peak(sheet, 10)  # what is loaded once
    for make in (sheet, text):
        assert peak(make, 4000) < peak(make, 500) + 200_000


# Closing a response closes old connections, which pytest-django counts as access once a connection was used.
@pytest.mark.django_db
@pytest.mark.parametrize("kind", DOWNLOADS)
def test_downloads_are_streamed_named_and_kept_by_no_cache(kind):
    response = DOWNLOADS[kind](COLUMNS, rows(1), 'Studies "2026"\r\nX: y/../z')
    assert response.streaming
    assert response.headers["Content-Disposition"] == f'attachment; filename="studies-2026-x-yz.{kind}"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content)
    response.close()


def test_a_stream_speaks_the_language_of_its_request():
    columns = [Column("x", _("Title"), lambda _row: str(_("Title")))]
    with translation.override("nl"):
        response = csv_download(columns, range(500), "x")
    content = b"".join(response.streaming_content).decode()
    assert content.split() == ["\ufeffTitel", *["Titel"] * 500]
    assert translation.get_language() == "en"


def test_lines_are_sent_as_they_are_made():
    made = []

    def endless():
        for n in range(10**9):
            made.append(n)
            yield {"title": "t", "value": n}

    parts = iter(csv_download(COLUMNS, endless(), "x").streaming_content)
    next(parts)
    assert len(made) < 300


@pytest.mark.django_db
def test_a_file_is_closed_when_it_was_sent():
    file = io.BytesIO(b"x")
    response = file_download(file, "x.bin", "application/octet-stream")
    response.close()
    assert file.closed


def test_a_workbook_of_several_sheets():
    numbers = [Column("n", "Number", lambda row: row)]
    with workbook([Sheet("One: [first]", COLUMNS, rows(1)), Sheet("Two", numbers, [2, 3])]) as file:
        book = load_workbook(file)
    assert book.sheetnames == ["One first", "Two"]
    assert [tuple(row) for row in book["Two"].values] == [("Number",), (2,), (3,)]
    assert [tuple(row) for row in book["One first"].values] == [("Title", "Value"), ("t", 1)]
