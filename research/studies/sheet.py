"""A study as one viewer sees it: rows of words by section, made only from the parts of the record that they may see."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from academy.core.badges import Badge
from academy.core.translation import Text

from . import badges, facts
from .models import Site, Study
from .permissions import group_needs, groups_for, shown, visibility_now
from .record import FIELDS, Record
from .vocabularies import Visibility

#: words and sign of each level, for whom more is visible than for everybody
MARKS: dict[str, tuple[str | Promise, str]] = {
    Visibility.PUBLIC: (pgettext_lazy("who sees a part of a study", "Public"), "globe"),
    Visibility.MEMBERS: (pgettext_lazy("who sees a part of a study", "Members"), "users"),
    Visibility.TEAM: (pgettext_lazy("who sees a part of a study", "Team"), "lock"),
}
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True)
class Line:
    """One value of a row; `note` is smaller and behind it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A name with its values; `mark` tells who sees them, `internal` that these are fewer than see the study."""

    label: str | Promise
    lines: list[Line]
    mark: tuple[str | Promise, str] | None = None
    internal: bool = False


class Sheet:
    """The page of a study for somebody of this level (`public`, `members`, `team`).

    `record` may be one that is not published yet; its own visibility counts then.
    """

    def __init__(self, study: Study, record: Record, level: str) -> None:
        self.study, self.level = study, level
        self.names = facts.Names.of(study)
        settings = _with_visibility_of(study, record)
        self.needs, self.whole = group_needs(settings), visibility_now(settings)
        self.opens_on = settings.embargo_until if self.whole != Visibility.PUBLIC else None
        self.record = shown(record, groups_for(settings, level))

    def get(self, name: str) -> Any:
        """The value of a field; its empty value when it may not be seen."""
        return self.record.get(name, FIELDS[name].empty)

    def sees(self, group: str) -> bool:
        """Whether this viewer sees these fields."""
        return any(FIELDS[name].group == group for name in self.record)

    def both(self, name: str) -> Text:
        """A text in the language of the page, or in the other one where it is empty."""
        return facts.both(self.record, name)

    @cached_property
    def title(self) -> Text:
        """What the page is called; the number while there is no title that may be seen."""
        title = self.both("public_title") or self.both("scientific_title")
        acronym = self.get("acronym")
        if not title:
            return Text(acronym or self.study.number, "")
        if acronym and not re.search(rf"\b{re.escape(acronym)}\b", title, re.IGNORECASE):
            return Text(f"{acronym}: {title}", title.language, title.is_fallback)
        return title

    @property
    def short_title(self) -> str:
        """For places where there is little room."""
        return self.get("acronym") or self.study.number

    @property
    def badge(self) -> Badge | None:
        return badges.of_recruitment_status(self.get("recruitment_status"))

    @property
    def regime(self) -> str:
        return facts.in_words("legal_regime", self.get("legal_regime"))

    @property
    def sites(self) -> list[Site]:
        """The hospitals, as far as they may be seen; the leading one first."""
        keys = {row["organisation"] for row in self.get("sites")}
        return [site for site in self.study.sites.all() if site.organisation.key in keys]

    def row(self, label: str | Promise, name: str, lines: Iterable[Line] | None = None, group: str = "") -> Row | None:
        """A row with the words of a field, or with these lines; None when there is nothing that may be shown."""
        if name not in self.record:
            return None
        if lines is None:
            lines = [Line(text) for text in facts.lines(name, self.get(name), names=self.names)]
        needs = self.needs[group or FIELDS[name].group]
        found = [line for line in lines if line.text]
        mark = MARKS[needs] if self.level != Visibility.PUBLIC else None
        return Row(label, found, mark, needs != self.whole) if found else None

    def text_row(self, label: str | Promise, name: str) -> Row | None:
        """A row with a text in both languages, each line apart."""
        text = self.both(name)
        parts = [_BULLET.sub("", line).strip() for line in text.splitlines()]
        return self.row(
            label, f"{name}_nl", [Line(Text(part, text.language, text.is_fallback)) for part in parts if part]
        )


def _with_visibility_of(study: Study, record: Record) -> Study:
    settings = copy(study)
    settings.visibility = record["visibility"]
    settings.embargo_until = facts.as_date(record["embargo_until"])
    settings.group_visibility = record["group_visibility"]
    return settings
