"""Lists of rows in a form: as many as there are, one more, or one less, with and without scripts.

Rows are told apart by a number in the names of their controls (`funders-2-name`); numbers may be left out, and their
order is the order of the rows.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict

from academy.core.cleaning import Unfit
from academy.core.translation import language_of

from .plain import PlainForm
from .sources import Sources
from .subject import Record

MOST_IN_FORM = 60  # more rows make a page that nobody works in
BLANK = "__n__"  # stands for the number of a row in the template from which scripts make rows


class Row(PlainForm):
    """One row; a subclass declares its parts as controls.

    `layout` puts them on lines. `named_in_messages` are the parts by whose value a message tells which row it is about.
    `when` says when the row is asked for. `offered_part` is the part that is filled in already in rows that are
    there to be filled in further.
    """

    layout: tuple[tuple[str, ...], ...] = ()
    named_in_messages: tuple[str, ...] = ()
    template = "editing/row.html"
    offered_part = ""
    when = ""
    hidden = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, control in self.controls.items():
            control.required = True  # only for its label: that a part may be left empty goes without saying
            if language := language_of(name):
                control.widget.attrs["lang"] = language

    @classmethod
    def prepare(cls, forms: list["Row"], stored: list[Record]) -> None:
        """Look up together what the rows need."""

    @property
    def removable(self) -> bool:
        """Whether there is a button that takes the row away."""
        return True

    @property
    def lines(self) -> list[list[Any]]:
        """The parts as they stand beside and below each other."""
        return [[self[name] for name in names] for names in self.layout or [tuple(self.fields)]]

    def values(self) -> Record:
        """The parts of the row."""
        return {name: self.read(name) for name in self.fields}

    @property
    def offered(self) -> str:
        """What was filled in before anybody asked for the row."""
        return self.data.get(f"{self.prefix}-offered", "")

    def is_blank(self) -> bool:
        """Whether nobody typed anything in it."""
        return not any(self._typed_anew(name) for name in self.fields)

    def _typed_anew(self, name: str) -> bool:
        typed = self.typed(name)
        return bool(typed) and (name != self.offered_part or typed != self.offered)

    def has(self, parts: Mapping[str, str]) -> bool:
        """Whether these parts have these values."""
        return all(self.typed(name) == value for name, value in parts.items())

    def take_focus(self) -> None:
        """Be where the next page begins: somebody asked for this row."""
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    @property
    def number(self) -> str:
        return str(self.prefix).rpartition("-")[2]


class Rows:
    """The rows of one field of the record, from what was typed."""

    def __init__(self, name: str, kind: type[Row], data: MultiValueDict, sources: Sources, stored: list[Record]):
        self.name, self.kind, self.data, self.sources, self.stored = name, kind, data, sources, stored
        self.forms = [self._form(number) for number in numbers(name, data)]

    def _form(self, number: int | str) -> Row:
        stored = self.stored[number] if isinstance(number, int) and number < len(self.stored) else None
        return self.kind(self.data, sources=self.sources, stored=stored, prefix=f"{self.name}-{number}")

    @property
    def blank(self) -> Row:
        """The row from which scripts make new ones."""
        return self.kind(MultiValueDict(), sources=self.sources, prefix=f"{self.name}-{BLANK}")

    def values(self) -> list[Record]:
        """The rows in which something is filled in; raises `Unfit` after a look at all of them."""
        found, problems = [], []
        for form in self.forms:
            try:
                if not form.is_blank():
                    found.append(form.values())
            except Unfit as problem:
                problems.append(str(problem))
        if problems:
            raise Unfit(" ".join(dict.fromkeys(problems)))
        return found

    def add(self, values: Mapping[str, str] | None = None) -> Row:
        """One more row at the end, with these parts filled in."""
        number = max((int(form.number) for form in self.forms), default=-1) + 1
        form = self._form(number)
        for name, value in form.filled(values or {}).items():
            self.data.setlist(name, value)
        self.forms.append(form)
        return form

    def remove(self, number: str) -> None:
        """One less; the others keep their numbers."""
        self.forms = [form for form in self.forms if form.number != number]


def numbers(name: str, data: Mapping[str, Any]) -> list[int]:
    """The numbers of the rows of this list that were sent."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,6}})-", re.ASCII)
    return sorted({int(found[1]) for key in data if (found := pattern.match(key))})


def filled(name: str, kind: type[Row], stored: list[Record], sources: Sources) -> dict[str, list[str]]:
    """Names and values as a browser would send them for these rows."""
    found: dict[str, list[str]] = {}
    for number, values in enumerate(stored):
        found |= kind(MultiValueDict(), sources=sources, prefix=f"{name}-{number}").filled(values)
    return found
