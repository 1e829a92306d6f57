"""Everything that a search finds, in the order of its page, a part at a time: for exports."""

from collections.abc import Iterator
from dataclasses import replace

from .contract import RELEVANCE, Hit, Viewer
from .listing import Parameters, asked
from .searching import search

AT_ONCE = 2_000  # each part is searched for anew, and sorting by title takes its time


def walk(
    params: Parameters,
    *,
    viewer: Viewer,
    language: str,
    types: tuple[str, ...] = (),
    default_sort: str = RELEVANCE,
) -> Iterator[list[Hit]]:
    """The hits of every page of `listing`, each once, however many there are.

    When nothing was found as asked, the page shows other records instead, and only these come. Raises
    SearchUnavailable, also halfway.
    """
    _address, _specs, query = asked(
        params, path="", language=language, types=types, default_sort=default_sort, facets=()
    )
    if query.text.strip() and (shown := search(replace(query, page=1), viewer)).relaxed:
        yield list(shown.hits)
        return
    seen: set[str] = set()
    whole = replace(query, size=AT_ONCE, facets=(), highlight=False)
    page = 1
    while hits := search(replace(whole, page=page), viewer).hits:
        # Between two parts the index may change, and a record slip onto the next page.
        fresh = [hit for hit in hits if hit.id not in seen]
        seen.update(hit.id for hit in fresh)
        yield fresh
        page += 1
