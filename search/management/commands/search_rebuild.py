from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.contract import EngineUnavailable
from search.management.progress import Line
from search.rebuild import RebuildRuns, go_back, rebuild


class Command(BaseCommand):
    help = "Make the search index anew beside the live one and put it in its place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--back", action="store_true", help="go back to the index before the live one")

    def handle(self, *args: Any, back: bool = False, **options: Any) -> None:
        try:
            if back:
                self.stdout.write(f"The index {go_back()} is live again; everything that it misses is queued.")
                return
            result = rebuild(Line(self.stdout, "Reading records"))
        except RebuildRuns:
            raise CommandError("Another process is rebuilding the index.") from None
        except EngineUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}") from error
        self.stdout.write(
            f"{result.read} records read, {result.written} documents in the index, "
            f"{result.replayed} changes since the start taken, {len(result.refused)} refused."
        )
        for (type_name, pk), why in result.refused.items():
            self.stderr.write(f"{type_name}:{pk} refused: {why}")
        if result.refused:
            raise CommandError("Some records could not be read; the others are findable.")
