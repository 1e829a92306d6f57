"""`manage.py import_studies FILE… [--dry-run]`: studies from files of a registry."""

from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import CommandError, CommandParser

from academy.accounts.models import Organisation
from academy.core.imports.command import ImportCommand
from academy.core.imports.contract import Context, Importer
from academy.core.imports.run import Row, Summary
from research.studies.importing import StudyImporter
from search import facade

LONGEST = 70  # characters of a value in a dry run


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
        self.dry_run = options["dry_run"]
        try:
            with facade.draining_paused():
                super().handle(*args, **options)
        finally:
            if not self.dry_run and facade.drain().unavailable:
                self.stderr.write("search does not answer; the worker indexes the studies when it does")

    def _progress(self, summary: Summary) -> None:
        """A dry run tells of each record instead of counting them."""
        if not self.dry_run:
            return super()._progress(summary)
        for row in summary.latest:
            self._describe(row)
        return None

    def _describe(self, row: Row) -> None:
        plan = row.plan
        about = " ".join(filter(None, (plan.outcome.label.lower(), plan.key, plan.number, plan.title)))
        self.stdout.write(f"{row.position}: {about}")
        for mark, fields in (("", plan.changes), ("edited here: ", plan.questions)):
            for name, (old, new) in fields.items():
                label = StudyImporter().label_of(name)
                self.stdout.write(f"    {mark}{label}: {_short(name, old)} → {_short(name, new)}")
        for note in plan.notes:
            self.stdout.write(f"    {note}")


def _short(name: str, value: Any) -> str:
    text = " | ".join(StudyImporter().show(name, value).splitlines())
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text or "–"
