"""Make the files of all certificates that wait, now instead of when the worker comes to them."""

import sys

from django.core.management.base import BaseCommand, CommandError

from academy.core import pdf
from courses.certificates import selectors, services
from courses.certificates.models import Certificate

BATCH = 10


class Command(BaseCommand):
    help = "Makes the PDF of every awarded certificate that has none; may be interrupted and run again."

    def handle(self, *args, **options) -> None:
        possible, why_not = pdf.available()
        if not possible:
            raise CommandError(f"{why_not}. {selectors.waiting().count()} certificates wait.")
        total, made = Certificate.due().count(), 0
        while batch := services.make_waiting(BATCH):
            made += batch
            self._show_progress(made, max(total, made))
        left = list(selectors.waiting().order_by("pk"))
        self.stdout.write(f"certificates: read {total}, new {made}, waiting {len(left)}")
        for certificate in left:
            self.stdout.write(f"  {certificate.token} {certificate.facts['name']}: {certificate.last_error}")
        if left:
            raise CommandError(f"{len(left)} certificates could not be made")

    def _show_progress(self, made: int, total: int) -> None:
        if sys.stdout.isatty():
            self.stdout.write(f"\r{made} of {total} ", ending="" if made < total else "\n")
            self.stdout.flush()
