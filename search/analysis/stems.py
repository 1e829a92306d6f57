"""Stems of folded words, Dutch and English.

Dutch: Kraaij-Pohlmann, which finds more plurals than Porter, with a guard where it takes an initial ge- for a
participle (gezondheid would become zon) and a list of words that it gets wrong.
"""

import threading
from collections.abc import Callable
from functools import lru_cache

import Stemmer

SHORTEST = 4  # shorter words are abbreviations as often as words: SEH, IC, AF stay as they are

#: Folded word → stem, where the rule separates words that belong together or joins words that do not.
DUTCH: dict[str, str] = {
    "kinderen": "kind",
    "kinders": "kind",
    "paden": "pad",
    "mens": "mens",
    "mensen": "mens",
    "technologie": "technologie",
    "technologieen": "technologie",
    "technologisch": "technologie",
    "technologische": "technologie",
    "strategie": "strategie",
    "strategieen": "strategie",
    "therapie": "therapie",
    "therapieen": "therapie",
    "allergie": "allergie",
    "allergieen": "allergie",
    "epidemie": "epidemie",
    "epidemieen": "epidemie",
    "categorie": "categorie",
    "categorieen": "categorie",
    "knie": "knie",
    "knieen": "knie",
    "gips": "gips",
    "steden": "stad",
    "leden": "lid",
    "schepen": "schip",
    "eieren": "ei",
    "musea": "museum",
    "centra": "centrum",
    "data": "data",
    "datum": "datum",
    "artsen": "arts",
    "acute": "acuut",
    "ouders": "ouder",
}
ENGLISH: dict[str, str] = {"children": "child", "women": "woman", "men": "man", "feet": "foot", "teeth": "tooth"}

_lock = threading.Lock()  # the stemmers keep a buffer of their own and are not safe across threads
_kraaij_pohlmann = Stemmer.Stemmer("dutch", 0)
_porter = Stemmer.Stemmer("dutch_porter", 0)
_english = Stemmer.Stemmer("english", 0)


def _stays(word: str) -> bool:
    return len(word) < SHORTEST or not word.isalpha()


@lru_cache(maxsize=100_000)
def dutch(word: str) -> str:
    """The Dutch stem of a folded word."""
    if found := DUTCH.get(word):
        return found
    if _stays(word):
        return word
    with _lock:
        stem: str = _kraaij_pohlmann.stemWord(word)
        if word.startswith("ge") and not stem.startswith("ge"):
            stem = _porter.stemWord(word)
    return stem


@lru_cache(maxsize=100_000)
def english(word: str) -> str:
    """The English stem of a folded word."""
    if found := ENGLISH.get(word):
        return found
    if _stays(word):
        return word
    with _lock:
        stem: str = _english.stemWord(word)
    return stem


STEMS: dict[str, Callable[[str], str]] = {"nl": dutch, "en": english}
