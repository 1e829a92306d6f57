"""Records that are linked: those that are chosen as ticks, more of them from a list or by their number.

A form shows only what its reader may know of; what is linked besides stays linked and is never named.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from academy.core.cleaning import Unfit
from academy.core.editing.elements import BaseElement, Sent
from academy.core.editing.sources import Sources

MOST_OFFERED = 400  # a longer list is not offered: people type numbers
MOST_WORDS = 200  # numbers in one go
_BETWEEN = re.compile(r"[,;\r\n]+")


class Pick:
    """Records to choose from: those that the reader may know of, told apart by `key`; none is read twice."""

    def __init__(
        self, records: QuerySet, key: str, title: Callable[[Any], str], url: Callable[[Any], str] | None = None
    ) -> None:
        self.records, self.key, self.title, self._url = records, key, title, url
        self._read: dict[str, Any] = {}  # None for what is not there

    def url(self, record: Any) -> str:
        """Where its page is; empty for what has none."""
        return self._url(record) if self._url else ""

    @cached_property
    def offered(self) -> list[Any]:
        """All of them, when they make a list that people can use."""
        found = list(self.records[: MOST_OFFERED + 1])
        return found if len(found) <= MOST_OFFERED else []

    def found(self, keys: Iterable[str]) -> dict[str, Any]:
        """Those of these keys, by key."""
        wanted = set(keys)
        if wanted and not self._read:
            self._read = {getattr(record, self.key): record for record in self.offered}
        if missing := wanted - self._read.keys():
            self._read |= dict.fromkeys(missing)
            if not self.offered:
                there = self.records.filter(**{f"{self.key}__in": missing})
                self._read |= {getattr(record, self.key): record for record in there}
        return {key: self._read[key] for key in wanted if self._read[key] is not None}

    def named(self, words: list[str]) -> dict[str, Any]:
        """Those whose key is one of these words, in whatever case; by word."""
        if not words:
            return {}
        same = Q()
        for word in words:
            same |= Q(**{f"{self.key}__iexact": word})
        found = {getattr(record, self.key).casefold(): record for record in self.records.filter(same)}
        return {word: found[word.casefold()] for word in words if word.casefold() in found}


@dataclass(frozen=True)
class PickSpec:
    """A list of linked records; `source` names a `Pick`. `more` is what the control says that takes more of them;
    `listed` when it is a list to choose from, else numbers are typed; `hint` says what they look like."""

    source: str
    more: Any
    hint: Any = ""
    listed: bool = False
    unknown: Any = ""

    def __call__(self, name: str, sources: Sources, stored: Any) -> "PickedElement":
        return PickedElement(name, sources, stored, self)


@dataclass(frozen=True)
class Chosen:
    """A linked record with its tick."""

    key: str
    title: str
    url: str
    ticked: bool = True


class PickedElement(BaseElement):
    """A field that is a list of keys of records."""

    template = "innovations/edit/picked.html"

    def __init__(self, name: str, sources: Sources, stored: Any, spec: PickSpec) -> None:
        super().__init__(name, sources, stored)
        self.spec = spec
        self.pick: Pick = getattr(sources, spec.source)

    @property
    def more(self) -> Any:
        """What the control says that takes more of them."""
        return self.spec.more

    @property
    def more_hint(self) -> Any:
        return self.spec.hint

    @property
    def listed(self) -> bool:
        """Whether more of them are chosen from a list."""
        return self.spec.listed and bool(self.choices)

    @property
    def _known(self) -> list[str]:
        """What is linked and may be shown."""
        found = self.pick.found(self.stored or [])
        return [key for key in self.stored or [] if key in found]

    def fill(self, value: Any) -> Sent:
        found = self.pick.found(value or [])
        return {
            "has": [self.name],
            self.name: [key for key in value or [] if key in found],
            f"{self.name}-more": [""],
        }

    def take(self, data: MultiValueDict) -> None:
        ticked = dict.fromkeys(data.getlist(self.name))
        typed = _BETWEEN.split(data.get(f"{self.name}-more", ""))
        self.words = list(dict.fromkeys(word.strip() for word in typed if word.strip()))[:MOST_WORDS]
        self.added = self.pick.named(self.words)
        self.ticked = [*ticked, *(getattr(record, self.pick.key) for record in self.added.values())]

    @property
    def not_found(self) -> list[str]:
        """What was typed and is no record that the reader may know of."""
        return [word for word in self.words if word not in self.added]

    @property
    def left(self) -> str:
        """What still stands in the control for more."""
        return ", ".join(self.not_found)

    @property
    def chosen(self) -> list[Chosen]:
        """What is linked, and what was and has been unticked."""
        keys = list(dict.fromkeys([*self._known, *self.ticked]))
        found = self.pick.found(keys)
        return [
            Chosen(key, self.pick.title(found[key]), self.pick.url(found[key]), key in self.ticked)
            for key in keys
            if key in found
        ]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be added: key and title."""
        there = {chosen.key for chosen in self.chosen}
        keys = [(getattr(record, self.pick.key), self.pick.title(record)) for record in self.pick.offered]
        return [(key, title) for key, title in keys if key not in there]

    def read(self) -> list[str]:
        """What is ticked and added, and what is linked without being shown."""
        if self.not_found:
            words = self.spec.unknown or _("We know no “%(word)s”.")
            raise Unfit(" ".join(str(words) % {"word": word[:80]} for word in self.not_found))
        unseen = set(self.stored or []) - set(self._known)
        return sorted({*self.pick.found(self.ticked), *unseen})


class OneNumber(BaseElement):
    """A field that is the key of one record, typed; its title stands below it."""

    template = "innovations/edit/one_number.html"

    def __init__(self, name: str, sources: Sources, stored: Any) -> None:
        super().__init__(name, sources, stored)
        self.pick: Pick = sources.studies

    def sent(self, data: MultiValueDict) -> bool:
        return self.name in data

    def fill(self, value: Any) -> Sent:
        return {self.name: [value if value and value in self.pick.found([value]) else ""]}

    def take(self, data: MultiValueDict) -> None:
        self.typed = data.get(self.name, "").strip()
        self.record = self.pick.named([self.typed]).get(self.typed) if self.typed else None

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def title(self) -> str:
        return self.pick.title(self.record) if self.record else ""

    @property
    def url(self) -> str:
        return self.pick.url(self.record) if self.record else ""

    def read(self) -> str:
        """The number of the record; raises `Unfit` for one that the reader may not know of."""
        if self.typed and self.record is None:
            raise Unfit(_("We know no study “%(word)s”.") % {"word": self.typed[:80]})
        return getattr(self.record, self.pick.key) if self.record else ""
