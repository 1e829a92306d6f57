"""`manage.py import_courses FILE… [--dry-run]`: courses from people's own tables."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from academy.core.imports.command import ImportCommand
from academy.core.imports.contract import Context, Importer
from courses.catalogue.importing import CourseImporter
from courses.catalogue.table import hospitals
from search import facade


class Command(ImportCommand):
    help = (
        "Import courses from tables (.csv, .xlsx). May be interrupted and run again: what is there already is "
        "unchanged. What was edited here stays; where the table changed it, too, the page asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--organisation", metavar="KEY", default="", help="owner of new courses whose row names none"
        )

    def importer_for(self, options: dict[str, Any]) -> Importer:
        return CourseImporter()

    def context_for(self, options: dict[str, Any]) -> Context:
        key = options["organisation"]
        if key and key not in hospitals():
            raise CommandError(f"there is no hospital that owns courses with the key {key}")
        return Context(options={"organisation": key})

    def handle(self, *args: object, **options: Any) -> None:
        """One round of indexing at the end is quicker than one after each batch."""
        try:
            with facade.draining_paused():
                super().handle(*args, **options)
        finally:
            if not options["dry_run"] and facade.drain().unavailable:
                self.stderr.write("search does not answer; the worker indexes the courses when it does")
