"""Tables as people make them: what a cell becomes, where the headings are, what is told about what cannot be used."""

import io
import re
import zipfile
from datetime import date, datetime, time
from random import Random

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from academy.core.imports.contract import Unreadable
from academy.core.imports.limits import Limits
from academy.core.imports.tables import Column, explained, records, remarks, template
from academy.core.imports.tables.cells import Unfit, coded_of, value_of

PILLARS = {
    "bring_together": ("Samenbrengen", "Bring together"),
    "streamline": ("Stroomlijnen", "Streamline"),
    "renew": ("Vernieuwen", "Renew"),
}
GOALS = {
    "g1": ("Eén doel", "One goal"),
    "g2": ("Twee, drie", "Two"),
    "g3": ("Zelfde", "Same"),
    "g4": ("Zelfde", "Other"),
}
COLUMNS = [
    Column("code", "code", "text", required=True),
    Column("title_nl", "title in Dutch", "text"),
    Column("summary_nl", "summary", "long"),
    Column("pillar", "pillar", "code", "Which of the three.", choices=lambda: PILLARS),
    Column("goals", "goals", "codes", choices=lambda: GOALS),
    Column("depends_on", "depends on", "codes"),
    Column("starts_on", "start", "date", example="31-12-2026"),
    Column("budget_eur", "budget", "money"),
    Column("hours", "hours", "number"),
    Column("published", "published", "yes_no"),
]
BY_NAME = {column.name: column for column in COLUMNS}


@pytest.fixture(autouse=True)
def _english():
    translation.activate("en")


def read(content: bytes, name="list.csv", **more) -> list:
    return list(records(io.BytesIO(content), name, COLUMNS, **more))


def one(content: bytes, name="list.csv"):
    (raw,) = read(content, name)
    return raw


