"""Lists in pages."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(request: HttpRequest, rows: Any, *, size: int, parameter: str = "page", count: int | None = None) -> Page:
    """The page asked for; anything that is no page gives the nearest one. `count` is how many rows, when known."""
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get(parameter))
