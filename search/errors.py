"""Refusals of this wing."""

from django.utils.translation import gettext_lazy as _

from academy.core.errors import DomainError


class SearchUnavailable(DomainError):
    """The engine does not answer; what was saved is kept and findable later (503)."""

    code = "search_unavailable"
    status = 503
    message = _("Search does not answer right now. Try again in a few minutes.")
