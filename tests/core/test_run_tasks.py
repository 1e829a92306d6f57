"""Worker and scheduler: everything that is due is done once, and one failure stops nobody else."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from academy.core import clock, mail, periodic, work
from academy.core.management.commands import run_tasks
from academy.core.models import Periodic

pytestmark = pytest.mark.django_db


@pytest.fixture
def only(monkeypatch):
    """An empty schedule and no drains but those the test adds."""
    monkeypatch.setattr(periodic, "_jobs", {})
    monkeypatch.setattr(work, "_drains", {})
    return monkeypatch


def test_a_job_runs_once_per_interval(only):
    runs = []
    periodic.every("count", timedelta(hours=1))(lambda: runs.append(clock.now()))
    call_command("run_tasks", once=True)
    call_command("run_tasks", once=True)
    assert len(runs) == 1
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        call_command("run_tasks", once=True)
    assert len(runs) == 2


def test_a_failing_drain_and_a_failing_job_do_not_stop_the_others(only, caplog):
    done = []

    def fails():
        raise RuntimeError("no")

    periodic.every("fails", timedelta(hours=1))(fails)
    work.register("fails", fails)
    work.register("works", lambda: done.append(1) or 0)
    run_tasks.turn()
    assert done == [1]
    assert "RuntimeError: no" in Periodic.objects.get(name="fails").last_error


def test_waiting_mail_leaves(only, mailoutbox):
    work.register("mail", mail.send_waiting)
    mail.write(
        kind="certificate_revoked",
        to="noor@example.org",
        language="nl",
        event_key="x:1",
        context={"given_name": "Noor", "title": "BLS", "token": "A" * 16},
    )
    call_command("run_tasks", once=True)
    call_command("run_tasks", once=True)
    assert len(mailoutbox) == 1