def book(*rows, change=lambda sheet: None, **options) -> bytes:
    """A workbook with these rows on its first sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    change(made.active)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def calculated(content: bytes, reference: str, value: str, kind="") -> bytes:
    """The workbook as Excel leaves it: the formula in this cell with its result."""
    source = zipfile.ZipFile(io.BytesIO(content))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                pattern = rf'<c r="{reference}"([^>]*)><f>(.*?)</f><v ?/?>(</v>)?</c>'
                kept = rf'<c r="{reference}"\1{kind}><f>\2</f><v>{value}</v></c>'
                data, count = re.subn(pattern.encode(), kept.encode(), data)
                assert count == 1
            archive.writestr(part, data)
    return target.getvalue()


# Cells ----------------------------------------------------------------------------------------------------------------


def value(name: str, cell):
    """What this cell becomes, or the reason why it does not."""
    column = BY_NAME[name]
    try:
        return value_of(column, cell, coded_of([column]).get(name))
    except Unfit as problem:
        return f"! {problem}"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1-2-2026", "2026-02-01"),
        ("01/02/2026", "2026-02-01"),
        ("1.2.2026", "2026-02-01"),
        ("2026-02-01", "2026-02-01"),
        ("2026-02-01 00:00:00", "2026-02-01"),
        ("1 februari 2026", "2026-02-01"),
        ("zo 1 feb. 2026", "2026-02-01"),
        ("1 mrt 2026", "2026-03-01"),
        ("3 May 2026", "2026-05-03"),
        (date(2026, 2, 1), "2026-02-01"),
        (datetime.fromisoformat("2026-02-01T13:30"), "2026-02-01"),
        ("", None),
        ("  ", None),
        ("31-2-2026", "! no date: write it as 31-12-2026 or 2026-12-31"),
        ("2-13-2026", "! no date: write it as 31-12-2026 or 2026-12-31"),
        ("1-2-26", "! no date: write it as 31-12-2026 or 2026-12-31"),
        ("1-2-0202", "! the year cannot be right"),
        (46054, "! a number, not a date: give the cell the form of a date"),
        ("Q3 2026", "! no date: write it as 31-12-2026 or 2026-12-31"),
    ],
)
def test_a_date(cell, expected):
    assert value("starts_on", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12.500,50", "12500.50"),
        ("12,500.50", "12500.50"),
        ("€ 12.500,-", "12500.00"),
        ("EUR 12500", "12500.00"),
        ("12.500", "12500.00"),
        ("1.234.567", "1234567.00"),
        ("12 500,5", "12500.50"),
        ("0,5", "0.50"),
        ("-3", "-3.00"),
        (12500.5, "12500.50"),
        (7, "7.00"),
        ("", None),
        ("12,5055", "! an amount in euros has two decimals"),
        ("12.50.00", "! no amount in euros"),
        ("ca. 500", "! no amount in euros"),
        ("99999999999999", "! this is too much"),
        (True, "! no amount in euros"),
    ],
)
def test_money(cell, expected):
    assert value("budget_eur", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4", 4),
        ("4,5", 4.5),
        ("4.5", 4.5),
        ("4.0", 4),
        ("-1,25", -1.25),
        ("0,125", 0.125),
        ("1.234.567", 1234567),
        ("1.284,5", 1284.5),
        (4.0, 4),
        (0.1, 0.1),
        ("1.284", "! this can be read in two ways: write 1284, or fewer decimals"),
        ("1,284", "! this can be read in two ways: write 1284, or fewer decimals"),
        ("4 uur", "! no number"),
        ("1e5", "! no number"),
        ("NaN", "! no number"),
        ("9" * 12, "! this is too much"),
        (date(2026, 1, 4), "! no number"),
    ],
)
def test_a_number(cell, expected):
    assert value("hours", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Ja", True), ("x", True), ("WAAR", True), (True, True), (1, True), ("nee", False), ("No", False), (0, False),
        ("", None), (None, None), ("misschien", "! write yes or no"), (2, "! write yes or no"),
    ],
)  # fmt: skip
def test_yes_or_no(cell, expected):
    assert value("published", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("renew", "renew"),
        ("RENEW", "renew"),
        (" vernieuwen ", "renew"),
        ("Bring Together", "bring_together"),
        ("bring-together", "bring_together"),
        ("", ""),
        ("Vernieuwn", "! not one of Samenbrengen, Stroomlijnen, Vernieuwen"),
        (3, "! not one of Samenbrengen, Stroomlijnen, Vernieuwen"),
    ],
)
def test_a_code(cell, expected):
    assert value("pillar", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("g1; een doel | TWO\ng2", ["g1", "g2"]),
        ("g1, g2", ["g1", "g2"]),
        ("Twee, drie", ["g2"]),
        ("", []),
        ("g1;;", ["g1"]),
        ("zelfde", "! this can be g3, g4: write one of these codes"),
        ("g9", "! not one of Eén doel, Twee, drie, Zelfde, Zelfde"),
        ("g1; g9", "! “g9” not one of Eén doel, Twee, drie, Zelfde, Zelfde"),
    ],
)  # fmt: skip
def test_codes(cell, expected):
    assert value("goals", cell) == expected


def test_codes_of_no_list_are_taken_as_they_are():
    assert value("depends_on", "EPD; ICT  dienst|EPD") == ["EPD", "ICT dienst"]
    assert value("depends_on", "EPD, ICT") == ["EPD", "ICT"]


def test_of_a_long_list_the_nearest_are_named():
    many = Column("unit", "unit", "code", choices=lambda: {f"u{n}": (f"Afdeling {n}", "") for n in range(100)})
    coded = coded_of([many])["unit"]
    with pytest.raises(Unfit, match="not known here; do you mean Afdeling 12"):
        value_of(many, "Afdelng 12", coded)
    with pytest.raises(Unfit, match="the explanation of the columns"):
        value_of(many, "Snoezelruimte", coded)


@pytest.mark.parametrize(
    ("cell", "text", "long"),
    [
        ("  een \n twee\r\n", "een twee", "een\n twee"),
        ("een\N{NO-BREAK SPACE}twee", "een twee", "een twee"),
        (5, "5", "5"),
        (5.5, "5.5", "5.5"),
        (date(2026, 2, 1), "2026-02-01", "2026-02-01"),
        ("nul\x00\x07", "nul", "nul"),
    ],
)
def test_words(cell, text, long):
    assert (value("title_nl", cell), value("summary_nl", cell)) == (text, long)


# Text files -----------------------------------------------------------------------------------------------------------

PLAIN = "code;title_nl;budget_eur\r\nA-1;Één “plan” met café;12.500,50\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_text_file_is_read_whatever_wrote_it(encoding, separator):
    text = PLAIN.replace("12.500,50", '"12.500,50"').replace(";", separator)
    content = text.encode(encoding)
    if encoding == "utf-16-be":
        content = b"\xfe\xff" + content
    raw = one(content)
    assert raw.position == "list.csv, row 2"
    assert raw.data == {"code": "A-1", "title_nl": "Één “plan” met café", "budget_eur": "12500.50"}


def test_the_end_of_a_file_in_another_encoding_counts(tmp_path):
    rows = "".join(f"A-{n};gewoon;1\n" for n in range(30_000))
    raws = read(f"code;title_nl;budget_eur\n{rows}A-x;café;1\n".encode("cp1252"))
    assert raws[-1].data["title_nl"] == "café"


def test_lines_inside_quotes_belong_to_one_row():
    raws = read(b'code;title_nl;summary_nl\n\nA-1;een;"regel 1\r\n\r\nregel ""2"""\nA-2;twee;x\n')
    assert [raw.position for raw in raws] == ["list.csv, row 3", "list.csv, row 4"]
    assert raws[0].data["summary_nl"] == 'regel 1\n\nregel "2"'


