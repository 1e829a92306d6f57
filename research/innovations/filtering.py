"""Which innovations somebody wants to see: one set of filters for every page, picture, total, file and the API.

Several values of one filter widen it, several filters narrow it. What nobody can know (a stage that does not exist, the
key of a goal that went) is left out, never an error: addresses live longer than lists.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.core import wording

from .models import Dependency, Innovation
from .states import Outcome, Stage
from .terms import Entry, Terms
from .vocabularies import AiClass, DependencyKind, DeviceClass

Words = str | Promise
Pairs = list[tuple[str, str]]

#: of a filter by a list in which an innovation may have nothing: those that have nothing
NOTHING = "none"
MOST_VALUES, MOST_WORDS, LONGEST = 60, 8, 200

#: filters by a list in the database → what stands above their choices, in the order of the bar
LISTS: dict[str, Words] = {
    "organisation": pgettext_lazy("filter", "Organisation"),
    "programme": pgettext_lazy("filter", "Programme"),
    "challenge": pgettext_lazy("filter", "Addresses"),
    "pillar": pgettext_lazy("filter", "Pillar"),
    "horizon": pgettext_lazy("filter", "Horizon"),
    "goal": pgettext_lazy("filter", "Goal"),
    "specialty": pgettext_lazy("filter", "Specialty"),
    "roadmap_line": pgettext_lazy("filter", "Roadmap line"),
    "need": pgettext_lazy("filter", "Need"),
    "concern": pgettext_lazy("filter", "Concern"),
}
#: filters by a list of our own → what stands above it, and its codes with their names
CODES: dict[str, tuple[Words, list[tuple[str, Words]]]] = {
    "stage": (pgettext_lazy("filter", "Stage"), Stage.choices),
    "outcome": (pgettext_lazy("filter", "Outcome"), Outcome.choices),
    "dependency": (pgettext_lazy("filter", "Depends on"), DependencyKind.choices),
    "trl": (pgettext_lazy("filter", "TRL"), [(str(level), f"TRL {level}") for level in range(1, 10)]),
    "ai": (pgettext_lazy("filter", "AI"), AiClass.choices),
    "device": (pgettext_lazy("filter", "Medical device"), DeviceClass.choices),
}
WITHOUT: dict[str, Words] = {
    "pillar": gettext_lazy("Without a pillar"),
    "horizon": gettext_lazy("Without a horizon"),
    "roadmap_line": gettext_lazy("Without a roadmap line"),
}
QUICK = ("organisation", "programme", "challenge", "dependency")
#: every filter, in the order of an address
NAMES = (
    "q",
    *("organisation", "specialty", "programme", "pillar", "stage", "outcome", "horizon", "goal", "challenge"),
    *("trl", "ai", "device", "dependency", "need", "concern", "roadmap_line"),
)
#: parameters that belong to what was found before
_PASSING = ("page",)


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen."""

    value: str
    label: Words
    selected: bool


@dataclass(frozen=True)
class Group:
    """One filter with its choices."""

    name: str
    label: Words
    choices: list[Choice]

    @property
    def chosen(self) -> int:
        return sum(choice.selected for choice in self.choices)


@dataclass(frozen=True)
class Bar:
    """What the filter bar shows; `hidden` are the parameters of the page itself, which it keeps."""

    quick: list[Group]
    more: list[Group]
    words: str
    hidden: Pairs
    chips: list[dict[str, Any]]
    clear_url: str

    @property
    def chosen(self) -> int:
        """How many values are chosen among those that are folded away."""
        return sum(group.chosen for group in self.more)


