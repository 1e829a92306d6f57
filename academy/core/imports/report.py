"""The report of an import: what was found or done, record by record, as a file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..exports import Column
from .contract import Importer, Outcome
from .models import ImportJob, ImportRow
from .showing import Shown, shown


def rows(job: ImportJob, importer: Importer) -> Iterator[Shown]:
    """Every record of the file in its order, a few at a time."""
    found: Iterator[ImportRow] = job.rows.order_by("ordinal").iterator(chunk_size=500)
    return (shown(row, importer, job) for row in found)


def _changes(one: Shown) -> list[str]:
    return [f"{change.label}: {change.old.whole or '–'} → {change.new.whole or '–'}" for change in one.changes]


def _questions(one: Shown) -> list[str]:
    words = _("%(field)s: here %(here)s, in the source %(there)s")
    return [
        words % {"field": question.label, "here": question.here.whole or "–", "there": question.there.whole or "–"}
        for question in one.questions
    ]


COLUMNS = (
    Column("position", pgettext_lazy("report of an import", "Place in the file"), lambda one: one.row.position),
    Column("outcome", pgettext_lazy("report of an import", "Outcome"), lambda one: Outcome(one.row.outcome).label),
    Column("number", pgettext_lazy("report of an import", "Our number"), lambda one: one.row.number),
    Column("key", pgettext_lazy("report of an import", "Matched on"), lambda one: one.row.key),
    Column("title", gettext_lazy("Title"), lambda one: one.row.title),
    Column("reason", pgettext_lazy("report of an import", "Reason"), lambda one: one.row.reason),
    Column("changes", pgettext_lazy("report of an import", "Changes"), _changes),
    Column("questions", gettext_lazy("Questions"), _questions),
    Column("notes", pgettext_lazy("report of an import", "Notes"), lambda one: one.row.notes),
)
