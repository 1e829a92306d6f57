"""Which addresses have a language, and which are the same in every one."""

import re

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Below these a 404 is an answer, and never a page that only lacks its language.
NEUTRAL = re.compile(r"^/(accounts|admin|api|dev|documents|id|oai|verify)(/|$)")


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
