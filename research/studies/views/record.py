"""The page of a study: as it is published, as it will be, as a file, and how it came about."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core.errors import Unknown
from academy.core.paging import page_of

from ..exporting import FORMATS, note
from ..history import History
from ..models import Study
from ..page import preview_of, study_page_of
from ..permissions import level_of
from ..record import read
from ..selectors import page_for
from ..sheet import Sheet
from ..vocabularies import Visibility

ENTRIES = 20


def _study(request: HttpRequest, number: str) -> Study:
    """The study with all that its page shows; 404 for whom it is not there."""
    try:
        return page_for(request.user, number)
    except Unknown:
        raise Http404 from None


@require_safe
def study_page(request: HttpRequest, number: str) -> HttpResponse:
    """A study, its reviews beside each other, with what this viewer may see of it."""
    study = _study(request, number)
    return render(request, "studies/study.html", study_page_of(study, request.user))


@login_required
@require_safe
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What everybody (or a member of the hospitals) will see once it is published; for who is near the study."""
    study = _study(request, number)
    if not request.user.has_perm("studies.see_team", study):
        raise Http404
    level = Visibility.MEMBERS if request.GET.get("as") == Visibility.MEMBERS else Visibility.PUBLIC
    return render(request, "studies/preview.html", preview_of(study, level))


@require_safe
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Who changed what and why; others than the team see what became public, without names."""
    study = _study(request, number)
    level = level_of(request.user, study)
    page = page_of(request, History(study, level), size=ENTRIES)
    context: dict[str, Any] = {
        "study": study,
        "sheet": Sheet(study, read(study), level),
        "page": page,
        "entries": page.object_list,
        "near": level == Visibility.TEAM,
    }
    return render(request, "studies/history.html", context)


@require_safe
def download(request: HttpRequest, number: str, format: str) -> HttpResponseBase:
    """One study as a file, in one of the formats of the list."""
    if format not in FORMATS:
        raise Http404
    study = _study(request, number)
    note(request.user, study, format)
    _label, send = FORMATS[format]
    return send([Sheet(study, read(study), level_of(request.user, study))], study.number)


urlpatterns = [
    path("<study:number>/", study_page, name="study"),
    path(pgettext_lazy("path", "<study:number>/preview/"), preview, name="preview"),
    path(pgettext_lazy("path", "<study:number>/history/"), history, name="history"),
    path(pgettext_lazy("path", "<study:number>/download/<str:format>/"), download, name="download"),
]
