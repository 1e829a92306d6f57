"""An innovation for whom may do something with it; others are refused, or told that there is none."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from academy.core.errors import Unknown

from ..models import Innovation
from ..selectors import page_for


def or_404(find: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What `find` gives, and 404 for what this person may not know of."""
    try:
        return find(*arguments, **named)
    except Unknown:
        raise Http404 from None


def known(request: HttpRequest, number: str, permission: str) -> Innovation:
    """The innovation with all that its page shows, when this person may do this; 404 for what they may not know of."""
    innovation = or_404(page_for, request.user, number)
    if not request.user.has_perm(permission, innovation):
        raise PermissionDenied
    return innovation
