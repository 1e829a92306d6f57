"""Elements: how each field of the record stands in the form, be it one control, rows, or something of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.datastructures import MultiValueDict

from academy.core.cleaning import Unfit
from academy.core.translation import language_of

from .controls import Choice, Control, Many, Tick
from .plain import PlainForm
from .rows import Row, Rows, filled
from .sources import Sources
from .subject import Record

Sent = dict[str, list[str]]


class Element(Protocol):
    """One field of the record in a form; `template` shows it."""

    name: str
    template: str

    def sent(self, data: MultiValueDict) -> bool:
        """Whether the browser sent this field at all; what it did not send is left alone."""

    def fill(self, value: Any) -> Sent:
        """Names and values as a browser would send them for this value."""

    def take(self, data: MultiValueDict) -> None:
        """Stand with these names and values."""

    def read(self) -> Any:
        """The value of the record; raises `Unfit`."""

    def refuse(self, message: str) -> None:
        """Show a message here."""


Spec = Callable[[str, Sources, Any], Element]


class BaseElement:
    """What every element has; `label` is set by the form, which knows the record."""

    label = ""
    #: who will see it, in words, where that is not everybody
    audience = ""
    remarks: Sequence[Any] = ()
    #: what says that it is asked for, and whether it is there; None where nobody asks
    mark: Any = None
    nothing_to_choose = False

    def __init__(self, name: str, sources: Sources, stored: Any) -> None:
        self.name, self.sources, self.stored = name, sources, stored
        self.errors: list[str] = []

    @property
    def language(self) -> str:
        """The language in which it is written; empty when it belongs to none."""
        return language_of(self.name)

    @property
    def id(self) -> str:
        """Where a link in the error summary goes to."""
        return f"list-{self.name}"

    def sent(self, data: MultiValueDict) -> bool:
        return self.name in data.getlist("has")

    def refuse(self, message: str) -> None:
        self.errors.append(message)


class ControlElement(BaseElement):
    """A field that is one control."""

    template = "editing/control.html"

    def __init__(self, name: str, sources: Sources, stored: Any, control: Control) -> None:
        super().__init__(name, sources, stored)
        self.control = control
        control.connect(sources, stored)
        if self.language:
            control.widget.attrs["lang"] = self.language  # for whoever reads it aloud or looks at the spelling

    @property
    def id(self) -> str:
        several = isinstance(self.control, Choice) and self.control.radio
        return f"id_{self.name}_0" if several else f"id_{self.name}"

    def sent(self, data: MultiValueDict) -> bool:
        return super().sent(data) if self.marked else self.name in data

    @property
    def marked(self) -> bool:
        """Whether the form has to say that it is there, because nothing is sent when nothing is ticked."""
        return isinstance(self.control, Many | Tick)

    def fill(self, value: Any) -> Sent:
        shown = self.control.fill(value)
        sent = {self.name: shown if isinstance(shown, list) else [shown]}
        return {**sent, "has": [self.name]} if self.marked else sent

    def take(self, data: MultiValueDict) -> None:
        self.form = _OneControl(data, sources=self.sources, name=self.name, control=self.control)
        self.form.fields[self.name].label = self.control.label or self.label

    @property
    def filled_in(self) -> bool:
        """Whether something stands in it."""
        return bool(self.form.typed(self.name))

    @property
    def nothing_to_choose(self) -> bool:
        """Whether there is no list to tick anything of."""
        return isinstance(self.control, Many) and not self.control.widget.choices

    @property
    def bound(self) -> Any:
        return self.form[self.name]

    def read(self) -> Any:
        return self.control.read(self.form.typed(self.name))

    def refuse(self, message: str) -> None:
        super().refuse(message)
        self.form.add_error(self.name, message)


class _OneControl(PlainForm):
    def __init__(self, data: Any, *, sources: Sources, name: str, control: Control) -> None:
        super().__init__(data, sources=sources)
        self.fields[name] = control


@dataclass(frozen=True)
class RowsSpec:
    """A list of rows. `add` is what the button says; `one` begins an empty list with a row; `offered` are rows that are
    there to be filled in (`parts`, and when they are asked for); `many` is for lists too long for rows."""

    kind: type[Row]
    add: Any
    one: bool = False
    offered: tuple[tuple[Mapping[str, str], str], ...] = ()
    many: Control | None = None

    def __call__(self, name: str, sources: Sources, stored: Any) -> "RowsElement":
        return RowsElement(name, sources, stored, self)


class RowsElement(BaseElement):
    """A field that is a list of rows."""

    template = "editing/rows.html"

    def __init__(self, name: str, sources: Sources, stored: Any, spec: RowsSpec) -> None:
        super().__init__(name, sources, stored)
        self.spec = spec

    def fill(self, value: Any) -> Sent:
        return {"has": [self.name], **filled(self.name, self.spec.kind, value or [], self.sources)}

    def take(self, data: MultiValueDict) -> None:
        self.rows = Rows(self.name, self.spec.kind, data, self.sources, self.stored or [])
        self.spec.kind.prepare(self.rows.forms, self.stored or [])

    @property
    def add(self) -> Any:
        """What the button that adds a row says."""
        return self.spec.add

    @property
    def forms(self) -> list[Row]:
        return self.rows.forms

    def read(self) -> list[Record]:
        return self.rows.values()

    def begin(self) -> None:
        """Add the rows that invite to fill something in; after reading, before showing."""
        for parts, when in self.spec.offered:
            if not any(row.has(parts) for row in self.rows.forms):
                row = self.rows.add(parts)
                row.when = when
                self.rows.data[f"{row.prefix}-offered"] = parts[row.offered_part]
        if self.spec.one and not self.rows.forms:
            self.rows.add()

    def refuse(self, message: str) -> None:
        """At the row that the message names, else above them all; what a row says already is not said twice."""
        if message == " ".join(dict.fromkeys(said for row in self.rows.forms for said in row.messages)):
            return
        for row in self.rows.forms:
            part = next((part for part in row.named_in_messages if (row.typed(part) or "\x00") in message), None)
            if part:
                row.add_error(part, message)
                return
        super().refuse(message)


@dataclass(frozen=True)
class SingleSpec:
    """A field that is one row or nothing; `nothing` is what it is then."""

    kind: type[Row]
    nothing: Any = None

    def __call__(self, name: str, sources: Sources, stored: Any) -> "SingleElement":
        return SingleElement(name, sources, stored, self)


class SingleElement(BaseElement):
    template = "editing/single.html"

    def __init__(self, name: str, sources: Sources, stored: Any, spec: SingleSpec) -> None:
        super().__init__(name, sources, stored)
        self.spec = spec

    def fill(self, value: Any) -> Sent:
        return {"has": [self.name], **filled(self.name, self.spec.kind, [value or {}], self.sources)}

    def take(self, data: MultiValueDict) -> None:
        self.row = self.spec.kind(data, sources=self.sources, stored=self.stored or {}, prefix=f"{self.name}-0")

    def read(self) -> Any:
        return self.spec.nothing if self.row.is_blank() else self.row.values()

    def refuse(self, message: str) -> None:
        if message not in self.row.messages:
            super().refuse(message)


def owns(element: Element, key: str) -> bool:
    """Whether this name in the form belongs to the element."""
    return key == element.name or key.startswith(f"{element.name}-")


def untouched(element: Element, data: MultiValueDict, value: Any) -> bool:
    """Whether the form shows exactly this value, so that there is nothing to read."""
    shown = {key: sent for key, sent in element.fill(value).items() if owns(element, key)}
    typed = {key: data.getlist(key) for key in data if owns(element, key)}
    return _tidy(shown) == _tidy(typed)


def _tidy(sent: Mapping[str, list[str]]) -> Sent:
    lines = {key: [str(value).replace("\r\n", "\n") for value in values if value] for key, values in sent.items()}
    return {key: sorted(values) for key, values in lines.items() if values}


def value_of(element: Element, data: MultiValueDict) -> Any:
    """What the element says now; raises `Unfit`, with the message at the control that it is about."""
    if untouched(element, data, element.stored):
        return element.stored
    try:
        return element.read()
    except Unfit as problem:
        element.refuse(str(problem))
        raise
