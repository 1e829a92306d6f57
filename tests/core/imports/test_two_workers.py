"""Two workers, one file: every batch is written once; and the same code without its claim writes them twice."""

import json
import threading
from contextlib import suppress
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from academy.core import clock
from academy.core.imports import asking, jobs
from academy.core.imports.models import ImportJob, JobState
from tests import factories as f
from tests.concurrency.racing import at_once

from .counters import counters, stored

pytestmark = pytest.mark.django_db(transaction=True)
BATCHES = 4


@pytest.fixture
def confirmed(importer):
    """A checked and confirmed file of twelve records."""
    content = json.dumps(counters(*range(BATCHES * importer.batch))).encode()
    file = SimpleUploadedFile("c.json", content)
    job = asking.upload(importer=importer, file=file, options={}, actor=f.person())
    assert jobs.drain() == 1
    return asking.confirm(job=job, actor=f.person())


def meeting(importer):
    """Both workers wait for each other at every record; who comes alone goes on after a moment."""
    barrier, read = threading.Barrier(2), importer.read

    def together(file, name):
        for raw in read(file, name):
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=1)
            yield raw

    return patch.object(importer, "read", together)


def done_once(importer) -> bool:
    job = ImportJob.objects.get()
    whole = (job.state, job.position, job.counts) == (JobState.DONE, 12, {"new": 12})
    return whole and len(stored()) == 12 and len(importer.contexts) == BATCHES


def test_two_workers_share_no_job(importer, confirmed):
    with meeting(importer):
        assert sorted(at_once([jobs.drain] * 2, threads=2)) == [0, 1]
    assert done_once(importer)


def test_twin_without_the_claim_writes_twice(importer, confirmed):
    """Proof that the test above would notice: who finds a job takes it, and nobody asks whose it is."""
    everything = ImportJob.objects.filter(state__in=JobState.for_the_worker())
    with (
        patch.object(jobs, "_free", everything.all),
        patch.object(jobs, "claim", everything.first),
        patch.object(jobs, "_hold", lambda _job: None),
        meeting(importer),
    ):
        assert at_once([jobs.drain] * 2, threads=2) == [1, 1]
    assert not done_once(importer)
    assert len(importer.contexts) > BATCHES


def test_who_slept_longer_than_the_lease_finds_the_job_gone(importer, confirmed):
    """A worker that stands still in the middle of the file while its lease runs out writes nothing after that."""
    asleep, taken_over, read = threading.Event(), threading.Event(), importer.read

    def first_sleeps(file, name):
        sleeps = not asleep.is_set()
        for n, raw in enumerate(read(file, name)):
            if sleeps and n == 2 * importer.batch:
                asleep.set()
                taken_over.wait(timeout=10)
            yield raw

    def takes_over():
        asleep.wait(timeout=10)
        ImportJob.objects.update(lease_until=clock.now())
        try:
            return jobs.drain()
        finally:
            taken_over.set()

    with patch.object(importer, "read", first_sleeps):
        assert at_once([jobs.drain, takes_over], threads=2) == [1, 1]
    assert done_once(importer)
