"""Who may decide about others or about content has to log in with a second factor, where the settings say so."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from .models import Role
from .permissions import roles_of

STRONG_ROLES = (Role.ADMINISTRATOR, Role.SCIENCE_BUREAU, Role.COURSE_MANAGER, Role.INNOVATION_MANAGER)
#: Setting up the second factor, logging out, and what every page needs.
OPEN = ("/accounts/", "/static/", "/media/", "/theme/", "/language/", "/healthz", "/readyz", "/dev/mail/")


def lacks_second_factor(user) -> bool:
    """Whether the settings and the roles of this person ask for a second factor that is not there."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
        return False
    return any(roles_of(user).has(role) for role in STRONG_ROLES) and not is_mfa_enabled(user)


class SecondFactor:
    """Leads people with one of these roles and a password alone to the page where they set up the app."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or not lacks_second_factor(request.user):
            return self.get_response(request)
        words = _("Your role needs two-step login. Set it up first; it takes a minute.")
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "second_factor_needed", "detail": words}, status=403)
        messages.warning(request, words)
        return redirect("mfa_activate_totp")
