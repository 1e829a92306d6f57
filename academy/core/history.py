"""Who changed what in a record, when and why: its versions and its events, put together for people.

A version is a revision whose content has the whole `record`, the `reason` and the `source` of the change. What a viewer
sees of it, and in which words, is for the room to say.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.models import Revision

from . import events
from .differences import Difference
from .models import Event

Record = dict[str, Any]
Sides = tuple[Record, Record]

#: edits of one person within this time are one entry
TOGETHER = timedelta(hours=1)
_BY_HAND = ("form", "api")


@dataclass(frozen=True)
class Happening:
    """An event as the log keeps it."""

    verb: str
    from_state: str = ""
    to_state: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Entry:
    """Edits of one person, or something that happened; `before` and `after` are keys of versions.

    `what`, `who`, `role` and `differences` are filled in for the entries that are shown.
    """

    at: datetime
    actor: int | None
    source: str = ""
    happening: Happening | None = None
    since: datetime | None = None
    before: int | None = None
    after: int | None = None
    reasons: list[str] = field(default_factory=list)
    what: str = ""
    who: str = ""
    role: str = ""
    differences: list[Difference] = field(default_factory=list)


class History(ABC):
    """The entries of a record for one viewer, newest first; a slice gives them ready to show.

    `near` says that the viewer is of the team and reads the reasons; others hear of nothing before `since`. `newest` is
    how many versions are looked at, from the newest back; all of them when it is not given.
    """

    def __init__(
        self,
        record: Model,
        versions: QuerySet[Revision],
        *,
        near: bool,
        since: datetime | None,
        newest: int | None = None,
    ) -> None:
        self.of, self.versions, self.near, self.newest = record, versions, near, newest
        self.since = None if near else since
        self._entries = list(_together([*self._edits(), *self._events()]))[::-1]

    @abstractmethod
    def may_hear(self, event: Event) -> bool:
        """Whether this viewer is told of the event."""

    @abstractmethod
    def sides(self, before: Revision, after: Revision) -> Sides:
        """Two versions as this viewer sees them."""

    @abstractmethod
    def tell(self, entries: list[Entry], sides: dict[int, Sides]) -> None:
        """Give these entries their words; `sides` has both versions of each edit, by the key of the later one."""

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, part: slice) -> list[Entry]:
        """Entries with words, names and differences, in a fixed number of queries."""
        entries = self._entries[part]
        self.tell(entries, self._sides_of(entries))
        return entries

    def _edits(self) -> Iterator[Entry]:
        """An entry for each version in which this viewer sees a difference from the one before."""
        before: Revision | None = None
        for revision in self._versions():
            if before and self._is_told(revision.created_at) and _differ(*self.sides(before, revision)):
                yield self._edit(revision, before)
            before = revision

    def _versions(self) -> Iterator[Revision]:
        """Oldest first; where not all are looked at, what happened before them is left out as well."""
        if self.newest is None:
            yield from self.versions.order_by("pk").iterator(chunk_size=50)
            return
        versions = list(self.versions[: self.newest])[::-1]
        if len(versions) == self.newest:
            self.since = max(filter(None, (self.since, versions[0].created_at)))
        yield from versions

    def _edit(self, revision: Revision, before: Revision) -> Entry:
        reason = revision.content["reason"] if self.near else ""
        return Entry(
            at=revision.created_at,
            since=revision.created_at,
            actor=revision.user_id,
            source=revision.content["source"],
            before=before.pk,
            after=revision.pk,
            reasons=[reason] if reason else [],
        )

    def _events(self) -> Iterator[Entry]:
        for event in events.of(self.of).order_by("pk"):
            if self._is_told(event.at) and self.may_hear(event):
                yield Entry(
                    at=event.at,
                    actor=int(event.actor_id) if event.actor_id.isdigit() else None,
                    happening=Happening(event.verb, event.from_state, event.to_state, event.data),
                    reasons=[event.reason] if self.near and event.reason else [],
                )

    def _is_told(self, moment: datetime) -> bool:
        """The team hears everything, others what came after the first moment that is theirs to know."""
        return moment >= self.since if self.since else self.near

    def _sides_of(self, entries: list[Entry]) -> dict[int, Sides]:
        """Both versions of each edit, by the key of the later one."""
        edits = [entry for entry in entries if entry.before and entry.after]
        kept = Revision.objects.in_bulk({pk for entry in edits for pk in (entry.before, entry.after)})
        return {entry.after: self.sides(kept[entry.before], kept[entry.after]) for entry in edits}


def _differ(before: Record, after: Record) -> bool:
    return any(before.get(name) != value for name, value in after.items())


def _together(entries: list[Entry]) -> Iterator[Entry]:
    """In order of time; edits that nothing else came between are one entry."""
    edit: Entry | None = None
    for entry in sorted(entries, key=lambda entry: entry.at):
        if edit and _belongs(entry, edit):
            edit.at, edit.after = entry.at, entry.after
            edit.reasons += [reason for reason in entry.reasons if reason not in edit.reasons]
            continue
        edit = None if entry.happening else entry
        yield entry


def _belongs(entry: Entry, edit: Entry) -> bool:
    same = entry.happening is None and (entry.actor, entry.source) == (edit.actor, edit.source)
    return same and entry.source in _BY_HAND and entry.at - edit.since <= TOGETHER
