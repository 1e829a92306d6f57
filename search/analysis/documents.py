"""A document as tokens: what every engine keeps in its index."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ..contract import LANGUAGES, Localised, SearchDoc
from .stems import STEMS
from .stopwords import STOPWORDS
from .words import Word, compose, fold, order_key, words, written_words

LONGEST_PREFIX = 15
LONGEST_BODY = 50_000  # characters of a body that are indexed
JOINED_FROM = 3
SEPARATOR = "\x1f"  # between a token of visibility and a token of text


@dataclass(frozen=True, slots=True)
class DocumentTokens:
    """Tokens by field: stems of the texts, folded names, numbers whole and in part, beginnings of title words.

    `internal` holds stems behind the visibility token that is needed to find the document by them.
    `spelled` are the public words as they are written, for putting spelling right.
    """

    title: list[str]
    summary: list[str]
    body: list[str]
    names: list[str]
    identifiers: list[str]
    internal: list[str]
    spelled: list[str]
    starts: dict[str, list[str]]
    order: dict[str, str]


def tokens_of(doc: SearchDoc) -> DocumentTokens:
    """The tokens of a document, in every language it has."""
    identifiers = identifier_tokens((doc.number, *doc.identifiers))
    return DocumentTokens(
        title=_stems(doc.title, join=True),
        summary=_stems(doc.summary, join=True),
        body=_stems(doc.body, join=False),
        names=[word.folded for name in doc.people for word in words(compose(name))],
        identifiers=identifiers,
        internal=_internal(doc),
        spelled=_spelled(doc),
        starts={code: _starts(doc.title.get(code, ""), identifiers) for code in LANGUAGES},
        order={code: order_key(title_in(doc, code)) for code in LANGUAGES},
    )


def title_in(doc: SearchDoc, language: str) -> str:
    """The title in this language, or in the other one where it has none."""
    return doc.title.get(language) or next((doc.title[code] for code in LANGUAGES if doc.title.get(code)), "")


def text_tokens(text: str, language: str, *, join: bool = True) -> list[str]:
    """Stems of a text, and of neighbouring words written as one (kinder-IC also as kinderic)."""
    stem = STEMS[language]
    text = compose(text)
    found = list(words(text))
    tokens = [stem(word.folded) for word in found]
    tokens += [stem(joined) for joined in joined_words(text, found, language, spaces=join)]
    return tokens


def joined_words(text: str, found: list[Word], language: str, *, spaces: bool) -> list[str]:
    """Neighbours as one word: across a hyphen always, across a space in Dutch titles and summaries."""
    return [
        left.folded + right.folded
        for left, right in pairwise(found)
        if may_join(left.folded, right.folded, text[left.end : right.start], language, spaces=spaces)
    ]


def may_join(left: str, right: str, between: str, language: str, *, spaces: bool = True) -> bool:
    """Whether two folded neighbours also count when somebody writes them as one word."""
    if between == "-":
        return True
    if between != " " or not spaces or language != "nl":
        return False
    return all(len(word) >= JOINED_FROM and word.isalpha() and word not in STOPWORDS for word in (left, right))


def _stems(texts: Localised, *, join: bool) -> list[str]:
    return [
        token
        for code in LANGUAGES
        if texts.get(code)
        for token in text_tokens(texts[code][:LONGEST_BODY], code, join=join)
    ]


def _internal(doc: SearchDoc) -> list[str]:
    return sorted(
        {
            f"{needed}{SEPARATOR}{token}"
            for part in doc.internal
            for needed in part.acl
            for token in _stems(part.text, join=True)
        }
    )


def _spelled(doc: SearchDoc) -> list[str]:
    texts = (*doc.title.values(), *doc.summary.values(), *doc.body.values(), *doc.people)
    written = {word for text in texts for word in written_words(compose(text[:LONGEST_BODY]))}
    return sorted({word.lower()[:60] for word in written if fold(word)})


def _starts(title: str, identifiers: list[str]) -> list[str]:
    title_words = [word.folded for word in words(compose(title))]
    return sorted({start for word in (*title_words, *identifiers) for start in beginnings(word)})


def beginnings(word: str) -> list[str]:
    """Every beginning of a folded word, up to the longest that is kept."""
    return [word[:length] for length in range(1, min(len(word), LONGEST_PREFIX) + 1)]


def identifier_tokens(identifiers: Iterable[str]) -> list[str]:
    """A number whole and in part: BLS-01 gives bls-01, bls01, bls, 01."""
    tokens: dict[str, None] = {}
    for identifier in identifiers:
        text = compose(identifier)
        parts = [word.folded for word in words(text)]
        if not parts:
            continue
        tokens |= dict.fromkeys(["".join(fold("".join(text.split())).split()), "".join(parts)[:60], *parts])
        tokens |= dict.fromkeys(a + b for a, b in pairwise(parts))
    return list(tokens)
