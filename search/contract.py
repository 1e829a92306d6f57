"""What rooms, facade and engines say to each other about searching; plain data without Django.

A `SearchDoc` is what may be found of a record, a `Viewer` is what a person may see, and every `SearchEngine`
gives the same sets, counts and marked words for the same documents.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol

LANGUAGES = ("nl", "en")
PUBLIC = "public"
TYPE_FACET = "type"
LANGUAGE_FACET = "language"
RELEVANCE = "relevance"
TITLE = "title"

#: Text by language code; a language that is missing or empty is filled by the other one when shown.
Localised = Mapping[str, str]
Value = datetime | int


class EngineUnavailable(Exception):
    """The engine cannot answer or write now: not reachable, no index yet, or locked by another writer."""


@dataclass(frozen=True, slots=True)
class Internal:
    """Text of a record that only viewers with one of these tokens can find it by."""

    acl: frozenset[str]
    text: Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDoc:
    """What may be found of one record.

    `id` is "type:pk". `acl` holds the tokens of which a viewer needs one to know that the record exists.
    `values` are moments and whole numbers for ranges and sorting, under names that the source declares.
    `facets` hold codes; `type` and `language` are filled in by themselves. `extra` is JSON that comes back with
    a hit, so it may hold only what everybody in `acl` may see. `changes_at`: the record looks different from then on.
    """

    id: str
    type: str
    title: Localised
    url: Localised
    acl: frozenset[str]
    number: str = ""
    summary: Localised = field(default_factory=dict)
    body: Localised = field(default_factory=dict)
    people: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    internal: tuple[Internal, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    changes_at: datetime | None = None
    version: int = 0

    @property
    def pk(self) -> str:
        """The record's primary key as text."""
        return self.id.partition(":")[2]

    def all_facets(self) -> dict[str, tuple[str, ...]]:
        """The facets with `type`, and with the languages that have a title where `language` is not given."""
        languages = tuple(code for code in LANGUAGES if self.title.get(code))
        return {LANGUAGE_FACET: languages, **self.facets, TYPE_FACET: (self.type,)}

    def digest(self) -> str:
        """SHA-256 over everything but the version; equal digests mean that nobody would find a difference."""
        parts = {name: getattr(self, name) for name in self.__slots__ if name not in ("version", "changes_at")}
        return hashlib.sha256(json.dumps(parts, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Internal):
        return [sorted(value.acl), dict(value.text)]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The tokens that a person holds: "public", "org:12", "user:7", …; everything is filtered by them."""

    tokens: frozenset[str]

    @classmethod
    def public(cls) -> "Viewer":
        """Somebody of whom nothing is known."""
        return _EVERYBODY

    @classmethod
    def of(cls, tokens: Iterable[str]) -> "Viewer":
        """A person with these tokens; "public" belongs to everybody."""
        return cls(frozenset(tokens) | {PUBLIC})


_EVERYBODY = Viewer(frozenset({PUBLIC}))


class Range(NamedTuple):
    """From this value on, until before that one; None is open."""

    start: Value | None = None
    end: Value | None = None


@dataclass(frozen=True, eq=False)
class Synonyms:
    """Groups of terms by language; within a group each finds all others, in both languages.

    A list is equal only to itself, so that what an engine makes of it can be remembered.
    """

    groups: tuple[Mapping[str, tuple[str, ...]], ...] = ()


NO_SYNONYMS = Synonyms()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What somebody asks.

    `types` limits hard (facet counts stay inside it); `filters` are chosen facet values: one of them inside a facet,
    every facet together. No text finds everything, text without a single word (only signs) nothing. `sort` is
    "relevance", "title", or the name of a value, with "-" in front for descending;
    a document without the value comes last. `match` says whether all words are needed or any. `size` 0 only counts.
    `synonyms` are put in by `search.searching`, as editors have them at that moment.
    """

    text: str = ""
    language: str = "nl"
    types: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: str = RELEVANCE
    page: int = 1
    size: int = 20
    highlight: bool = True
    match: Literal["all", "any"] = "all"
    synonyms: Synonyms = NO_SYNONYMS


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that occurs in what the viewer may see, with the number of results that choosing it would give."""

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result. `language` is the one the title is in; `highlights` is safe HTML with `<mark>`, by field name."""

    id: str
    type: str
    number: str
    title: str
    summary: str
    url: str
    language: str
    summary_language: str
    highlights: Mapping[str, str]
    extra: Mapping[str, Any]
    score: float = 0.0

    @property
    def pk(self) -> str:
        """The record's primary key as text."""
        return self.id.partition(":")[2]


class Relaxation(NamedTuple):
    """What was given up to find anything: "spelling" (words put right), "filter" (facet names or "types"),
    "words" (words left out) or "any" (one of the words is enough)."""

    kind: Literal["spelling", "filter", "words", "any"]
    given_up: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The answer: how many, this page, values per facet, and what was relaxed."""

    count: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    relaxed: tuple[Relaxation, ...] = ()
    did_you_mean: str = ""
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A record whose title or number begins like what was typed."""

    id: str
    type: str
    number: str
    title: str
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Put a document in, or take it out (`doc` None), as of a version."""

    id: str
    version: int
    doc: SearchDoc | None = None

    @classmethod
    def upsert(cls, doc: SearchDoc) -> "Operation":
        """Put this document in with its own version."""
        return cls(doc.id, doc.version, doc)

    @classmethod
    def delete(cls, doc_id: str, version: int) -> "Operation":
        """Take the document out; an older upsert that comes later does not bring it back."""
        return cls(doc_id, version)


class OpResult(NamedTuple):
    """What became of an operation; "stale" means that the engine already holds a newer version."""

    id: str
    status: Literal["applied", "stale", "failed"]
    error: str = ""

    @property
    def ok(self) -> bool:
        """Nothing more has to be done for it."""
        return self.status != "failed"


class StoredVersion(NamedTuple):
    """What the engine holds of a document: for the drift check."""

    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the engine answers; `needs_rebuild` when there is no index or it was made another way."""

    ok: bool
    engine: str
    generation: str = ""
    documents: int = 0
    needs_rebuild: bool = False
    detail: str = ""


class Generation(Protocol):
    """A new index beside the live one."""

    name: str

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write into this generation, with one status per operation."""

    def promote(self) -> None:
        """Make this generation the live one at once; the one before is kept for going back."""

    def drop(self) -> None:
        """Throw this generation away."""


class SearchEngine(Protocol):
    """One index, whatever keeps it. Every method may raise `EngineUnavailable`, and nothing else."""

    def search(self, query: SearchQuery, viewer: Viewer) -> Results:
        """The page, count and facet counts that this viewer may see; a facet's counts leave out its own choice."""

    def suggest(self, prefix: str, viewer: Viewer, n: int, language: str = "nl") -> list[Suggestion]:
        """Up to n visible records whose title or number has words that begin like these."""

    def similar(self, doc_id: str, viewer: Viewer, n: int, language: str = "nl") -> list[Hit]:
        """Up to n visible records that share rare words with this one; none when it is not visible itself."""

    def near(self, word: str, viewer: Viewer, n: int) -> list[tuple[str, int]]:
        """Visible words spelled nearly like this one, nearest and commonest first, with how many records have them."""

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write to the live index, one status per operation; never raises halfway."""

    def new_generation(self) -> Generation:
        """An empty index beside the live one."""

    def go_back(self) -> str:
        """Make the generation before the live one live again; returns its name."""

    def versions(self, after: str, n: int) -> list[StoredVersion]:
        """Up to n documents in the engine's own fixed order, from after this id on ("" for the start)."""

    def health(self) -> Health:
        """State of the engine; raises nothing."""
