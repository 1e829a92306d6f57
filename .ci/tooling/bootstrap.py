"""Have ready what a target needs, on the system's Python: `python3 -m tooling.bootstrap TARGET`."""

import os
import sys

from tooling import ROOT, VENV_PYTHON, debian, environment

SITE = {"run": "tooling.serve", "reset": "tooling.reset"}


def prepare(target):
    """The virtual environment with its packages, and Debian's packages, as far as this machine allows."""
    with environment.alone():
        environment.provide("run" if target in SITE else "development")
        debian.provide(target)
    if target not in SITE:  # the site itself tells it last, where it is read
        debian.report(target)


def main(target):
    prepare(target)
    os.chdir(ROOT)
    then = [SITE[target]] if target in SITE else ["tooling.translations", "compile"]
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", *then])


if __name__ == "__main__":
    main(sys.argv[1])
