"""Languages of addresses, content security policy by area, and pages that no cache may keep."""

import re
from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponse]

# Wagtail's editor writes inline scripts and styles; Swagger's page has an inline start script. Nothing else may.
WIDER = re.compile(r"^/(admin|api/docs)(/|$)")
# Addresses that are the same in every language: a 404 there is an answer.
NEUTRAL = re.compile(r"^/(accounts|admin|api|documents|id|oai|verify)(/|$)")


class Languages(LocaleMiddleware):
    """Sends whoever leaves out the language to the page in theirs, except where addresses have no language.

    Wagtail takes any address below a language, so that every 404 of the API would become a redirect to a page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404 or not NEUTRAL.match(request.path):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class ContentSecurity:
    """Widens the strict policy for the editor and the API documentation only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if WIDER.match(request.path):
            response._csp_update = {
                "script-src": [SELF, UNSAFE_INLINE],
                "style-src": [SELF, UNSAFE_INLINE],
                "img-src": [SELF, "data:", "blob:"],
                "frame-src": [SELF],
            }
        return response


class Personal:
    """A page made for somebody signed in, and any page of an account, is kept by no cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        personal = request.user.is_authenticated or request.path.startswith("/accounts/")
        if personal and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
