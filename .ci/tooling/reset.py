"""`make reset`: set the demo's data aside, so that the next `make run` begins afresh."""

import shutil
import sys
from pathlib import Path

from tooling import ROOT
from tooling.schema import FILE_NAME
from tooling.site import DATABASE_FILE, Site

ASIDE = "before-reset"
STAYS = {"secret-key", "demo-password", "run.lock", ASIDE}


def main():
    site = Site.from_environment()
    if site.is_production:
        sys.exit("`make reset` is for the demo; this is ACADEMY_ENV=production.")
    if not site.database.startswith("sqlite"):
        sys.exit("DATABASE_URL names a database server: drop and create that database there, then `make run`.")
    if not any((site.data / name).exists() for name in (DATABASE_FILE, FILE_NAME)) or is_precious(site.data):
        sys.exit(f"There is no demo in {site.data}; `make run` makes one.")
    with site.alone():
        aside = set_aside(site.data)
    print(f"The demo's data is set aside in {aside} until the next reset. `make run` makes a fresh demo.")


def is_precious(folder):
    return folder in {ROOT, Path.home(), *ROOT.parents}


def set_aside(folder):
    """Move everything but the passwords into a folder that holds the previous data; the data before that goes."""
    aside = folder / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for path in folder.iterdir():
        if path.name not in STAYS:
            path.rename(aside / path.name)
    return aside


if __name__ == "__main__":
    main()
