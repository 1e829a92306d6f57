"""One search in the embedded index: its clauses, its page and its facet counts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..analysis.asking import Asked, asked
from ..analysis.documents import SEPARATOR
from ..analysis.marking import marks_of
from ..analysis.queries import QueryWord
from ..contract import PUBLIC, RELEVANCE, TITLE, TYPE_FACET, FacetValue, Hit, Results, SearchQuery, Viewer
from . import common
from .tantivy import (
    EXACT_WEIGHTS,
    SHOULD,
    WEIGHTS,
    FieldType,
    Opened,
    Order,
    Query,
    all_of,
    hit_of,
    one_of,
    total,
    visible,
)

TIE = 0.2  # what the fields beside the best one add
MOST_KNOWN = 200  # lists of facet values that are remembered between two writes


class Request:
    """One search: its clauses, its page and its facet counts."""

    def __init__(self, opened: Opened, query: SearchQuery, viewer: Viewer) -> None:
        self.opened, self.schema, self.searcher = opened, opened.schema, opened.searcher
        self.query, self.viewer = query, viewer
        self.words = asked(query.text, query.synonyms)
        self.scope = [visible(self.schema, viewer)]
        if query.types:
            self.scope.append(one_of(self.schema, TYPE_FACET, query.types))
        self.base = [*self._text(), *self.scope, *self._ranges()]
        self.choices = {name: one_of(self.schema, name, chosen) for name, chosen in query.filters.items() if chosen}

    def answer(self) -> Results:
        """Page, count and facets."""
        whole = self.whole()
        count, hits = self._page(whole)
        return Results(count=count, hits=hits, facets=self._facets(whole) if self.query.facets else {})

    def whole(self) -> Query:
        """Everything that is asked for."""
        return all_of([*self.base, *self.choices.values()])

    def countings(self, whole: Query) -> list[tuple[Query, list[str]]]:
        """What to count, and which facets in it: those without a choice together, each chosen one without its own."""
        free = [name for name in self.query.facets if name not in self.choices]
        countings = [(whole, free)] if free else []
        for name in self.query.facets:
            if name in self.choices:
                others = [choice for facet, choice in self.choices.items() if facet != name]
                countings.append((all_of([*self.base, *others]), [name]))
        return countings

    def _text(self) -> list[Query]:
        if not self.words:
            return [Query.empty_query()] if self.query.text.strip() else []
        each = [self._asked(part) for part in self.words]
        if self.query.match == "any":
            return [Query.boolean_query([(SHOULD, word) for word in each])]
        return each

    def _asked(self, part: Asked) -> Query:
        own = [self._word(word) for word in part.words]
        if not part.instead:
            return own[0]
        return Query.disjunction_max_query([all_of(own), *self._instead(part)], TIE)

    def _instead(self, part: Asked) -> Iterator[Query]:
        """Texts in which one of the synonyms stands, those that only some may find it by too."""
        for stems, loose in part.instead:
            for name, weight in WEIGHTS.items():
                if not (loose and name in common.LONG):
                    here = [Query.term_query(self.schema, name, stem, "freq") for stem in stems]
                    yield Query.boost_query(all_of(here), weight * common.SYNONYM / len(stems))
        for held in sorted(self.viewer.tokens - {PUBLIC}):
            for stems, loose in part.instead:
                if loose:
                    continue
                hidden = [f"{held}{SEPARATOR}{stem}" for stem in stems]
                yield all_of([Query.term_query(self.schema, "internal", token, "freq") for token in hidden])

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
        return total(found), tuple(
            hit_of(self.searcher.doc(address), query.language, marks, score) for score, address in hits
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
            remembered[asked] = self._count(all_of(self.scope), self.query.facets)
        return remembered[asked]

    def _count(self, query: Query, names: Iterable[str]) -> dict[str, Mapping[str, int]]:
        asked = {name: {"terms": {"field": f"facets.{name}", "size": common.MOST_VALUES}} for name in names}
        answer = self.searcher.aggregate(query, asked) if asked else {}
        return {name: {str(bucket["key"]): bucket["doc_count"] for bucket in answer[name]["buckets"]} for name in asked}
