"""The lists behind the managers' questions: what lies still, which gates are open, what ended and why, and what waits.

Each is one definition, from which its page and its file are made.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from academy.core.translation import pick

from . import badges, listing
from .cells import Cell, ListColumn, Row
from .columns import (
    DAYS,
    GATE_DUE,
    HOSPITALS,
    NEXT_GATE,
    NUMBER,
    OUTCOME,
    OWNER,
    PILLAR,
    STAGE,
    TITLE,
    due_cell,
    named,
    person,
    with_columns,
)
from .models import Innovation
from .states import Outcome, Stage
from .vocabularies import DependencyKind

Words = str | Promise
AT_ONCE = 200  # rows read together for a file


def _decision(name: str, words: Words, value: Callable[[Any], Any], **more: Any) -> ListColumn:
    """A column about the decision of the row; nothing where there is none."""
    return ListColumn(name, words, lambda row: value(row.decision) if row.decision else "", **more)


def _dependency(name: str, words: Words, value: Callable[[Any], Any], **more: Any) -> ListColumn:
    return ListColumn(name, words, lambda row: value(row.dependency), group="dependencies", **more)


def _text(name: str, words: Words, field: str, group: str = "") -> ListColumn:
    """A text of the innovation in the reader's language, else in the other one."""
    return ListColumn(name, words, lambda row: pick(row.innovation, field), group=group)


BODY = _decision("body", pgettext_lazy("heading", "Body"), lambda one: named(one.body))
DECIDES = _decision("decision_owner", _("owner of the decision"), lambda one: person(one.owner), people=True)
GATE = _decision("gate", pgettext_lazy("heading", "Gate to"), lambda one: Stage(one.gate).label)
DUE = _decision("due", _("decide before"), lambda one: one.due_on, show=lambda row: due_cell(row.decision.due_on))
ENDED_ON = ListColumn("ended_on", pgettext_lazy("heading", "Ended on"), lambda row: row.innovation.outcome_since)
REASON = _text("reason", _("why it ended"), "outcome_reason")
RATIONALE = _decision("rationale", _("rationale of the decision"), lambda one: pick(one, "rationale"))
LESSONS = _text("lessons", pgettext_lazy("heading", "Lessons"), "lessons", "lessons")
KIND = _dependency("kind", _("depends on"), lambda one: one.get_kind_display())
WHICH = _dependency("name", _("which supplier or standard"), lambda one: one.name)
STATE = _dependency(
    "state",
    pgettext_lazy("heading", "State"),
    lambda one: one.get_state_display(),
    show=lambda row: Cell(badge=badges.of_dependency(row.dependency.state)),
)
NOTE = _dependency("note", pgettext_lazy("heading", "Note"), lambda one: pick(one, "note"))


@dataclass(frozen=True)
class Figure:
    """A number above the list; `narrows` is the filter that shows only what it counts."""

    label: Words
    value: int
    narrows: tuple[str, str] | None = None


def _ended_figures(records: QuerySet) -> list[Figure]:
    """How many were stopped and how many withdrawn."""
    counts = dict(records.order_by().values_list("outcome").annotate(n=Count("pk")))
    return [Figure(outcome.label, counts.get(outcome, 0), ("outcome", outcome)) for outcome in Outcome.ended()]


def _gate_figures(records: QuerySet) -> list[Figure]:
    return [Figure(_("overdue"), listing.late(records).order_by().count())]


def _dependency_figures(records: QuerySet) -> list[Figure]:
    """How many of each kind are still to be done."""
    counts = dict(records.order_by().values_list("kind").annotate(n=Count("pk")))
    return [Figure(kind.label, counts.get(kind, 0), ("dependency", kind)) for kind in DependencyKind]


