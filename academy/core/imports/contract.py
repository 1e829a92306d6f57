"""What an importer gives, and what the machinery around it gives in return.

An importer knows one kind of record: how to read it from a file, what would change, and how to write it. The machinery
(`run`, `jobs`) gives batches, transactions, progress, taking up again, duplicates inside one file, and the pages.
Subclass `Importer` and call `register` from the room's `AppConfig.ready`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, ClassVar, NamedTuple, Protocol

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..errors import DomainError, Unknown

Words = str | Promise


class Unreadable(DomainError):
    """The file as a whole cannot be used: not JSON, too large, another encoding. Nothing of it is imported (400)."""

    code = "unreadable_file"
    status = 400
    message = _("This file cannot be read.")


@dataclass(frozen=True)
class Raw:
    """One record as it came; `problem` says why it is refused before anybody looks at `data`.

    `position` tells a person where it stood ("studies.json, record 12"), in the language that is active while reading;
    `size` is how many characters it was read from.
    """

    position: str
    data: Any = None
    problem: Words = ""
    size: int = field(default=0, compare=False)


class Outcome(models.TextChoices):
    """What importing this record does."""

    NEW = "new", pgettext_lazy("outcome of an import", "New")
    CHANGED = "changed", pgettext_lazy("outcome of an import", "Changed")
    UNCHANGED = "unchanged", pgettext_lazy("outcome of an import", "Unchanged")
    REFUSED = "refused", pgettext_lazy("outcome of an import", "Refused")


@dataclass
class Plan:
    """What importing one record does (`Importer.plan`) or did (`Importer.apply`).

    `key` is what identifies the record in its source and what it was matched on; a second record of one file with the
    same key is refused by the machinery. Values in `changes` and `questions` are plain JSON; words for them are made by
    `Importer.label_of` and `Importer.show` when a page or report needs them.
    """

    outcome: Outcome
    key: str = ""
    title: str = ""
    #: field → (old, new): what is written
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    #: field → (here, there): a person edited it here and the source changed it too; ours stays unless
    #: `context.answer(key, field, here)` says otherwise, then the field stands in `changes` instead
    questions: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    reason: Words = ""
    #: our number, as soon as there is one: a link is made of it
    number: str = ""
    #: what a person should know though nothing stops it: a value left out, a title cut short
    notes: list[Words] = field(default_factory=list)


def refused(reason: Words, *, key: str = "", title: str = "") -> Plan:
    """The plan of a record that is not imported, and why."""
    return Plan(Outcome.REFUSED, key=key, title=title, reason=reason)


class Answer(NamedTuple):
    """What a person said to a question, and our value that they saw when they did."""

    here: Any
    takes_source: bool


@dataclass(frozen=True)
class Context:
    """For whom and how: `options` are the cleaned values of `options_form`, `answers` those to the questions that a
    person was asked, by (key, field)."""

    actor: Any = None
    options: dict[str, Any] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)

    def answering(self, answers: Mapping[tuple[str, str], Answer]) -> "Context":
        """The same with these answers."""
        return replace(self, answers=answers)

    def answer(self, key: str, field: str, here: Any) -> bool | None:
        """Whether the source's value is taken; None when nobody was asked, or about another value of ours."""
        answer = self.answers.get((key, field))
        return answer.takes_source if answer and answer.here == here else None


class Importer(Protocol):
    """One kind of record and the files it comes in; one instance serves all jobs, so it keeps nothing between calls."""

    #: stands in addresses and rows: "studies"
    kind: ClassVar[str]
    #: heading of the page: "Import studies"
    label: ClassVar[Words]
    #: what is offered on the page about the files that can be used, one or two sentences
    help: ClassVar[Words] = ""
    extensions: ClassVar[tuple[str, ...]] = (".json", ".jsonl", ".zip")
    #: records per transaction, fewer when they are large
    batch: ClassVar[int] = 100

    def may(self, user: Any) -> bool:
        """Whether this person may import this kind."""
        ...

    def read(self, file: BinaryIO, name: str) -> Iterator[Raw]:
        """Records in the order of the file, one at a time, in flat memory; may raise `Unreadable`.

        `reading.json_records(file, name, inside=("studies",))` does this for JSON. It starts at the beginning of the
        file whenever it is called: a file is read once to look at it, and again to import it.
        """
        ...

    def remarks(self, file: BinaryIO, name: str) -> list[str]:
        """What a person should know about the file as a whole: parts that are not read. Raises what `read` raises."""
        return []

    def plan(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        """One plan per record, in order; reads the database only. Never called with a `Raw` that has a problem.

        A record that cannot be used gets `refused(…)`. An exception costs the batch its speed only: it is then done
        one record at a time, and the record that raises is refused (a `DomainError` gives its own words as reason).
        """
        ...

    def apply(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        """Write, inside the one transaction of this batch; one plan per record, in order, saying what was done.

        What `plan` found is looked up again here: minutes may lie between, and more than one batch of a file may touch
        the same record. Applying the same file twice gives `unchanged` the second time.
        """
        ...

    def name_of(self, raw: Raw) -> str:
        """What a person recognises a record by that was refused while reading; `data` may be a part, or None."""
        return ""

    def for_page(self) -> "Importer":
        """The importer that makes the words of one page: it may keep what it looks up for them."""
        return self

    def label_of(self, field: str) -> Words:
        """The name of a field as a person reads it."""
        return field

    def show(self, field: str, value: Any) -> str:
        """A value of `changes` or `questions` as a person reads it; it is escaped afterwards."""
        return "" if value is None else str(value)

    def address_of(self, number: str) -> str:
        """Where the record with our number stands; "" without a link."""
        return ""

    def options_form(self, data: Any = None, *, user: Any = None) -> forms.Form | None:
        """What else is asked with the file; cleaned values must be plain JSON. None: nothing."""
        return None


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Offer this importer under its kind; registering a kind again replaces it."""
    _importers[importer.kind] = importer


def importers() -> list[Importer]:
    """Every importer that is offered, by its kind."""
    return [_importers[kind] for kind in sorted(_importers)]


def importer(kind: str) -> Importer:
    """The importer of this kind, or `Unknown`."""
    try:
        return _importers[kind]
    except KeyError:
        raise Unknown from None
