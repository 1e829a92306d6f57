"""Programmes, roadmap, goals and the document chain: what the academy steers by, with what is done about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.strategy.selectors import programmes_for_page

from ..plans.chain import chain_of_documents
from ..plans.coverage import coverage
from ..plans.programmes import entries_for, page_of
from ..plans.roadmap import roadmap


def tabs(current: str) -> list[dict[str, Any]]:
    """The ways from one of these pages to the others."""
    labels = {
        "programmes": _("Programmes"),
        "roadmap": _("Roadmap"),
        "goals": _("Goals and concerns"),
        "documents": _("From ambition to plan"),
    }
    return [
        {"label": label, "url": reverse(f"cms:{name}"), "current": name == current} for name, label in labels.items()
    ]


@require_safe
def programmes_page(request: HttpRequest) -> HttpResponse:
    """Every programme."""
    context = {"tabs": tabs("programmes"), "programmes": entries_for(request.user)}
    return render(request, "cms/plans/programmes.html", context)


@require_safe
def programme_page(request: HttpRequest, number: str) -> HttpResponse:
    """One programme with all that hangs on it."""
    programme = get_object_or_404(programmes_for_page(), number__iexact=number)
    return render(request, "cms/plans/programme.html", page_of(programme, request.user))


@require_safe
def roadmap_page(request: HttpRequest) -> HttpResponse:
    """The lines of the roadmap over the horizons."""
    return render(request, "cms/plans/roadmap.html", {"tabs": tabs("roadmap"), **roadmap(request.user)})


@require_safe
def goals_page(request: HttpRequest) -> HttpResponse:
    """The residents' goals, the needs and concerns, with what is being done about each."""
    return render(request, "cms/plans/goals.html", {"tabs": tabs("goals"), **coverage(request.user)})


@require_safe
def documents_page(request: HttpRequest) -> HttpResponse:
    """The document chain with its days, and what was said when."""
    return render(request, "cms/plans/documents.html", {"tabs": tabs("documents"), **chain_of_documents()})
