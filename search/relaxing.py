"""When nothing is found: right the spelling, leave out a filter, leave out words, take any word; and say so."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .analysis.asking import Asked, asked
from .analysis.words import fold, replaced
from .contract import Relaxation, Results, SearchEngine, SearchQuery, Viewer


def relaxed(engine: SearchEngine, query: SearchQuery, viewer: Viewer, nothing: Results) -> Results:
    """The first wider query that finds something, or the empty answer with what may have been meant."""
    corrections = _corrections(engine, query, viewer)
    righted = replaced(query.text, corrections) if corrections else query.text
    meant = righted if corrections else ""
    spelling = (Relaxation("spelling", tuple(corrections)),) if corrections else ()
    base = replace(query, text=righted, page=1)
    if spelling and (found := engine.search(base, viewer)).count:
        return replace(found, relaxed=spelling, did_you_mean=meant)
    for wider, given_up in _wider(engine, base, viewer):
        if engine.search(replace(wider, size=0, facets=()), viewer).count:
            return replace(engine.search(wider, viewer), relaxed=(*spelling, *given_up), did_you_mean=meant)
    return replace(nothing, did_you_mean=meant)


def _wider(
    engine: SearchEngine, query: SearchQuery, viewer: Viewer
) -> Iterator[tuple[SearchQuery, tuple[Relaxation, ...]]]:
    chosen = [name for name, values in query.filters.items() if values]
    for name in _least_selective_first(engine, query, viewer, chosen):
        yield _without(query, {name}), (Relaxation("filter", (name,)),)
    if len(chosen) > 1:
        yield _without(query, set(chosen)), (Relaxation("filter", tuple(chosen)),)
    words = asked(query.text, query.synonyms)
    missing = [word for word in words if not _count(engine, query, viewer, word.typed)]
    free = _without(query, set(chosen))
    ways: list[tuple[SearchQuery, tuple[Relaxation, ...]]] = [(query, ())]
    if chosen:
        ways.append((free, (Relaxation("filter", tuple(chosen)),)))
    for basis, given_up in ways:
        if missing and len(missing) < len(words):
            rest = " ".join(word.typed for word in words if word not in missing)
            yield replace(basis, text=rest), (*given_up, Relaxation("words", _typed(missing)))
        if len(words) > 1:
            yield replace(basis, match="any"), (*given_up, Relaxation("any", _typed(words)))


def _typed(words: tuple[Asked, ...] | list[Asked]) -> tuple[str, ...]:
    return tuple(word.typed for word in words)


def _least_selective_first(engine: SearchEngine, query: SearchQuery, viewer: Viewer, names: list[str]) -> list[str]:
    def kept(name: str) -> int:
        alone = {name: query.filters[name]}
        return engine.search(replace(query, filters=alone, text="", size=0, facets=()), viewer).count

    return sorted(names, key=lambda name: (-kept(name), name)) if len(names) > 1 else names


def _without(query: SearchQuery, names: set[str]) -> SearchQuery:
    return replace(query, filters={name: values for name, values in query.filters.items() if name not in names})


def _count(engine: SearchEngine, query: SearchQuery, viewer: Viewer, text: str) -> int:
    """How much this viewer finds with this text alone."""
    return engine.search(replace(_alone(query), text=text), viewer).count


def _alone(query: SearchQuery) -> SearchQuery:
    return SearchQuery(types=query.types, synonyms=query.synonyms, size=0, highlight=False)


def _corrections(engine: SearchEngine, query: SearchQuery, viewer: Viewer) -> Mapping[str, str]:
    """For each folded word that finds nothing by itself: the nearest word that does."""
    corrections = {}
    for word in asked(query.text, query.synonyms):
        if (
            len(word.words) == 1
            and not _count(engine, query, viewer, word.typed)
            and (near := engine.near(word.typed, viewer, 1))
        ):
            corrections[fold(word.typed)] = near[0][0]
    return corrections
