"""The embedded index in directories.

A generation is a directory under `root`; the file `pointer.json` names the live one and the one before, and is replaced
in one step. Readers look at the pointer and at the index's own `meta.json` on every request and reload when either
changed. There is one writer: the drain, under its lock.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex

from ..analysis.documents import SEPARATOR
from ..analysis.queries import prefix_words
from ..analysis.similar import telling_tokens
from ..contract import (
    LANGUAGES,
    EngineUnavailable,
    Health,
    Hit,
    Operation,
    OpResult,
    Results,
    SearchQuery,
    StoredVersion,
    Suggestion,
    Viewer,
)
from . import common, stored
from .request import Request
from .tantivy import (
    MANY,
    MUST,
    SHOULD,
    FieldType,
    Index,
    IndexWriter,
    Occur,
    Opened,
    Order,
    Query,
    all_of,
    begins,
    build_schema,
    counted,
    either,
    hit_of,
    reading,
    sort_key,
    text_of,
    total,
    versions_of,
    visible,
    write,
    writing,
)


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
        with reading():
            return Request(self._open(), query, viewer).answer()

    def suggest(self, prefix: str, viewer: Viewer, n: int, language: str = "nl") -> list[Suggestion]:
        """See the contract."""
        starts = prefix_words(prefix)
        if not starts or n < 1:
            return []
        with reading():
            opened = self._open()
            here = begins(opened.schema, f"starts_{language}", starts)
            others = [begins(opened.schema, f"starts_{code}", starts) for code in LANGUAGES if code != language]
            any_language = Query.boolean_query(
                [(SHOULD, Query.boost_query(here, 10.0)), *((SHOULD, other) for other in others)]
            )
            found = opened.searcher.search(all_of([any_language, visible(opened.schema, viewer)]), n)
            documents = [opened.searcher.doc(address) for _score, address in found.hits]
            return [stored.suggestion(text_of(entry, "payload"), language) for entry in documents]

    def similar(self, doc_id: str, viewer: Viewer, n: int, language: str = "nl") -> list[Hit]:
        """See the contract."""
        with reading():
            opened = self._open()
            itself = Query.term_query(opened.schema, "id", doc_id, "basic")
            found = opened.searcher.search(all_of([itself, visible(opened.schema, viewer)]), 1).hits
            if not found or n < 1:
                return []
            shown = json.loads(text_of(opened.searcher.doc(found[0][1]), "payload"))
            seen = visible(opened.schema, viewer)  # what nobody may know of is in no count and no order

            def having(token: str) -> int:
                return counted(opened.searcher, all_of([either(opened.schema, ("title", "summary"), token), seen]))

            tokens = telling_tokens((shown["title"], shown["summary"]), having, counted(opened.searcher, seen))
            if not tokens:
                return []
            query = Query.boolean_query(
                [
                    (SHOULD, Query.const_score_query(either(opened.schema, ("title", "summary"), token), 1.0))
                    for token in sorted(tokens)
                ],
                minimum_number_should_match=max(1, len(tokens) // 4),
            )
            others = Query.boolean_query(
                [(MUST, query), (MUST, visible(opened.schema, viewer)), (Occur.MustNot, itself)]
            )
            hits = opened.searcher.search(others, n).hits
            return [hit_of(opened.searcher.doc(address), language, None, score) for score, address in hits]

    def near(self, word: str, viewer: Viewer, n: int) -> list[tuple[str, int]]:
        """See the contract."""
        most = common.allowed_distance(word)
        if not most:
            return []
        with reading():
            opened = self._open()
            alike = Query.fuzzy_term_query(opened.schema, "spelled", word.lower(), most, True)
            having = all_of([alike, visible(opened.schema, viewer)])
            return common.nearest(word, opened.searcher.terms_with_prefix("spelled", "", having), n)

    def versions(self, after: str, n: int) -> list[StoredVersion]:
        """Documents in order of a hash of their id."""
        with reading():
            opened = self._open()
            start = sort_key(after) if after else 0
            later = Query.range_query(opened.schema, "key", FieldType.Unsigned, start, None, include_lower=not after)
            living = Query.term_query(opened.schema, "live", True, "basic")
            found = opened.searcher.search(all_of([later, living]), n, order_by_field="key", order=Order.Asc)
            documents = [opened.searcher.doc(address) for _key, address in found.hits]
        return [StoredVersion(text_of(d, "id"), d.get_first("version") or 0, text_of(d, "digest")) for d in documents]

    def health(self) -> Health:
        """Whether there is an index that opens, and whether it was made as it would be made now."""
        try:
            with reading():
                opened = self._open()
                living = Query.term_query(opened.schema, "live", True, "basic")
                documents = total(opened.searcher.search(living, 1))
        except EngineUnavailable as error:
            return Health(ok=False, engine="tantivy", needs_rebuild=True, detail=str(error))
        fits = self._stamp_of(opened.name) == self._stamp
        return Health(ok=True, engine="tantivy", generation=opened.name, documents=documents, needs_rebuild=not fits)

    # Writing ----------------------------------------------------------------------------------------------------------

    def apply(self, operations: Sequence[Operation]) -> list[OpResult]:
        """Write to the live index in one commit."""
        if not operations:
            return []
        with reading():
            opened = self._open()
            with writing(opened.index) as writer:
                opened.index.reload()
                versions = versions_of(opened.index.searcher(), opened.schema, [entry.id for entry in operations])
                results = write(writer, opened.schema, operations, versions, self.values)
                writer.commit()
                writer.wait_merging_threads()
        return results
