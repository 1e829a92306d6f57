"""Engines with the small corpus, and the embedded index behind the facade."""

import pytest

from search import engines, registry
from search.engines.embedded import TantivyEngine
from search.engines.memory import MemoryEngine
from search.models import SearchOutbox
from tests.search.corpus import VALUES, upserts


def make(kind, folder, documents=None):
    """An engine of this kind that holds these documents."""
    if kind == "memory":
        engine = MemoryEngine(values=VALUES)
    else:
        engine = TantivyEngine(folder / "search", values=VALUES, revision="1")
    generation = engine.new_generation()
    generation.apply(upserts() if documents is None else upserts(documents))
    generation.promote()
    return engine


@pytest.fixture(params=["memory", "tantivy"])
def engine(request, tmp_path):
    """Every engine in turn, with the corpus."""
    return make(request.param, tmp_path)


@pytest.fixture
def index(settings, tmp_path):
    """An embedded index of its own behind the facade."""
    settings.DATA_DIR = tmp_path
    engines._engine.cache_clear()
    yield engines.engine
    engines._engine.cache_clear()


@pytest.fixture
def alone():
    """No sources and facets but those of the test."""
    kept = [dict(part) for part in (registry._sources, registry._facets, registry._sorts)]
    for part in (registry._sources, registry._sorts):
        part.clear()
    for name in set(registry._facets) - {"type", "language"}:
        del registry._facets[name]
    registry._changed()
    yield registry
    for part, was in zip((registry._sources, registry._facets, registry._sorts), kept, strict=True):
        part.clear()
        part.update(was)
    registry._changed()


@pytest.fixture
def terms(alone, index, db):
    """Specialties as the only source, an empty index behind the facade."""
    from tests.search import terms as module

    SearchOutbox.objects.all().delete()  # what the planted pages of the site left
    module.register()
    module.CHANGES.clear()
    generation = index().new_generation()
    generation.promote()
    return module