@dataclass(frozen=True)
class Question:
    """One list: its words, its columns, which records it is made of, and the row of each.

    `find(innovations, asked)` gives the records in order, of these innovations, for the query of an address;
    `read(records, columns, *more)` adds what the columns read.
    """

    name: str
    title: Words
    lead: Words
    nothing: Words
    noun: Callable[[int], str]
    file_name: Words
    columns: tuple[ListColumn, ...]
    find: Callable[[QuerySet[Innovation], Any], QuerySet]
    read: Callable[..., QuerySet]
    line: Callable[[Any, Any], Row]
    figures: Callable[[QuerySet], list[Figure]] = lambda records: []
    own_words: bool = False  # it looks for words in more than the filter does, so the filter leaves them to it

    def rows(self, records: Iterable[Any], user: Any) -> Iterator[Row]:
        """The row of each record, which was read with `read`."""
        return (self.line(one, user) for one in records)

    def all_rows(self, records: QuerySet, user: Any) -> Iterator[Row]:
        """Every row, read some at a time."""
        return self.rows(self.read(records, self.columns).iterator(chunk_size=AT_ONCE), user)


def _read_with_innovation(records: QuerySet, columns: Iterable[ListColumn], *more: str) -> QuerySet:
    innovations = with_columns(Innovation.objects.all(), columns, *more)
    return records.prefetch_related(Prefetch("innovation", innovations))


def _read_ended(records: QuerySet, columns: Iterable[ListColumn]) -> QuerySet:
    return listing.with_stops(with_columns(records, columns))


STALLED = Question(
    "stalled",
    _("Stalled for more than 90 days"),
    _("Active innovations, not yet in use, that have been in the same stage for more than 90 days; the longest first."),
    _("Nothing has been in its stage for more than 90 days."),
    lambda n: ngettext("innovation", "innovations", n),
    pgettext_lazy("name of a file", "stalled innovations"),
    (TITLE, NUMBER, STAGE, DAYS, OUTCOME, PILLAR, OWNER, HOSPITALS, NEXT_GATE, GATE_DUE),
    lambda innovations, asked: listing.stalled(innovations),
    with_columns,
    Row,
)
GATES = Question(
    "gates",
    _("Open gate decisions"),
    _("Which body still has to decide about what, who takes care of it, and before which day; the earliest first."),
    _("No gate decision is open."),
    lambda n: ngettext("open decision", "open decisions", n),
    pgettext_lazy("name of a file", "open gate decisions"),
    (TITLE, NUMBER, GATE, BODY, DECIDES, DUE, STAGE, PILLAR),
    lambda innovations, asked: listing.open_gates(innovations),
    _read_with_innovation,
    lambda one, user: Row(one.innovation, user, decision=one),
    _gate_figures,
)
ENDED = Question(
    "ended",
    _("Stopped and withdrawn"),
    _("What ended, who decided so, why, and what others can learn from it; the latest first."),
    _("Nothing was stopped or withdrawn."),
    lambda n: ngettext("innovation", "innovations", n),
    pgettext_lazy("name of a file", "stopped innovations"),
    (TITLE, NUMBER, OUTCOME, ENDED_ON, STAGE, BODY, DECIDES, REASON, RATIONALE, LESSONS),
    lambda innovations, asked: listing.ended(innovations, asked.get("q", "")),
    _read_ended,
    lambda one, user: Row(one, user, decision=listing.stopped_by(one)),
    _ended_figures,
    own_words=True,
)
DEPENDENCIES = Question(
    "dependencies",
    _("What depends on what"),
    _("What has to happen elsewhere first, of all innovations, stopped ones too; what is still open comes first."),
    _("No innovation depends on anything."),
    lambda n: ngettext("dependency", "dependencies", n),
    pgettext_lazy("name of a file", "dependencies"),
    (KIND, WHICH, TITLE, NUMBER, STATE, NOTE, OUTCOME, STAGE, OWNER),
    lambda innovations, asked: listing.dependencies(innovations, asked.getlist("dependency")),
    _read_with_innovation,
    lambda one, user: Row(one.innovation, user, dependency=one),
    _dependency_figures,
)

QUESTIONS: dict[str, Question] = {one.name: one for one in (STALLED, GATES, ENDED, DEPENDENCIES)}
