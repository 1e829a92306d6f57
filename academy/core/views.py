"""Pages that belong to no room: theme, permanent addresses, health, failed forms."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import registries
from .context import THEMES


def back_to(request: HttpRequest, default: str = "/") -> str:
    """The address in `next`, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else default


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie; anything else means: follow the system."""
    response = HttpResponseRedirect(back_to(request))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=31_536_000, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme")
    return response


@require_safe
def permanent_address(request: HttpRequest, number: str) -> HttpResponse:
    """303 to the page of this record in the reader's language."""
    for find in registries.addresses:
        if url := find(number, request.user):
            response = HttpResponse(status=303, headers={"Location": url})
            response["Vary"] = "Accept-Language, Cookie"
            return response
    raise Http404


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another time: say so, and give back what was typed so that nothing is lost."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    hidden = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}
    context = {"typed": [(name, value) for name, value in typed if name not in hidden], "action": request.get_full_path()}
    return render(request, "403_csrf.html", context, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429, in words."""
    return render(request, "429.html", status=429)


