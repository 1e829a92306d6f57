"""What a row of somebody's own list of innovations or people costs, indexing included; courses: `tables_bench`."""

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

from academy.accounts.importing import PersonImporter
from academy.core.imports.contract import Context, Importer, Outcome
from academy.core.imports.run import import_file
from research.innovations.importing import InnovationImporter
from search import facade
from tests import factories as f
from tests.factories import innovations

COUNT, WARM_UP = 1_000, 50
GOAL_MS = 10.0
INNOVATIONS = (
    "title_nl;summary_nl;problem_nl;how_it_works_nl;organisations;pillar;stage;stage_since;trl;value;dependencies;"
    "fte_estimate_minutes_before;fte_estimate_minutes_after;fte_estimate_cases_per_year;budget_year;budget_eur"
)
PEOPLE = "email;given_name;family_name;organisation;starts_on"


def _innovations(first: int, count: int) -> Iterator[str]:
    stages = ("idea", "exploration", "development", "pilot_a", "pilot_b", "implementation", "in_use")
    for n in range(first, first + count):
        texts = f"Innovatie {n};Samenvatting van {n};Het probleem van {n};Zo werkt {n}"
        figures = f"{n % 28 + 1}-5-2026;{n % 9 + 1};{n % 10 + 1};epd;30;{n % 30};{n};2026;{n}"
        yield f"{texts};mst;p3;{stages[n % 7]};{figures}"


def _people(first: int, count: int) -> Iterator[str]:
    for n in range(first, first + count):
        yield f"collega{n}@example.org;Voornaam{n};Achternaam{n};mst;1-9-2026"


def _imported(importer: Importer, heading: str, lines: Iterator[str]) -> float:
    """Milliseconds of CPU for each row, as the command does it."""
    rows = list(lines)
    file = io.BytesIO("\n".join([heading, *rows]).encode("utf-8-sig"))
    started = time.process_time()
    with facade.draining_paused():
        summary = import_file(importer, file, "lijst.csv", Context())
    drained = facade.drain()
    assert not drained.unavailable, drained
    assert summary.counts[Outcome.NEW] == len(rows), summary.refusals[:1]
    return (time.process_time() - started) / len(rows) * 1000


def _measure(importer: Importer, heading: str, lines: Callable[[int, int], Iterator[str]]) -> dict[str, Any]:
    facade.rebuild()
    f.organisation("mst")
    innovations.pillar(3)
    _imported(importer, heading, lines(0, WARM_UP))
    spent = _imported(importer, heading, lines(WARM_UP, COUNT))
    return {"ratio": spent, "limit": GOAL_MS, "detail": f"ms of CPU per row, {COUNT} new rows, indexed"}


def innovations_per_row() -> dict[str, Any]:
    """New innovations from a CSV list."""
    return _measure(InnovationImporter(), INNOVATIONS, _innovations)


def people_per_row() -> dict[str, Any]:
    """New people from a CSV list, each with a membership: a service, an event and groups for each."""
    return {**_measure(PersonImporter(), PEOPLE, _people), "limit": 4 * GOAL_MS}


BENCHMARKS = {
    "import of innovations, ms per row": innovations_per_row,
    "import of people, ms per row": people_per_row,
}
