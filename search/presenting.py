"""Results in the shape of the components that show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from . import registry
from .contract import RELEVANCE, TYPE_FACET, FacetValue, Hit, Relaxation, Results, SearchQuery, Viewer
from .registry import FacetSpec, Words


@dataclass(frozen=True)
class Address:
    """What the address of a page asks for."""

    path: str
    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    default_sort: str = RELEVANCE

    def pairs(self, *, leave_out: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Names and values for an address or for hidden fields; the page number is never among them."""
        out = set(leave_out)
        text = [("q", self.text)] if self.text and "q" not in out else []
        chosen = [(name, value) for name, values in self.chosen.items() if name not in out for value in values]
        sort = [("sort", self.sort)] if self.sort and "sort" not in out else []
        return text + chosen + sort

    def url(self) -> str:
        """The address without its page number."""
        pairs = self.pairs()
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def choosing(self, name: str, *values: str) -> "Address":
        """The same with other values of one facet."""
        others = {facet: kept for facet, kept in self.chosen.items() if facet != name}
        return replace(self, chosen={**others, name: values} if values else others)

    def without(self, name: str, value: str) -> "Address":
        """The same without one chosen value."""
        return self.choosing(name, *(kept for kept in self.chosen.get(name, ()) if kept != value))


@dataclass(frozen=True)
class Choice:
    """A value of a facet."""

    value: str
    label: Words
    count: int
    selected: bool


@dataclass(frozen=True)
class Group:
    """A facet with its values."""

    name: str
    label: Words
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    """A chosen value and the address without it."""

    label: Words
    url: str


@dataclass(frozen=True)
class Tab:
    """A kind of record with its number of results."""

    label: Words
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Card:
    """A hit with what its room says about it now (`data`); title and text are safe HTML with marked words."""

    hit: Hit
    source: registry.Source
    data: Mapping[str, Any]
    title: SafeString
    text: SafeString

    @property
    def template(self) -> str:
        return self.source.card_template

    @property
    def url(self) -> str:
        return str(self.data.get("url") or self.hit.url)


@dataclass(frozen=True)
class Gave:
    """What was given up to find anything, in words: names of filters, or words of the query."""

    kind: str
    names: list[Words]


@dataclass(frozen=True)
class Listing:
    """Everything a template needs to show a search; what is not shown is not made."""

    results: Results
    query: SearchQuery
    address: Address
    specs: tuple[FacetSpec, ...]
    viewer: Viewer
    pages: int

    @property
    def count(self) -> int:
        return self.results.count

    @property
    def text(self) -> str:
        return self.address.text

    @property
    def page(self) -> int:
        return self.address.page

    @property
    def first(self) -> int:
        """Number of the first result on this page; 0 when there is none."""
        return (self.page - 1) * self.query.size + 1 if self.results.hits else 0

    @property
    def last(self) -> int:
        """Number of the last result on this page."""
        return self.first + len(self.results.hits) - 1 if self.results.hits else 0

    @cached_property
    def cards(self) -> list[Card]:
        """The hits of this page that the database, asked again, still lets this viewer see."""
        return make_cards(self.results.hits, self.viewer, self.query.language)

    @cached_property
    def groups(self) -> list[Group]:
        """The facets to choose from, without the kinds of records, which are `tabs` or `type_group`."""
        specs = [spec for spec in self.specs if spec.name != TYPE_FACET]
        return [group for spec in specs if (group := self._group(spec)).choices]

    @cached_property
    def groups_with_type(self) -> list[Group]:
        """The facets to choose from, the kinds of records first."""
        spec = registry.facet(TYPE_FACET)
        kinds = self._group(spec) if spec else None
        return [kinds, *self.groups] if kinds and len(kinds.choices) > 1 else self.groups

    def _group(self, spec: FacetSpec) -> Group:
        chosen = self.address.chosen.get(spec.name, ())
        values = _in_order(self.results.facets.get(spec.name, ()), spec.order)
        if spec.most:
            values = [entry for place, entry in enumerate(values) if place < spec.most or entry.value in chosen]
        known = [entry.value for entry in values if entry.count or not entry.selected]
        labels = spec.labels(known, self.query.language)
        choices = [
            Choice(entry.value, labels.get(entry.value, entry.value), entry.count, entry.value in chosen)
            for entry in values
        ]
        return Group(spec.name, spec.label, choices)

    @cached_property
    def tabs(self) -> list[Tab]:
        """All kinds of records together, and each kind that occurs."""
        values = {entry.value: entry for entry in self.results.facets.get(TYPE_FACET, ())}
        chosen = self.address.chosen.get(TYPE_FACET, ())
        every = Tab(
            registry.ALL, self.address.choosing(TYPE_FACET).url(), sum(v.count for v in values.values()), not chosen
        )
        kinds = [
            Tab(
                source.label_plural,
                self.address.choosing(TYPE_FACET, source.type).url(),
                values[source.type].count,
                chosen == (source.type,),
            )
            for source in registry.sources()
            if source.type in values
        ]
        return [every, *kinds] if len(kinds) > 1 else []

    @cached_property
    def chips(self) -> list[Chip]:
        """The chosen values, each with the address without it."""
        return self._chips(self.address.chosen)

    @cached_property
    def chips_beside_tabs(self) -> list[Chip]:
        """The same where tabs show the chosen kind of record."""
        return self._chips({name: values for name, values in self.address.chosen.items() if not self._has_tab(name)})

    def _has_tab(self, name: str) -> bool:
        return name == TYPE_FACET and len(self.address.chosen[name]) == 1

    def _chips(self, chosen: Mapping[str, tuple[str, ...]]) -> list[Chip]:
        chips = []
        for name, values in chosen.items():
            spec = registry.facet(name)
            known = [entry.value for entry in self.results.facets.get(name, ()) if entry.count or not entry.selected]
            labels = spec.labels([value for value in values if value in known], self.query.language) if spec else {}
            chips += [Chip(labels.get(value, value), self.address.without(name, value).url()) for value in values]
        return chips

    @property
    def clear_url(self) -> str:
        """The address without any filter."""
        return replace(self.address, chosen={}).url()

    @property
    def clear_url_beside_tabs(self) -> str:
        """The address without any filter, but with the kind of record that a tab shows."""
        kept = {name: values for name, values in self.address.chosen.items() if self._has_tab(name)}
        return replace(self.address, chosen=kept).url()

    @property
    def active(self) -> int:
        """How many values are chosen."""
        return sum(len(values) for values in self.address.chosen.values())

    @property
    def hidden_for_facets(self) -> list[tuple[str, str]]:
        """What the facet form has to carry along; it gives the facets itself."""
        kept = [name for name in self.address.chosen if name not in self._offered]
        return [pair for pair in self.address.pairs() if pair[0] in ("q", "sort", *kept)]

    @property
    def _offered(self) -> set[str]:
        return {group.name for group in self.groups}

    @property
    def hidden_for_facets_with_type(self) -> list[tuple[str, str]]:
        """The same where the form offers the kinds of records, too."""
        offered = {group.name for group in self.groups_with_type}
        return [pair for pair in self.address.pairs() if pair[0] not in offered]

    @property
    def hidden_for_sort(self) -> list[tuple[str, str]]:
        """What the form that sorts has to carry along."""
        return self.address.pairs(leave_out=["sort"])

    @property
    def hidden_for_text(self) -> list[tuple[str, str]]:
        """What the search box has to carry along: the filters."""
        return self.address.pairs(leave_out=["q"])

    @property
    def sort(self) -> str:
        return self.address.sort or self.address.default_sort

    @property
    def sorts(self) -> list[tuple[str, Words]]:
        """Names and labels of the orders to choose from."""
        return registry.sort_choices(self.query.types or self.address.chosen.get(TYPE_FACET, ()))

    @property
    def did_you_mean(self) -> str:
        return self.results.did_you_mean

    @property
    def did_you_mean_url(self) -> str:
        """The address with the words as they were perhaps meant."""
        return replace(self.address, text=self.results.did_you_mean).url()

    @cached_property
    def relaxed(self) -> list[Gave]:
        """What was given up, in words; empty when everything that was asked for is met."""
        return [_gave(entry) for entry in self.results.relaxed]


