"""What holds for every answer: content policy by area, sessions that end, forms that are not lost, personal pages."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control

from . import clock, kept

Handler = Callable[[HttpRequest], HttpResponse]

# Wagtail's editor writes inline scripts and styles; Swagger's page has an inline start script. Nothing else may.
WIDER = re.compile(r"^/(admin|api/docs)(/|$)")
ACCOUNT_PAGES = ("/accounts/", "/dev/mail/")
BEGAN, SEEN = "session_began", "session_seen"
SEEN_EVERY = 60  # seconds between two notes in the session that somebody is there


class ContentSecurity:
    """Widens the strict policy for the editor and the API documentation only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if WIDER.match(request.path):
            response._csp_update = {
                "script-src": [SELF, UNSAFE_INLINE],
                "style-src": [SELF, UNSAFE_INLINE],
                "img-src": [SELF, "data:", "blob:"],
                "frame-src": [SELF],
            }
        return response


class SessionLimits:
    """Ends a session that was left alone for SESSION_IDLE_SECONDS, and any after SESSION_COOKIE_AGE from its login."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look_at_the_clock(request)
        return self.get_response(request)

    def _look_at_the_clock(self, request: HttpRequest) -> None:
        now = int(clock.now().timestamp())
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.get(SEEN, now)
        if now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE_SECONDS:
            request.expired_person = str(request.user.pk)  # whose form it is, should one have been sent
            logout(request)
        elif SEEN not in request.session or now - seen >= SEEN_EVERY:
            request.session[SEEN] = now


class KeptForms:
    """A form sent after the session had ended is kept, and waits behind the login."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and self._sent_to_login(request, response) and kept.keep(request):
            address = f"{reverse('account_login')}?next={reverse('kept-form')}"
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": address})
            response.headers["Location"] = address
        return response

    @staticmethod
    def _sent_to_login(request: HttpRequest, response: HttpResponse) -> bool:
        """Not the forms of the account pages themselves: they hold passwords."""
        if response.status_code != 302 or request.user.is_authenticated or request.path.startswith("/accounts/"):
            return False
        return urlsplit(response.headers["Location"]).path in (reverse("account_login"), reverse("wagtailadmin_login"))


class ChosenLanguage:
    """Pages without a language in their address (login, account) follow the page that somebody came from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        language = translation.get_language_from_path(request.path_info)
        if language and response.status_code == 200 and language != translation.get_language_from_request(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=31_536_000,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite="Lax",
            )
        return response


class Personal:
    """A page made for somebody signed in, and any page of an account, is kept by no cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        personal = request.user.is_authenticated or request.path.startswith(ACCOUNT_PAGES)
        if personal and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


class PlainAddresses:
    """An address with a NUL character names nothing; PostgreSQL would refuse to look it up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)
