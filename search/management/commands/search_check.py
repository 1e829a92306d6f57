from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import drift
from search.contract import EngineUnavailable
from search.management.progress import Line

SHOWN = 20


class Command(BaseCommand):
    help = "Compare the search index with the database, both ways."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="queue what differs")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        try:
            found = drift.check(Line(self.stdout, "Comparing"))
        except EngineUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}") from error
        self.stdout.write(
            f"{found.checked} records compared: {len(found.missing)} missing, {len(found.different)} different, "
            f"{len(found.surplus)} surplus, {len(found.unreadable)} unreadable."
        )
        for name in ("missing", "different", "surplus"):
            for type_name, pk in getattr(found, name)[:SHOWN]:
                self.stdout.write(f"  {name}: {type_name}:{pk}")
        for (type_name, pk), why in list(found.unreadable.items())[:SHOWN]:
            self.stdout.write(f"  unreadable: {type_name}:{pk}: {why}")
        if repair:
            self.stdout.write(f"{drift.repair(found)} records queued.")
        elif not found.clean:
            raise CommandError("Index and database differ; --repair queues what differs.")
