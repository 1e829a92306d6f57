"""How a step is laid out: sections with a heading, in them blocks of one, two or more fields."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from .controls import Control
from .elements import Spec


@dataclass(frozen=True)
class Block:
    """Fields that belong together. `when` says when they are asked for; `template` shows them."""

    specs: Mapping[str, Control | Spec] = field(default_factory=dict)
    legend: Any = ""
    hint: Any = ""
    when: str = ""
    template: str = "editing/one.html"


@dataclass(frozen=True)
class Section:
    """A part of a step under a heading; `id` is where links to it go, `after` a template that stands below it."""

    id: str
    title: Any
    blocks: tuple[Block, ...]
    intro: Any = ""
    when: str = ""
    after: str = ""

    def specs(self) -> Iterator[tuple[str, Control | Spec]]:
        """The fields of the section with what makes their element."""
        for block in self.blocks:
            yield from block.specs.items()


def one(name: str, control: Control, when: str = "") -> Block:
    """A field alone."""
    return Block({name: control}, when=when)


def pair(stem: str, kind: Callable[..., Control], legend: Any, hint: Any = "", when: str = "", **options: Any) -> Block:
    """The same in Dutch and in English, side by side."""
    specs = {f"{stem}_nl": kind(_("In Dutch"), **options), f"{stem}_en": kind(_("In English"), **options)}
    return Block(specs, legend, hint, when, "editing/pair.html")


def line(legend: Any = "", hint: Any = "", when: str = "", **controls: Control) -> Block:
    """Short fields beside each other."""
    return Block(controls, legend, hint, when, "editing/pair.html")


def several(name: str, spec: Spec, legend: Any, hint: Any = "", when: str = "") -> Block:
    """A field that has a legend of its own: rows, hospitals, levels."""
    return Block({name: spec}, legend, hint, when, "editing/several.html")


def note(template: str, when: str = "") -> Block:
    """An explanation between the fields, in a template of its own."""
    return Block(when=when, template=template)
