"""Marked words: found again in the text by the same analysis, so that they are the same whatever engine answered.

White space becomes single spaces. Pages of results repeat their words, so each piece between spaces is decided once
per query; most texts are then decided by comparing sets, without looking at their letters.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import pairwise

from .asking import Asked
from .documents import may_join
from .queries import QueryWord
from .stems import STEMS
from .words import Word, compose, words

AROUND = 14  # words of context on each side of the first marked word of a long text
SEARCHED = 20_000  # characters of a long text that are looked through
REMEMBERED_QUERIES = 64
REMEMBERED_PIECES = 4_000  # per query and language

Span = tuple[int, int]


@dataclass(slots=True)
class Seen:
    """Pieces of text that were decided: their HTML, and which of them match.

    `beginning` has the last word of pieces that may be a match together with the next piece's `first` word.
    """

    html: dict[str, str] = field(default_factory=dict)
    matching: set[str] = field(default_factory=set)
    beginning: dict[str, str] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marks:
    """What counts as a match in a text, with what was decided before, by language."""

    tokens: frozenset[str]
    seen: dict[str, Seen]

    def decide(self, pieces: list[str], language: str) -> Seen:
        """Decide about pieces that were not seen before."""
        seen = self.seen[language]
        if len(seen.html) > REMEMBERED_PIECES:
            seen = self.seen[language] = Seen()
        for piece in set(pieces).difference(seen.html):
            found = list(words(piece))
            spans = _spans(piece, found, self.tokens, language)
            if spans:
                seen.matching.add(piece)
            if found and found[-1].end == len(piece) and self._begins(found[-1].folded):
                seen.beginning[piece] = found[-1].folded
            if found and not found[0].start:
                seen.first[piece] = found[0].folded
            seen.html[piece] = _html(piece, spans)
        return seen

    def _begins(self, folded: str) -> bool:
        return any(token.startswith(folded) and token != folded for token in self.tokens)


@lru_cache(maxsize=REMEMBERED_QUERIES)
def marks_of(found: tuple[QueryWord | Asked, ...]) -> Marks:
    """The marks of a query."""
    tokens = frozenset(token for word in found for token in (*word.stems, *word.exact))
    return Marks(tokens, {code: Seen() for code in STEMS})


def mark(text: str, marks: Marks, language: str) -> str:
    """The text as safe HTML with matched words in <mark>; empty when nothing matches."""
    pieces = compose(text).split()
    seen = marks.decide(pieces, language)
    if not seen.beginning.keys().isdisjoint(pieces) and _matches_across(pieces, seen, marks, language):
        return _across_pieces(" ".join(pieces), marks, language)
    if seen.matching.isdisjoint(pieces):
        return ""
    return " ".join([seen.html[piece] for piece in pieces])


def snippet(text: str, marks: Marks, language: str) -> str:
    """The part of a long text around the first matched word, marked; empty when nothing matches."""
    pieces = compose(text[:SEARCHED]).split()
    seen = marks.decide(pieces, language)
    if seen.matching.isdisjoint(pieces):
        return ""
    place = next(at for at, piece in enumerate(pieces) if piece in seen.matching)
    start, end = max(0, place - AROUND), place + AROUND + 1
    marked = " ".join([seen.html[piece] for piece in pieces[start:end]])
    return ("… " if start else "") + marked + (" …" if end < len(pieces) else "")


def _matches_across(pieces: list[str], seen: Seen, marks: Marks, language: str) -> bool:
    for piece, after in pairwise(pieces):
        if piece in seen.beginning and after in seen.first:
            left, right = seen.beginning[piece], seen.first[after]
            if may_join(left, right, " ", language) and _matches(left + right, marks.tokens, language):
                return True
    return False


def _across_pieces(text: str, marks: Marks, language: str) -> str:
    """For texts in which a match lies in two words written apart."""
    return _html(text, _spans(text, list(words(text)), marks.tokens, language))


def _matches(folded: str, tokens: frozenset[str], language: str) -> bool:
    return folded in tokens or STEMS[language](folded) in tokens


def _spans(text: str, found: list[Word], tokens: frozenset[str], language: str) -> list[Span]:
    spans = {(word.start, word.end) for word in found if _matches(word.folded, tokens, language)}
    for left, right in pairwise(found):
        between = text[left.end : right.start]
        if may_join(left.folded, right.folded, between, language) and _matches(
            left.folded + right.folded, tokens, language
        ):
            spans |= {(left.start, left.end), (right.start, right.end)}
    return sorted(spans)


def _html(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    place = 0
    for start, end in spans:
        parts += (escape(text[place:start]), "<mark>", escape(text[start:end]), "</mark>")
        place = end
    parts.append(escape(text[place:]))
    return "".join(parts)
