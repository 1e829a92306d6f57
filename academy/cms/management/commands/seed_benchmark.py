"""`manage.py seed_benchmark --courses N`: many made-up courses, for measurements."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from academy.cms.loading.benchmark import seed
from academy.cms.loading.report import Report


class Command(BaseCommand):
    help = "Make courses for measurements until there are N of them, and the search index anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--courses", type=int, required=True, metavar="N")

    def handle(self, *args: object, courses: int, **options: object) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("Made-up courses have no place in production.")
        report = Report(self.stdout)
        try:
            seed(courses, report)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run it again: it goes on.") from None
        report.summary()
