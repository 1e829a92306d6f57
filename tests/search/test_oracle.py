"""Random documents and questions: Tantivy answers as the plain reference does."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.contract import Internal, Operation, SearchQuery, Viewer
from search.engines.embedded import TantivyEngine
from search.engines.memory import MemoryEngine
from tests.search.corpus import VALUES, doc

WORDS = [
    "hart",
    "falen",
    "hartfalen",
    "poli",
    "kind",
    "kinderen",
    "zorg",
    "IC",
    "kinder-IC",
    "de",
    "café",
    "x'y",
    "2026",
]
TOKENS = ["public", "org:1", "user:7"]
text = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
insiders = st.frozensets(st.sampled_from(TOKENS[1:]), min_size=1)
acl = st.frozensets(st.sampled_from(TOKENS), min_size=1, max_size=2)
facets = st.fixed_dictionaries(
    {}, optional={"mode": st.lists(st.sampled_from("abc"), max_size=3).map(tuple), "place": st.just(("p",))}
)


@st.composite
def documents(draw):
    return [
        doc(
            str(number),
            draw(text) or "naam",
            draw(text),
            type=draw(st.sampled_from(["course", "track"])),
            summary={"nl": draw(text)},
            body={"en": draw(text)},
            people=(draw(text),),
            acl=draw(acl),
            facets=draw(facets),
            values={"hours": draw(st.integers(0, 5))} if draw(st.booleans()) else {},
            internal=(Internal(draw(insiders), {"nl": draw(text)}),),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


queries = st.builds(
    SearchQuery,
    text=text,
    language=st.sampled_from(["nl", "en"]),
    types=st.sampled_from([(), ("course",), ("track", "course")]),
    filters=st.fixed_dictionaries({}, optional={"mode": st.sampled_from([("a",), ("a", "b"), ("z",)])}),
    facets=st.just(("mode", "place", "type", "language")),
    match=st.sampled_from(["all", "any"]),
    size=st.just(50),
)
viewers = st.sets(st.sampled_from(TOKENS)).map(Viewer.of)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.lists(st.tuples(queries, viewers), min_size=4, max_size=8), st.sets(st.integers(0, 5)))
def test_the_same_answers(docs, asked, deleted):
    with tempfile.TemporaryDirectory() as folder:
        engines = [MemoryEngine(VALUES), TantivyEngine(Path(folder), VALUES)]
        for engine in engines:
            generation = engine.new_generation()
            generation.apply([Operation.upsert(entry) for entry in docs])
            generation.promote()
            engine.apply([Operation.delete(entry.id, 2) for entry in docs if int(entry.pk) in deleted])
        for query, viewer in asked:
            plain, quick = (engine.search(query, viewer) for engine in engines)
            assert plain.count == quick.count
            assert plain.facets == quick.facets
            assert _shown(plain) == _shown(quick)
            assert _suggested(engines[0], query, viewer) == _suggested(engines[1], query, viewer)
            assert engines[0].near("hartfaln", viewer, 9) == engines[1].near("hartfaln", viewer, 9)


def _shown(results):
    return {hit.id: (hit.title, hit.language, tuple(hit.highlights.items())) for hit in results.hits}


def _suggested(engine, query, viewer):
    return {entry.id for entry in engine.suggest(query.text[:5], viewer, 50, query.language)}
