"""Every check that runs no test: `python -m tooling.lint`. The output of a failed one follows it."""

import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tooling import ROOT
from tooling.site import manage

LANES = 2
PYTHON = sys.executable
CODE = ["academy", "courses", "research", "search", "tests", ".ci", "manage.py"]
CHECKS = {
    "mypy (search)": [PYTHON, "-m", "mypy"],
    "migrations are complete": manage("makemigrations", "--check", "--dry-run"),
    "floors of the house": [f"{sys.prefix}/bin/lint-imports", "--no-cache"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "--allow-empty-input", *CODE[:4]],
    "translations": [PYTHON, "-m", "tooling.translations", "check"],
    "ruff": [PYTHON, "-m", "ruff", "check", *CODE],
    "format": [PYTHON, "-m", "ruff", "format", "--check", *CODE],
}


def run(name):
    """(name, exit code, output, seconds) of one check."""
    started = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, done.returncode, done.stdout, time.monotonic() - started


def main():
    skipped = [] if shutil.which("xgettext") else ["translations"]
    with ThreadPoolExecutor(LANES) as lanes:
        failed = [name for name in lanes.map(report, (name for name in CHECKS if name not in skipped)) if name]
    print(f"{len(CHECKS) - len(failed) - len(skipped)} passed, {len(failed)} failed, {len(skipped)} skipped")
    sys.exit(bool(failed))


def report(name):
    """Run one check and print its result; returns its name when it failed."""
    name, code, output, seconds = run(name)
    mark = "✗" if code else "✓"
    print("\n".join([f"  {mark} {name}, {seconds:.1f} s", *([output.rstrip()] if code else [])]), flush=True)
    return name if code else None


if __name__ == "__main__":
    main()
