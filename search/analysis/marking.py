"""Marked words: found again in the text by the same analysis, so that they are the same whatever engine answered."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

from .documents import may_join
from .queries import QueryWord
from .stems import STEMS
from .words import WORD, compose, fold

AROUND = 90  # characters of context on each side of the first marked word
SEARCHED = 20_000  # characters of a body that are looked through for a snippet
HEAD = 3

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """What counts as a match; `heads` are how matching words begin, to skip most pairs of neighbours."""

    tokens: frozenset[str]
    heads: frozenset[str]


@lru_cache(maxsize=2_000)
def marks_of(found: tuple[QueryWord, ...]) -> Marks:
    """The marks of a query."""
    tokens = frozenset(token for word in found for token in (*word.stems, *word.exact))
    return Marks(tokens, frozenset(token[:HEAD] for token in tokens))


def mark(text: str, marks: Marks, language: str) -> str:
    """The text as safe HTML with matched words in <mark>; empty when nothing matches."""
    text = compose(text)
    return _html(text, _spans(text, marks, language))


def snippet(text: str, marks: Marks, language: str) -> str:
    """The part of a long text around the first matched word, marked; empty when nothing matches."""
    text = compose(text[:SEARCHED])
    spans = _spans(text, marks, language, only_first=True)
    if not spans:
        return ""
    start, end = _window(text, spans[0])
    marked = mark(text[start:end], marks, language)
    return ("… " if start else "") + marked + (" …" if end < len(text) else "")


def _spans(text: str, marks: Marks, language: str, *, only_first: bool = False) -> list[Span]:
    stem, tokens, heads = STEMS[language], marks.tokens, marks.heads
    spans: list[Span] = []
    before, before_at = "", (0, 0)
    for match in WORD.finditer(text):
        folded, place = fold(match.group()), match.span()
        if stem(folded) in tokens or folded in tokens:
            spans.append(place)
        elif before[:HEAD] in heads and may_join(before, folded, text[before_at[1] : place[0]], language):
            joined = before + folded
            if stem(joined) in tokens or joined in tokens:
                spans += (before_at, place)
        if spans and only_first:
            break
        before, before_at = folded, place
    return spans


def _html(text: str, spans: list[Span]) -> str:
    if not spans:
        return ""
    parts: list[str] = []
    place = 0
    for start, end in spans:
        if start < place:
            continue
        parts += (escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>")
        place = end
    parts.append(escape(text[place:]))
    return "".join(parts)


def _window(text: str, span: Span) -> Span:
    start, end = max(0, span[0] - AROUND), min(len(text), span[1] + AROUND)
    if start:
        start = text.find(" ", start, span[0]) + 1 or span[0]
    if end < len(text):
        end = max(text.rfind(" ", span[1], end), span[1])
    return start, end
