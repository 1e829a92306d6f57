"""What importing a study costs, indexing included, beside the least that it could cost; and whether memory stays flat.

The least: parse the same JSON and insert one row of the same columns. The records are the real ones of the tests, each
made over into many: another number, other words of titles from all six, other days. The same on every run.
"""

import copy
import gc
import json
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from academy.core.imports.contract import Context
from academy.core.imports.run import Summary, import_file
from research.studies import ctgov
from research.studies.importing import StudyImporter
from research.studies.models import Study
from research.studies.record import FIELDS
from search import facade
from tests import factories as f

FOLDER = Path(__file__).resolve().parent.parent / "studies" / "data" / "clinicaltrials_gov"
COUNT, FEWER, WARM_UP = 5_000, 1_000, 200
GOAL_MS = 5.0
FLAT = 1.25  # peak of many ÷ peak of few
STATUSES = ("RECRUITING", "COMPLETED", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "UNKNOWN")
Raw = dict[str, Any]


def real_records() -> list[Raw]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def varied(first: int, count: int) -> Iterator[Raw]:
    """So many records from this ordinal on; neighbours come from different real ones."""
    whole = real_records()
    words = " ".join(raw["protocolSection"]["identificationModule"]["briefTitle"] for raw in whole).split()
    for n in range(first, first + count):
        raw = copy.deepcopy(whole[n % len(whole)])
        protocol = raw["protocolSection"]
        some = " ".join(words[n * step % len(words)] for step in (7, 11, 13))
        start = date(2010, 1, 1) + timedelta(days=n * 37 % 5_000)
        identification = protocol["identificationModule"]
        identification["nctId"] = f"NCT{90_000_000 + n}"
        identification["orgStudyIdInfo"] = {"id": f"ORG-{n}"}
        identification["briefTitle"] = f"{identification['briefTitle']} {some}"
        protocol["statusModule"]["overallStatus"] = STATUSES[n % len(STATUSES)]
        protocol["statusModule"]["startDateStruct"] = {"date": start.isoformat(), "type": "ACTUAL"}
        yield raw


@contextmanager
def file_with(first: int, count: int) -> Iterator[BinaryIO]:
    """A file of lines on disk, since a real one is not in memory either."""
    with tempfile.TemporaryFile() as file:
        file.writelines(f"{json.dumps(raw, ensure_ascii=False)}\n".encode() for raw in varied(first, count))
        file.seek(0)
        yield file


def by_import(file: BinaryIO) -> Summary:
    """As the command does it."""
    context = Context(options={"organisation": f.organisation("mst").key, "publish": True})
    with facade.draining_paused():
        summary = import_file(StudyImporter(), file, "bench.jsonl", context)
    drained = facade.drain()
    assert not drained.unavailable, drained
    return summary


def by_hand(file: BinaryIO) -> None:
    """The least: each line parsed, and one row of the study's columns, values ready made."""
    values = ctgov.convert(real_records()[4]).values
    columns = {name: value for name, value in values.items() if FIELDS[name].rows is None}
    with transaction.atomic():
        for n, line in enumerate(file):
            json.loads(line)
            Study.objects.bulk_create([Study(number=f"B-{n}", **columns)])  # without signals
        transaction.set_rollback(True)


@cache
def measured() -> dict[str, float]:
    """CPU time per record in ms of both ways, for the same file."""
    spent = {}
    facade.rebuild()
    with file_with(0, WARM_UP) as file:
        by_import(file)
    with file_with(WARM_UP, COUNT) as file:
        for name, way in (("least", lambda: by_hand(file)), ("import", lambda: by_import(file))):
            file.seek(0)
            started = time.process_time()
            way()
            spent[name] = (time.process_time() - started) / COUNT * 1000
    return spent


def import_to_least() -> dict[str, Any]:
    """How many times the least an import costs."""
    spent = measured()
    detail = f"CPU per record: import {spent['import']:.2f} ms, JSON and one INSERT {spent['least']:.2f} ms"
    return {"ratio": spent["import"] / spent["least"], "limit": None, "detail": f"{detail}; {COUNT} records"}


def import_per_record() -> dict[str, Any]:
    """What one record costs."""
    return {
        "ratio": measured()["import"],
        "limit": GOAL_MS,
        "detail": f"ms of CPU per record, {COUNT} records, indexed",
    }


def peak(first: int, count: int) -> float:
    """The most memory of this process while it imports so many records, in MB; Linux only."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak until now
    with file_with(first, count) as file:
        by_import(file)
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def peak_of_many() -> dict[str, Any]:
    """Whether five times the records take more memory at once."""
    facade.rebuild()
    with file_with(100_000, WARM_UP) as file:
        by_import(file)
    few, many = peak(200_000, FEWER), peak(300_000, COUNT)
    detail = f"peak of the process: {FEWER} records {few:.0f} MB, {COUNT} records {many:.0f} MB"
    return {"ratio": many / few, "limit": FLAT, "detail": detail}


BENCHMARKS = {
    "import of studies ÷ JSON and one INSERT": import_to_least,
    "import of studies, ms per record": import_per_record,
    "import of studies, peak of 5,000 ÷ 1,000": peak_of_many,
}
