"""Files to import, an importer, a person who may use it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from academy.core.imports import asking, contract, jobs
from tests import factories as f

from .counters import CounterImporter


@pytest.fixture(autouse=True)
def _english():
    translation.activate("en")


@pytest.fixture
def importer(monkeypatch):
    """A fresh importer of counters, registered for this test."""
    found = CounterImporter()
    monkeypatch.setattr(contract, "_importers", {"counters": found})
    return found


@pytest.fixture
def person():
    return f.person()


@pytest.fixture
def upload(importer, person):
    """Give records (or bytes) as a file; returns the job, in which state it is then."""

    def give(records, name="counters.json", actor=person):
        content = records if isinstance(records, bytes) else json.dumps(records).encode()
        return asking.upload(importer=importer, file=SimpleUploadedFile(name, content), options={}, actor=actor)

    return give


@pytest.fixture
def checked(upload):
    """The same, and let the worker check it."""

    def give(records, **more):
        job = upload(records, **more)
        assert jobs.drain() == 1
        job.refresh_from_db()
        return job

    return give
