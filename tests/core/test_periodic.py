"""The schedule: at most once per interval, over all processes; a failure hurts nobody else."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from academy.core import clock, periodic
from academy.core.models import NumberSequence, Periodic

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(periodic, "_jobs", {})


def test_a_job_runs_at_once_and_then_when_its_interval_is_over():
    ran, start = [], clock.now()
    periodic.every("count", HOUR)(lambda: ran.append(clock.now()))
    for minutes in (0, 1, 59, 60, 61, 119, 120):
        with clock.at(start + timedelta(minutes=minutes)):
            periodic.run_due()
    assert [(moment - start) / timedelta(minutes=1) for moment in ran] == [0, 60, 120]


def test_a_job_that_fails_is_noted_taken_back_and_tried_next_time():
    def fail():
        NumberSequence.objects.create(key="half")
        raise ValueError("no")

    ran = []
    periodic.every("fail", HOUR)(fail)
    periodic.every("good", HOUR)(lambda: ran.append(1))
    start = clock.now()
    with clock.at(start):
        assert periodic.run_due() == 2
    row = Periodic.objects.get(name="fail")
    assert (row.last_error, row.next_at, ran) == ("ValueError: no", start + HOUR, [1])
    assert not NumberSequence.objects.exists()
    periodic.every("fail", HOUR)(lambda: None)
    with clock.at(start + HOUR):
        periodic.run_due()
    row.refresh_from_db()
    assert row.last_error == ""


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_run_a_job_once():
    ran, start = [], threading.Barrier(2)
    periodic.every("count", HOUR)(lambda: ran.append(1))

    def run():
        start.wait()
        try:
            periodic.run_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert ran == [1]
