"""What somebody typed as words, each with the tokens that satisfy it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .documents import LONGEST_PREFIX
from .stems import dutch, english
from .stopwords import STOPWORDS, UNASKED
from .words import Word, compose, words

MOST_WORDS = 16
LONGEST_QUERY = 400  # characters that are read
LONGEST_JOINED = 40


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word as typed; `stems` are looked for in texts, `exact` in names and numbers.

    Neighbours written as one are among them, so that "hartfalen poli" finds hartfalenpoli.
    """

    typed: str
    stems: tuple[str, ...]
    exact: tuple[str, ...]


def typed_words(text: str) -> tuple[str, list[Word]]:
    """What is read of a query: its text, composed, and the words in it."""
    text = compose(text[:LONGEST_QUERY])
    return text, list(words(text))[:MOST_WORDS]


def in_place(text: str, found: Sequence[Word]) -> list[QueryWord]:
    """Each of these words of the text with its tokens."""
    folded = [word.folded for word in found]
    return [
        QueryWord(text[word.start : word.end], _stems(folded, place), _exact(folded, place))
        for place, word in enumerate(found)
    ]


def tells(folded: str) -> bool:
    """Whether this word is about a subject."""
    return folded not in STOPWORDS and folded not in UNASKED


@lru_cache(maxsize=2_000)
def query_words(text: str) -> tuple[QueryWord, ...]:
    """The words that count; words without a subject only when there are no others."""
    text, found = typed_words(text)
    chosen = in_place(text, found)
    telling = [word for word, plain in zip(chosen, found, strict=True) if tells(plain.folded)]
    return tuple(telling or chosen)


def _forms(folded: list[str], place: int) -> list[str]:
    forms = [folded[place]]
    if place + 1 < len(folded):
        forms.append(folded[place] + folded[place + 1])
    if place:
        forms.append(folded[place - 1] + folded[place])
    return [forms[0], *(form for form in forms[1:] if len(form) <= LONGEST_JOINED)]


def _stems(folded: list[str], place: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stem(form) for form in _forms(folded, place) for stem in (dutch, english)))


def _exact(folded: list[str], place: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_forms(folded, place)))


def prefix_words(text: str) -> tuple[str, ...]:
    """What was typed so far as beginnings of words."""
    return tuple(word.folded[:LONGEST_PREFIX] for word in words(compose(text[:LONGEST_QUERY])))[:MOST_WORDS]
