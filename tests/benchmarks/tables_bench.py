"""What reading a row of a table costs, CSV and workbook, beside the least; what importing a course costs, indexed.

The least for a workbook is openpyxl in its reading mode, values only; for CSV it is the standard library's reader.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl

from academy.core.imports.contract import Context, Outcome
from academy.core.imports.run import import_file
from academy.core.imports.tables import records
from courses.catalogue.importing import CourseImporter
from search import facade
from tests import factories as f

COUNT, WARM_UP = 2_000, 50
GOAL_MS = 10.0
#: times the standard library, which neither finds headings nor reads a date
GOAL_WORKBOOK, GOAL_CSV = 2.0, 40.0
NAMES = (
    "code title_nl title_en summary_nl summary_en outcomes_nl body_nl organisations visibility delivery_mode languages "
    "hours classroom_hours online_norm_minutes cost_price_eur prerequisites approval_required published"
).split()


def _row(n: int, title: str = "Cursus") -> list[Any]:
    texts = [f"{title} {n}", f"Course {n}", f"Wat je leert in {n}. " * 5, f"What you learn in {n}. " * 5]
    more = [f"Je kunt {n}.\nJe weet {n}.", f"Eerste alinea van {n}. " * 10 + f"\n\nTweede alinea van {n}."]
    facts = ["mst", "iedereen", "blended", "nl; en", 4.5, 3, 90, 125]
    return [f"BEN-{n:05d}", *texts, *more, *facts, f"BEN-{n - 1:05d}" if n % 10 else "", "nee", "ja"]


def _rows(first: int, count: int, title: str = "Cursus") -> Iterator[list[Any]]:
    return (_row(n, title) for n in range(first, first + count))


def _text(first: int, count: int, title: str = "Cursus") -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(NAMES)
    writer.writerows(
        [str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in row]
        for row in _rows(first, count, title)
    )
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def _workbook(count: int) -> io.BytesIO:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in ([*NAMES], *_rows(0, count)):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file


def _spent(work: Callable[[], int]) -> float:
    """Milliseconds of CPU per row; `work` gives the number of rows."""
    started = time.process_time()
    count = work()
    return (time.process_time() - started) / count * 1000


def _compared(file: io.BytesIO, name: str, least: Callable[[], int], limit: float) -> dict[str, Any]:
    f.organisation("mst")
    columns = CourseImporter().columns()
    ours = _spent(lambda: sum(1 for _raw in records(file, name, columns)))
    other = _spent(least)
    detail = f"CPU per row of {len(NAMES)} columns: {ours:.3f} ms, the least {other:.3f} ms; {COUNT} rows"
    return {"ratio": ours / other, "limit": limit, "detail": detail}


def reading_csv() -> dict[str, Any]:
    """Typed rows of a CSV file ÷ its cells."""
    file = _text(0, COUNT)
    text = file.getvalue().decode("utf-8-sig")
    return _compared(
        file, "x.csv", lambda: sum(1 for _row in csv.reader(io.StringIO(text, newline=""), delimiter=";")), GOAL_CSV
    )


def reading_workbook() -> dict[str, Any]:
    """Typed rows of a workbook ÷ its cells by openpyxl."""
    file = _workbook(COUNT)

    def least() -> int:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        return sum(1 for _row in book.worksheets[0].iter_rows(values_only=True))

    return _compared(file, "x.xlsx", least, GOAL_WORKBOOK)


def _imported(file: io.BytesIO, outcome: Outcome) -> int:
    with facade.draining_paused():
        summary = import_file(CourseImporter(), file, "lijst.csv", Context())
    drained = facade.drain()
    assert not drained.unavailable, drained
    assert summary.counts[outcome] == summary.read, summary.refusals[:1]
    return summary.read


def courses_per_row() -> dict[str, Any]:
    """New courses from a CSV list, with a revision and log rows, indexed; and the same list once more, and changed."""
    facade.rebuild()
    f.organisation("mst")
    _imported(_text(0, WARM_UP), Outcome.NEW)
    new = _spent(lambda: _imported(_text(WARM_UP, COUNT), Outcome.NEW))
    same = _spent(lambda: _imported(_text(WARM_UP, COUNT), Outcome.UNCHANGED))
    changed = _spent(lambda: _imported(_text(WARM_UP, COUNT, "Training"), Outcome.CHANGED))
    detail = f"ms of CPU per row, {COUNT} new rows, indexed; changed {changed:.2f}, unchanged {same:.2f}"
    return {"ratio": new, "limit": GOAL_MS, "detail": detail}


BENCHMARKS = {
    "reading a table: CSV ÷ csv.reader": reading_csv,
    "reading a table: XLSX ÷ openpyxl": reading_workbook,
    "import of courses, ms per row": courses_per_row,
}
