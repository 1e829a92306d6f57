"""Somebody else changed the same fields meanwhile: which version each field was seen in, and which value is kept.

A form carries the version that it was made from (`version`), another one for fields that were seen in another
(`seen-<field>`), and the fields on which somebody still has to decide (`undecided`, answered by `keep-<field>`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict

from academy.core.translation import LANGUAGES, current, language_of

from .subject import Lines, Subject

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Base:
    """What the sender of a form had seen, and chose."""

    version: int
    seen: Mapping[str, int] = field(default_factory=dict)
    undecided: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: MultiValueDict, subject: Subject, version: int) -> "Base":
        """From what a browser sent, for a record that is at this version. A version that never was counts as the
        first one: then everything that is different has to be chosen, and nothing is lost."""
        fields = subject.fields
        return cls(
            _version(data.get("version"), version),
            {name: _version(data[f"seen-{name}"], version) for name in fields if f"seen-{name}" in data},
            frozenset(data.getlist("undecided")) & fields.keys(),
            {name: data[f"keep-{name}"] for name in fields if f"keep-{name}" in data},
        )

    def of_field(self, name: str) -> int:
        """The version in which this field was seen."""
        return self.seen.get(name, self.version)


def _version(text: Any, newest: int) -> int:
    number = int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else 1
    return number if 1 <= number <= newest else 1


@dataclass(frozen=True)
class Question:
    """Two values of a field, one of which is kept; in words, a line for each row."""

    name: str
    label: str
    mine: list[str]
    theirs: list[str]


def question(name: str, label: str, mine: Any, theirs: Any, lines: Lines) -> Question:
    """Both values as people read them."""
    return Question(name, label, _told(name, mine, lines), _told(name, theirs, lines))


def _told(name: str, value: Any, lines: Lines) -> list[str]:
    """A line for each row; in both languages where its parts have two, or a difference would not show."""
    told = lines(name, value, None)
    if not _has_both_languages(value):
        return told
    others = [language for language in LANGUAGES if language != current()]
    again = [lines(name, value, language) for language in others]
    if any(len(version) != len(told) for version in again):
        return told
    return [" / ".join(dict.fromkeys(versions)) for versions in zip(told, *again, strict=True)]


def _has_both_languages(value: Any) -> bool:
    rows = value if isinstance(value, list) else []
    return any(isinstance(row, dict) and any(language_of(part) for part in row) for row in rows)
