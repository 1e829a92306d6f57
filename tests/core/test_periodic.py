"""The schedule: at most once per interval, over all processes; a failure hurts nobody else."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from academy.core import clock, periodic
from academy.core.models import NumberSequence, Periodic

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Killed(BaseException):
    """As SystemExit or KeyboardInterrupt: no failure of the job, the process ends."""


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    monkeypatch.setattr(periodic, "_jobs", {})


def run_at(moment) -> int:
    with clock.at(moment):
        return periodic.run_due()


def test_a_job_runs_at_once_and_then_when_its_interval_is_over():
    ran, start = [], clock.now()
    periodic.every("count", HOUR)(lambda: ran.append(clock.now()))
    for minutes in (0, 1, 59, 60, 61, 119, 120):
        run_at(start + minutes * MINUTE)
    assert [(moment - start) / MINUTE for moment in ran] == [0, 60, 120]


def test_a_job_that_fails_is_noted_and_soon_tried_again():
    tried, ran, start = [], [], clock.now()

    def fail():
        tried.append(clock.now())
        if len(tried) < 3:
            raise ValueError("no")

    periodic.every("fail", HOUR)(fail)
    periodic.every("good", HOUR)(lambda: ran.append(1))
    assert run_at(start) == 2
    row = Periodic.objects.get(name="fail")
    assert (row.last_error, row.next_at, ran) == ("ValueError: no", start + 5 * MINUTE, [1])
    for minutes in (4, 5, 9, 10, 11, 69, 70):
        run_at(start + minutes * MINUTE)
    assert [(moment - start) / MINUTE for moment in tried] == [0, 5, 10, 70]
    row.refresh_from_db()
    assert (row.last_error, row.next_at) == ("", start + 130 * MINUTE)


def test_a_failing_job_with_a_short_interval_keeps_its_interval():
    start = clock.now()

    @periodic.every("fail", MINUTE)
    def fail():
        raise ValueError("no")

    run_at(start)
    assert Periodic.objects.get(name="fail").next_at == start + MINUTE


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_outside_any_transaction_and_what_it_finished_stays():
    blocks = []

    @periodic.every("half", HOUR)
    def half():
        blocks.append(connection.in_atomic_block)
        NumberSequence.objects.create(key="first half")
        raise ValueError("no")

    periodic.run_due()
    assert blocks == [False]
    assert NumberSequence.objects.filter(key="first half").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [Killed, KeyboardInterrupt, SystemExit])
def test_a_process_that_is_killed_leaves_the_job_to_the_next_interval(end):
    ran, start = [], clock.now()

    @periodic.every("killed", HOUR)
    def killed():
        ran.append(clock.now())
        if len(ran) == 1:
            raise end

    with pytest.raises(end):
        run_at(start)
    assert run_at(start + 59 * MINUTE) == 0
    assert run_at(start + HOUR) == 1
    assert ran == [start, start + HOUR]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True], ids=["first time", "later"])
def test_two_schedulers_at_once_run_a_job_once(known):
    ran, start = [], threading.Barrier(2)
    periodic.every("count", HOUR)(lambda: ran.append(1))
    if known:
        Periodic.objects.create(name="count", next_at=clock.now() - MINUTE)

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


@pytest.mark.django_db(transaction=True)
def test_a_job_that_runs_is_taken_by_nobody_else():
    """The claim is written before the job begins: a second scheduler meanwhile finds nothing due."""
    ran, elsewhere = [], []

    def look():
        try:
            elsewhere.append(periodic.run_due())
        finally:
            connections.close_all()

    @periodic.every("long", HOUR)
    def long_one():
        ran.append(1)
        other = threading.Thread(target=look)
        other.start()
        other.join(timeout=60)

    assert periodic.run_due() == 1
    assert (ran, elsewhere) == ([1], [0])
