"""Lists in pages."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(request: HttpRequest, rows: Any, *, size: int, parameter: str = "page") -> Page:
    """The page asked for; anything that is no page gives the nearest one."""
    return Paginator(rows, size).get_page(request.GET.get(parameter))
