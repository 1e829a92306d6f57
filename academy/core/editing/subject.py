"""What a form has to know of the record that it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise

if TYPE_CHECKING:
    from .sections import Section

Record = dict[str, Any]


class Entry(Protocol):
    """A field of the record: its name, what it is called, the step in which it stands, and what it is when empty."""

    name: str
    label: str | Promise
    step: str
    empty: Any


class Saved(Protocol):
    """What became of a change: the fields that were written, and those on which somebody has to decide."""

    changed: tuple[str, ...]
    clashes: Mapping[str, Any]


#: the lines that tell a value of this field, in this language (None: that of the request)
Lines = Callable[[str, Any, str | None], list[str]]


@dataclass(frozen=True)
class Subject:
    """One kind of record. Its objects have a `pk`, and a `version` that every change counts up.

    - `fields`, `steps` (name → label, in order), `sections` (step → layout)
    - `needed`: fields whose label does not say that they may stay empty
    - `clean(values)`: the values as they are stored; raises `InvalidInput`
    - `read(object)`: the record as its team edits it
    - `again(object)`: the object read again, with what `read` and `lines` need
    - `save(object, actor=, base_version=, values=, seen=)`: gives `Saved`; raises `InvalidInput`
    - `lines(object)`: how values are told
    - `audiences(object, step)`: field → who will see it, in words, where that is not everybody
    """

    fields: Mapping[str, Entry]
    steps: Mapping[str, str | Promise]
    sections: "Mapping[str, tuple[Section, ...]]"
    needed: frozenset[str]
    clean: Callable[[Mapping[str, Any]], Record]
    read: Callable[[Any], Record]
    again: Callable[[Any], Any]
    save: Callable[..., Saved]
    lines: Callable[[Any], Lines]
    audiences: Callable[[Any, str], Mapping[str, str]]

    def label(self, name: str) -> str:
        """What the field is called."""
        return str(self.fields[name].label)
