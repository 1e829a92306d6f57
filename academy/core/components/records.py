"""Records and work: facts, dates, time lines, tasks, figures, verdicts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ..wording import short_month
from .signs import TONE_ICONS

register = template.Library()


@register.inclusion_tag("components/facts.html")
def facts(rows: Iterable[tuple[Any, Any]], wide: bool = False) -> dict[str, Any]:
    """Label and value pairs; a value may be a list, and a row without a value is left out."""
    return {"rows": filled(rows), "wide": wide}


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One row inside a `<dl class="facts">`, where the value needs markup of its own."""
    return render_to_string("components/fact.html", {"content": content, "label": label})


@register.simple_block_tag
def facts_box(content: str, title: str, rows: Iterable[tuple[Any, Any]] = ()) -> SafeString:
    """The box at the right of a record, once per page: title, facts, and what the content adds (a button)."""
    return render_to_string("components/facts_box.html", {"content": content, "title": title, "rows": filled(rows)})


@register.inclusion_tag("components/date_tile.html")
def date_tile(day: date) -> dict[str, Any]:
    """Weekday, day and month as a tile."""
    return {"day": day, "month": short_month(day)}


@register.simple_block_tag
def agenda_item(
    content: str, day: Any, title: str, url: str = "", meta: Iterable[Any] = (), state: Any = "", level: int = 3
) -> SafeString:
    """A row of a `<ul class="agenda" role="list">`: a date, what, where; `state` is a Badge; content comes below."""
    return render_to_string(
        "components/agenda_item.html",
        {
            "content": mark_safe(content.strip()),
            "day": day,
            "title": title,
            "url": url,
            "meta": [part for part in meta if part],
            "state": state,
            "level": level,
        },
    )


@register.simple_block_tag
def timeline_item(content: str, title: str, tone: str = "neutral", icon: str = "", level: int = 3) -> SafeString:
    """A point of an `<ol class="timeline" role="list">`: an approval, a part of a track, a deadline."""
    return render_to_string(
        "components/timeline_item.html",
        {"content": content, "title": title, "tone": tone, "icon": icon or TONE_ICONS[tone], "level": level},
    )


@register.inclusion_tag("components/todo_item.html")
def todo_item(todo: Any, level: int = 3) -> dict[str, Any]:
    """A task in an `<ol class="todo" role="list">`; the fields are those of `registries.Todo`."""
    return {"todo": todo, "level": level}


@register.inclusion_tag("components/verdict.html")
def verdict(title: str, text: str = "", tone: str = "positive", icon: str = "") -> dict[str, Any]:
    """The answer on a page that checks something, first and large."""
    return {"title": title, "text": text, "tone": tone, "icon": icon or TONE_ICONS[tone]}


@register.inclusion_tag("components/figures.html")
def figures(rows: Iterable[Any]) -> dict[str, Any]:
    """Two to five headline numbers; a row has label and value, perhaps note and url."""
    return {"rows": rows}


@register.inclusion_tag("components/progress.html")
def progress(label: str, value: int, maximum: int, id: str, words: str) -> dict[str, Any]:
    """A bar with its name and the numbers in words (`4 of 6 lessons`)."""
    return {"label": label, "value": str(value), "maximum": str(maximum), "id": id, "words": words}


@register.inclusion_tag("components/link_item.html")
def link_item(
    title: str, url: str, kind: str = "", icon: str = "", note: str = "", day: date | None = None
) -> dict[str, Any]:
    """A row of a `<ul class="link-list" role="list">`: a related record with its kind, or news with its date."""
    return {"title": title, "url": url, "kind": kind, "icon": icon, "note": note, "day": day}


@register.inclusion_tag("components/entrance.html")
def entrance(
    title: str, url: str, text: str, links: Iterable[Any], domain: Any = "", pillar: Any = ""
) -> dict[str, Any]:
    """A way in on the home page; a link has label and url, perhaps count."""
    return {"title": title, "url": url, "text": text, "links": links, "domain": domain, "pillar": pillar}


@register.inclusion_tag("components/enrol_bar.html")
def enrol_bar(title: str, text: str, url: str, action: str) -> dict[str, Any]:
    """The bar at the bottom of a phone with the one main action of a record."""
    return {"title": title, "text": text, "url": url, "action": action}


def filled(rows: Iterable[tuple[Any, Any]]) -> list[tuple[Any, list[Any]]]:
    """Label and list of values for each row that has any."""
    listed = ((label, value if isinstance(value, (list, tuple)) else [value]) for label, value in rows)
    kept = ((label, [value for value in values if value not in (None, "")]) for label, values in listed)
    return [(label, values) for label, values in kept if values]