class Filter:
    """The filters of one address; `of` reads them, `apply` uses them, `query_string` writes them."""

    def __init__(self, given: Mapping[str, tuple[str, ...]], *, others: Pairs, terms: Terms) -> None:
        self._given, self._others, self.terms = given, others, terms

    @classmethod
    def of(cls, query: Any) -> "Filter":
        """As the query of an address says (a `QueryDict`); unknown values count for nothing."""
        given = {name: tuple(query.getlist(name)[:MOST_VALUES]) for name in NAMES if name in query}
        rest = [name for name in query if name not in NAMES and name not in _PASSING]
        others = [(name, value) for name in rest for value in query.getlist(name)]
        return cls(given, others=others, terms=Terms())

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """What is filtered by: name → known values, in the order of an address; nothing of what is empty."""
        found = ((name, self._known(name, self._given[name])) for name in NAMES if name in self._given)
        return {name: values for name, values in found if values}

    def _known(self, name: str, given: Iterable[str]) -> tuple[str, ...]:
        if name == "q":
            words = " ".join(next(iter(given), "").replace("\x00", "").split())
            return (words[:LONGEST],) if words else ()
        asked = {value for value in given if value}
        return tuple(value for value in self._codes(name) if value in asked) if asked else ()

    def _codes(self, name: str) -> list[str]:
        if name in CODES:
            return [str(value) for value, _label in CODES[name][1]]
        return [*self.terms[name], *([NOTHING] if name in WITHOUT else [])]

    def _choices(self, name: str) -> list[tuple[str, Words]]:
        if name in CODES:
            return CODES[name][1]
        entries = [(entry.key, _label_of(entry)) for entry in self.terms.all(name)]
        return [*entries, (NOTHING, WITHOUT[name])] if name in WITHOUT else entries

    @property
    def pairs(self) -> Pairs:
        """The filters as parameters."""
        return [(name, value) for name, values in self.values.items() for value in values]

    @property
    def query_string(self) -> str:
        """The filters as the query of an address: the same ones always in the same order; empty without any."""
        return urlencode(self.pairs)

    def __bool__(self) -> bool:
        return bool(self.values)

    def with_(self, name: str, *values: str) -> "Filter":
        """These filters with other values of one of them; without any values that filter is gone."""
        chosen = {**self.values, name: self._known(name, values)}
        other = Filter({}, others=self._others, terms=self.terms)
        other.values = {key: chosen[key] for key in NAMES if chosen.get(key)}  # known already: links are many
        return other

    def apply(self, innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
        """Those of these innovations that pass every filter, each of them once."""
        for name, values in self.values.items():
            innovations = innovations.filter(_CONDITIONS[name](self.terms, values))
        return innovations

    def bar(self) -> Bar:
        """The filter bar; it offers the same to everybody, and so tells nothing of what is hidden."""
        groups = {name: self._group(name) for name in (*LISTS, *CODES)}
        folded = [name for name in groups if name not in QUICK or groups[name].chosen > 1]
        return Bar(
            quick=[groups[name] for name in QUICK if name not in folded],
            more=[groups[name] for name in sorted(folded, key=_SHOWN.index)],
            words=next(iter(self.values.get("q", ())), ""),
            hidden=self._others,
            chips=self._chips(groups),
            clear_url=_address(self._others),
        )

    def _group(self, name: str) -> Group:
        chosen = self.values.get(name, ())
        label = LISTS[name] if name in LISTS else CODES[name][0]
        return Group(name, label, [Choice(value, words, value in chosen) for value, words in self._choices(name)])

    def _chips(self, groups: Mapping[str, Group]) -> list[dict[str, Any]]:
        """What is filtered by, each with the address of the same page without it."""
        found = []
        for name, value in self.pairs:
            label = f"“{value}”" if name == "q" else _chip(groups[name], value)
            rest = [pair for pair in self.pairs if pair != (name, value)]
            found.append({"label": label, "url": _address([*self._others, *rest])})
        return found


#: the order of the filters that are folded away
_SHOWN = (
    *("stage", "outcome", "pillar", "horizon", "organisation", "programme", "challenge", "dependency", "goal"),
    *("specialty", "roadmap_line", "need", "concern", "trl", "ai", "device"),
)


def _label_of(entry: Entry) -> Words:
    return entry.name


def _chip(group: Group, value: str) -> str:
    label = next(choice.label for choice in group.choices if choice.value == value)
    return _("%(filter)s: %(value)s") % {"filter": wording.capital(group.label), "value": label}


def _address(pairs: Pairs) -> str:
    """The same page with these parameters."""
    return f"?{urlencode(pairs)}"


# What each filter asks of an innovation ------------------------------------------------------------------------------

Condition = Callable[[Terms, tuple[str, ...]], Q]


def _linked(kind: str, *fields: str) -> Condition:
    """One of these entries is linked; by a subquery, so that no innovation comes twice."""

    def condition(terms: Terms, keys: tuple[str, ...]) -> Q:
        ids, found = terms.keys_to_ids(kind, keys), Q()
        for field in fields:
            relation = Innovation._meta.get_field(field)
            through, to = relation.remote_field.through, relation.m2m_reverse_field_name()
            found |= Q(pk__in=through.objects.filter(**{f"{to}__in": ids}).values("innovation"))
        return found

    return condition


def _is(kind: str) -> Condition:
    """It belongs to one of these entries, or to none of the list."""

    def condition(terms: Terms, keys: tuple[str, ...]) -> Q:
        found = Q(**{f"{kind}__in": terms.keys_to_ids(kind, keys)})
        return found | Q(**{kind: None}) if NOTHING in keys else found

    return condition


def _code(column: str) -> Condition:
    return lambda terms, codes: Q(**{f"{column}__in": codes})


def _horizon(terms: Terms, keys: tuple[str, ...]) -> Q:
    """It stands at every horizon from its first to its last; with one of both only there."""
    order, found = [entry.pk for entry in terms.all("horizon")], Q()
    for pk in terms.keys_to_ids("horizon", keys):
        until, on = order[: order.index(pk) + 1], order[order.index(pk) :]
        found |= Q(horizon_from__in=until, horizon_to__in=on)
        found |= Q(horizon_from=pk, horizon_to=None) | Q(horizon_from=None, horizon_to=pk)
    return found | Q(horizon_from=None, horizon_to=None) if NOTHING in keys else found


def _depends(terms: Terms, kinds: tuple[str, ...]) -> Q:
    return Q(pk__in=Dependency.objects.filter(kind__in=kinds).values("innovation"))


def _words(terms: Terms, given: tuple[str, ...]) -> Q:
    """Every one of the words somewhere in number, title, summary, problem or idea."""
    found = Q()
    for word in given[0].split()[:MOST_WORDS]:
        here = Q(number__icontains=word)
        for name in ("title", "summary", "problem", "how_it_works"):
            here |= Q(**{f"{name}_nl__icontains": word}) | Q(**{f"{name}_en__icontains": word})
        found &= here
    return found


_CONDITIONS: dict[str, Condition] = {
    "q": _words,
    "organisation": _linked("organisation", "organisations", "partners"),
    "specialty": _linked("specialty", "specialties"),
    "programme": _linked("programme", "programmes"),
    "goal": _linked("goal", "goals"),
    "challenge": _linked("challenge", "challenges"),
    "need": _linked("need", "needs"),
    "concern": _linked("concern", "concerns"),
    "pillar": _is("pillar"),
    "roadmap_line": _is("roadmap_line"),
    "horizon": _horizon,
    "stage": _code("stage"),
    "outcome": _code("outcome"),
    "trl": _code("trl"),
    "ai": _code("ai"),
    "device": _code("device"),
    "dependency": _depends,
}
