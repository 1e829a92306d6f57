"""`make bench`: run every benchmark of `*_bench.py` on a migrated database and hold its ratio against its limit.

A benchmark module has `BENCHMARKS = {name: callable}`; each returns `dict(ratio=…, limit=…, detail=…)`. Ratio and limit
share a unit that the detail names; a limit of None means that the number is only told. Arguments choose by name.
"""

import importlib
import os
import sys
import traceback
from pathlib import Path

import django
from django.test.utils import get_runner, setup_databases, teardown_databases

HERE = Path(__file__).resolve().parent


def collect(wanted):
    """{name: callable} of all modules; with words in wanted, only the names that contain one of them."""
    found = {}
    for path in sorted(HERE.glob("*_bench.py")):
        found |= importlib.import_module(f"tests.benchmarks.{path.stem}").BENCHMARKS
    return {name: run for name, run in found.items() if not wanted or any(word in name for word in wanted)}


def measure(benchmarks):
    """Yield (name, result) as each ends; a benchmark that breaks is a result that failed."""
    for name, run in benchmarks.items():
        try:
            yield name, run()
        except Exception:  # noqa: BLE001 - the others are still worth measuring
            traceback.print_exc()
            yield name, {"ratio": float("nan"), "limit": None, "detail": "broke; see above", "broken": True}


def holds(result):
    """Whether a result is within its limit."""
    return not result.get("broken") and (result["limit"] is None or result["ratio"] <= result["limit"])


def line(name, result):
    limit = "" if result["limit"] is None else f"≤ {result['limit']:g}"
    return f"{'✓' if holds(result) else '✗'} {name:<44} {result['ratio']:>8.2f}  {limit:<8} {result['detail']}"


def main(wanted):
    os.environ["DJANGO_SETTINGS_MODULE"] = "academy.settings.test"
    django.setup()
    from django.conf import settings

    get_runner(settings)().setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        failed = 0
        for name, result in measure(collect(wanted)):
            print(line(name, result), flush=True)
            failed += not holds(result)
    finally:
        teardown_databases(databases, verbosity=0)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(sys.argv[1:])
