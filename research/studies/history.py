"""Who changed what in a study, when and why, for people.

The team sees everything. Others see what they see of the record itself, from its publication on, and of people only
their role and hospital; a change of which they may see nothing is not there for them, not even in a count.
"""

from wagtail.models import Revision

from academy.core import history
from academy.core.history import Entry, Record, Sides
from academy.core.models import Event

from . import facts
from .actors import Actors
from .differences import differences
from .happenings import NOT_TOLD, PUBLIC_VERBS, TOLD_BY_A_VERSION, Told, told, told_of_version
from .models import Study
from .permissions import covers, groups_for, shown
from .record import GROUPS
from .selectors import published_in, revisions_of
from .vocabularies import Visibility


class History(history.History):
    """The entries of a study for somebody of this level."""

    def __init__(self, study: Study, level: str, newest: int | None = None) -> None:
        self.study, self.level = study, level
        self.groups = groups_for(study, level)
        near = level == Visibility.TEAM
        super().__init__(study, revisions_of(study), near=near, since=study.published_at, newest=newest)

    def may_hear(self, event: Event) -> bool:
        if event.verb in TOLD_BY_A_VERSION or event.verb in NOT_TOLD:
            return False
        return self.near or PUBLIC_VERBS.get(event.verb) in self.groups

    def sides(self, before: Revision, after: Revision) -> Sides:
        """The team sees what it wrote, others what was published."""
        if self.near and after.content["source"] != "published":
            return before.content["record"], after.content["record"]
        then, now = published_in(before), published_in(after)
        groups = self.groups if self.near else self.groups & _open_in(then, self.level) & _open_in(now, self.level)
        return shown(then, groups), shown(now, groups)

    def tell(self, entries: list[Entry], sides: dict[int, Sides]) -> None:
        names = facts.Names.of(self.study)
        names.read_people(_people_in(entries, sides))
        actors = Actors(self.study, [entry.actor for entry in entries if entry.actor], self.groups, named=self.near)
        about = Told(self.study, names)
        for entry in entries:
            entry.what = told(entry.happening, about) if entry.happening else told_of_version(entry.source)
            entry.who, entry.role = actors.of(entry.actor)
            if entry.after:
                entry.differences = differences(*sides[entry.after], names)


def _open_in(record: Record, level: str) -> set[str]:
    """The groups that this level could see by the settings of that version, whatever has been opened since."""
    chosen = record["group_visibility"] or {}
    needs = {name: chosen.get(name) or group.default or Visibility.PUBLIC for name, group in GROUPS.items()}
    return {name for name, needed in needs.items() if covers(level, needed)}


def _people_in(entries: list[Entry], sides: dict[int, Sides]) -> set[int]:
    """Everybody whose name is needed for words."""
    records = [record for pair in sides.values() for record in pair]
    people = {row["person"] for record in records for row in record.get("contributors") or () if row["person"]}
    named = {entry.happening.data.get("person") for entry in entries if entry.happening}
    return people | {pk for pk in named if isinstance(pk, int)}
