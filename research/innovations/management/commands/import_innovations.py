"""`manage.py import_innovations FILE… [--dry-run]`: innovations from people's own lists."""

from typing import Any

from academy.core.imports.command import ImportCommand
from academy.core.imports.contract import Importer
from research.innovations.importing import InnovationImporter
from search import facade


class Command(ImportCommand):
    help = "Import innovations from lists (.csv, .xlsx). May be run again: what is there already is unchanged."

    def importer_for(self, options: dict[str, Any]) -> Importer:
        return InnovationImporter()

    def handle(self, *args: object, **options: Any) -> None:
        """One round of indexing at the end is quicker than one after each batch."""
        try:
            with facade.draining_paused():
                super().handle(*args, **options)
        finally:
            if not options["dry_run"] and facade.drain().unavailable:
                self.stderr.write("search does not answer; the worker indexes the innovations when it does")