def test_old_line_ends_and_excels_hint():
    assert one(b"sep=|\rcode|title_nl\rA-1|een").data == {"code": "A-1", "title_nl": "een"}
    assert one(b"sep=\t\r\ncode\ttitle_nl\r\nA-1\teen;x").data["title_nl"] == "een;x"


def test_what_an_export_put_before_a_formula_is_taken_away():
    assert one(b"code;title_nl\nA-1;'=1+1\n").data["title_nl"] == "=1+1"
    assert one(b"code;title_nl\nA-1;'s avonds\n").data["title_nl"] == "'s avonds"


def test_a_quote_that_is_never_closed(monkeypatch):
    content = b'code;title_nl\nA-1;een\nA-2;"twee\n' + b"A-3;drie\n" * 30_000
    with pytest.raises(Unreadable, match="from row 3 on: a quotation mark is opened and not closed"):
        read(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\x03" * 50, "neither a text file nor"),
        (b"code;title_nl\nA-1;\x81\x8d", "unknown encoding"),
        (b"\xef\xbb\xbfcode;title_nl\nA-1;caf\xe9", "unknown encoding"),
        ("code;title_nl\nA-1;één".encode("utf-16")[:-1], "unknown encoding"),
        (b"naam;adres\nA;B\n", "No row with the names of columns was found in list.csv, such as code, title_nl"),
        (b"code;title_nl;Code\n", "has the column code twice, in A and in C"),
        (b"title_nl;pillar\n", "lacks the column code"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxxxxxx", "has a password, or is an old Excel file"),
        (b"PK\x03\x04 no archive", "is damaged, or no Excel workbook"),
    ],
)
def test_a_file_that_cannot_be_used(content, words):
    with pytest.raises(Unreadable, match=re.escape(words)):
        read(content, needs=("code",))


