"""What stands around the content of a page: heads, trail, tabs, messages, empty states."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from ..translation import current
from .signs import pillar_class

register = template.Library()

ALERT_ICONS = {
    "info": "info",
    "positive": "circle-check",
    "warning": "triangle-alert",
    "negative": "circle-alert",
    "neutral": "info",
}
MESSAGE_TONES = {"debug": "neutral", "info": "info", "success": "positive", "warning": "warning", "error": "negative"}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*trail: Any) -> dict[str, Any]:
    """Where am I: pairs of label and address, then the label of this page. Home comes first by itself."""
    *pairs, here = trail
    if len(pairs) % 2:
        raise ValueError("A breadcrumb takes pairs of label and address, then the label of this page")
    steps = list(zip(pairs[::2], pairs[1::2], strict=True))
    return {"home_url": f"/{current()}/", "steps": steps, "here": here}


@register.simple_block_tag
def page_head(
    content: str,
    title: str,
    lead: str = "",
    kicker: Any = (),
    pillar: Any = "",
    pillar_name: str = "",
    wide: bool = False,
) -> SafeString:
    """Title of the page with its kicker and lead; the content (a search box, a note) comes below."""
    kickers = [kicker] if isinstance(kicker, (str, Promise)) else list(kicker)
    return render_to_string(
        "components/page_head.html",
        {
            "content": content,
            "title": title,
            "lead": lead,
            "kickers": [part for part in kickers if part],
            "pillar_class": pillar_class(pillar),
            "pillar_name": pillar_name,
            "wide": wide,
        },
    )


@register.inclusion_tag("components/section_head.html")
def section_head(
    title: str,
    id: str,
    note: str = "",
    link_text: str = "",
    link_url: str = "",
    link_icon: str = "",
) -> dict[str, Any]:
    """An h2 above a rule, with at most one note or link at the right; `id` is for aria-labelledby."""
    return {
        "title": title,
        "id": id,
        "note": note,
        "link_text": link_text,
        "link_url": link_url,
        "link_icon": link_icon,
    }


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: str) -> dict[str, Any]:
    """Links to other views of the same thing; an item has label, url, current and perhaps count."""
    return {"items": items, "label": label}


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "", icon: str = "", role: str = "") -> SafeString:
    """A message about the page. `role` is `status` for what changed by itself; `alert` is for the error summary."""
    sign = icon or ALERT_ICONS[tone]
    return render_to_string(
        "components/alert.html", {"content": content, "tone": tone, "title": title, "icon": sign, "role": role}
    )


@register.simple_block_tag
def toast(content: str, text: str) -> SafeString:
    """What just happened, with the way back (a small quiet button, a form) as its content."""
    return render_to_string("components/toast.html", {"content": content, "text": text})


@register.inclusion_tag("components/messages.html")
def site_messages(messages: Iterable[Any]) -> dict[str, Any]:
    """Django's messages: what succeeded as a toast, everything else as an alert."""
    shown = []
    for message in messages:
        tone = MESSAGE_TONES.get(message.level_tag, "info")
        shown.append({"text": message, "tone": tone, "icon": ALERT_ICONS[tone]})
    return {"messages": shown}


@register.simple_block_tag
def empty(
    content: str,
    title: str,
    domain: Any = "clinic",
    pillar: Any = 1,
    level: int = 2,
    page: bool = False,
    torn: bool = False,
) -> SafeString:
    """Nothing here: what belongs here, one main action, one way out. `page` when it is the whole page (404)."""
    return render_to_string(
        "components/empty.html",
        {
            "content": content,
            "title": title,
            "domain": domain,
            "pillar": pillar,
            "level": 1 if page else level,
            "page": page,
            "torn": torn,
        },
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, page: bool = False) -> SafeString:
    """For what cannot be undone. A popover that a button with `opens=id` shows, or a block on a page of its own."""
    return render_to_string("components/dialog.html", {"content": content, "id": id, "title": title, "page": page})
