"""Bring the demo's data folder up to date with the code, in one Django process: `python -m tooling.prepare`."""

import contextlib
import os
import re
import subprocess
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory, NodeNotFoundError
from django.db.migrations.loader import MigrationLoader

from academy.settings import module
from tooling.children import child
from tooling.progress import step
from tooling.schema import ROOMS
from tooling.site import Site, manage

RESET = "Type `make reset` to set the old data aside and begin with a fresh demo."
STATIC = manage("collectstatic", "--noinput", "--verbosity=0")


class Lines:
    """A command's stdout: each line becomes the moving line of a step, and moves its bar."""

    def __init__(self, current, total=None):
        self.current, self.total, self.applied = current, total, 0

    def write(self, text):
        if self.total and (found := re.search(r"Applying (\S+?)\.{3}", text)):
            self.applied += 1
            self.current.count(self.applied, self.total)
            self.current.detail = f"{self.applied}/{self.total} {found[1]}"
        elif not self.total and text.strip():
            self.current.say(text.strip().rsplit("\r", 1)[-1])

    def flush(self):
        """Nothing is held back."""

    def isatty(self):
        return False


def bring_up_to_date(site, kept, wanted):
    """Do what has changed between kept and wanted; each piece is noted as soon as it is done."""
    with contextlib.ExitStack() as beside:
        static = None
        if (kept.static, kept.packages) != (wanted.static, wanted.packages):
            static = beside.enter_context(child(STATIC, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        bring_data_up_to_date(site, kept, wanted)
        if static:
            with step("Collecting style sheets, fonts and pictures", seconds=6):
                output, _ = static.communicate()
                if static.returncode:
                    sys.exit(output)
            kept.static, kept.packages = wanted.static, wanted.packages
            kept.keep_in(site.data)


def bring_data_up_to_date(site, kept, wanted):
    """The database, the demo in it and the index of it."""
    if (kept.migrations, kept.packages, kept.database) != (wanted.migrations, wanted.packages, wanted.database):
        migrate()
        kept.demo = kept.demo and kept.database == wanted.database
        kept.migrations, kept.database = wanted.migrations, wanted.database
        kept.keep_in(site.data)
    if not kept.demo:
        run("Loading the demo and making its index", "load_demo", seconds=14)
        kept.demo, kept.index = True, wanted.index
        kept.keep_in(site.data)
    if kept.index != wanted.index:
        run("Building the search index", "search_rebuild", seconds=4)
        kept.index = wanted.index
        kept.keep_in(site.data)


def migrate():
    """Apply the migrations that the database does not have, and make the tables of database caches."""
    with step("Making the database", seconds=16) as current:
        total = len(missing_migrations())
        call_command("migrate", interactive=False, verbosity=1, stdout=Lines(current, total or 1))
        if any(cache["BACKEND"].endswith("DatabaseCache") for cache in settings.CACHES.values()):
            call_command("createcachetable", verbosity=0)


def missing_migrations():
    """Keys of migrations to apply; ends the run when the database has some of ours that the code has not."""
    loader = MigrationLoader(connection)
    strange = [key for key in loader.applied_migrations if key not in loader.disk_migrations and ours(key[0])]
    if strange:
        refuse([".".join(key) for key in strange])
    return [key for key in loader.disk_migrations if key not in loader.applied_migrations]


def ours(label):
    return any(app.label == label and app.name.split(".")[0] in ROOMS for app in django.apps.apps.get_app_configs())


def run(title, command, *, seconds):
    with step(title, seconds) as current:
        call_command(command, stdout=Lines(current))


def refuse(migrations):
    names = ", ".join(sorted(migrations))
    sys.exit(f"The demo's data was made by another version of the academy ({names}). {RESET}")


def main():
    site = Site.from_environment()
    kept, wanted = site.state()
    if rewritten := wanted.rewritten_since(kept):
        refuse(rewritten)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module())
    django.setup()
    try:
        bring_up_to_date(site, kept, wanted)
    except (DatabaseError, InconsistentMigrationHistory, NodeNotFoundError) as error:
        sys.exit(f"The database does not fit this version of the academy: {error}. {RESET}")


if __name__ == "__main__":
    main()
