"""Who changed what in an innovation, when and why, for people.

The team sees everything, field by field. Others see how the innovation went, without names and reasons: what bodies
decided and why stands on its page.
"""

from collections.abc import Iterable
from typing import Any

from wagtail.models import Revision

from academy.core import history
from academy.core.differences import Difference, difference
from academy.core.history import Entry, Record, Sides
from academy.core.models import Event
from academy.core.translation import language_of
from research.studies.facts import Names

from . import record as records
from .actors import Actors
from .forms.sources import Sources, people_in
from .forms.telling import PICKED, Telling
from .happenings import NOT_TOLD, PUBLIC_VERBS, Told, told, told_of_version
from .models import Innovation
from .permissions import level_of
from .record import FIELDS
from .selectors import revisions_of
from .vocabularies import Visibility


class History(history.History):
    """The entries of an innovation for this viewer; reads all that its page shows."""

    def __init__(self, innovation: Innovation, user: Any, newest: int | None = None) -> None:
        self.innovation, self.user = innovation, user
        near = level_of(user, innovation) == Visibility.TEAM
        versions = revisions_of(innovation) if near else Revision.objects.none()
        super().__init__(innovation, versions, near=near, since=innovation.created_at, newest=newest)

    def may_hear(self, event: Event) -> bool:
        return event.verb in PUBLIC_VERBS or (self.near and event.verb not in NOT_TOLD)

    def sides(self, before: Revision, after: Revision) -> Sides:
        """Versions that are older than a field have it empty."""
        return _whole(before), _whole(after)

    def tell(self, entries: list[Entry], sides: dict[int, Sides]) -> None:
        actors = Actors(self.innovation, [entry.actor for entry in entries if entry.actor], named=self.near)
        about = Told(self.innovation)
        telling = _ReadAhead(self.user, [record for pair in sides.values() for record in pair])
        for entry in entries:
            entry.what = told(entry.happening, about) if entry.happening else told_of_version(entry.source)
            entry.who, entry.role = actors.of(entry.actor)
            if entry.after:
                entry.differences = differences(*sides[entry.after], telling)


def _whole(version: Revision) -> Record:
    return {**records.empty(), **version.content["record"]}


def differences(before: Record, after: Record, telling: Telling) -> list[Difference]:
    """The fields that differ, in the order of the form; nothing that reads the same in words."""
    told = (
        difference(
            str(FIELDS[name].label),
            telling.lines(name, old),
            telling.lines(name, new),
            is_list=FIELDS[name].is_list,
            language=language_of(name),
        )
        for name, (old, new) in records.changes(before, after).items()
    )
    return [found for found in told if found]


class _ReadAhead(Telling):
    """Words for these records; people and what is linked are read together."""

    def __init__(self, user: Any, told: Iterable[Record]) -> None:
        super().__init__(user)
        self.told, self.sources, self.names = list(told), Sources(user, {}), Names()
        self.names.read_people({pk for record in self.told for pk in people_in(record)})
        self._ahead: set[str] = set()

    def _people(self, pks: list[int]) -> list[str]:
        return [self.names.person(pk) for pk in pks]

    def _terms(self, table: Any, keys: list[str]) -> list[str]:
        return [str(self.names.term(table, key) or key) for key in keys]

    def _picked(self, source: str, keys: list[str]) -> list[str]:
        pick = getattr(self.sources, source)
        if source not in self._ahead:
            self._ahead.add(source)
            names = [name for name, of in PICKED.items() if of == source]
            pick.found(key for record in self.told for name in names for key in _keys(record[name]))
        found = pick.found(keys)
        return [pick.title(found[key]) for key in keys if key in found]


def _keys(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
