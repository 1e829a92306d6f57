"""A page that lists what a search finds: the search page, and the lists of rooms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from academy.accounts.permissions import viewer_tokens
from academy.core.translation import current

from .contract import RELEVANCE, Viewer
from .errors import SearchUnavailable
from .listing import LONGEST_TEXT, listing


def page(
    request: HttpRequest,
    *,
    template: str,
    types: tuple[str, ...] = (),
    empty_template: str = "",
    default_sort: str = RELEVANCE,
    facets: tuple[str, ...] | None = None,
    **context: Any,
) -> HttpResponse:
    """Search as the address of the request says, limited to `types`, and render `template` with a `Listing`.

    `empty_template` is used when words find nothing. A page that says so comes when the engine does not answer (503).
    """
    try:
        found = listing(
            request.GET,
            viewer=Viewer.of(viewer_tokens(request.user)),
            language=current(),
            path=request.path,
            types=types,
            default_sort=default_sort,
            facets=facets,
        )
    except SearchUnavailable as error:
        text = request.GET.get("q", "")[:LONGEST_TEXT]
        return render(request, "search/unavailable.html", {"text": text}, status=error.status)
    nothing = empty_template and found.text and not found.results.hits
    return render(request, empty_template if nothing else template, {"listing": found, **context})