def present(
    results: Results,
    *,
    query: SearchQuery,
    address: Address,
    specs: tuple[FacetSpec, ...],
    viewer: Viewer,
    pages: int,
) -> Listing:
    """Results as a listing."""
    if results.relaxed:
        address, pages = replace(address, page=1), 1
    return Listing(results, query, address, specs, viewer, pages)


def make_cards(hits: Iterable[Hit], viewer: Viewer, language: str) -> list[Card]:
    """Hits with what the rooms say about the records now; what they leave out is not shown."""
    hits = list(hits)
    told: dict[str, tuple[registry.Source, Mapping[str, Any]]] = {}
    for type_name in dict.fromkeys(hit.type for hit in hits):
        if source := registry.source(type_name):
            pks = [source.to_pk(hit.pk) for hit in hits if hit.type == type_name]
            cards = source.cards(pks, viewer, language)
            told |= {f"{type_name}:{pk}": (source, data) for pk, data in cards.items()}
    return [_card(hit, *told[hit.id], language) for hit in hits if hit.id in told]


def _card(hit: Hit, source: registry.Source, data: Mapping[str, Any], language: str) -> Card:
    title = hit.highlights.get("title")
    text, text_language = hit.highlights.get("summary"), hit.summary_language
    if text is None and "body" in hit.highlights:
        text = hit.highlights["body"]
    return Card(
        hit,
        source,
        data,
        _in_language(title, hit.title, hit.language, language),
        _in_language(text, hit.summary, text_language, language),
    )


def _in_language(marked: str | None, plain: str, its_language: str, language: str) -> SafeString:
    """Marked words (already escaped), or the plain text, with its language where that is not the page's."""
    safe = mark_safe(marked) if marked is not None else format_html("{}", plain)
    return format_html('<span lang="{}">{}</span>', its_language, safe) if plain and its_language != language else safe


def _in_order(values: Iterable[FacetValue], order: tuple[str, ...]) -> list[FacetValue]:
    """In the fixed order where there is one, else the most frequent first, as they come."""
    place = {value: at for at, value in enumerate(order)}
    return sorted(values, key=lambda entry: place.get(entry.value, len(place))) if order else list(values)


def _gave(entry: Relaxation) -> Gave:
    if entry.kind != "filter":
        return Gave(entry.kind, list(entry.given_up))
    specs = [registry.facet(name) for name in entry.given_up]
    return Gave(entry.kind, [spec.label if spec else name for spec, name in zip(specs, entry.given_up, strict=True)])
