"""Somebody else changed the same fields meanwhile: which version each field was seen in, and which value is kept.

A form carries the version that it was made from (`version`), another one for fields that were seen in another
(`seen-<field>`), and the fields on which somebody still has to decide (`undecided`, answered by `keep-<field>`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict

from .. import facts
from ..models import Study
from ..record import FIELDS

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Base:
    """What the sender of a form had seen, and chose."""

    version: int
    seen: Mapping[str, int] = field(default_factory=dict)
    undecided: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: MultiValueDict, study: Study) -> "Base":
        """From what a browser sent. A version that never was counts as the first one: then everything that is
        different has to be chosen, and nothing is lost."""
        return cls(
            _version(data.get("version"), study),
            {name: _version(data[f"seen-{name}"], study) for name in FIELDS if f"seen-{name}" in data},
            frozenset(data.getlist("undecided")) & FIELDS.keys(),
            {name: data[f"keep-{name}"] for name in FIELDS if f"keep-{name}" in data},
        )

    def of_field(self, name: str) -> int:
        """The version in which this field was seen."""
        return self.seen.get(name, self.version)


def _version(text: Any, study: Study) -> int:
    number = int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10 else 1
    return number if 1 <= number <= study.version else 1


@dataclass(frozen=True)
class Question:
    """Two values of a field, one of which is kept; in words, a line for each row."""

    name: str
    mine: list[str]
    theirs: list[str]

    @property
    def label(self) -> str:
        return str(FIELDS[self.name].label)


def question(name: str, mine: Any, theirs: Any, names: facts.Names) -> Question:
    """Both values as people read them."""
    return Question(name, facts.lines(name, mine, names=names), facts.lines(name, theirs, names=names))