def test_headings_are_forgiving():
    raw = one(b" Code *;TITLE NL;Goals;PILLAR:;Onbekend\nA-1;een;g1;renew;?\n")
    assert raw.data == {"code": "A-1", "title_nl": "een", "goals": ["g1"], "pillar": "renew"}
    with translation.override("nl"):
        assert set(one(b"code;published;hours\nA-1;ja;4\n").data) == {"code", "published", "hours"}


def test_labels_in_both_languages_are_headings():
    from django.utils.translation import gettext_lazy

    columns = [Column("title", gettext_lazy("Title"), "text"), Column("yes", gettext_lazy("yes"), "text")]
    for heading in ("title;yes", "Titel;ja", "TITLE;Ja"):
        (raw,) = records(io.BytesIO(f"{heading}\nA;B\n".encode()), "x.csv", columns)
        assert raw.data == {"title": "A", "yes": "B"}


def test_every_problem_of_a_row_is_told():
    bad, good = read(b"code;pillar;starts_on;budget_eur;hours\n;Vernieuwn;ooit;veel;4\nA-2;renew;1-2-2026;5;4\n")
    assert bad.problem.splitlines() == [
        "Column code: this cannot be empty",
        "Column pillar, “Vernieuwn”: not one of Samenbrengen, Stroomlijnen, Vernieuwen",
        "Column starts_on, “ooit”: no date: write it as 31-12-2026 or 2026-12-31",
        "Column budget_eur, “veel”: no amount in euros",
    ]
    assert bad.data == {"hours": 4}
    assert not good.problem


def test_empty_rows_title_rows_and_headings_again():
    raws = read(
        b"Innovaties 2026;;\n;;\nvertrouwelijk;;\ncode;title_nl;x\n;;\n"
        b"A-1;een;\n;;alleen hier\ncode;title_nl;x\nA-2;;\n;;"
    )
    assert [(raw.position, raw.data["code"]) for raw in raws] == [
        ("list.csv, row 6", "A-1"),
        ("list.csv, row 9", "A-2"),
    ]


def test_short_and_long_rows():
    assert one(b"code;title_nl;hours\nA-1\n").data == {"code": "A-1", "title_nl": "", "hours": None}
    assert one(b"code;title_nl\nA-1;een;meer;en meer\n").data == {"code": "A-1", "title_nl": "een"}


def test_limits():
    few = Limits(records=2, columns=3, cell=10)
    with pytest.raises(Unreadable, match="more than 2 records"):
        read(b"code\nA\nB\nC\n", limits=few)
    with pytest.raises(Unreadable, match="more than 3 columns"):
        read(b"code;b;c;d\nA;;;\n", limits=few)
    (raw,) = read(b"code;title_nl\nA;12345678901\n", limits=few)
    assert raw.problem == "Column title_nl, “12345678901”: longer than 10 characters"
    with pytest.raises(Unreadable, match=r"Line 2 of list\.csv is longer"):
        read(b"code\n" + b"A" * 2000, limits=Limits(record=1000))


# Workbooks ------------------------------------------------------------------------------------------------------------


def test_a_workbook_with_values_of_every_kind():
    row = ["A-1", 2026, "regel\nregel", "Renew", "g1;g2", None, date(2026, 2, 1), 12500.5, 0.1 + 0.2, True]
    raw = one(book([column.name for column in COLUMNS], row), "list.xlsx")
    assert not raw.problem
    assert raw.position == "list.xlsx, row 2"
    assert raw.data == {
        "code": "A-1", "title_nl": "2026", "summary_nl": "regel\nregel", "pillar": "renew", "goals": ["g1", "g2"],
        "depends_on": [], "starts_on": "2026-02-01", "budget_eur": "12500.50", "hours": 0.3, "published": True,
    }  # fmt: skip


