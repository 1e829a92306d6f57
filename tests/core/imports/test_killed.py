"""A worker that is really killed, in the middle of a transaction; and memory that does not grow with the file."""

import multiprocessing
import os
import signal
import tracemalloc
from datetime import timedelta

import pytest
from django.db import connections

from academy.core import clock
from academy.core.imports import asking, jobs
from academy.core.imports.contract import Context, Outcome, Plan, Raw
from academy.core.imports.models import ImportJob, JobState
from academy.core.imports.run import import_file

from .counters import CounterImporter, counters, stored


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_whole_batches_and_another_finishes(importer, upload, person):
    job = upload(counters(*range(12)))
    jobs.drain()
    asking.confirm(job=job, actor=person)
    original = importer.apply

    def dies(batch, context):
        plans = original(batch, context)  # written, not committed
        if batch[0].data["key"] == "g":
            os.kill(os.getpid(), signal.SIGKILL)
        return plans

    def worker():
        importer.apply = dies
        jobs.drain()

    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=worker)
    process.start()
    process.join(timeout=30)
    assert process.exitcode == -signal.SIGKILL
    assert sorted(stored()) == list("abcdef")
    assert ImportJob.objects.get().position == 6
    with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.drain() == 1
    job = ImportJob.objects.get()
    assert (job.state, job.position, job.counts, len(stored())) == (JobState.DONE, 12, {"new": 12}, 12)
    assert job.rows.count() == 12
    assert sorted(importer.applied) == list("ghijkl")  # the others were written in the process that is gone


class Weighty(CounterImporter):
    """Many records with much in them, made as they are read."""

    batch = 50

    def __init__(self, count):
        super().__init__()
        self.count = count

    def read(self, file, name):
        return (Raw(f"record {n}", {"key": str(n), "text": "x" * 5000}) for n in range(self.count))

    def plan(self, batch, context):
        return [Plan(Outcome.NEW, raw.data["key"], changes={"text": (None, raw.data["text"])}) for raw in batch]


def test_memory_of_a_run_is_flat_however_many_records():
    def peak(count):
        tracemalloc.start()
        assert import_file(Weighty(count), None, "x", Context(), dry_run=True).read == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(500), peak(5000)
    assert many < few + 5000 * 400  # keys and positions, for duplicates; the records themselves were 25 MB
