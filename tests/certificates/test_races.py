"""One enrolment, many requests at the same moment: one certificate, no error. Without the lock it goes wrong."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import OperationalError

from academy.core import work
from courses.certificates import services
from courses.certificates.models import Certificate, CertificateFile

from . import building

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def at_once(function, times=MANY):
    """Run it in so many threads that start together; their results, or the errors that they met."""
    start = threading.Barrier(times)

    def one(_number):
        start.wait(20)
        try:
            return function()
        except Exception as error:  # noqa: BLE001  an error is a result here
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_many_awards_at_once_give_one_certificate():
    enrolment = building.completed()
    results = at_once(lambda: services.award(enrolment=enrolment).pk)
    assert set(results) == {Certificate.objects.get().pk}


def test_without_the_lock_the_constraint_stops_the_second(monkeypatch):
    """The twin: everybody has looked before anybody writes."""
    enrolment = building.completed()
    looked = threading.Barrier(2)
    start = services._start

    def start_late(*arguments):
        looked.wait(20)
        return start(*arguments)

    monkeypatch.setattr(services, "_start", start_late)
    monkeypatch.setattr(services, "_locked", lambda rows, pk: rows.get(pk=pk))
    # SQLite takes its write lock with the transaction, PostgreSQL with the row.
    unlocked = services.award.__wrapped__ if connection.vendor == "sqlite" else services.award
    results = at_once(lambda: unlocked(enrolment=enrolment), times=2)
    assert [type(result) for result in results if isinstance(result, Exception)] == [IntegrityError]


def test_many_drains_at_once_make_each_file_once(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")
    certificates = [services.award(enrolment=building.completed()) for _turn in range(6)]
    results = at_once(services.make_waiting, times=4)
    while services.make_waiting():
        pass
    assert not [result for result in results if isinstance(result, Exception)]
    assert CertificateFile.objects.count() == len(certificates)
    assert set(Certificate.objects.values_list("state", "attempts")) == {("published", 0)}


def test_revoke_and_make_at_once_leave_it_revoked(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")
    manager = building.manager()
    certificate = services.award(enrolment=building.completed())
    jobs = iter(
        [
            lambda: work.drain(Certificate, services.make),
            lambda: services.revoke(certificate=certificate, actor=manager, reason="Mistake"),
        ]
    )
    lock = threading.Lock()

    def next_job():
        with lock:
            job = next(jobs)
        return job()

    results = at_once(next_job, times=2)
    assert not [result for result in results if isinstance(result, (OperationalError, IntegrityError))]
    certificate.refresh_from_db()
    assert certificate.state == "revoked"
    assert transaction.get_connection().in_atomic_block is False
