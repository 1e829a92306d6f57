"""The mail page that only development has: what was sent, as the receivers see it, in the order of sending."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import mail

MOST = 100
# Django's file backend puts this line after every message.
BETWEEN = re.compile(rb"^-{79}\r?\n?", re.MULTILINE)


@dataclass(frozen=True)
class Sent:
    """One mail as it left: `key` is its file and its place in it."""

    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def at(self) -> datetime | None:
        return parsedate_to_datetime(self.message["Date"]) if self.message["Date"] else None

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attachments(self) -> list[tuple[str, str, str]]:
        """File name, kind and content as text, such as an invitation."""
        return [
            (part.get_filename() or "", part.get_content_type(), _as_text(part))
            for part in self.message.iter_attachments()
        ]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return _as_text(part) if part else ""


def _as_text(part: EmailMessage) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else content.decode("utf-8", "replace")


def sent() -> list[Sent]:
    """The newest mails in the folder of the file backend, the newest first."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.DATA_DIR / "mail")
    files = sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return [mail for path in files[:MOST] for mail in reversed(_mails_in(path))]


def _mails_in(path: Path) -> list[Sent]:
    parts = [part for part in BETWEEN.split(path.read_bytes()) if part.strip()]
    read = [email.message_from_bytes(part, policy=email.policy.default) for part in parts]
    return [Sent(f"{path.stem}.{number}", message) for number, message in enumerate(read)]


def _found(key: str) -> Sent:
    for one in sent():
        if one.key == key:
            return one
    raise Http404


def _here(request: HttpRequest, words: str) -> str:
    """Links that stay on the host name somebody uses, such as 127.0.0.1: a session counts for one name only."""
    return words.replace(settings.SITE_URL, request.build_absolute_uri("/").rstrip("/"))


def _development_only() -> None:
    if not settings.DEV_MAIL_PAGE:
        raise Http404


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every mail, the newest first; what still waits is sent first, so that whoever registers finds the link."""
    _development_only()
    mail.send_waiting()
    return render(request, "dev_mail/index.html", {"mails": sent()})


@require_safe
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail as text with its links, and what came with it."""
    _development_only()
    mail = _found(key)
    return render(request, "dev_mail/detail.html", {"mail": mail, "text": _here(request, mail.text)})


@require_safe
def as_html(request: HttpRequest, key: str) -> HttpResponse:
    """The designed version, as a page of its own: a mail brings its styles, which no page of the site may."""
    _development_only()
    response = HttpResponse(_here(request, _found(key).html))
    response._csp_replace = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": [SELF, "data:"]}
    return response
