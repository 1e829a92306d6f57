"""The public check: is this certificate valid, for whom, what, when. No login, nothing is rendered here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from academy.core import clock
from academy.core.translation import LANGUAGES
from academy.core.views import too_many

from .. import selectors
from ..forms import VerifyForm
from ..limits import VerifyThrottle
from ..showing import public_rows, verdict
from ..tokens import tidy


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the number; it may be typed in any way."""
    with _language_of(request):
        typed = VerifyForm(request.GET if "token" in request.GET else None)
        if typed.is_valid():
            return HttpResponseRedirect(typed.address)
        status = 200 if not typed.is_bound else 400
        return _private(request, render(request, "certificates/verify_form.html", {"form": typed}, status=status))


@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """The answer, status first; an unknown number is a 404 that explains."""
    with _language_of(request):
        if not VerifyThrottle().allow_request(request, None):
            return _private(request, too_many(request))
        certificate = selectors.by_token(token)
        if certificate is None:
            context = {"typed": token[:60], "form": VerifyForm(), "possible": bool(tidy(token))}
            return _private(request, render(request, "certificates/verify_unknown.html", context, status=404))
        context = {
            "certificate": certificate,
            "verdict": verdict(certificate),
            "rows": public_rows(certificate),
            "checked_at": clock.now(),
        }
        return _private(request, render(request, "certificates/verify.html", context))


def _language_of(request: HttpRequest):
    """The language chosen on this page, else the reader's; the address itself has none."""
    chosen = request.GET.get("lang")
    other = "en" if (chosen or translation.get_language() or "nl")[:2] == "nl" else "nl"
    request.other_language_url = f"{request.path}?lang={other}"
    request.chosen_language = chosen if chosen in LANGUAGES else None
    return translation.override(request.chosen_language or translation.get_language())


def _private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Kept by no cache and listed by no search engine; a chosen language stays."""
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = translation.get_language()
    if request.chosen_language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.chosen_language,
            max_age=31_536_000,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
