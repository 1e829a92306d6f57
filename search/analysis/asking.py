"""A query as what is asked for: words, and terms that may be found by their synonyms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..contract import NO_SYNONYMS, Synonyms
from .queries import QueryWord, in_place, tells, typed_words
from .synonyms import Instead, Lookup, lookup
from .words import Word

MOST_REMEMBERED = 2_000  # queries


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for: all of these words, or instead one of its synonyms."""

    typed: str
    words: tuple[QueryWord, ...]
    instead: tuple[Instead, ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """Every stem that may have made a text match."""
        own = (stem for word in self.words for stem in word.stems)
        return (*own, *(stem for one in self.instead for stem in one.stems))

    @property
    def exact(self) -> tuple[str, ...]:
        """What may have made a name or a number match."""
        return tuple(form for word in self.words for form in word.exact)


@lru_cache(maxsize=MOST_REMEMBERED)
def asked(text: str, synonyms: Synonyms = NO_SYNONYMS) -> tuple[Asked, ...]:
    """What a query asks for; words without a subject only when there is nothing else."""
    text, found = typed_words(text)
    chosen = in_place(text, found)
    everything = [
        (_one(text, found[start:end], chosen[start:end], instead), bool(instead) or tells(found[start].folded))
        for start, end, instead in _parts(text, found, lookup(synonyms))
    ]
    return tuple([part for part, telling in everything if telling] or [part for part, _telling in everything])


def _one(text: str, found: list[Word], chosen: list[QueryWord], instead: tuple[Instead, ...]) -> Asked:
    telling = [word for word, plain in zip(chosen, found, strict=True) if tells(plain.folded)]
    return Asked(text[found[0].start : found[-1].end], tuple(telling or chosen), instead)


def _parts(text: str, found: list[Word], terms: Lookup) -> Iterator[tuple[int, int, tuple[Instead, ...]]]:
    """The query cut up from its beginning: the longest term at each place, or else a single word."""
    start = 0
    while start < len(found):
        for end in range(min(len(found), start + terms.longest), start, -1):
            if groups := terms.groups(text, found[start:end]):
                break
        else:
            end, groups = start + 1, frozenset()
        yield start, end, terms.alternatives(groups)
        start = end
