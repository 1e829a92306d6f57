"""The reference: plain Python over dictionaries. The other engines are compared with it; fast tests run on it."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..analysis.asking import Asked, asked
from ..analysis.documents import SEPARATOR, DocumentTokens, tokens_of
from ..analysis.marking import marks_of
from ..analysis.queries import QueryWord, prefix_words
from ..analysis.similar import telling_tokens
from ..contract import (
    RELEVANCE,
    TITLE,
    EngineUnavailable,
    FacetValue,
    Health,
    Hit,
    Operation,
    OpResult,
    Results,
    SearchDoc,
    SearchQuery,
    StoredVersion,
    Suggestion,
    Viewer,
)
from . import common, stored

TEXTS = ("title", "summary", "body")
WEIGHTS = {"identifiers": 12.0, "title": 6.0, "names": 4.0, "summary": 2.0, "body": 1.0, "internal": 1.0}


@dataclass(frozen=True)
class Entry:
    """A document as it lies in memory."""

    doc: SearchDoc
    tokens: DocumentTokens
    counts: Mapping[str, Counter[str]]
    payload: str
    digest: str


@dataclass(frozen=True)
class Tombstone:
    """What stays of a deleted document, so that a late upsert does not bring it back."""

    version: int


class MemoryGeneration:
    """Documents by id."""

    def __init__(self, owner: "MemoryEngine", name: str) -> None:
        self.name = name
        self.entries: dict[str, Entry] = {}
        self.gone: dict[str, Tombstone] = {}
        self._owner = owner

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write one after the other, newer versions over older ones only."""
        return [self._apply(operation) for operation in operations]

    def _apply(self, operation: Operation) -> OpResult:
        if operation.version < self._version(operation.id):
            return OpResult(operation.id, "stale")
        try:
            entry = operation.doc and self._entry(operation.doc)
        except (ValueError, TypeError, AttributeError) as error:
            return OpResult(operation.id, "failed", f"{type(error).__name__}: {error}")
        if entry:
            self.gone.pop(operation.id, None)
            self.entries[operation.id] = entry
        else:
            self.entries.pop(operation.id, None)
            self.gone[operation.id] = Tombstone(operation.version)
        return OpResult(operation.id, "applied")

    def _version(self, doc_id: str) -> int:
        if entry := self.entries.get(doc_id):
            return entry.doc.version
        return self.gone[doc_id].version if doc_id in self.gone else -1

    def _entry(self, doc: SearchDoc) -> Entry:
        common.check(doc, self._owner.values)
        tokens = tokens_of(doc)
        counts = {name: Counter(getattr(tokens, name)) for name in WEIGHTS}
        return Entry(doc, tokens, counts, stored.payload(doc), doc.digest())

    def promote(self) -> None:
        """Become the live one."""
        self._owner.previous, self._owner.live = self._owner.live, self

    def drop(self) -> None:
        """Forget everything."""
        self.entries.clear()
        self.gone.clear()


