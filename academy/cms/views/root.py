"""The front door, and the files that machines look for at the root."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from academy.core import clock, registries
from academy.core.translation import current

from ..models import SiteSettings

#: security.txt has to be looked at again before it expires; RFC 9116 advises less than a year.
SECURITY_HOLDS = timedelta(days=180)


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """To the home page in the reader's language: the one chosen before, else the person's, else the browser's."""
    language = current()
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    if request.user.is_authenticated and not chosen:
        language = request.user.preferred_language
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that everybody may see, once per language in which it exists, each with its alternates."""
    entries = [entry for make in registries.sitemap_entries for entry in make()]
    context = {"entries": entries, "root": settings.SITE_URL}
    return render(request, "cms/sitemap.xml", context, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone; certificates are nobody's business but the reader's who has the token."""
    closed = ["/admin/", "/accounts/", "/api/", "/verify/", "/id/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('root:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86_400)
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116)."""
    expires = clock.start_of(clock.today() + SECURITY_HOLDS)
    lines = [
        f"Contact: mailto:{SiteSettings.load().security_contact}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}{reverse('root:security')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
