"""An innovation for whom may do something with it; others are refused, or told that there is none."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from academy.core.errors import Unknown

from ..models import Innovation
from ..selectors import page_for


def known(request: HttpRequest, number: str, permission: str) -> Innovation:
    """The innovation with all that its page shows, when this person may do this; 404 for what they may not know of."""
    try:
        innovation = page_for(request.user, number)
    except Unknown:
        raise Http404 from None
    if not request.user.has_perm(permission, innovation):
        raise PermissionDenied
    return innovation
