from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.drain import lag
from search.engines import engine
from search.models import SearchOutbox, SearchState

SHOWN = 20


class Command(BaseCommand):
    help = "Say how the search index is: engine, documents, what waits, what keeps failing."

    def handle(self, *args: Any, **options: Any) -> None:
        health, state, behind = engine().health(), SearchState.load(), lag()
        self.stdout.write(f"Engine      {health.engine} {health.generation}".rstrip())
        self.stdout.write(f"Documents   {health.documents}")
        self.stdout.write(f"Batch       {state.batch}" + (" (a rebuild is under way)" if state.rebuilding else ""))
        self.stdout.write(f"Waiting     {behind.waiting} rows, the oldest for {int(behind.age.total_seconds())} s")
        self.stdout.write(f"Parked      {behind.parked} rows")
        for row in SearchOutbox.objects.exclude(parked_at=None)[:SHOWN]:
            self.stdout.write(f"  {row.type}:{row.record}: {row.last_error}")
        if not health.ok:
            raise CommandError(f"Search does not answer: {health.detail}")
        if health.needs_rebuild:
            raise CommandError("The index was made another way than it would be now: run search_rebuild.")
