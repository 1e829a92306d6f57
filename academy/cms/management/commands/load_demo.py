"""`manage.py load_demo`: the demo content; twice is once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from academy.cms.loading.demo import load
from academy.cms.loading.report import Report


class Command(BaseCommand):
    help = "Load the demo: invented content of every room, with dates relative to the first load."

    def handle(self, *args: object, **options: object) -> None:
        if not getattr(settings, "DEMO_PASSWORD", ""):
            raise CommandError("The demo has logins whose password is known: it loads in development only.")
        report = Report(self.stdout)
        try:
            load(report)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run load_demo again: it goes on with what is missing.") from None
        report.summary()
        if not report.counts["new"] and not report.refused:
            self.stdout.write("The demo is there already; nothing was changed.")
        if report.refused:
            raise CommandError("Some of the demo was refused. `make reset` begins with an empty database.")
