"""What every engine keeps beside its index to make hits from, and the making of hits."""

import json
from collections.abc import Mapping
from typing import Any

from ..analysis.marking import Marks, mark, snippet
from ..contract import LANGUAGES, Hit, SearchDoc, Suggestion

_UNMARKED: Mapping[str, str] = {}


def payload(doc: SearchDoc) -> str:
    """What everybody who may see the record may be shown, as JSON."""
    shown = {
        "id": doc.id,
        "type": doc.type,
        "number": doc.number,
        "title": dict(doc.title),
        "summary": dict(doc.summary),
        "url": dict(doc.url),
        "extra": dict(doc.extra),
    }
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _pick(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text and its language: the one asked for, or else the other."""
    if text := texts.get(language):
        return text, language
    return next(((texts[code], code) for code in LANGUAGES if texts.get(code)), ("", language))


def hit(stored: str, language: str, marks: Marks | None, body: Mapping[str, str], score: float = 0.0) -> Hit:
    """A result from what `payload` kept; `body` is only looked at when title and summary have no marked word."""
    shown: dict[str, Any] = json.loads(stored)
    title, title_language = _pick(shown["title"], language)
    summary, summary_language = _pick(shown["summary"], language)
    highlights = _UNMARKED
    if marks is not None:
        marked = {
            "title": mark(title, marks, title_language),
            "summary": mark(summary, marks, summary_language),
        }
        if not any(marked.values()):
            text, text_language = _pick(body, language)
            marked["body"] = snippet(text, marks, text_language)
        highlights = {name: words for name, words in marked.items() if words}
    return Hit(
        id=shown["id"],
        type=shown["type"],
        number=shown["number"],
        title=title,
        summary=summary,
        url=_pick(shown["url"], language)[0],
        language=title_language,
        summary_language=summary_language,
        highlights=highlights,
        extra=shown["extra"],
        score=score,
    )


def suggestion(stored: str, language: str) -> Suggestion:
    """A suggestion from what `payload` kept."""
    found = hit(stored, language, None, {})
    return Suggestion(
        id=found.id, type=found.type, number=found.number, title=found.title, url=found.url, language=found.language
    )
