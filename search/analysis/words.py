"""Words of a text with their places, folded: without accents, case and apostrophes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

PLURAL_FROM = 4
LONGEST = 60  # longer runs of letters are cut, so that no engine drops them by a rule of its own
# Marks that belong to the letter before them and that no composed character replaces.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u093a-\u094f\u0e31-\u0e4e"
WORD = re.compile(rf"\w+(?:['’{_MARKS}]+\w+)*")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'"})


class Word(NamedTuple):
    """A word as typed, folded, and where it stands in the text."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """The word in lower case without marks; a possessive or plural 's goes (foto's → foto)."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_LETTERS)
    if plain.endswith("'s") and len(plain) > PLURAL_FROM:
        plain = plain[:-2]
    return plain.replace("'", "")[:LONGEST]


def compose(text: str) -> str:
    """The text with letters and marks composed (NFC), without characters that no page can show."""
    if text.isascii():
        return text.replace("\x00", "")
    return unicodedata.normalize("NFC", text).replace("\x00", "")


def words(text: str) -> Iterator[Word]:
    """Every word of a composed text, in order."""
    for match in WORD.finditer(text.replace("_", " ")):
        if folded := fold(match.group()):
            yield Word(folded, match.start(), match.end())


def written_words(text: str) -> set[str]:
    """The words of a composed text as they are written, each once."""
    return set(WORD.findall(text.replace("_", " ")))


def folded_words(text: str) -> list[str]:
    """The folded words of any text."""
    return [word.folded for word in words(compose(text))]


def order_key(text: str) -> str:
    """What titles are sorted by: accents, case and punctuation do not count."""
    return " ".join(folded_words(text))[:120]


def replaced(text: str, instead: Mapping[str, str]) -> str:
    """The text with other words for some of its folded words."""
    text = compose(text)
    return WORD.sub(lambda match: instead.get(fold(match.group()), match.group()), text)
