"""The embedded index: the only door to Tantivy.

A generation is a directory under `root`; the file `pointer.json` names the live one and the one before, and is replaced
in one step. Readers look at the pointer and at the index's own `meta.json` on every request and reload when either
changed. There is one writer: the drain, under its lock.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import Any

import tantivy
from tantivy import Document, FieldType, Index, IndexWriter, Occur, Order, Query, Schema, Searcher, SearchResult

from ..analysis.documents import SEPARATOR, tokens_of
from ..analysis.marking import marks_of
from ..analysis.queries import QueryWord, prefix_words, query_words
from ..analysis.similar import telling_tokens
from ..contract import (
    LANGUAGES,
    PUBLIC,
    RELEVANCE,
    TITLE,
    TYPE_FACET,
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

WEIGHTS = {"title": 6.0, "summary": 2.0, "body": 1.0}
EXACT_WEIGHTS = {"identifiers": 12.0, "names": 4.0}
TIE = 0.2  # what the fields beside the best one add
FEW, MANY = 20_000_000, 128_000_000  # bytes that a writer may hold: for a drain, for a rebuild
LOCK_PATIENCE = 2.0  # seconds to wait for another writer
MOST_KNOWN = 200  # lists of facet values that are remembered between two writes
MUST, SHOULD = Occur.Must, Occur.Should


def build_schema(values: Iterable[str]) -> Schema:
    """The fields of an index; what is searched comes as ready tokens between spaces."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("version", stored=True, indexed=True, fast=True)
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_boolean_field("live", indexed=True, fast=True)
    builder.add_text_field("acl", tokenizer_name="raw", index_option="basic")
    for name in (*WEIGHTS, *EXACT_WEIGHTS, "internal"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("spelled", tokenizer_name="whitespace", index_option="basic")
    for code in LANGUAGES:
        builder.add_text_field(f"starts_{code}", tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field(f"order_{code}", fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_bytes_field(f"body_{code}", stored=True)
    builder.add_json_field("facets", fast=True, tokenizer_name="raw", index_option="basic")
    for name in values:
        builder.add_integer_field(f"value_{name}", indexed=True, fast=True)
    builder.add_bytes_field("payload", stored=True)
    return builder.build()


def sort_key(doc_id: str) -> int:
    """A fixed place for an id among all others, for walking through an index."""
    return int.from_bytes(hashlib.sha256(doc_id.encode()).digest()[:8], "big")


def document(doc: SearchDoc, schema: Schema, values: frozenset[str]) -> Document:
    """The document as Tantivy keeps it."""
    common.check(doc, values)
    tokens = tokens_of(doc)
    fields: dict[str, Any] = {
        "key": sort_key(doc.id),
        "id": doc.id,
        "version": doc.version,
        "digest": doc.digest(),
        "live": True,
        "acl": sorted(doc.acl),
        "facets": {name: sorted(set(chosen)) for name, chosen in doc.all_facets().items() if chosen},
        "payload": stored.payload(doc).encode(),
    }
    for name in (*WEIGHTS, *EXACT_WEIGHTS, "internal", "spelled"):
        fields[name] = " ".join(getattr(tokens, name))
    for code in LANGUAGES:
        fields[f"starts_{code}"] = " ".join(tokens.starts[code])
        fields[f"order_{code}"] = tokens.order[code]
        if body := doc.body.get(code):
            fields[f"body_{code}"] = body.encode()
    fields |= {f"value_{name}": common.number(value) for name, value in doc.values.items()}
    return Document.from_dict(fields, schema)


def tombstone(operation: Operation, schema: Schema) -> Document:
    """What stays of a deleted document: its version, which nobody can see."""
    return Document.from_dict(
        {"key": sort_key(operation.id), "id": operation.id, "version": operation.version, "live": False}, schema
    )


@dataclass
class Opened:
    """A generation as this process has it open; `known` remembers facet values until the next write."""

    name: str
    index: Index
    schema: Schema
    searcher: Searcher
    meta: Path
    mark: tuple[int, ...]
    known: dict[tuple[Any, ...], Mapping[str, Mapping[str, int]]] = field(default_factory=dict)


class TantivyGeneration:
    """A new index in a directory of its own; one writer from the first document to `promote`."""

    def __init__(self, owner: "TantivyEngine", name: str) -> None:
        self.name = name
        self._owner = owner
        self._versions: dict[str, int] = {}
        self._index = owner.create(name)
        self._writer: IndexWriter | None = self._index.writer(MANY, 1)

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write; findable after `promote`."""
        if self._writer is None:
            raise EngineUnavailable("this generation is finished")
        return write(self._writer, self._index.schema, operations, self._versions, self._owner.values)

    def promote(self) -> None:
        """Commit and become the live one."""
        self._finish(keep=True)
        self._owner.point_to(self.name)

    def drop(self) -> None:
        """Remove the directory."""
        self._finish(keep=False)
        self._owner.remove(self.name)

    def _finish(self, *, keep: bool) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            if keep:
                writer.commit()
            else:
                writer.rollback()
            writer.wait_merging_threads()


def write(
    writer: IndexWriter,
    schema: Schema,
    operations: Sequence[Operation],
    versions: dict[str, int],
    values: frozenset[str],
) -> list[OpResult]:
    """Hand the operations to a writer; `versions` are those in the index and are kept up to date."""
    results = []
    for operation in operations:
        present = versions.get(operation.id)
        if present is not None and operation.version < present:
            results.append(OpResult(operation.id, "stale"))
            continue
        try:
            made = document(operation.doc, schema, values) if operation.doc else tombstone(operation, schema)
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            results.append(OpResult(operation.id, "failed", f"{type(error).__name__}: {error}"))
            continue
        if present is not None:
            writer.delete_documents_by_term("id", operation.id)
        writer.add_document(made)
        versions[operation.id] = operation.version
        results.append(OpResult(operation.id, "applied"))
    return results


class TantivyEngine:
    """The index under `root`. `values` are the names in `SearchDoc.values`; another `revision` asks for a rebuild."""

    def __init__(self, root: str | Path, values: Iterable[str] = (), revision: str = "") -> None:
        self.root = Path(root)
        self.values = frozenset(values)
        self._layout = hashlib.sha256(json.dumps(["1", sorted(values), SEPARATOR]).encode()).hexdigest()[:12]
        self._stamp = {"layout": self._layout, "revision": revision, "tantivy": version("tantivy")}
        self._opened: Opened | None = None
        self._pointer = self.root / "pointer.json"

    # Generations ------------------------------------------------------------------------------------------------------

    def new_generation(self) -> TantivyGeneration:
        """An empty index beside the live one."""
        return TantivyGeneration(self, f"{time.strftime('%Y%m%d-%H%M%S')}-{token_hex(3)}")

    def create(self, name: str) -> Index:
        """The directory of a generation, with the stamp that says how it was made."""
        folder = self.root / name
        (folder / "index").mkdir(parents=True)
        (folder / "stamp.json").write_text(json.dumps(self._stamp))
        return Index(build_schema(sorted(self.values)), path=str(folder / "index"))

    def point_to(self, name: str) -> None:
        """Make a generation the live one in one step; the one before stays, older ones go."""
        before = self._names().get("current", "")
        draft = self.root / f"pointer-{token_hex(3)}"
        with draft.open("w") as file:
            json.dump({"current": name, "previous": before}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._pointer)
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name not in (name, before):
                self.remove(folder.name)

    def go_back(self) -> str:
        """Make the generation before the live one again; returns its name."""
        previous = self._names().get("previous", "")
        if not previous or not (self.root / previous).is_dir():
            raise EngineUnavailable("there is no generation to go back to")
        self.point_to(previous)
        return previous

    def remove(self, name: str) -> None:
        """Delete a generation that nobody reads."""
        shutil.rmtree(self.root / name, ignore_errors=True)

    def _names(self) -> dict[str, str]:
        try:
            names: dict[str, str] = json.loads(self._pointer.read_text())
        except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
            return {}
        return names

    # Reading ----------------------------------------------------------------------------------------------------------

    def _open(self) -> Opened:
        """The live generation as of now."""
        opened = self._opened
        mark = self._mark(opened) if opened else None
        if opened is None or mark is None or mark[:2] != opened.mark[:2]:
            opened = self._opened = self._open_live()
        elif mark != opened.mark:
            opened.index.reload()
            opened = self._opened = replace(opened, searcher=opened.index.searcher(), mark=mark, known={})
        return opened

    def _mark(self, opened: Opened) -> tuple[int, ...] | None:
        try:
            pointer, meta = self._pointer.stat(), opened.meta.stat()
        except FileNotFoundError:
            return None
        return (pointer.st_mtime_ns, pointer.st_ino, meta.st_mtime_ns, meta.st_ino, meta.st_size)

    def _open_live(self) -> Opened:
        name = self._names().get("current", "")
        if not name or self._stamp_of(name).get("layout") != self._layout:
            raise EngineUnavailable("there is no index yet that fits; rebuild it")
        try:
            index = Index.open(str(self.root / name / "index"))
            index.config_reader("manual")
            meta = self.root / name / "index" / "meta.json"
            opened = Opened(name, index, index.schema, index.searcher(), meta, ())
            mark = self._mark(opened)
            index.reload()
        except (ValueError, OSError) as error:
            raise EngineUnavailable(f"the index cannot be opened: {error}") from error
        if mark is None:
            raise EngineUnavailable("the index went away while it was opened")
        return replace(opened, searcher=index.searcher(), mark=mark)

    def _stamp_of(self, name: str) -> dict[str, str]:
        try:
            stamp: dict[str, str] = json.loads((self.root / name / "stamp.json").read_text())
        except (OSError, json.JSONDecodeError):
            return {}
        return stamp

    def search(self, query: SearchQuery, viewer: Viewer) -> Results:
        """See the contract."""
        with _reading():
            return Request(self._open(), query, viewer).answer()

    def suggest(self, prefix: str, viewer: Viewer, n: int, language: str = "nl") -> list[Suggestion]:
        """See the contract."""
        starts = prefix_words(prefix)
        if not starts or n < 1:
            return []
        with _reading():
            opened = self._open()
            here = _begins(opened.schema, f"starts_{language}", starts)
            others = [_begins(opened.schema, f"starts_{code}", starts) for code in LANGUAGES if code != language]
            any_language = Query.boolean_query(
                [(SHOULD, Query.boost_query(here, 10.0)), *((SHOULD, other) for other in others)]
            )
            found = opened.searcher.search(_all_of([any_language, visible(opened.schema, viewer)]), n)
            documents = [opened.searcher.doc(address) for _score, address in found.hits]
            return [stored.suggestion(_text(entry, "payload"), language) for entry in documents]

    def similar(self, doc_id: str, viewer: Viewer, n: int, language: str = "nl") -> list[Hit]:
        """See the contract."""
        with _reading():
            opened = self._open()
            itself = Query.term_query(opened.schema, "id", doc_id, "basic")
            found = opened.searcher.search(_all_of([itself, visible(opened.schema, viewer)]), 1).hits
            if not found or n < 1:
                return []
            shown = json.loads(_text(opened.searcher.doc(found[0][1]), "payload"))
            having: Callable[[str], int] = lambda token: _having(opened.searcher, token)  # noqa: E731
            tokens = telling_tokens((shown["title"], shown["summary"]), having, opened.searcher.num_docs)
            if not tokens:
                return []
            query = Query.boolean_query(
                [(SHOULD, _either(opened.schema, ("title", "summary"), token)) for token in sorted(tokens)],
                minimum_number_should_match=max(1, len(tokens) // 4),
            )
            others = Query.boolean_query(
                [(MUST, query), (MUST, visible(opened.schema, viewer)), (Occur.MustNot, itself)]
            )
            hits = opened.searcher.search(others, n).hits
            return [_hit(opened.searcher.doc(address), language, None, score) for score, address in hits]

    def near(self, word: str, viewer: Viewer, n: int) -> list[tuple[str, int]]:
        """See the contract."""
        most = common.allowed_distance(word)
        if not most:
            return []
        with _reading():
            opened = self._open()
            alike = Query.fuzzy_term_query(opened.schema, "spelled", word.lower(), most, True)
            having = _all_of([alike, visible(opened.schema, viewer)])
            return common.nearest(word, opened.searcher.terms_with_prefix("spelled", "", having), n)

    def versions(self, after: str, n: int) -> list[StoredVersion]:
        """Documents in order of a hash of their id."""
        with _reading():
            opened = self._open()
            start = sort_key(after) if after else 0
            later = Query.range_query(opened.schema, "key", FieldType.Unsigned, start, None, include_lower=not after)
            living = Query.term_query(opened.schema, "live", True, "basic")
            found = opened.searcher.search(_all_of([later, living]), n, order_by_field="key", order=Order.Asc)
            documents = [opened.searcher.doc(address) for _key, address in found.hits]
        return [StoredVersion(_text(d, "id"), d.get_first("version") or 0, _text(d, "digest")) for d in documents]

    def health(self) -> Health:
        """Whether there is an index that opens, and whether it was made as it would be made now."""
        try:
            with _reading():
                opened = self._open()
                living = Query.term_query(opened.schema, "live", True, "basic")
                documents = _count(opened.searcher.search(living, 1))
        except EngineUnavailable as error:
            return Health(ok=False, engine="tantivy", needs_rebuild=True, detail=str(error))
        fits = self._stamp_of(opened.name) == self._stamp
        return Health(ok=True, engine="tantivy", generation=opened.name, documents=documents, needs_rebuild=not fits)

    # Writing ----------------------------------------------------------------------------------------------------------

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write to the live index in one commit."""
        if not operations:
            return []
        with _reading():
            opened = self._open()
            with _writer(opened.index) as writer:
                opened.index.reload()
                versions = _versions(opened.index.searcher(), opened.schema, [entry.id for entry in operations])
                results = write(writer, opened.schema, operations, versions, self.values)
                writer.commit()
                writer.wait_merging_threads()
        return results


@contextmanager
def _reading() -> Iterator[None]:
    """What Tantivy raises, as the contract names it."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise EngineUnavailable(str(error)) from error


@contextmanager
def _writer(index: Index) -> Iterator[IndexWriter]:
    """The writer of an index; another one (a process that is just ending) is waited for a little."""
    give_up = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            writer = index.writer(FEW, 1)
            break
        except ValueError as error:
            if "LockBusy" not in str(error) or time.monotonic() > give_up:
                raise EngineUnavailable(f"the index cannot be written: {error}") from error
            time.sleep(0.02)
    yield writer


def _versions(searcher: Searcher, schema: Schema, ids: list[str]) -> dict[str, int]:
    query = Query.term_set_query(schema, "id", ids)
    found = [searcher.doc(address) for _score, address in searcher.search(query, max(1, len(set(ids)))).hits]
    return {_text(entry, "id"): entry.get_first("version") or 0 for entry in found}


class Request:
    """One search: its clauses, its page and its facet counts."""

    def __init__(self, opened: Opened, query: SearchQuery, viewer: Viewer) -> None:
        self.opened, self.schema, self.searcher = opened, opened.schema, opened.searcher
        self.query, self.viewer = query, viewer
        self.words = query_words(query.text)
        self.scope = [visible(self.schema, viewer)]
        if query.types:
            self.scope.append(_one_of(self.schema, TYPE_FACET, query.types))
        self.base = [*self._text(), *self.scope, *self._ranges()]
        self.choices = {name: _one_of(self.schema, name, chosen) for name, chosen in query.filters.items() if chosen}

    def answer(self) -> Results:
        """Page, count and facets."""
        whole = self.whole()
        count, hits = self._page(whole)
        return Results(count=count, hits=hits, facets=self._facets(whole) if self.query.facets else {})

    def whole(self) -> Query:
        """Everything that is asked for."""
        return _all_of([*self.base, *self.choices.values()])

    def countings(self, whole: Query) -> list[tuple[Query, list[str]]]:
        """What to count, and which facets in it: those without a choice together, each chosen one without its own."""
        free = [name for name in self.query.facets if name not in self.choices]
        countings = [(whole, free)] if free else []
        for name in self.query.facets:
            if name in self.choices:
                others = [choice for facet, choice in self.choices.items() if facet != name]
                countings.append((_all_of([*self.base, *others]), [name]))
        return countings

    def _text(self) -> list[Query]:
        if not self.words:
            return [Query.empty_query()] if self.query.text.strip() else []
        each = [self._word(word) for word in self.words]
        if self.query.match == "any":
            return [Query.boolean_query([(SHOULD, word) for word in each])]
        return each

    def _word(self, word: QueryWord) -> Query:
        fields = [(name, token, weight) for name, weight in WEIGHTS.items() for token in word.stems]
        fields += [(name, token, weight) for name, weight in EXACT_WEIGHTS.items() for token in word.exact]
        parts = [
            Query.boost_query(Query.term_query(self.schema, name, token, "freq"), weight)
            for name, token, weight in fields
        ]
        held = self.viewer.tokens - {PUBLIC}
        hidden = [f"{token}{SEPARATOR}{stem}" for token in sorted(held) for stem in word.stems]
        parts += [Query.term_query(self.schema, "internal", token, "freq") for token in hidden]
        return Query.disjunction_max_query(parts, TIE)

    def _ranges(self) -> list[Query]:
        limits = ((name, limit) for name, limit in self.query.ranges.items())
        return [
            Query.const_score_query(
                Query.range_query(
                    self.schema,
                    f"value_{name}",
                    FieldType.Integer,
                    None if limit.start is None else common.number(limit.start),
                    None if limit.end is None else common.number(limit.end),
                    include_upper=limit.end is None,
                ),
                0.0,
            )
            for name, limit in limits
        ]

    def _page(self, whole: Query) -> tuple[int, tuple[Hit, ...]]:
        query = self.query
        found = self.searcher.search(
            whole, max(query.size, 1), offset=max(query.page - 1, 0) * query.size, **self._order()
        )
        marks = marks_of(self.words) if query.highlight and self.words else None
        hits = found.hits if query.size else []
        return _count(found), tuple(
            _hit(self.searcher.doc(address), query.language, marks, score) for score, address in hits
        )

    def _order(self) -> dict[str, Any]:
        name, order = self.query.sort.removeprefix("-"), Order.Desc if self.query.sort.startswith("-") else Order.Asc
        if name == TITLE or (name == RELEVANCE and not self.words):
            return {"order_by_field": f"order_{self.query.language}", "order": order}
        return {} if name == RELEVANCE else {"order_by_field": f"value_{name}", "order": order}

    def _facets(self, whole: Query) -> dict[str, tuple[FacetValue, ...]]:
        names = self.query.facets
        known = self._known()
        counts = {**known}
        if len(self.base) > len(self.scope) or self.choices:
            for clauses, asked in self.countings(whole):
                counts |= self._count(clauses, asked)
        return {
            name: common.facet_values(known[name], counts[name], self.query.filters.get(name, ())) for name in names
        }

    def _known(self) -> Mapping[str, Mapping[str, int]]:
        """Every value in what this viewer may see, remembered until the next write."""
        remembered = self.opened.known
        asked = (self.viewer.tokens, self.query.types, self.query.facets)
        if asked not in remembered:
            if len(remembered) >= MOST_KNOWN:
                remembered.clear()
            remembered[asked] = self._count(_all_of(self.scope), self.query.facets)
        return remembered[asked]

    def _count(self, query: Query, names: Iterable[str]) -> dict[str, Mapping[str, int]]:
        asked = {name: {"terms": {"field": f"facets.{name}", "size": common.MOST_VALUES}} for name in names}
        answer = self.searcher.aggregate(query, asked) if asked else {}
        return {name: {str(bucket["key"]): bucket["doc_count"] for bucket in answer[name]["buckets"]} for name in asked}


def visible(schema: Schema, viewer: Viewer) -> Query:
    """The documents that the viewer may know of; nothing is asked of an index without this."""
    return Query.const_score_query(Query.term_set_query(schema, "acl", sorted(viewer.tokens)), 0.0)


def _one_of(schema: Schema, facet: str, chosen: Sequence[str]) -> Query:
    return Query.const_score_query(Query.term_set_query(schema, f"facets.{facet}", list(chosen)), 0.0)


def _begins(schema: Schema, name: str, starts: Sequence[str]) -> Query:
    return _all_of([Query.term_query(schema, name, start, "basic") for start in starts])


def _either(schema: Schema, names: Sequence[str], token: str) -> Query:
    return Query.disjunction_max_query([Query.term_query(schema, name, token, "freq") for name in names])


def _having(searcher: Searcher, token: str) -> int:
    return max(searcher.doc_freq("title", token), searcher.doc_freq("summary", token))


def _all_of(parts: Sequence[Query]) -> Query:
    return Query.boolean_query([(MUST, part) for part in parts])


def _count(found: SearchResult) -> int:
    count: int = found.count  # type: ignore[attr-defined]  # the stubs leave it out
    return count


def _text(found: Document, name: str) -> str:
    value = found.get_first(name) or ""
    return value.decode() if isinstance(value, bytes) else str(value)


class _Bodies(Mapping[str, str]):
    """The long texts of a found document, decoded only when somebody looks."""

    def __init__(self, found: Document) -> None:
        self._found = found

    def __getitem__(self, code: str) -> str:
        return _text(self._found, f"body_{code}")

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def _hit(found: Document, language: str, marks: Any, score: Any) -> Hit:
    relevance = float(score) if isinstance(score, float) else 0.0
    return stored.hit(_text(found, "payload"), language, marks, _Bodies(found), relevance)
