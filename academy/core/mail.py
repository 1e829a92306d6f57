"""Messages: a row with the state it tells of, rendered and sent by the drain; never sent twice.

The Message-ID follows from the row, so that even a server that died between accepting and answering
lets the receiver recognise a repeated delivery.
"""

from collections.abc import Callable, Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from . import clock, work
from .models import Message

Parts = tuple[dict[str, Any], list[dict[str, str]]]
_enrichers: dict[str, Callable[[dict[str, Any]], Parts]] = {}


def enrich(kind: str, function: Callable[[dict[str, Any]], Parts]) -> None:
    """Let the room of this kind add words and attachments at the moment of sending, such as an up-to-date invitation.

    `function(context)` returns what to add to the context, and further attachments. `template` in what it adds names
    the templates of kinds that look alike; without it they are named after the kind.
    """
    _enrichers[kind] = function


def write(
    *,
    kind: str,
    to: str,
    language: str,
    event_key: str,
    context: dict[str, Any],
    person: Any = None,
    attachments: Sequence[dict[str, str]] = (),
) -> None:
    """Add the message to the caller's transaction; the same kind, recipient and event are written once.

    `context` is JSON; `attachments` are dicts of name, content (text) and mime.
    """
    message = Message(
        kind=kind,
        to=to,
        person_id=str(person.pk) if person else "",
        event_key=event_key,
        language=language,
        context=context,
        attachments=list(attachments),
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


def send_waiting(limit: int = 100) -> int:
    """Send what is due; returns how many messages left."""
    return work.drain(Message, _sent, limit, prepare=_send)


def _send(message: Message) -> None:
    with translation.override(message.language):
        added, parts = _enrichers[message.kind](message.context) if message.kind in _enrichers else ({}, [])
        context = {**message.context, **added, "site_url": settings.SITE_URL, "language": message.language}
        context["site_name"] = settings.WAGTAIL_SITE_NAME
        template = f"mail/{added.get('template', message.kind)}"
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"{template}.subject.txt", context).split()),
            body=render_to_string(f"{template}.txt", context).strip() + "\n",
            to=[message.to],
            headers={"Message-ID": _message_id(message), "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    for part in (*message.attachments, *parts):
        mail.attach(part["name"], part["content"], part["mime"])
    mail.send()


def _sent(message: Message, _delivered: None) -> None:
    message.sent_at = clock.now()
    message.save(update_fields=["sent_at"])


def _message_id(message: Message) -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<message.{message.pk}.{message.written_at:%Y%m%d%H%M%S}@{host}>"


work.register("mail", send_waiting)
