"""An import as its page and its report show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from ..badges import Badge
from ..wording import number
from .asking import WRITTEN
from .contract import Importer, Outcome
from .forms import name_of_answer
from .models import ImportJob, ImportRow, JobState

SHORT = 160  # characters of a value that stand in the row; the whole opens
BEFORE = 40  # of them from before the difference

BADGES = {
    Outcome.NEW: Badge(Outcome.NEW.label, "positive", "sprout"),
    Outcome.CHANGED: Badge(Outcome.CHANGED.label, "info", "pencil"),
    Outcome.UNCHANGED: Badge(Outcome.UNCHANGED.label, "neutral", "check"),
    Outcome.REFUSED: Badge(Outcome.REFUSED.label, "negative"),
}
STATES = {
    JobState.WAITING: "info",
    JobState.CHECKING: "info",
    JobState.CHECKED: "warning",
    JobState.IMPORTING: "info",
    JobState.DONE: "positive",
    JobState.FAILED: "negative",
    JobState.DISCARDED: "neutral",
}
QUESTIONS = "questions"
TABS = {
    "": pgettext_lazy("records of an import", "All"),
    Outcome.NEW.value: pgettext_lazy("records of an import", "New"),
    Outcome.CHANGED.value: pgettext_lazy("records of an import", "Changed"),
    Outcome.UNCHANGED.value: pgettext_lazy("records of an import", "Unchanged"),
    Outcome.REFUSED.value: pgettext_lazy("records of an import", "Refused"),
    QUESTIONS: gettext_lazy("Questions"),
}


@dataclass(frozen=True)
class Value:
    """A value as words; when it is long, `short` is the part of it that differs from the other one."""

    whole: str
    short: str = ""

    @classmethod
    def pair(cls, old: str, new: str) -> tuple["Value", "Value"]:
        """Two values of one field, both cut from just before the place where they begin to differ."""
        same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        start = max(0, same - BEFORE)
        return cls._from(old, start), cls._from(new, start)

    @classmethod
    def _from(cls, text: str, start: int) -> "Value":
        if len(text) <= SHORT:
            return cls(text)
        end = start + SHORT
        return cls(text, f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}")


@dataclass(frozen=True)
class Change:
    """A field with its old and new value."""

    label: str
    old: Value
    new: Value


@dataclass(frozen=True)
class Question:
    """A field that was edited here while the source changed it, too; `name` is that of the choice in the form."""

    label: str
    here: Value
    there: Value
    name: str
    takes_source: bool


@dataclass(frozen=True)
class Shown:
    """One record of the file as the page shows it."""

    row: ImportRow
    title: str
    url: str
    badge: Badge
    changes: list[Change] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def shown(row: ImportRow, importer: Importer, job: ImportJob) -> Shown:
    """The row with words for its fields and values."""
    taken = row.taken(job.takes_source)

    def values(name: str, pair: Sequence[Any]) -> tuple[Value, Value]:
        return Value.pair(*(str(importer.show(name, content)) for content in pair))

    def label(name: str) -> str:
        return capfirst(str(importer.label_of(name)))

    return Shown(
        row=row,
        title=row.title or row.key or row.position,
        url=importer.address_of(row.number) if row.number else "",
        badge=BADGES[Outcome(row.outcome)],
        changes=[Change(label(name), *values(name, pair)) for name, pair in row.changes.items()],
        questions=[
            Question(label(name), *values(name, pair), name_of_answer(row.ordinal, n), name in taken)
            for n, (name, pair) in enumerate(sorted(row.questions.items()))
        ],
    )


def state_badge(job: ImportJob) -> Badge:
    """Where the import stands."""
    return Badge(JobState(job.state).label, STATES[JobState(job.state)])


def tabs(job: ImportJob, current: str) -> list[dict[str, Any]]:
    """One view per outcome with its number, and one for the questions when there are any."""
    counts = {"": sum(job.counts.values()), **job.counts, QUESTIONS: job.rows.with_questions().count()}
    return [
        {
            "label": label,
            "url": f"?show={name}" if name else "?",
            "current": name == current,
            "count": counts.get(name, 0),
        }
        for name, label in TABS.items()
        if name != QUESTIONS or counts[QUESTIONS]
    ]


def rows_of(job: ImportJob, tab: str) -> QuerySet[ImportRow]:
    """The records in this view."""
    if tab == QUESTIONS:
        return job.rows.with_questions()
    return job.rows.filter(outcome=tab) if tab else job.rows.all()


def confirm_words(job: ImportJob) -> str:
    """What the button says that starts the import: "Import 12 new and 3 changed records"."""
    new, changed = (job.counts.get(outcome, 0) for outcome in WRITTEN)
    if new and changed:
        words = _("Import %(new)s new and %(changed)s changed records")
    elif new:
        words = ngettext("Import %(new)s new record", "Import %(new)s new records", new)
    elif changed:
        words = ngettext("Import %(changed)s changed record", "Import %(changed)s changed records", changed)
    else:
        words = _("Import the answers")
    return words % {"new": number(new), "changed": number(changed)}


def progress_words(job: ImportJob) -> str:
    """How far the worker is."""
    if job.total:
        return _("%(done)s of %(all)s records") % {"done": number(job.position), "all": number(job.total)}
    words = ngettext("%(count)s record looked at", "%(count)s records looked at", job.position)
    return words % {"count": number(job.position)}
