"""Words that find each other: which terms stand in a query, and what may be looked for instead of each.

Terms are compared by their stems, Dutch terms by Dutch ones and English by English ones. A term of several words is
found where one text of a record has all of them. Nothing of this is in an index, so that a change counts at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..contract import LANGUAGES, Synonyms
from .documents import JOINED_FROM
from .stems import STEMS
from .stopwords import STOPWORDS, UNASKED
from .words import Word, compose, words

LONGEST_TERM = 6  # words of a term
_PLAIN = STOPWORDS | UNASKED

Stems = tuple[str, ...]


class Instead(NamedTuple):
    """The stems of a synonym, which one text has together.

    `loose`: plain words stand between them ("zorg op afstand"); in a long text they may stand anywhere and mean
    nothing, so that only titles and summaries count.
    """

    stems: Stems
    loose: bool = False


@dataclass(frozen=True)
class Lookup:
    """Where the terms of a list of synonyms are found by their stems, by language, and what each group looks for."""

    groups_of: Mapping[str, Mapping[Stems, frozenset[int]]]
    instead: tuple[tuple[Instead, ...], ...]
    longest: int

    def groups(self, text: str, found: Sequence[Word]) -> frozenset[int]:
        """The groups of the term that these neighbouring words of the text make; none when they make no term."""
        if len(found) == 1 and found[0].folded in _PLAIN and not text[found[0].start : found[0].end].isupper():
            return frozenset()  # "or" is no operating room; "OR" may be one
        keys = [[word.folded for word in found]]
        if len(found) == 2 and all(len(word) >= JOINED_FROM for word in keys[0]):
            keys.append(["".join(keys[0])])
        hits = (self.groups_of[code].get(_stems(key, code), frozenset()) for key in keys for code in LANGUAGES)
        return frozenset().union(*hits)

    def alternatives(self, groups: Iterable[int]) -> tuple[Instead, ...]:
        """What to look for instead."""
        return tuple(dict.fromkeys(one for group in sorted(groups) for one in self.instead[group]))


def _stems(folded: Iterable[str], language: str) -> Stems:
    return tuple(STEMS[language](word) for word in folded)


@lru_cache(maxsize=4)
def lookup(synonyms: Synonyms) -> Lookup:
    """The terms of this list, ready to be found in queries."""
    groups_of: dict[str, dict[Stems, frozenset[int]]] = {code: {} for code in LANGUAGES}
    instead: list[tuple[Instead, ...]] = []
    longest = 0
    for group in synonyms.groups:
        terms = [(code, term) for code in LANGUAGES for term in group.get(code, ())]
        for code, term in terms:
            folded = [word.folded for word in words(compose(term))]
            if folded and len(folded) <= LONGEST_TERM:
                key = _stems(folded, code)
                groups_of[code][key] = groups_of[code].get(key, frozenset()) | {len(instead)}
                longest = max(longest, len(folded))
        wanted = (_looked_for(term, code) for code, term in terms)
        instead.append(tuple(dict.fromkeys(one for one in wanted if one)))
    return Lookup(groups_of, tuple(instead), max(longest, 2) if instead else 0)


def _looked_for(term: str, language: str) -> Instead | None:
    """What a text has where this term stands in it; None for a term that only plain words make.

    What a hyphen joins is one word in the index, too (kinder-IC is kinderic), which is surer than its parts.
    """
    parts = [[word.folded for word in words(part)] for part in compose(term).split()]
    whole = ["".join(part) if len(part) > 1 and "-" in term else "" for part in parts]
    pieces = [
        joined or word for part, joined in zip(parts, whole, strict=True) for word in (part if not joined else [""])
    ]
    telling = [word for word in pieces if word not in _PLAIN]
    if not telling or any(len(word) == 1 for word in telling):
        return None
    return Instead(tuple(dict.fromkeys(_stems(telling, language))), loose=len(telling) > 1 and telling != pieces)
