"""One question to the engine, asked wider when words find nothing."""

from dataclasses import replace
from time import perf_counter

from .contract import EngineUnavailable, Results, SearchQuery, Viewer
from .engines import engine
from .errors import SearchUnavailable
from .relaxing import relaxed
from .synonyms import current


def search(query: SearchQuery, viewer: Viewer) -> Results:
    """Answer a query; when words find nothing, search wider and say in `relaxed` what was given up.

    Raises SearchUnavailable.
    """
    started = perf_counter()
    if query.text.strip():
        query = replace(query, synonyms=current())
    try:
        found = engine().search(query, viewer)
        if not found.count and query.text.strip():
            found = relaxed(engine(), query, viewer, found)
    except EngineUnavailable as error:
        raise SearchUnavailable from error
    return replace(found, took_ms=(perf_counter() - started) * 1_000)
