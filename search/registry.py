"""What rooms leave here: the kinds of records that can be found, and the facets and orders people choose from."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .analysis import REVISION
from .contract import LANGUAGE_FACET, RELEVANCE, TITLE, TYPE_FACET, SearchDoc, Viewer

Words: TypeAlias = "str | Promise"
ModelClass: TypeAlias = type[Model]
ALL = pgettext_lazy("kinds of records", "Everything")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of record.

    `document` gives what may be found, or None while the record may not be found at all; `queryset` has everything
    that `document` reads, prefetched. `cards(pks, viewer, language)` gives the template context of each record that
    this viewer may see *now*, by primary key: what it leaves out is not shown. `dependants` maps other models to a
    function that gives the primary keys to take again when one of them is saved or deleted. `values` are the names
    used in `SearchDoc.values`. Raise `revision` when `document` changes its meaning; the index is then rebuilt.
    `rank` is the place among the kinds.
    """

    type: str
    label: Words
    label_plural: Words
    icon: str
    model: ModelClass
    document: Callable[[Any], SearchDoc | None]
    queryset: Callable[[], QuerySet]
    cards: Callable[[Sequence[Any], Viewer, str], Mapping[Any, Mapping[str, Any]]]
    card_template: str = "search/result.html"
    dependants: Mapping[ModelClass, Callable[[Any], Iterable[Any]]] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    revision: int = 1
    rank: int = 100

    def to_pk(self, text: str) -> Any:
        """The primary key that an index kept as text."""
        return self.model._meta.pk.to_python(text)


@dataclass(frozen=True, kw_only=True)
class FacetSpec:
    """A choice that people can make.

    `labels(values, language)` gives words for codes; a code without words is shown as it is. `order` lists codes that
    come in a fixed order; otherwise the most frequent come first. `types` limits where the facet is offered
    (empty: everywhere); `rank` is its place among the others. `most` is how many values pages offer, those that are
    chosen besides (0: all).
    """

    name: str
    label: Words
    labels: Callable[[Collection[str], str], Mapping[str, Words]]
    order: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rank: int = 100
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class SortSpec:
    """An order that people can choose: `value` as in `SearchQuery.sort`."""

    name: str
    label: Words
    value: str
    types: tuple[str, ...] = ()


_sources: dict[str, Source] = {}
_facets: dict[str, FacetSpec] = {}
_sorts: dict[str, SortSpec] = {}
_watchers: list[Callable[[], None]] = []


def register(source: Source) -> Source:
    """Make records of a kind findable; registering a type again replaces it."""
    _sources[source.type] = source
    _changed()
    return source


def register_facet(spec: FacetSpec) -> FacetSpec:
    """Offer a facet; registering a name again replaces it."""
    _facets[spec.name] = spec
    return spec


def register_sort(spec: SortSpec) -> SortSpec:
    """Offer an order; registering a name again replaces it."""
    _sorts[spec.name] = spec
    return spec


def on_change(callback: Callable[[], None]) -> None:
    """Call this whenever a source comes or goes."""
    _watchers.append(callback)


def _changed() -> None:
    for callback in _watchers:
        callback()


def sources() -> tuple[Source, ...]:
    """Every kind of record, in order of rank."""
    return tuple(sorted(_sources.values(), key=lambda entry: entry.rank))


def source(type_name: str) -> Source | None:
    """The kind of record of this type."""
    return _sources.get(type_name)


def facet(name: str) -> FacetSpec | None:
    """The facet of this name."""
    return _facets.get(name)


def facets() -> tuple[FacetSpec, ...]:
    """Every facet."""
    return tuple(_facets.values())


def facets_for(types: Collection[str]) -> tuple[FacetSpec, ...]:
    """The facets to offer among these types (empty: among all), in order of rank."""
    return tuple(
        sorted((spec for spec in _facets.values() if _fits(spec.types, types)), key=lambda spec: (spec.rank, spec.name))
    )


def sorts_for(types: Collection[str]) -> tuple[SortSpec, ...]:
    """The orders to offer among these types."""
    return tuple(spec for spec in _sorts.values() if _fits(spec.types, types))


def sort(name: str) -> SortSpec | None:
    """The order of this name."""
    return _sorts.get(name)


def sorts() -> tuple[SortSpec, ...]:
    """Every order that rooms offer."""
    return tuple(_sorts.values())


def sort_choices(types: Collection[str]) -> list[tuple[str, Words]]:
    """Names and labels of every order to choose from among these types."""
    fixed: list[tuple[str, Words]] = [(RELEVANCE, _("Best match")), (TITLE, _("Title"))]
    return fixed[:1] + [(spec.name, spec.label) for spec in sorts_for(types)] + fixed[1:]


def _fits(offered: Collection[str], types: Collection[str]) -> bool:
    return not offered or (bool(types) and set(types) <= set(offered))


def value_names() -> tuple[str, ...]:
    """Every name that a source uses in `SearchDoc.values`."""
    return tuple(sorted({name for entry in _sources.values() for name in entry.values}))


def revision() -> str:
    """Changes whenever an index made before would give other answers."""
    parts = [REVISION, value_names(), sorted((entry.type, entry.revision) for entry in _sources.values())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


def _type_labels(values: Collection[str], _language: str) -> Mapping[str, Words]:
    return {value: _sources[value].label for value in values if value in _sources}


def _language_labels(_values: Collection[str], _language: str) -> Mapping[str, Words]:
    return {"nl": _("Dutch"), "en": _("English")}


register_facet(FacetSpec(name=TYPE_FACET, label=_("Kind"), labels=_type_labels, rank=0))
register_facet(FacetSpec(name=LANGUAGE_FACET, label=_("Language of the text"), labels=_language_labels, rank=900))
