"""Pages that belong to no room: theme, permanent addresses, health, failed and kept forms."""

import logging

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import kept, registries
from .context import THEMES

log = logging.getLogger(__name__)
LINKED_DATA = "application/ld+json"


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
    """303 to the page of this record in the reader's language; JSON-LD for a program that asks for it."""
    finders = registries.linked_data if _wants_linked_data(request) else registries.addresses
    found = next((answer for find in finders if (answer := find(number, request.user))), None)
    if found is None:
        raise Http404
    if _wants_linked_data(request):
        response = JsonResponse(found, content_type=LINKED_DATA, json_dumps_params={"ensure_ascii": False})
    else:
        response = HttpResponse(status=303, headers={"Location": found})
    response["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def _wants_linked_data(request: HttpRequest) -> bool:
    """Whether JSON-LD is what suits best; browsers ask for HTML."""
    return request.get_preferred_type(["text/html", LINKED_DATA]) == LINKED_DATA


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database and everything registered (search) answer, else 503; says which, never why."""
    answers = {"database": _database_answers()} | {name: _answers(check) for name, check in registries.health.items()}
    ready = all(answers.values())
    parts = {name: "ok" if answer else "unavailable" for name, answer in answers.items()}
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False


def _answers(check) -> bool:
    try:
        return bool(check())
    except Exception:  # whatever is wrong with it, it does not answer; the log says why
        log.exception("%s does not answer", check)
        return False


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers look for the page on which to change a password."""
    return redirect("account_change_password")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another time: say so, and give back what was typed so that nothing is lost."""
    context = {
        "typed": kept.typed(request) if kept.from_our_pages(request) else [],
        "action": request.get_full_path(),
        "page": kept.page_before(request),
    }
    return render(request, "403_csrf.html", context, status=403)


@never_cache
@login_required
@require_safe
def kept_form(request: HttpRequest) -> HttpResponse:
    """What somebody sent after the session had ended, with a button that sends it again."""
    form = kept.waiting(request)
    if form is None:
        return redirect("/")
    return render(request, "kept_form.html", {"typed": form["fields"], "action": form["path"], "page": form["page"]})


def too_many(request: HttpRequest) -> HttpResponse:
    """429, in words."""
    return render(request, "429.html", status=429)
