"""One step of the form: what is stored, what was typed over it, what is wrong with it, and how it is laid out."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst

from academy.core.cleaning import Unfit

from . import when
from .controls import Control
from .elements import ControlElement, Element, RowsElement, owns, value_of
from .rows import MOST_IN_FORM
from .sections import Block, Section
from .sources import Sources
from .subject import Record, Subject


@dataclass(frozen=True)
class ShownBlock:
    """A block with the elements in it; `hidden` while it is not asked for, `when` for scripts that decide at once.

    `folded` says when it is asked for, where that is later and nothing is filled in yet.
    """

    block: Block
    elements: list[Any]
    hidden: bool
    when: str
    optional: bool = True
    folded: Any = ""

    @property
    def name(self) -> str:
        """What it is about, where it is folded."""
        return str(self.block.legend or self.elements[0].label)

    @property
    def messages(self) -> list[str]:
        """What has to be said above several controls together."""
        return [message for element in self.elements for message in element.errors]


@dataclass(frozen=True)
class ShownSection:
    section: Section
    blocks: list[ShownBlock]

    @property
    def hidden(self) -> bool:
        return all(block.hidden for block in self.blocks)


class StepForm:
    """`record` is what is stored; `data` is what a browser sent, or None when the form is only shown.

    A field that was not sent stands as it is stored.
    """

    def __init__(
        self, subject: Subject, step: str, record: Record, sources: Sources, data: MultiValueDict | None = None
    ) -> None:
        self.subject, self.step, self.record, self.sources = subject, step, record, sources
        self.sent_data = data if data is not None else MultiValueDict()
        self.layout = subject.sections[step]
        specs = [pair for section in self.layout for pair in section.specs()]
        self.elements = {name: self._element(name, spec) for name, spec in specs}
        self.errors: dict[str, list[str]] = {}
        self.data = self._merged()
        for element in self.elements.values():
            element.take(self.data)

    def anew(self, record: Record, data: MultiValueDict | None = None) -> "StepForm":
        """The same step with other values."""
        return StepForm(self.subject, self.step, record, self.sources, data)

    def _element(self, name: str, spec: Any) -> Element:
        element = self._made(name, spec)
        element.label = capfirst(self.subject.label(name))
        return element

    def _made(self, name: str, spec: Any) -> Element:
        stored = self.record[name]
        many = getattr(spec, "many", None)
        if many is not None and len(stored) > MOST_IN_FORM:
            spec = many
        if isinstance(spec, Control):
            control = copy.deepcopy(spec)
            control.required = name in self.subject.needed  # only for its label: saving asks for nothing
            return ControlElement(name, self.sources, stored, control)
        return spec(name, self.sources, stored)

    def _merged(self) -> MultiValueDict:
        merged = MultiValueDict({key: self.sent_data.getlist(key) for key in self.sent_data})
        for name, element in self.elements.items():
            if not element.sent(self.sent_data):
                for key in [key for key in merged if owns(element, key)]:
                    del merged[key]
                filled = element.fill(self.record[name])
                merged.update(MultiValueDict({key: values for key, values in filled.items() if key != "has"}))
        return merged

    def values(self) -> Record:
        """The fields that were sent, with their values; what cannot be read is in `errors` and at its control."""
        found: Record = {}
        for name, element in self.elements.items():
            if element.sent(self.sent_data):
                try:
                    found[name] = value_of(element, self.data)
                except Unfit as problem:
                    self.errors[name] = [str(problem)]
        return found

    def refuse(self, messages: Mapping[str, Iterable[Any]]) -> None:
        """Show these messages at their fields, as what could not be saved."""
        for name, texts in messages.items():
            if name in self.elements:
                self.errors.setdefault(name, []).extend(str(text) for text in texts)
                self.warn({name: texts})

    def warn(self, messages: Mapping[str, Iterable[Any]]) -> None:
        """Show these messages at their fields."""
        for name, texts in messages.items():
            if name in self.elements:
                for text in texts:
                    self.elements[name].refuse(str(text))

    def begin(self) -> None:
        """Rows that invite to fill something in; once everything has been read."""
        for element in self.elements.values():
            if isinstance(element, RowsElement):
                element.begin()

    def change_rows(self, add: str, remove: str) -> None:
        """What the buttons without scripts ask for: a row more in this list, or this row (`funders-2`) less."""
        if isinstance(element := self.elements.get(add), RowsElement):
            element.rows.add().take_focus()
        name, _dash, number = remove.rpartition("-")
        if isinstance(element := self.elements.get(name), RowsElement):
            element.rows.remove(number)

    def sections(
        self,
        object: Any,
        remarks: Mapping[str, list[Any]] | None = None,
        later: Mapping[str, Any] | None = None,
        marks: Mapping[str, Any] | None = None,
    ) -> list[ShownSection]:
        """The layout with its elements, who will see each of them, and what others remark there.

        `later` are fields that are asked for later, with the words for it; `marks` those that are asked for now.
        """
        audiences = self.subject.audiences(object, self.step)
        for name, element in self.elements.items():
            element.audience = audiences.get(name, "")
            element.remarks = (remarks or {}).get(name, [])
            element.mark = (marks or {}).get(name)
        now = {**self.record, **{name: self._now(element) for name, element in self.elements.items()}}
        for row in (row for element in self.elements.values() for row in getattr(element, "forms", ())):
            row.hidden = not when.holds(row.when, now)
        return [
            ShownSection(section, [self._shown(block, now, later or {}) for block in section.blocks])
            for section in self.layout
        ]

    def _now(self, element: Element) -> Any:
        """The value by which parts of the form are asked for; as stored where it cannot be read."""
        if not isinstance(element, ControlElement):
            return element.stored
        try:
            return element.read()
        except Unfit:
            return element.stored

    def _shown(self, block: Block, now: Record, later: Mapping[str, Any]) -> ShownBlock:
        elements = [self.elements[name] for name in block.specs]
        if len(elements) > 1 and block.legend:  # there the legend says that they may be left empty
            for element in elements:
                element.control.required = True
        hidden = not when.holds(block.when, now) and not any(element.errors for element in elements)
        hidden = hidden or any(element.nothing_to_choose for element in elements)
        here = block.when if when.names(block.when) <= set(self.elements) else ""
        optional = not any(element.name in self.subject.needed for element in elements)
        return ShownBlock(block, elements, hidden, here, optional, self._folded(elements, later))

    def _folded(self, elements: list[Any], later: Mapping[str, Any]) -> Any:
        """When this is asked for, where that is later and nobody has begun with it."""
        fields = self.subject.fields
        begun = any(element.errors or element.stored != fields[element.name].empty for element in elements)
        words = [later.get(element.name) for element in elements]
        return "" if begun or not words or None in words else words[0]

    @property
    def summary(self) -> list[dict[str, str]]:
        """Everything that could not be saved, with links to the fields."""
        return [
            {
                "label": str(capfirst(self.subject.label(name))),
                "text": " ".join(dict.fromkeys(texts)),
                "target": self.elements[name].id,
            }
            for name, texts in self.errors.items()
        ]
