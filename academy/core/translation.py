"""Dutch and English beside each other in one record: `title_nl`, `title_en`."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, override

LANGUAGES = ("nl", "en")


class Text(str):
    """Words and the language they are in; `is_fallback` when that is not the one asked for."""

    language: str
    is_fallback: bool

    def __new__(cls, value: str, language: str, is_fallback: bool = False) -> "Text":
        text = super().__new__(cls, value)
        text.language, text.is_fallback = language, is_fallback
        return text


def current() -> str:
    """The language of this request, as `nl` or `en`."""
    language = (get_language() or "nl")[:2]
    return language if language in LANGUAGES else "nl"


def language_of(name: str) -> str:
    """The language in which the field of this name is written; empty when it belongs to none."""
    code = name.rpartition("_")[2]
    return code if code in LANGUAGES else ""


def pick(record: Any, field: str, language: str | None = None) -> Text:
    """The field in this language, or in the other one where this is empty."""
    wanted = language or current()
    for code in (wanted, *(other for other in LANGUAGES if other != wanted)):
        if value := getattr(record, f"{field}_{code}", ""):
            return Text(str(value), code, code != wanted)
    return Text("", wanted)


def pick_language(record: Any, field: str, language: str | None = None) -> str:
    """The language in which `pick` finds the field; for StreamFields, which are no text."""
    wanted = language or current()
    if getattr(record, f"{field}_{wanted}", None):
        return wanted
    other = next(code for code in LANGUAGES if code != wanted)
    return other if getattr(record, f"{field}_{other}", None) else wanted


def in_each_language(make: Callable[[], str]) -> dict[str, str]:
    """What `make` gives in each language, such as the address of a page."""
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = make()
    return found
