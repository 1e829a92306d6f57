from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.drain import drain, lag, requeue_due
from search.management.progress import Line


class Command(BaseCommand):
    help = "Bring the search index up to date with everything that is queued."

    def handle(self, *args: Any, **options: Any) -> None:
        requeue_due()
        waiting = lag().waiting
        line = Line(self.stdout, "Indexing")
        result = drain(progress=lambda done: line(done, max(done, waiting)))
        if result.busy:
            self.stdout.write("Another process is draining; it takes what is left.")
            return
        left = lag()
        self.stdout.write(
            f"{result.done} rows done, {result.failed} failed, {left.waiting} waiting, {left.parked} parked."
        )
        if result.unavailable:
            raise CommandError(f"The search engine does not answer: {result.unavailable}")
        if result.failed or left.parked:
            raise CommandError("Some records could not be indexed; `search_status` says which.")
