"""A search as a page shows it: what was asked in the address, and results, facets, chips and pages for templates.

Used by the search page, and by rooms that list their own records (`types`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from . import registry
from .contract import LANGUAGES, RELEVANCE, TITLE, TYPE_FACET, SearchQuery, Viewer
from .engines.common import MOST_RESULTS_DEEP
from .presenting import Address, Listing, present
from .searching import search

PAGE_SIZE = 20
LONGEST_TEXT = 400
MOST_CHOSEN = 50  # values of one facet that are looked at


class Parameters(Protocol):
    """What is needed of `request.GET`."""

    def get(self, name: str, default: str = "") -> str:
        """The last value."""

    def getlist(self, name: str) -> list[str]:
        """Every value."""


def listing(
    params: Parameters,
    *,
    viewer: Viewer,
    language: str,
    path: str,
    types: tuple[str, ...] = (),
    size: int = PAGE_SIZE,
    default_sort: str = RELEVANCE,
    facets: Sequence[str] | None = None,
) -> Listing:
    """Search as the address says, limited to `types`, and shape the answer for a template.

    `path` is the page's own address; `facets` are the names to offer, otherwise every one that fits the types.
    What makes no sense in the address is left out. Raises SearchUnavailable.
    """
    address, specs, query = asked(
        params, path=path, language=language, types=types, size=size, default_sort=default_sort, facets=facets
    )
    results = search(query, viewer)
    last = max(1, -(-min(results.count, MOST_RESULTS_DEEP) // size))
    if address.page > last and not results.relaxed:
        address, query = replace(address, page=last), replace(query, page=last)
        results = search(query, viewer)
    return present(results, query=query, address=address, specs=specs, viewer=viewer, pages=last)


def asked(
    params: Parameters,
    *,
    path: str,
    language: str,
    types: tuple[str, ...] = (),
    size: int = PAGE_SIZE,
    default_sort: str = RELEVANCE,
    facets: Sequence[str] | None = None,
) -> tuple[Address, tuple[registry.FacetSpec, ...], SearchQuery]:
    """What the address asks for, the facets to offer, and the question to the engine."""
    address = read_address(params, path=path, types=types, default_sort=default_sort)
    scope = types or address.chosen.get(TYPE_FACET, ())
    specs = registry.facets_for(scope)
    if facets is not None:
        specs = tuple(spec for name in facets if (spec := registry.facet(name)))
    query = SearchQuery(
        text=address.text,
        language=language if language in LANGUAGES else LANGUAGES[0],
        types=types,
        filters=address.chosen,
        facets=tuple(dict.fromkeys((TYPE_FACET, *(spec.name for spec in specs)))),
        sort=sort_value(address.sort or default_sort),
        page=address.page,
        size=size,
    )
    return address, specs, query


def read_address(
    params: Parameters, *, path: str, types: tuple[str, ...] = (), default_sort: str = RELEVANCE
) -> Address:
    """What the address asks for."""
    chosen = {}
    for name in (*dict.fromkeys((TYPE_FACET, *(spec.name for spec in registry.facets()))),):
        if values := tuple(dict.fromkeys(value for value in params.getlist(name) if value))[:MOST_CHOSEN]:
            chosen[name] = values
    offered = {name for name, _label in registry.sort_choices(types)}
    sort = params.get("sort", "")
    return Address(
        path=path,
        text=params.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT],
        chosen=chosen,
        sort=sort if sort in offered and sort != default_sort else "",
        page=_page(params.get("page", "")),
        default_sort=default_sort,
    )


def _page(text: str) -> int:
    """The page number, or 1 when it is none; never beyond what can be paged through."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return max(1, min(number, MOST_RESULTS_DEEP // PAGE_SIZE))


def sort_value(name: str) -> str:
    """What to sort by for the name of an order; an unknown name is the best match."""
    if name in (RELEVANCE, TITLE):
        return name
    spec = registry.sort(name)
    return spec.value if spec else RELEVANCE
