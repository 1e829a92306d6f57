"""`manage.py seed_benchmark --courses N --studies N --innovations N`: many made-up records, for measurements."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from academy.cms.loading.benchmark import seed
from academy.cms.loading.report import Report


class Command(BaseCommand):
    help = "Make records for measurements until there are N of each kind, and the search index anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--courses", type=int, default=0, metavar="N")
        parser.add_argument("--studies", type=int, default=0, metavar="N")
        parser.add_argument("--innovations", type=int, default=0, metavar="N")

    def handle(self, *args: object, courses: int, studies: int, innovations: int, **options: object) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError("Made-up records have no place in production.")
        report = Report(self.stdout)
        try:
            seed(report, courses=courses, studies=studies, innovations=innovations)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run it again: it goes on.") from None
        report.summary()
