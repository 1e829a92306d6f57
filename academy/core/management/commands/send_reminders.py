"""Send the reminders that are due, of every room, now instead of tonight."""

from django.core.management.base import BaseCommand, CommandError

from academy.core import registries


class Command(BaseCommand):
    help = "Brings what follows from time up to today and reminds of what comes near or has passed, once per stage."

    def handle(self, *args, **options) -> None:
        failed = []
        for name, remind in registries.reminders.items():
            done = remind()
            failed += done.failed
            self.stdout.write(f"{name}: {done.summary}")
        if failed:
            raise CommandError(f"These could not be looked at: {', '.join(failed)}")
