"""A search index for the tests that ask for it."""

import pytest

from tests.probes.indexing import own_index


@pytest.fixture
def index(db, settings, tmp_path):
    """An empty index; `facade.rebuild()` fills it with what the test has made."""
    with own_index(settings, tmp_path):
        yield
