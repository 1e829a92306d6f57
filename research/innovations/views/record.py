"""The page of an innovation, and how it came about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core.paging import page_of as page_of_rows

from ..history import History
from ..page import page_of
from ..permissions import level_of
from ..selectors import history_for, page_for
from ..sheet import Sheet
from .known import or_404

ENTRIES = 20


@require_safe
def innovation_page(request: HttpRequest, number: str) -> HttpResponse:
    """An innovation: where it stands, what was decided, what it brings, with what this viewer may see of it."""
    innovation = or_404(page_for, request.user, number)
    return render(request, "innovations/record/innovation.html", page_of(innovation, request.user))


@require_safe
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Who changed what and why; others than the team see how it went, without names."""
    innovation = or_404(history_for, request.user, number)
    found = History(innovation, request.user)
    page = page_of_rows(request, found, size=ENTRIES)
    sheet = Sheet(innovation, level_of(request.user, innovation))
    context = {
        "innovation": innovation,
        "sheet": sheet,
        "page": page,
        "entries": page.object_list,
        "near": found.near,
    }
    return render(request, "innovations/record/history.html", context)


urlpatterns = [
    path("<innovation:number>/", innovation_page, name="innovation"),
    path(pgettext_lazy("path", "<innovation:number>/history/"), history, name="history"),
]
