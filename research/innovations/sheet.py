"""An innovation as one viewer sees it: which groups of fields, and rows of words made only from those."""

from collections.abc import Iterable
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from academy.core.translation import Text, pick
from research.studies.sheet import MARKS, Line, Row

from .models import Innovation
from .permissions import group_needs, groups_for
from .vocabularies import Visibility


class Sheet:
    """The page of an innovation for somebody of this level (`public`, `members`, `team`)."""

    def __init__(self, innovation: Innovation, level: str) -> None:
        self.innovation, self.level = innovation, level
        self.needs = group_needs(innovation)
        self.groups = groups_for(innovation, level)

    def sees(self, group: str) -> bool:
        """Whether this viewer sees these fields."""
        return group in self.groups

    @property
    def is_near(self) -> bool:
        """Of the team, or an innovation manager, or the auditor."""
        return self.level == Visibility.TEAM

    @cached_property
    def title(self) -> Text | str:
        return pick(self.innovation, "title") or _("Untitled innovation")

    def text(self, name: str, group: str) -> Text:
        """A text in the language of the page, or in the other one; empty when it may not be seen."""
        return pick(self.innovation, name) if self.sees(group) else Text("", "")

    def is_internal(self, group: str) -> bool:
        """Whether fewer people see this than the innovation itself."""
        return self.level != Visibility.PUBLIC and self.needs[group] != self.innovation.visibility

    def mark(self, group: str) -> tuple[str | Promise, str] | None:
        """Who sees it, in a word and a sign, where that is not everybody who sees the page."""
        return MARKS[self.needs[group]] if self.is_internal(group) else None

    def row(self, label: str, group: str, lines: Iterable[Line | None]) -> Row | None:
        """A row with these lines; None when there is nothing that may be shown."""
        if not self.sees(group):
            return None
        found = [line for line in lines if line and line.text]
        return Row(label, found, self.mark(group), self.is_internal(group)) if found else None


def kept(*rows: Row | None) -> list[Row]:
    """The rows in which there is something."""
    return [row for row in rows if row]
