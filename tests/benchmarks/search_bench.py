"""What the facade costs on top of the engine, and the search page on top of engine and template.

The raw request is the engine's own search, facet counts and stored documents, with its queries ready made; both sides
run in turn within one process, and medians of each query are added up.
"""

import random
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from academy.taxonomy.models import Specialty
from search import facade, registry, views
from search.contract import PUBLIC, Operation, SearchDoc, SearchQuery, Viewer
from search.engines.embedded import TantivyEngine
from search.engines.request import Request
from search.presenting import Listing

ROUNDS = 40
BATCH = 2_000
FACETS = ("type", "organisation", "specialty", "care_domain", "programme", "language")
# fmt: off
STEMS = [
    "hart", "long", "bloed", "zorg", "kind", "oudere", "spoed", "operatie", "pijn", "wond", "medicatie", "infuus",
    "reanimatie", "hygiene", "overdracht", "gesprek", "veiligheid", "bevalling", "herstel", "voeding", "beweging",
    "slaap", "dementie", "diabetes", "hartfalen", "beroerte", "kanker", "revalidatie", "thuis", "monitoring",
    "digitaal", "dossier", "triage", "echo", "rontgen", "laboratorium", "apotheek", "anesthesie", "urologie",
    "cardiologie",
]
# fmt: on
ENDINGS = ["", "en", "training", "cursus", "zorg", "verpleegkundige", "afdeling", "protocol", "onderzoek", "team"]
# Every query has words: without them the facade remembers the counts, and would look better than the engine.
QUERIES = [
    SearchQuery(text="hartfalen", facets=FACETS),
    SearchQuery(text="zorg kind", facets=FACETS),
    SearchQuery(text="infuustraining", facets=FACETS),
    SearchQuery(text="bloed", facets=FACETS, filters={"specialty": ("s3",), "organisation": ("mst",)}),
]
VIEWER = Viewer.public()


class Words:
    """Made-up Dutch, the same on every run, with a few frequent and many rare words."""

    def __init__(self) -> None:
        self._random = random.Random(20260301)
        self._words = [stem + ending for ending in ENDINGS for stem in STEMS]
        self._weights = [1 / (place + 3) for place in range(len(self._words))]

    def some(self, number: int) -> str:
        return " ".join(self._random.choices(self._words, self._weights, k=number))

    def document(self, type_name: str, pk: int) -> SearchDoc:
        pick = self._random
        return SearchDoc(
            id=f"{type_name}:{pk}",
            type=type_name,
            number=f"X-{pk}",
            title={"nl": self.some(5).capitalize(), "en": self.some(5).capitalize()},
            summary={"nl": self.some(18), "en": self.some(18)},
            body={"nl": self.some(120)},
            url={"nl": f"/nl/{pk}/", "en": f"/en/{pk}/"},
            acl=frozenset({PUBLIC}) if pick.random() < 0.9 else frozenset({"org:1"}),
            facets={
                "organisation": (pick.choice(["mst", "zgt", "joint"]),),
                "specialty": tuple({f"s{pick.randrange(24)}" for _turn in range(2)}),
                "care_domain": (f"d{pick.randrange(6)}",),
                "programme": (f"p{pick.randrange(8)}",) if pick.random() < 0.3 else (),
            },
        )


def fill(engine: TantivyEngine, type_name: str, pks: list[int]) -> None:
    """Load documents for these keys into a new generation."""
    words = Words()
    generation = engine.new_generation()
    for start in range(0, len(pks), BATCH):
        generation.apply([Operation.upsert(words.document(type_name, pk)) for pk in pks[start : start + BATCH]])
    generation.promote()


@contextmanager
def filled(type_name: str, pks: list[int]):
    """An index of its own with these documents behind the facade."""
    with tempfile.TemporaryDirectory(prefix="search-bench-") as folder:
        engine = TantivyEngine(Path(folder) / "search", values=registry.value_names())
        fill(engine, type_name, pks)
        with mock.patch("search.searching.engine", return_value=engine):
            yield engine


def raw(engine: TantivyEngine, query: SearchQuery) -> Callable[[], object]:
    """The engine's own work for a query, with everything prepared that does not depend on the index."""
    opened = engine._open()
    request = Request(opened, query, VIEWER)
    whole = request.whole()
    order = request._order()
    counted = [
        (clauses, {name: {"terms": {"field": f"facets.{name}", "size": 1_000}} for name in names})
        for clauses, names in request.countings(whole)
    ]

    def run() -> object:
        found = opened.searcher.search(whole, query.size, **order)
        counts = [opened.searcher.aggregate(clauses, asked) for clauses, asked in counted]
        return counts, [opened.searcher.doc(address).get_first("payload") for _score, address in found.hits]

    return run


def timed(pairs: list[tuple[Callable[[], object], Callable[[], object]]], rounds: int) -> tuple[float, float]:
    """Milliseconds of CPU of both sides, as sums of medians; the sides take turns."""
    left_sum = right_sum = 0.0
    for left, right in pairs:
        times: tuple[list[float], list[float]] = ([], [])
        left(), right()
        for _round in range(rounds):
            for side, kept in zip((left, right), times, strict=True):
                started = time.process_time()
                side()
                kept.append(time.process_time() - started)
        left_sum += median(times[0]) * 1_000
        right_sum += median(times[1]) * 1_000
    return left_sum, right_sum


