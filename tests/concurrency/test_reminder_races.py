"""Two workers remind at the same moment: each deadline is told of once; and without the guard twice."""

from datetime import timedelta

import pytest

from academy.core import clock
from academy.core.models import Message
from research.studies.models import Deadline, Study
from research.studies.services import deadlines
from tests.factories import people, studies

from .racing import at_once, meeting_after

pytestmark = pytest.mark.django_db(transaction=True)
READ = "research.studies.services.deadlines.stage_of"  # after both have read what is due, before either writes


@pytest.fixture
def calls(monkeypatch):
    """How often the messages of a reminder were written."""
    found = []
    written = deadlines.messages.reminded

    def counted(deadline, stage, **details):
        found.append(stage)
        written(deadline, stage, **details)

    monkeypatch.setattr(deadlines.messages, "reminded", counted)
    return found


@pytest.fixture
def _late():
    study = studies.study(people.organisation("mst"))
    Deadline.objects.create(study=Study.objects.get(pk=study.pk), kind="approval_lapses",
                            due_on=clock.today() - timedelta(days=2))  # fmt: skip


@pytest.mark.usefixtures("_late")
def test_two_workers_remind_once(calls):
    with meeting_after(READ, parties=2):
        told = at_once([deadlines.remind] * 2, threads=2)
    assert sorted(told) == [0, 1]
    assert calls == ["overdue"]
    assert Message.objects.filter(kind="study_deadline").count() == 1


@pytest.mark.usefixtures("_late")
def test_twin_without_the_guard_reminds_twice(calls, monkeypatch):
    """Proof that the test above would notice; only the key of the message then still holds the second one back."""

    def unguarded(pk, before, stage):
        return bool(Deadline.objects.filter(pk=pk).update(reminded=stage.name))

    monkeypatch.setattr(deadlines, "_claim", unguarded)
    with meeting_after(READ, parties=2):
        told = at_once([deadlines.remind] * 2, threads=2)
    assert told == [1, 1]
    assert calls == ["overdue", "overdue"]
