"""A study for whom may see what is for the team; for everybody else there is no such page."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest

from academy.core.errors import Unknown

from ..models import Study


def number_of(text: str) -> int | None:
    """The number that a hidden field sent, if any row or version can have it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def team_study(request: HttpRequest, number: str, find: Callable[[Any, str], Study]) -> Study:
    """The study that `find` gives this user, when it is theirs to work on or to oversee; else 404."""
    try:
        study = find(request.user, number)
    except Unknown:
        raise Http404 from None
    if not request.user.has_perm("studies.see_team", study):
        raise Http404
    return study
