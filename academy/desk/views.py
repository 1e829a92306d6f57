"""Mijn academie."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from academy.core.registries import desk_sections, doors

from .selectors import todo_list


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do next, and what the rooms show of this person."""
    sections = sorted((section for make in desk_sections if (section := make(request.user))), key=lambda s: s.rank)
    context = {
        "todos": todo_list(request.user),
        "sections": sections,
        "doors": [door for make in doors for door in make(request.user)],
    }
    return render(request, "desk/home.html", context)
