"""Planned and actual days: done, too late, planned; by how many days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from academy.core import clock
from academy.strategy.models import DocumentVersion, Milestone
from academy.strategy.progress import Progress, days_late, progress_of

TODAY = date(2026, 10, 6)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(clock.start_of(TODAY)):
        yield


@pytest.mark.parametrize(
    ("planned", "actual", "progress", "late"),
    [
        (None, None, Progress.UNDATED, 0),
        (TODAY, None, Progress.PLANNED, 0),
        (TODAY - A_DAY, None, Progress.OVERDUE, 1),
        (TODAY - 9 * A_DAY, TODAY - 2 * A_DAY, Progress.DONE, 7),
        (TODAY - 2 * A_DAY, TODAY - 9 * A_DAY, Progress.DONE, 0),
        (None, TODAY, Progress.DONE, 0),
    ],
)
def test_progress_follows_from_the_days(planned, actual, progress, late):
    assert progress_of(planned, actual) == progress
    assert days_late(planned, actual) == late


def test_in_words():
    version = DocumentVersion(planned_on=TODAY - 20 * A_DAY)
    assert (version.badge.text, version.badge.tone, version.delay) == (
        Progress.OVERDUE.label,
        "negative",
        "20 dagen te laat",
    )
    assert Milestone(planned_on=TODAY).delay == ""


@pytest.mark.parametrize("model", [DocumentVersion, Milestone])
def test_what_happened_does_not_lie_ahead(model):
    model(planned_on=TODAY, actual_on=TODAY).clean()
    with pytest.raises(ValidationError) as error:
        model(planned_on=TODAY, actual_on=TODAY + A_DAY).clean()
    assert list(error.value.message_dict) == ["actual_on"]
