"""The demo, loaded once for all tests of a module and taken back afterwards."""

import io
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import transaction

from academy.cms.loading.content import read
from academy.core import clock
from courses.enrolment.models import CourseRun, Enrolment
from search import facade


@dataclass(frozen=True)
class Demo:
    """What was loaded, when, and what the command said."""

    output: str
    before: datetime
    after: datetime
    load_day: date

    def runs(self) -> dict[str, CourseRun]:
        """The runs by the key of the file."""
        found = {(run.course.code, run.sequence): run for run in CourseRun.objects.select_related("course")}
        return {row["key"]: found[row["course"], row["sequence"]] for row in read("runs")["runs"]}

    def enrolments(self) -> dict[str, Enrolment]:
        """The enrolments by the key of the file."""
        emails = {row["key"]: row["email"] for row in read("people")["people"]}
        runs = self.runs()
        found = {(e.run_id, e.person.email): e for e in Enrolment.objects.select_related("person", "run")}
        return {row["key"]: found[runs[row["run"]].pk, emails[row["person"]]] for row in read("runs")["enrolments"]}


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Everything loaded, inside a transaction that is rolled back; the index is made anew for who comes next."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            before, output = clock.now(), io.StringIO()
            call_command("load_demo", stdout=output)
            yield Demo(output.getvalue(), before, clock.now(), clock.today())
            transaction.set_rollback(True)
        facade.rebuild()