class MemoryEngine:
    """Keeps its documents in this process only."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self.values = frozenset(values)
        self._made = 0
        self._lock = threading.Lock()
        self.live = MemoryGeneration(self, "memory-0")
        self.previous: MemoryGeneration | None = None

    def new_generation(self) -> MemoryGeneration:
        """An empty set of documents."""
        self._made += 1
        return MemoryGeneration(self, f"memory-{self._made}")

    def go_back(self) -> str:
        """Swap the live documents with those before."""
        if self.previous is None:
            raise EngineUnavailable("there is no generation to go back to")
        self.live, self.previous = self.previous, self.live
        return self.live.name

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write to the live documents."""
        with self._lock:
            return self.live.apply(operations)

    def versions(self, after: str, n: int) -> list[StoredVersion]:
        """Documents by id."""
        ids = sorted(doc_id for doc_id in self.live.entries if doc_id > after)[:n]
        entries = [self.live.entries[doc_id] for doc_id in ids]
        return [StoredVersion(entry.doc.id, entry.doc.version, entry.digest) for entry in entries]

    def health(self) -> Health:
        """Always well."""
        return Health(ok=True, engine="memory", generation=self.live.name, documents=len(self.live.entries))

    def search(self, query: SearchQuery, viewer: Viewer) -> Results:
        """See the contract."""
        words = asked(query.text, query.synonyms)
        found = [entry for entry in self._visible(viewer, query.types) if _in_ranges(entry, query)]
        if query.text.strip():
            found = [entry for entry in found if _matches(entry, words, viewer, query.match)]
        results = [entry for entry in found if _chosen(entry, query.filters)]
        ordered = self._ordered(results, query, words, viewer)
        start = (query.page - 1) * query.size
        marks = marks_of(words) if query.highlight and words else None
        hits = [
            stored.hit(entry.payload, query.language, marks, entry.doc.body, score)
            for score, entry in ordered[start : start + query.size]
        ]
        return Results(count=len(results), hits=tuple(hits), facets=self._facets(found, query, viewer))

    def _visible(self, viewer: Viewer, types: Sequence[str] = ()) -> Iterator[Entry]:
        for entry in self.live.entries.values():
            if entry.doc.acl & viewer.tokens and (not types or entry.doc.type in types):
                yield entry

    def _facets(self, found: list[Entry], query: SearchQuery, viewer: Viewer) -> dict[str, tuple[FacetValue, ...]]:
        facets = {}
        for name in query.facets:
            others = common.filters_without(query, name)
            counts = _count_values((entry for entry in found if _chosen(entry, others)), name)
            known = _count_values(self._visible(viewer, query.types), name)
            facets[name] = common.facet_values(known, counts, query.filters.get(name, ()))
        return facets

    def _ordered(
        self, entries: list[Entry], query: SearchQuery, words: tuple[Asked, ...], viewer: Viewer
    ) -> list[tuple[float, Entry]]:
        name, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
        if name == TITLE or (name == RELEVANCE and not words):
            entries = sorted(entries, key=lambda entry: entry.tokens.order[query.language], reverse=descending)
            return [(0.0, entry) for entry in entries]
        if name == RELEVANCE:
            scored = [(self._score(entry, words, viewer), entry) for entry in entries]
            return sorted(scored, key=lambda pair: -pair[0])
        with_value = [entry for entry in entries if name in entry.doc.values]
        without = [entry for entry in entries if name not in entry.doc.values]
        with_value.sort(key=lambda entry: common.number(entry.doc.values[name]), reverse=descending)
        return [(0.0, entry) for entry in with_value + without]

    def _score(self, entry: Entry, words: tuple[Asked, ...], viewer: Viewer) -> float:
        return sum(max(_worth(entry, part, viewer), default=0.0) for part in words)

    def suggest(self, prefix: str, viewer: Viewer, n: int, language: str = "nl") -> list[Suggestion]:
        """See the contract."""
        starts = prefix_words(prefix)
        if not starts:
            return []
        found = [entry for entry in self._visible(viewer) if _begins(entry, starts)]
        found.sort(key=lambda entry: (not _begins(entry, starts, language), len(entry.tokens.order[language])))
        return [stored.suggestion(entry.payload, language) for entry in found[:n]]

    def similar(self, doc_id: str, viewer: Viewer, n: int, language: str = "nl") -> list[Hit]:
        """See the contract."""
        origin = self.live.entries.get(doc_id)
        if origin is None or not origin.doc.acl & viewer.tokens:
            return []
        known = list(self._visible(viewer))
        tokens = telling_tokens((origin.doc.title, origin.doc.summary), partial(_having, known), len(known))
        needed = max(1, len(tokens) // 4)
        scored = [(len(tokens & _own_tokens(entry)), entry) for entry in known if entry is not origin]
        scored = sorted((pair for pair in scored if pair[0] >= needed), key=lambda pair: -pair[0])
        return [stored.hit(entry.payload, language, None, {}, score) for score, entry in scored[:n]]

    def near(self, word: str, viewer: Viewer, n: int) -> list[tuple[str, int]]:
        """See the contract."""
        known = Counter(word for entry in self._visible(viewer) for word in entry.tokens.spelled)
        return common.nearest(word, known.items(), n)


def _matches(entry: Entry, words: tuple[Asked, ...], viewer: Viewer, match: str) -> bool:
    enough = all if match == "all" else any
    return bool(words) and enough(any(_worth(entry, part, viewer)) for part in words)


def _worth(entry: Entry, part: Asked, viewer: Viewer) -> Iterator[float]:
    """What each way of finding this part in the document counts for."""
    own = [max(_weights(entry, word, viewer), default=0.0) for word in part.words]
    if all(own):
        yield sum(own)
    for stems, loose in part.instead:
        for name in TEXTS:
            if not (loose and name in common.LONG) and all(stem in entry.counts[name] for stem in stems):
                yield WEIGHTS[name] * common.SYNONYM
        hidden = entry.counts["internal"]
        if not loose and any(all(f"{held}{SEPARATOR}{stem}" in hidden for stem in stems) for held in viewer.tokens):
            yield WEIGHTS["internal"] * common.SYNONYM


def _weights(entry: Entry, word: QueryWord, viewer: Viewer) -> Iterator[float]:
    for name, counts in entry.counts.items():
        tokens: Iterable[Any] = word.exact if name in ("identifiers", "names") else word.stems
        if name == "internal":
            tokens = [f"{held}{SEPARATOR}{token}" for held in viewer.tokens for token in tokens]
        if any(token in counts for token in tokens):
            yield WEIGHTS[name]


def _in_ranges(entry: Entry, query: SearchQuery) -> bool:
    for name, limits in query.ranges.items():
        value = entry.doc.values.get(name)
        if value is None:
            return False
        if limits.start is not None and common.number(value) < common.number(limits.start):
            return False
        if limits.end is not None and common.number(value) >= common.number(limits.end):
            return False
    return True


def _chosen(entry: Entry, filters: Mapping[str, Sequence[str]]) -> bool:
    facets = entry.doc.all_facets()
    return all(set(chosen) & set(facets.get(name, ())) for name, chosen in filters.items() if chosen)


def _count_values(entries: Iterable[Entry], name: str) -> Counter[str]:
    return Counter(value for entry in entries for value in set(entry.doc.all_facets().get(name, ())))


def _begins(entry: Entry, starts: Sequence[str], language: str | None = None) -> bool:
    languages = (language,) if language else tuple(entry.tokens.starts)
    return any(set(starts) <= set(entry.tokens.starts[code]) for code in languages)


def _having(known: list[Entry], token: str) -> int:
    return sum(token in _own_tokens(entry) for entry in known)


def _own_tokens(entry: Entry) -> set[str]:
    return {*entry.tokens.title, *entry.tokens.summary}
