"""Bring the deadlines of all studies up to today and send the reminders that are due, now instead of tomorrow."""

from django.core.management.base import BaseCommand, CommandError

from research.studies.services import deadlines


class Command(BaseCommand):
    help = "Derives the deadlines of every study and reminds of those that come near or have passed, once per stage."

    def handle(self, *args, **options) -> None:
        done = deadlines.follow_time()
        refused = len(done.failed)
        unchanged = done.read - done.changed - refused
        self.stdout.write(
            f"studies: read {done.read}, changed {done.changed}, unchanged {unchanged}, refused {refused};"
            f" reminders: {done.reminded}"
        )
        if refused:
            raise CommandError(f"The deadlines of these studies could not be derived: {', '.join(done.failed)}")
