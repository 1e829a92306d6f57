"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import facade


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results of every kind for `q`, with tabs, facets and pages."""
    return facade.page(request, template="search/search.html", empty_template="search/empty.html")
