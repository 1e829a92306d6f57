"""What somebody typed is not lost when the session ended meanwhile: it waits in the new session, behind the login.

Passwords and files are never kept. Only the person whose session it was gets the form back, on the same browser.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest

from . import clock

KEY = "kept_form"
LARGEST = 500_000  # characters: the body of a long page
SECONDS = 30 * 60
SECRET = re.compile(r"password|secret|csrfmiddlewaretoken", re.IGNORECASE)

Fields = list[tuple[str, str]]


def typed(request: HttpRequest) -> Fields:
    """Names and values of the form that was sent, without what must not be kept."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in pairs if not SECRET.search(name)]


def from_our_pages(request: HttpRequest) -> bool:
    """Whether the browser says that this form stood on a page of this site.

    A page elsewhere could otherwise have its own fields handed back with a valid token.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()


def page_before(request: HttpRequest) -> str:
    """The address of the page that the form stood on; some addresses only take forms and show nothing."""
    source = urlsplit(request.headers.get("Referer", ""))
    return source.path if source.netloc == request.get_host() else "/"


def keep(request: HttpRequest) -> bool:
    """Put the form into the session; False when there is nothing to keep or too much of it."""
    fields = typed(request)
    if not fields or sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return False
    request.session[KEY] = {
        "path": request.get_full_path(),
        "page": page_before(request),
        "fields": fields,
        "at": clock.now().timestamp(),
        "person": getattr(request, "expired_person", ""),
    }
    return True


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """The kept form (`path`, `page`, `fields`) while it is fresh and of this person; else it is thrown away."""
    form = request.session.get(KEY)
    if form is None:
        return None
    fresh = clock.now().timestamp() - form["at"] < SECONDS
    if fresh and form["person"] in ("", str(request.user.pk)):
        return form
    del request.session[KEY]
    return None
