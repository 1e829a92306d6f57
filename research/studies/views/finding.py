"""The list of studies, and the same list as a file."""

from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core.translation import current
from search import facade

from ..exporting import FORMATS, note, sheets

TYPES = ("study",)
SORT = "newest"


@require_safe
def study_list(request: HttpRequest) -> HttpResponse:
    """Studies with facets; the same search as everywhere, limited to this kind."""
    return facade.page(
        request, types=TYPES, template="studies/list.html", default_sort=SORT, ways=_ways(request.user), formats=FORMATS
    )


def _ways(user: Any) -> list[dict[str, str]]:
    """Where this person can go on from the list: what they may do, and nothing else."""
    offered = [
        ("studies.register", reverse("studies:register"), _("Register a study"), "pencil"),
        ("studies.register", reverse("studies:mine"), _("My studies"), "flask-conical"),
        ("studies.see_queue", reverse("studies:queue"), _("Reviews"), "file-text"),
        ("studies.import", reverse("imports:start", kwargs={"kind": "studies"}), _("Import studies"), "download"),
    ]
    return [{"label": label, "url": url, "icon": icon} for may, url, label, icon in offered if user.has_perm(may)]


@require_safe
def export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The whole list as the address filters it, in its order; 404 for a format that does not exist."""
    if format not in FORMATS:
        raise Http404
    viewer = facade.viewer_for(request.user)
    parts = facade.walk(request.GET, viewer=viewer, language=current(), types=TYPES, default_sort=SORT)
    try:
        first = next(parts, [])
    except facade.SearchUnavailable as error:
        return render(request, "search/unavailable.html", {"text": ""}, status=error.status)
    note(request.user, request.user, format, query=request.META.get("QUERY_STRING", "")[:500])
    pks = ([int(hit.pk) for hit in hits] for hits in chain([first], parts))
    _label, send = FORMATS[format]
    return send(sheets(pks, request.user), _("studies"))


urlpatterns = [
    path("", study_list, name="list"),
    path(pgettext_lazy("path", "export/<str:format>/"), export, name="export"),
]
