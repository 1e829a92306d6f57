"""The only door to Tantivy: its schema, documents, queries and writer, for the embedded index beside it."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, FieldType, Index, IndexWriter, Occur, Order, Query, Schema, Searcher, SearchResult

from ..analysis.documents import tokens_of
from ..analysis.marking import Marks
from ..contract import LANGUAGES, EngineUnavailable, Hit, Operation, OpResult, SearchDoc, Viewer
from . import common, stored

__all__ = [
    "Document",
    "FieldType",
    "Index",
    "IndexWriter",
    "Occur",
    "Order",
    "Query",
    "Schema",
    "SearchResult",
    "Searcher",
]

WEIGHTS = {"title": 6.0, "summary": 2.0, "body": 1.0}
EXACT_WEIGHTS = {"identifiers": 12.0, "names": 4.0}
FEW, MANY = 20_000_000, 128_000_000  # bytes that a writer may hold: for a drain, for a rebuild
LOCK_PATIENCE = 2.0  # seconds to wait for another writer
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


@contextmanager
def reading() -> Iterator[None]:
    """What Tantivy raises, as the contract names it."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise EngineUnavailable(str(error)) from error


@contextmanager
def writing(index: Index) -> Iterator[IndexWriter]:
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


def versions_of(searcher: Searcher, schema: Schema, ids: list[str]) -> dict[str, int]:
    """The versions that an index holds of these documents, deleted ones too."""
    query = Query.term_set_query(schema, "id", ids)
    found = [searcher.doc(address) for _score, address in searcher.search(query, max(1, len(set(ids)))).hits]
    return {text_of(entry, "id"): entry.get_first("version") or 0 for entry in found}


def visible(schema: Schema, viewer: Viewer) -> Query:
    """The documents that the viewer may know of; nothing is asked of an index without this."""
    return Query.const_score_query(Query.term_set_query(schema, "acl", sorted(viewer.tokens)), 0.0)


def one_of(schema: Schema, facet: str, chosen: Sequence[str]) -> Query:
    """Documents with one of these values of a facet."""
    return Query.const_score_query(Query.term_set_query(schema, f"facets.{facet}", list(chosen)), 0.0)


def begins(schema: Schema, name: str, starts: Sequence[str]) -> Query:
    """Documents with words that begin like each of these."""
    return all_of([Query.term_query(schema, name, start, "basic") for start in starts])


def either(schema: Schema, names: Sequence[str], token: str) -> Query:
    """Documents with a token in one of these fields."""
    return Query.disjunction_max_query([Query.term_query(schema, name, token, "freq") for name in names])


def counted(searcher: Searcher, query: Query) -> int:
    """How many documents a query finds."""
    return total(searcher.search(query, 1))


def all_of(parts: Sequence[Query]) -> Query:
    """Documents that every part finds."""
    return Query.boolean_query([(MUST, part) for part in parts])


def total(found: SearchResult) -> int:
    """How many documents were found, on all pages together."""
    count: int = found.count  # type: ignore[attr-defined]  # the stubs leave it out
    return count


def text_of(found: Document, name: str) -> str:
    """A stored text of a found document; empty when it has none."""
    value = found.get_first(name) or ""
    return value.decode() if isinstance(value, bytes) else str(value)


class Bodies(Mapping[str, str]):
    """The long texts of a found document, decoded only when somebody looks."""

    def __init__(self, found: Document) -> None:
        self._found = found

    def __getitem__(self, code: str) -> str:
        return text_of(self._found, f"body_{code}")

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


def hit_of(found: Document, language: str, marks: Marks | None, score: object) -> Hit:
    """A found document as the contract wants it."""
    relevance = float(score) if isinstance(score, float) else 0.0
    return stored.hit(text_of(found, "payload"), language, marks, Bodies(found), relevance)
