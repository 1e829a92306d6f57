"""Rows that a drain takes: nothing is lost, nothing done twice, what keeps failing is parked."""

import fcntl
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from academy.core import clock, work
from academy.core.models import Message

pytestmark = pytest.mark.django_db


def row(n: int = 1, **columns) -> Message:
    return Message.objects.create(kind="test", to=f"p{n}@example.org", event_key="k", language="nl", **columns)


def done() -> int:
    return Message.objects.filter(done_at__isnull=False).count()


def test_due_rows_are_taken_once_the_most_urgent_first():
    rows = [row(1), row(2, priority=5), row(3, not_before=clock.now() + timedelta(hours=1))]
    taken = []
    assert work.drain(Message, lambda one: taken.append(one.pk)) == 2
    assert taken == [rows[1].pk, rows[0].pk]
    assert work.drain(Message, lambda one: taken.append(one.pk)) == 0


def test_a_limit_is_kept():
    for n in range(3):
        row(n)
    assert work.drain(Message, lambda one: None, limit=2) == 2
    assert done() == 2


def test_a_failure_belongs_to_its_row_alone_and_takes_back_what_its_handler_wrote():
    bad, good = row(1), row(2)

    def handle(one):
        Message.objects.filter(pk=one.pk).update(priority=9)
        if one.pk == bad.pk:
            raise OSError("no route")

    assert work.drain(Message, handle) == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.attempts, bad.last_error, bad.priority, bad.done_at) == (1, "OSError: no route", 0, None)
    assert (good.priority, good.attempts) == (9, 0)


def test_pauses_double_and_the_eighth_failure_parks():
    one, moment, pauses = row(), clock.now(), []

    def fail(_row):
        raise OSError("down")

    for _attempt in range(work.PARKED_AFTER):
        with clock.at(moment):
            assert work.drain(Message, fail) == 0
            assert work.drain(Message, fail) == 0  # not due again yet
        one.refresh_from_db()
        pauses.append((one.not_before - moment) / timedelta(minutes=1))
        moment = one.not_before
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128]
    assert (one.attempts, one.parked_at is not None) == (8, True)
    with clock.at(moment + timedelta(days=9)):
        assert work.drain(Message, lambda _row: None) == 0
        one.wake()
        assert work.drain(Message, lambda _row: None) == 1


def test_what_cannot_be_done_yet_waits_without_counting():
    one = row()

    def not_yet(_row):
        raise work.NotYet("the library is missing")

    work.drain(Message, not_yet)
    one.refresh_from_db()
    assert (one.attempts, one.done_at, one.last_error) == (0, None, "the library is missing")
    assert one.not_before > clock.now()


def test_a_row_that_somebody_else_has_taken_back_is_never_seen():
    with transaction.atomic():
        row()
        transaction.set_rollback(True)
    assert work.drain(Message, lambda _row: None) == 0


@pytest.mark.django_db(transaction=True)
def test_a_drain_that_is_killed_leaves_its_row():
    one = row()

    class Killed(BaseException):
        """As abrupt as a signal: no handler of failures sees it."""

    def die(_row):
        raise Killed

    with pytest.raises(Killed):
        work.drain(Message, die)
    one.refresh_from_db()
    assert (one.done_at, one.attempts) == (None, 0)
    assert work.drain(Message, lambda _row: None) == 1


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_take_every_row_once():
    for n in range(20):
        row(n)
    taken, lock, start = [], threading.Lock(), threading.Barrier(2)

    def handle(one):
        with lock:
            taken.append(one.pk)

    def run():
        start.wait()
        try:
            while Message.objects.filter(done_at=None).exists():
                work.drain(Message, handle)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(taken) == sorted(Message.objects.values_list("pk", flat=True))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL shares rows by SKIP LOCKED")
def test_on_sqlite_the_second_process_leaves_the_rows_to_the_first():
    row()
    holding = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); "
        "sys.stdin.read()"
    )
    path = settings.DATA_DIR / "core.message.lock"
    with subprocess.Popen(
        [sys.executable, "-c", holding, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        assert work.drain(Message, lambda _row: None) == 0
        other.stdin.close()
    with path.open("w") as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert work.drain(Message, lambda _row: None) == 1


def test_the_rooms_have_their_drains_in_the_worker():
    assert {"mail", "search"} <= set(work.drains())


@pytest.mark.django_db(transaction=True)
def test_what_takes_long_runs_outside_the_transaction_where_it_would_stop_everybody():
    message = row()
    seen = []

    def prepare(taken):
        seen.append(connection.in_atomic_block)
        return "prepared"

    assert work.drain(Message, lambda taken, made: seen.append(made), prepare=prepare) == 1
    rows_are_locked = connection.features.has_select_for_update_skip_locked
    assert seen == [rows_are_locked, "prepared"]
    message.refresh_from_db()
    assert message.done_at


def test_a_preparation_that_fails_counts_on_its_row():
    message = row()

    def prepare(taken):
        raise ConnectionRefusedError("no server")

    assert work.drain(Message, lambda taken, made: None, prepare=prepare) == 0
    message.refresh_from_db()
    assert (message.attempts, message.done_at) == (1, None)
