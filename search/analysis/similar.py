"""Which words of a document tell most about it."""

from collections.abc import Callable, Iterable

from ..contract import LANGUAGES, Localised
from .documents import text_tokens
from .stopwords import STOPWORDS

MOST_TOKENS = 16
SHORTEST = 3


def telling_tokens(texts: Iterable[Localised], having: Callable[[str], int], documents: int) -> set[str]:
    """The rarest tokens of these texts that other documents have, too.

    `having(token)` counts documents with the token; a token that more than a third has tells nothing.
    """
    tokens = {
        token
        for text in texts
        for code in LANGUAGES
        if text.get(code)
        for token in text_tokens(text[code], code, join=False)
        if len(token) >= SHORTEST and token not in STOPWORDS
    }
    most = max(2, documents // 3)
    counted = sorted((having(token), token) for token in tokens)
    return {token for _count, token in [pair for pair in counted if 2 <= pair[0] <= most][:MOST_TOKENS]}
