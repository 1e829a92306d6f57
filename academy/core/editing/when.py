"""When a part of the form is asked for: `status=A,B&kind=X;kind=Y`, alternatives by `;`, conditions by `&`.

The server decides by the record; the page decides the same at once where it has scripts, by the same text.
"""

from collections.abc import Mapping
from typing import Any


def holds(when: str, record: Mapping[str, Any]) -> bool:
    """Whether one of the alternatives is true of this record; an empty text always is."""
    return not when or any(_all(alternative, record) for alternative in when.split(";"))


def _all(alternative: str, record: Mapping[str, Any]) -> bool:
    pairs = (condition.partition("=") for condition in alternative.split("&"))
    return all(_text(record.get(name)) in wanted.split(",") for name, _is, wanted in pairs)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def names(when: str) -> set[str]:
    """The fields that the text asks about."""
    return {condition.partition("=")[0] for alternative in when.split(";") for condition in alternative.split("&")} - {
        ""
    }
