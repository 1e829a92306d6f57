"""Who changed what in a study, when and why: versions of the record and events, put together for people.

The team sees everything. Others see what they see of the record itself, from its publication on, and of people only
their role and hospital; a change of which they may see nothing is not there for them, not even in a count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wagtail.models import Revision

from academy.core import events
from academy.core.models import Event

from . import facts
from .actors import Actors
from .differences import Difference, differences
from .happenings import NOT_TOLD, PUBLIC_VERBS, TOLD_BY_A_VERSION, Happening, Told, told, told_of_version
from .models import Study
from .permissions import covers, groups_for, shown
from .record import GROUPS, Record
from .selectors import published_in, revisions_of
from .vocabularies import Visibility

#: edits of one person within this time are one entry
TOGETHER = timedelta(hours=1)
_BY_HAND = ("form", "api")


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


class History:
    """The entries of a study for somebody of this level, newest first; a slice gives them ready to show.

    `newest` is how many versions are looked at, from the newest back; all of them when it is not given.
    """

    def __init__(self, study: Study, level: str, newest: int | None = None) -> None:
        self.study, self.level, self.newest = study, level, newest
        self.near = level == Visibility.TEAM
        self.groups = groups_for(study, level)
        self.since: datetime | None = None if self.near else study.published_at
        self._entries = list(_together([*self._edits(), *self._events()]))[::-1]

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, part: slice) -> list[Entry]:
        """Entries with words, names and differences, in a fixed number of queries."""
        entries = self._entries[part]
        names = facts.Names.of(self.study)
        pairs = self._pairs(entries)
        names.read_people(_people_in(entries, pairs))
        actors = Actors(self.study, [entry.actor for entry in entries if entry.actor], self.groups, named=self.near)
        about = Told(self.study, names)
        for entry in entries:
            entry.what = told(entry.happening, about) if entry.happening else told_of_version(entry.source)
            entry.who, entry.role = actors.of(entry.actor)
            if entry.after:
                entry.differences = differences(*pairs[entry.after], names)
        return entries

    def _edits(self) -> Iterator[Entry]:
        """An entry for each version in which this viewer sees a difference from the one before."""
        before: Revision | None = None
        for revision in self._versions():
            if before and self._is_told(revision.created_at) and _differ(*self._pair(before, revision)):
                yield self._edit(revision, before)
            before = revision

    def _versions(self) -> Iterator[Revision]:
        """Oldest first; where not all are looked at, what happened before them is left out as well."""
        if self.newest is None:
            yield from revisions_of(self.study).order_by("pk").iterator(chunk_size=50)
            return
        versions = list(revisions_of(self.study)[: self.newest])[::-1]
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
        for event in events.of(self.study).order_by("pk"):
            if self._is_told(event.at) and self._may_hear(event):
                yield Entry(
                    at=event.at,
                    actor=int(event.actor_id) if event.actor_id.isdigit() else None,
                    happening=Happening(event.verb, event.from_state, event.to_state, event.data),
                    reasons=[event.reason] if self.near and event.reason else [],
                )

    def _is_told(self, moment: datetime) -> bool:
        """The team hears everything, others what came after the study was published for the first time."""
        return moment >= self.since if self.since else self.near

    def _may_hear(self, event: Event) -> bool:
        if event.verb in TOLD_BY_A_VERSION or event.verb in NOT_TOLD:
            return False
        return self.near or PUBLIC_VERBS.get(event.verb) in self.groups

    def _pairs(self, entries: list[Entry]) -> dict[int, tuple[Record, Record]]:
        """Both versions of each edit, by the key of the later one."""
        edits = [entry for entry in entries if entry.before and entry.after]
        kept = Revision.objects.in_bulk({pk for entry in edits for pk in (entry.before, entry.after)})
        return {entry.after: self._pair(kept[entry.before], kept[entry.after]) for entry in edits}

    def _pair(self, before: Revision, after: Revision) -> tuple[Record, Record]:
        """Two versions as this viewer sees them: the team what it wrote, others what was published."""
        if self.near and after.content["source"] != "published":
            return before.content["record"], after.content["record"]
        then, now = published_in(before), published_in(after)
        groups = self.groups if self.near else self.groups & _open_in(then, self.level) & _open_in(now, self.level)
        return shown(then, groups), shown(now, groups)


def _open_in(record: Record, level: str) -> set[str]:
    """The groups that this level could see by the settings of that version, whatever has been opened since."""
    chosen = record["group_visibility"] or {}
    needs = {name: chosen.get(name) or group.default or Visibility.PUBLIC for name, group in GROUPS.items()}
    return {name for name, needed in needs.items() if covers(level, needed)}


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


def _people_in(entries: list[Entry], pairs: dict[int, tuple[Record, Record]]) -> set[int]:
    """Everybody whose name is needed for words."""
    records = [record for pair in pairs.values() for record in pair]
    people = {row["person"] for record in records for row in record.get("contributors") or () if row["person"]}
    named = {entry.happening.data.get("person") for entry in entries if entry.happening}
    return people | {pk for pk in named if isinstance(pk, int)}