def facade_to_raw(documents: int, rounds: int = ROUNDS) -> dict[str, float]:
    """The facade against the raw engine: their ratio, and milliseconds on top per request."""
    with filled("term", list(range(1, documents + 1))) as engine:
        pairs = [
            (lambda query=query: facade.search(query, VIEWER), raw(engine, query))  # type: ignore[misc]
            for query in QUERIES
        ]
        asked, bare = timed(pairs, rounds)
    number = len(QUERIES)
    return {
        "documents": documents,
        "facade_ms": asked / number,
        "raw_ms": bare / number,
        "facade_to_raw": asked / bare,
        "facade_ms_on_top": (asked - bare) / number,
    }


def canned(listing: Listing) -> SimpleNamespace:
    """A listing with everything a template reads made beforehand."""
    names = [name for name in dir(Listing) if not name.startswith("_")]
    made = SimpleNamespace(**{name: getattr(listing, name) for name in names})
    made.results, made.address = listing.results, SimpleNamespace(path=listing.address.path)
    made.pages = listing.pages
    return made


@contextmanager
def only_terms():
    """Specialties as the only kind of record, with as many facets as the site has."""
    kept = dict(registry._sources), dict(registry._facets)
    registry._sources.clear()
    for name in FACETS:
        if name not in ("type", "language"):
            registry.register_facet(registry.FacetSpec(name=name, label=name, labels=lambda values, language: {}))
    registry.register(
        registry.Source(
            type="term",
            label="Term",
            label_plural="Terms",
            icon="file-text",
            model=Specialty,
            document=lambda term: None,
            queryset=Specialty.objects.all,
            cards=lambda pks, viewer, language: {
                term.pk: {"meta": [term.key]} for term in Specialty.objects.filter(pk__in=pks)
            },
        )
    )
    try:
        yield
    finally:
        registry._sources.clear()
        registry._sources.update(kept[0])
        registry._facets.clear()
        registry._facets.update(kept[1])
        registry._changed()


def view_to_raw(documents: int = 10_000, rounds: int = ROUNDS) -> dict[str, float]:
    """The search view against the raw engine plus the same template on canned data; leaves nothing in the database."""
    with transaction.atomic(), only_terms(), override("nl"):
        rows = Specialty.objects.bulk_create(
            [Specialty(key=f"bench-{number}", name_nl=f"Naam {number}") for number in range(documents)]
        )
        with filled("term", [row.pk for row in rows]) as engine:
            result = _view_to_raw(engine, documents, rounds)
        transaction.set_rollback(True)
    return result


def _view_to_raw(engine: TantivyEngine, documents: int, rounds: int) -> dict[str, float]:
    pairs = []
    for text in ("hartfalen", "zorg kind", "infuustraining"):
        request = RequestFactory().get("/nl/zoeken/", {"q": text})
        request.user = AnonymousUser()
        listing = facade.listing(request.GET, viewer=VIEWER, language="nl", path=request.path)
        bare = raw(engine, listing.query)
        shown = {"listing": canned(listing)}

        def ideal(bare=bare, shown=shown, request=request):
            bare()
            return render_to_string("search/search.html", shown, request)

        def view(request=request):
            response = views.search(request)
            if response.status_code != HTTPStatus.OK:
                raise RuntimeError(f"the search page answered {response.status_code}")
            return response

        pairs.append((view, ideal))
    seen, best = timed(pairs, rounds)
    return {
        "documents": documents,
        "view_ms": seen / len(pairs),
        "raw_and_template_ms": best / len(pairs),
        "view_to_raw_and_template": seen / best,
    }


def on_top_at_10_000() -> dict[str, Any]:
    """Milliseconds that the facade adds to a request of the engine."""
    found = facade_to_raw(10_000)
    detail = f"ms on top; facade {found['facade_ms']:.2f} ms, engine {found['raw_ms']:.2f} ms"
    return {"ratio": found["facade_ms_on_top"], "limit": 1, "detail": detail}


def at_100_000() -> dict[str, Any]:
    """The facade against the engine, among many documents."""
    found = facade_to_raw(100_000)
    detail = f"facade {found['facade_ms']:.2f} ms, engine {found['raw_ms']:.2f} ms"
    return {"ratio": found["facade_to_raw"], "limit": 1.3, "detail": detail}


def view_at_10_000() -> dict[str, Any]:
    """The search view against the engine plus the same template on canned data."""
    found = view_to_raw()
    detail = f"view {found['view_ms']:.2f} ms, engine and template {found['raw_and_template_ms']:.2f} ms"
    return {"ratio": found["view_to_raw_and_template"], "limit": 1.5, "detail": detail}


BENCHMARKS = {
    "search: facade − engine at 10,000": on_top_at_10_000,
    "search: facade ÷ engine at 100,000": at_100_000,
    "search: view ÷ (engine + template) at 10,000": view_at_10_000,
}