def test_a_date_is_one_by_the_form_of_its_cell_in_both_calendars():
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.active.append(["code", "starts_on", "title_nl"])
    made.active.append(["A-1", date(2026, 2, 1), time(9, 30)])
    made.active["B2"].number_format = "d mmm yyyy"
    assert one(saved(made), "x.xlsx").data == {"code": "A-1", "starts_on": "2026-02-01", "title_nl": "09:30"}
    plain = one(book(["code", "starts_on"], ["A-1", 46054]), "x.xlsx")
    assert plain.problem == "Column starts_on, “46054”: a number, not a date: give the cell the form of a date"


def test_formulas_count_for_their_result():
    content = book(["code", "hours", "title_nl"], ["A-1", "=2*3", '=A2&"x"'])
    raw = one(content, "x.xlsx")
    assert raw.problem.splitlines() == [
        "Column hours, “=2*3”: a formula without a result: open the file in Excel and save it",
        'Column title_nl, “=A2&"x"”: a formula without a result: open the file in Excel and save it',
    ]
    content = calculated(calculated(content, "B2", "6"), "C2", "A-1x", ' t="str"')
    assert one(content, "x.xlsx").data == {"code": "A-1", "hours": 6, "title_nl": "A-1x"}
    wrong = calculated(book(["code", "hours"], ["A-1", "=1/0"]), "B2", "#DIV/0!", ' t="e"')
    assert one(wrong, "x.xlsx").problem == "Column hours, “#DIV/0!”: the formula went wrong"
    empty = calculated(book(["code", "title_nl"], ["A-1", '=""']), "B2", "", ' t="str"')
    assert one(empty, "x.xlsx").data["title_nl"] == ""


def test_merged_titles_and_headings():
    def merge(sheet):
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("B3:C3")

    rows = (
        ["Portfolio 2026"],
        [],
        ["code", "Wat en wanneer"],
        [None, "title_nl", "starts_on"],
        ["A-1", "een", "1-2-2026"],
    )
    assert one(book(*rows, change=merge), "x.xlsx").data == {
        "code": "A-1", "title_nl": "een", "starts_on": "2026-02-01",
    }  # fmt: skip


def test_what_was_merged_downwards_holds_for_each_row():
    rows = (["code", "pillar", "goals"], ["A-1", "renew", "g1"], ["A-2", None, "g2"], ["A-3", None, None])
    raws = read(book(*rows, change=lambda sheet: sheet.merge_cells("B2:B3")), "x.xlsx")
    assert [raw.data["pillar"] for raw in raws] == ["renew", "renew", ""]


