"""Small signs inside other components: icon, state, button, link, weave."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

SPRITE = Path(__file__).parent.parent / "static/academy/icons.svg"
TONE_ICONS = {
    "neutral": "circle-dashed",
    "positive": "circle-check",
    "warning": "clock",
    "negative": "circle-x",
    "info": "circle-dot",
}
VARIANTS = {
    "primary": "button",
    "secondary": "button button--secondary",
    "quiet": "button button--quiet",
    "danger": "button button--danger",
}
WEAVES = {
    "clinic": "plain",
    "acute": "twill",
    "mother_and_child": "satin",
    "operating_theatre": "basket",
    "outpatient": "herringbone",
    "allied_health": "birdseye",
}


@cache
def icon_names() -> frozenset[str]:
    """The icons in the sprite."""
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon from the sprite; hidden from screen readers unless it has a label."""
    if name not in icon_names():
        raise ValueError(f"There is no icon {name!r}")
    attributes = flatatt({"role": "img", "aria-label": label} if label else {"aria-hidden": "true"})
    return format_html('<svg class="icon"{}><use href="{}#{}"/></svg>', attributes, static("academy/icons.svg"), name)


@register.simple_tag
def status(state: Any, tone: str = "", icon: str = "") -> SafeString:
    """The state of one thing: words (or a Badge) with an icon and a tone; nothing when there is no state."""
    if not state:
        return SafeString("")
    tone = tone or getattr(state, "tone", "neutral")
    sign = icon or getattr(state, "icon", "") or TONE_ICONS[tone]
    return format_html('<span class="status tone-{}">{}{}</span>', tone, _icon(sign), getattr(state, "text", state))


@register.simple_tag
def button(
    text: str,
    variant: str = "primary",
    small: bool = False,
    block: bool = False,
    icon: str = "",
    hidden: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    form: str = "",
    opens: str = "",
    closes: str = "",
    disabled: bool = False,
) -> SafeString:
    """A button; `hidden` ends its name for screen readers, `opens` and `closes` take the id of a popover."""
    attributes = {
        "class": _classes(variant, small, block),
        "type": "button" if opens or closes else type,
        "name": name or None,
        "value": value if name else None,
        "form": form or None,
        "popovertarget": opens or closes or None,
        "popovertargetaction": "hide" if closes else None,
        "disabled": disabled,
    }
    return format_html("<button{}>{}</button>", flatatt(attributes), _content(text, icon, hidden))


@register.simple_tag
def link_button(
    text: str,
    url: str,
    variant: str = "primary",
    small: bool = False,
    block: bool = False,
    icon: str = "",
    hidden: str = "",
) -> SafeString:
    """A link that looks like a button."""
    attributes = flatatt({"class": _classes(variant, small, block), "href": url})
    return format_html("<a{}>{}</a>", attributes, _content(text, icon, hidden))


@register.simple_tag
def more(text: str, url: str, icon: str = "", hidden: str = "") -> SafeString:
    """A link to go on, with an arrow behind it, or with an icon of its own in front."""
    if icon:
        return format_html('<a class="more" href="{}">{}</a>', url, _content(text, icon, hidden))
    return format_html('<a class="more" href="{}">{} {}</a>', url, _content(text, "", hidden), _icon("arrow-right"))


@register.simple_tag
def weave(domain: Any = "", pillar: Any = "", place: str = "", striped: bool = False, torn: bool = False) -> SafeString:
    """The weave of a care domain in the dye of a pillar; `place` is the class of the box that it fills."""
    classes = [
        "weave",
        f"weave--{weave_name(domain)}",
        pillar_class(pillar),
        "weave--striped" if striped else "",
        "weave--torn" if torn else "",
        place,
    ]
    return format_html('<div class="{}" aria-hidden="true"></div>', " ".join(filter(None, classes)))


def weave_name(domain: Any) -> str:
    """Weave of a care domain, given as a key or a record with one; programmes and the rest have birdseye."""
    return WEAVES.get(str(getattr(domain, "key", domain)), "birdseye")


def pillar_class(pillar: Any) -> str:
    """Class with the pillar's dye, from its number (`1`), key (`p1`) or a record with a key; else none (petrol)."""
    number = str(getattr(pillar, "key", pillar)).removeprefix("p")
    return f"pillar-{number}" if number in ("1", "2", "3") else ""


def _classes(variant: str, small: bool, block: bool) -> str:
    sizes = (" button--small" if small else "") + (" button--block" if block else "")
    return VARIANTS[variant] + sizes


def _content(text: str, sign: str, hidden: str) -> SafeString:
    ending = format_html('<span class="visually-hidden">: {}</span>', hidden) if hidden else ""
    return format_html("{}{}{}", _icon(sign) if sign else "", text, ending)


_icon = icon  # `icon` is also the name of an argument above
