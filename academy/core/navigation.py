"""The main menu and the way to the same page in the other language."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject

from .translation import current

_sources: list[tuple[int, Callable[[HttpRequest], list["Item"]]]] = []


@dataclass(frozen=True)
class Item:
    """An entry of the menu; `current` when the page shown lies under it."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class OtherLanguage:
    """The same page in the other language."""

    code: str
    label: str
    url: str


def register(order: int, source: Callable[[HttpRequest], list[Item]]) -> None:
    """A room adds its entries; at most five are shown, by order."""
    _sources.append((order, source))
    _sources.sort(key=lambda entry: entry[0])


def main(request: HttpRequest) -> SimpleLazyObject:
    """The entries for this request, made only when a template shows them."""
    return SimpleLazyObject(lambda: [item for _order, source in _sources for item in source(request)][:5])


def item(request: HttpRequest, label: str, url: str) -> Item:
    """An entry that knows whether the page shown lies under it."""
    return Item(label, url, request.path.startswith(url))


def other_language(request: HttpRequest) -> OtherLanguage:
    """Where this page is in the other language; a page that knows better sets `request.other_language_url`."""
    code, label = ("en", "English") if current() == "nl" else ("nl", "Nederlands")
    url = getattr(request, "other_language_url", None) or translate_url(request.get_full_path(), code)
    return OtherLanguage(code, label, url)