def test_hidden_rows_columns_and_sheets_are_left_out_and_told():
    made = openpyxl.Workbook()
    made.active.title = "Voorblad"
    made.active.append(["Lees dit eerst"])
    secret = made.create_sheet("Geheim")
    secret.sheet_state = "hidden"
    secret.append(["code", "title_nl"])
    sheet = made.create_sheet("Lijst")
    for row in (
        ["code", "title_nl", "hours", "opmerking"],
        ["A-1", "een", 1, ""],
        ["A-2", "twee", 2, "x"],
        ["A-3", "", 3],
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    content = saved(made)
    assert [raw.data for raw in read(content, "x.xlsx")] == [
        {"code": "A-1", "title_nl": "een"}, {"code": "A-3", "title_nl": ""},
    ]  # fmt: skip
    assert remarks(io.BytesIO(content), "x.xlsx", COLUMNS) == [
        "These columns are not known and not read: opmerking.",
        "Only the sheet “Lijst” is read, not “Voorblad”.",
        "1 hidden row is not read.",
    ]
    with pytest.raises(Unreadable, match="lacks the column hours, or it is hidden"):
        read(content, "x.xlsx", needs=("hours",))


def test_a_sheet_that_names_a_column_by_chance_is_not_the_list():
    made = openpyxl.Workbook()
    made.active.append(["Uitleg", "hours"])
    made.create_sheet("Lijst").append(["code", "title_nl"])
    made["Lijst"].append(["A-1", "een"])
    assert one(saved(made), "x.xlsx").data == {"code": "A-1", "title_nl": "een"}


def test_the_kind_of_file_is_what_it_is_not_what_it_is_called():
    assert one(book(["code"], ["A-1"]), "list.csv").data == {"code": "A-1"}
    assert one(b"code\nA-1\n", "list.xlsx").data == {"code": "A-1"}


def changed(content: bytes, part: str, change) -> bytes:
    """The workbook with this part made over, or added."""
    source = zipfile.ZipFile(io.BytesIO(content))
    target = io.BytesIO()
    parts = {name: source.read(name) for name in source.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<worksheet><sheetData/></worksheet>"
)
SHEET = "xl/worksheets/sheet1.xml"


def noise(count: int) -> bytes:
    """So many characters that no archive makes much smaller."""
    return Random(1).randbytes(count // 2).hex().encode()


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("xl/vbaProject.bin", lambda data: b"x", "has macros"),
        (SHEET, lambda data: BOMB, "is damaged"),
        (SHEET, lambda data: data[:200], "is damaged"),
        (
            SHEET,
            lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b" " * 30_000_000),
            "grows more than 200 times",
        ),
        (SHEET, lambda data: data.replace(b"<row ", b'<row x="%s" ' % noise(5_000_000), 1), "is damaged"),
        (
            SHEET,
            lambda data: data.replace(b"<is><t>een", b"<is><t>" + b">".join([noise(3_000_000)] * 6), 1),
            "is damaged",
        ),
        (
            SHEET,
            lambda data: data.replace(b"<worksheet", b'<?xml version="1.0" encoding="klingon"?><worksheet', 1),
            "is dam",
        ),
        ("xl/workbook.xml", lambda data: b"", "is damaged"),
        ("_rels/.rels", lambda data: b"<Relationships/>", "is damaged"),
        ("xl/worksheets/sheet1.xml", lambda data: data.replace(b'r="2"', b'r="x"'), "is damaged"),
    ],
)
def test_a_workbook_that_is_not_opened(part, change, words):
    content = changed(book(["code", "title_nl"], ["A-1", "een"]), part, change)
    with pytest.raises(Unreadable, match=words):
        read(content, "x.xlsx")


def test_names_with_prefixes_and_rows_without_numbers():
    def other(data: bytes) -> bytes:
        return (
            b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
            b'<x:row><x:c t="inlineStr"><x:is><x:t>code</x:t></x:is></x:c>'
            b'<x:c t="inlineStr"><x:is><x:r><x:t>ho</x:t></x:r>'
            b"<x:r><x:t>urs</x:t></x:r></x:is></x:c></x:row>"
            b'<x:row><x:c t="str"><x:v>A-1</x:v></x:c><x:c><x:v>4</x:v></x:c>'
            b"</x:row></x:sheetData></x:worksheet>"
        )

    raw = one(changed(book(["x"]), SHEET, other), "x.xlsx")
    assert (raw.position, raw.data) == ("x.xlsx, row 2", {"code": "A-1", "hours": 4})


