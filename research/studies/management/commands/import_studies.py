"""`manage.py import_studies FILE… [--dry-run]`: studies from files of a registry."""

from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import CommandError, CommandParser

from academy.accounts.models import Organisation
from academy.core.imports.command import ImportCommand
from academy.core.imports.contract import Context, Importer
from research.studies.importing import StudyImporter
from search import facade


class Command(ImportCommand):
    help = (
        "Import studies from files of a registry (.json, .jsonl, .zip). May be interrupted and run again: what is "
        "there already is unchanged. What was edited here stays; where the registry changed it, too, the page asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=["ctgov", "ictrp"], default="ctgov")
        parser.add_argument("--organisation", metavar="KEY", help="hospital that leads studies in which none is named")
        parser.add_argument("--publish", action=BooleanOptionalAction, default=True, help="publish new studies at once")

    def importer_for(self, options: dict[str, Any]) -> Importer:
        if options["format"] == "ictrp":
            raise CommandError("files of the WHO (ICTRP) cannot be imported yet; use JSON of ClinicalTrials.gov")
        return StudyImporter()

    def context_for(self, options: dict[str, Any]) -> Context:
        key = options["organisation"]
        if key and not Organisation.objects.filter(key=key, kind="hospital").exists():
            raise CommandError(f"there is no hospital with the key {key}")
        return Context(options={"organisation": key, "publish": options["publish"]})

    def handle(self, *args: object, **options: Any) -> None:
        """One round of indexing at the end is quicker than one after each batch."""
        try:
            with facade.draining_paused():
                super().handle(*args, **options)
        finally:
            if not options["dry_run"] and facade.drain().unavailable:
                self.stderr.write("search does not answer; the worker indexes the studies when it does")
