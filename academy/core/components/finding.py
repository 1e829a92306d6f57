"""Finding: facets, chips, the bar above results, cards, pages."""

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()

# So many choices of a facet are shown at once; the others open on demand.
SHOWN_CHOICES = 8


@register.inclusion_tag("components/facets.html")
def facets(
    groups: Iterable[Any], action: str, hidden: Iterable[tuple[str, Any]] = (), active: int = 0
) -> dict[str, Any]:
    """Filters beside the results. A group has name, label and choices; a choice value, label, count, selected.

    `hidden` are (name, value) pairs that stay in the address, `active` is the number of filters chosen.
    The results must stand in the element `#results`, which HTMX replaces.
    """
    shown = [_group(group) for group in groups]
    return {"groups": [g for g in shown if g["first"]], "action": action, "hidden": hidden, "active": active}


@register.inclusion_tag("components/chips.html")
def chips(items: Iterable[Any], clear_url: str) -> dict[str, Any]:
    """The active filters; an item has label and url (the page without this filter)."""
    return {"items": list(items), "clear_url": clear_url}


@register.inclusion_tag("components/result_bar.html")
def result_bar(
    count: int,
    noun: str,
    first: int = 0,
    last: int = 0,
    action: str = "",
    sort: str = "",
    sorts: Iterable[tuple[str, str]] = (),
    hidden: Iterable[tuple[str, Any]] = (),
) -> dict[str, Any]:
    """How many, of what (`noun` in the right number), which of them are shown, and in which order."""
    return {
        "count": count,
        "noun": noun,
        "first": first,
        "last": last,
        "action": action,
        "sort": sort,
        "sorts": list(sorts),
        "hidden": hidden,
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, number: int, pages: int, parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; nothing when there is one page."""
    query = context["request"].GET.copy()

    def link(page: int) -> dict[str, Any]:
        query[parameter] = str(page)
        return {"number": page, "url": f"?{query.urlencode()}"}

    return {
        "pages": [link(page) if page else None for page in _window(number, pages)],
        "number": number,
        "previous": link(number - 1) if number > 1 else None,
        "next": link(number + 1) if number < pages else None,
        "several": pages > 1,
    }


@register.inclusion_tag("components/course_card.html")
def course_card(
    title: str,
    url: str,
    text: str = "",
    meta: Iterable[Any] = (),
    domain: Any = "",
    pillar: Any = "",
    state: Any = "",
    following: Iterable[Any] = (),
    level: int = 3,
) -> dict[str, Any]:
    """A course in a list: what it is at the left, its next run at the right (`state` a Badge, `following` lines)."""
    return {
        "title": title,
        "url": url,
        "text": text,
        "meta": [part for part in meta if part],
        "domain": domain,
        "pillar": pillar,
        "state": state,
        "following": [line for line in following if line],
        "level": level,
    }


@register.inclusion_tag("components/result_card.html")
def result_card(
    title: str,
    url: str,
    kind: str,
    icon: str,
    text: str = "",
    meta: Iterable[Any] = (),
    state: Any = "",
    level: int = 3,
) -> dict[str, Any]:
    """A search hit of any kind; title and text may carry `mark` elements as safe strings."""
    return {
        "title": title,
        "url": url,
        "kind": kind,
        "icon": icon,
        "text": text,
        "meta": [part for part in meta if part],
        "state": state,
        "level": level,
    }


def _group(group: Any) -> dict[str, Any]:
    get = group.get if isinstance(group, dict) else lambda name: getattr(group, name)
    choices = list(get("choices"))
    rest = choices[SHOWN_CHOICES:]
    return {
        "name": get("name"),
        "label": get("label"),
        "first": choices[:SHOWN_CHOICES],
        "rest": rest,
        "open": any(_selected(choice) for choice in rest),
    }


def _selected(choice: Any) -> bool:
    return bool(choice.get("selected") if isinstance(choice, dict) else choice.selected)


def _window(number: int, pages: int) -> list[int]:
    """Page numbers around this one with the first and the last; 0 stands for a gap."""
    near = {1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)}
    if number == 1:
        near |= set(range(1, min(pages, 3) + 1))
    window: list[int] = []
    for page in sorted(near):
        if window and page > window[-1] + 1:
            window.append(page - 1 if page == window[-1] + 2 else 0)
        window.append(page)
    return window