def shared(content: bytes) -> bytes:
    """The workbook as Excel writes it: texts in a part of their own, with how they are spoken and in several runs."""
    texts: list[bytes] = []

    def put(match: re.Match) -> bytes:
        texts.append(match[2])
        return b'<c%s t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    inline = re.compile(rb'<c( r="[A-Z0-9]+")(?: s="\d+")? t="inlineStr"><is><t>(.*?)</t></is></c>', re.DOTALL)
    content = changed(content, SHEET, lambda data: inline.sub(put, data))
    assert texts
    runs = b"".join(
        b'<si><r><t>%s</t></r><r><t xml:space="preserve">%s</t></r><rPh sb="0" eb="1"><t>kana</t></rPh></si>'
        % (text[:1], text[1:])
        for text in texts
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rIdS" Type="{kind}" Target="/xl/sharedStrings.xml"/></Relationships>'.encode()
    content = changed(content, "xl/sharedStrings.xml", lambda _data: b"<sst>" + runs + b"</sst>")
    return changed(content, "xl/_rels/workbook.xml.rels", lambda data: data.replace(b"</Relationships>", relation))


def test_texts_that_cells_share():
    content = shared(book(["code", "title_nl"], ["A-1", "e\u00e9n_x000D_\ntwee"]))
    assert one(content, "x.xlsx").data == {"code": "A-1", "title_nl": "eén twee"}
    with pytest.raises(Unreadable, match="more text than can be read at once"):
        read(shared(book(["code"], ["A" * 100])), "x.xlsx", limits=Limits(texts=50))
    with pytest.raises(Unreadable, match="is damaged"):
        read(changed(content, SHEET, lambda data: data.replace(b"<v>1<", b"<v>99<")), "x.xlsx")


# Templates ------------------------------------------------------------------------------------------------------------


def test_the_template_as_text_is_what_a_dutch_excel_opens():
    assert template(COLUMNS, "csv") == (
        b"\xef\xbb\xbfcode;title_nl;summary_nl;pillar;goals;depends_on;starts_on;budget_eur;hours;published\r\n"
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_template_as_a_workbook(language):
    with translation.override(language):
        made = openpyxl.load_workbook(io.BytesIO(template(COLUMNS, "xlsx", title="List: of/things")))
    form, explanation, _codes = made.worksheets
    assert form.title == "List ofthings"
    assert [cell.value for cell in form[1]] == [column.name for column in COLUMNS]
    lines = {row[0]: row for row in explanation.iter_rows(min_row=2, values_only=True)}
    assert lines["pillar"][4] == "Which of the three."
    assert "renew = Vernieuwen / Renew" in lines["pillar"][6]
    assert lines["starts_on"][5] == "31-12-2026"
    offered = {str(rule.sqref): rule for rule in form.data_validations.dataValidation}
    pillar = offered["D2:D5000"]
    assert (pillar.type, pillar.showErrorMessage) == ("list", True)
    sheet, cells = pillar.formula1.replace("'", "").replace("$", "").split("!")
    names = [cell.value for (cell,) in made[sheet][cells]]
    assert names == [name[language == "en"] for name in PILLARS.values()]
    goals = offered["E2:E5000"]
    assert not goals.showErrorMessage
    sheet, cells = goals.formula1.replace("'", "").replace("$", "").split("!")
    assert [cell.value for (cell,) in made[sheet][cells]][-2:] == (
        ["g3", "g4"] if language == "nl" else ["Same", "Other"]
    )


def test_a_filled_in_template_is_read():
    made = openpyxl.load_workbook(io.BytesIO(template(COLUMNS, "xlsx", title="List")))
    made.worksheets[0].append(["A-1", "een", None, "Vernieuwen", "g1", None, date(2026, 2, 1), 5, 4, "yes"])
    content = saved(made)
    raw = one(content, "x.xlsx")
    assert not raw.problem
    assert (raw.data["pillar"], raw.data["starts_on"], raw.data["published"]) == ("renew", "2026-02-01", True)
    assert remarks(io.BytesIO(content), "x.xlsx", COLUMNS) == []


def test_names_of_a_list_are_never_formulas():
    columns = [Column("code", "code", "code", "=1+1", choices=lambda: {"a": ("=HYPERLINK(1)", "")})]
    made = openpyxl.load_workbook(io.BytesIO(template(columns, "xlsx")))
    cells = [cell for sheet in made for row in sheet for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_explanation_of_the_columns():
    found = {one.column.name: one for one in explained(COLUMNS)}
    assert found["pillar"].kind == "one of the list, as a code or a name"
    assert found["pillar"].codes[2] == ("renew", "Vernieuwen / Renew")
    assert found["depends_on"].kind == "codes with a semicolon between them"
    assert found["starts_on"].kind == "a date: 31-12-2026 or 2026-12-31"
