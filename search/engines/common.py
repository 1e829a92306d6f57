"""Rules that every engine keeps in the same way."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from ..analysis.words import fold
from ..contract import PUBLIC, FacetValue, SearchDoc, SearchQuery, Value

MOST_RESULTS_DEEP = 100_000  # results that can be paged through; exports go another way
MOST_VALUES = 1_000  # values of a facet
LONG = ("body",)  # texts in which two words may have nothing to do with each other
SYNONYM = 0.8  # what a synonym counts for beside the word itself


def number(value: Value) -> int:
    """A moment as microseconds since 1970, or the whole number itself."""
    if isinstance(value, datetime):
        return round((value - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    return value


def check(doc: SearchDoc, values: Collection[str]) -> None:
    """Refuse a document that an index could not keep as it is meant."""
    if unknown := set(doc.values) - set(values):
        raise ValueError(f"{doc.id} has values that no source declares: {', '.join(sorted(unknown))}")
    if not doc.id.startswith(f"{doc.type}:"):
        raise ValueError(f"{doc.id} is not an id of type {doc.type}")
    if any(PUBLIC in part.acl for part in doc.internal):
        raise ValueError(f"{doc.id} has internal text for everybody")
    if bad := [name for name in doc.facets if not name.isidentifier()]:
        raise ValueError(f"{doc.id} has facets with impossible names: {', '.join(bad)}")


def filters_without(query: SearchQuery, name: str) -> dict[str, tuple[str, ...]]:
    """The chosen values of every other facet; empty choices do not count."""
    return {facet: chosen for facet, chosen in query.filters.items() if chosen and facet != name}


def facet_values(known: Iterable[str], counts: Mapping[str, int], chosen: Collection[str]) -> tuple[FacetValue, ...]:
    """Every value the viewer may know of, with its count (zeros too) and whether it was chosen; most first."""
    values = {*known, *counts, *chosen}
    found = [FacetValue(value, counts.get(value, 0), value in chosen) for value in values]
    return tuple(sorted(found, key=lambda entry: (-entry.count, entry.value)))


def distance(left: str, right: str, most: int) -> int:
    """Edits between two words (one for two letters that changed places), or most + 1 when there are more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def allowed_distance(word: str) -> int:
    """How many edits a misspelled word may be away."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2


def nearest(word: str, known: Iterable[tuple[str, int]], n: int) -> list[tuple[str, int]]:
    """The nearest of the known words, the commonest first among equals, without the word itself."""
    folded, most = fold(word), allowed_distance(word)
    ranked = []
    for other, count in known:
        plain = fold(other)
        away = distance(folded, plain, most)
        if 0 < away <= most and plain.isalpha():
            ranked.append((away, plain[:1] != folded[:1], -count, other))
    return [(other, -count) for _away, _first, count, other in sorted(ranked)[:n]]
