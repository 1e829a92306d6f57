"""Making records that are missing and leaving alone those that are there: what somebody changed stays changed."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Model

from .content import Row
from .report import Report

M = TypeVar("M", bound=Model)


def make_missing(
    model: type[M], rows: Iterable[Row], columns: Callable[[Row], dict[str, Any]], report: Report, *, by: str = "key"
) -> dict[str, M]:
    """One record per row, found again by its key; returns all of them by key.

    `columns(row)` gives the other columns. Only for records without states: they are written in one statement.
    """
    rows = list(rows)
    found = {getattr(record, by): record for record in model.objects.all()}
    missing = [model(**{by: row["key"]}, **columns(row)) for row in rows if row["key"] not in found]
    model.objects.bulk_create(missing)
    report.count(new=len(missing), unchanged=len(rows) - len(missing))
    return found | {getattr(record, by): record for record in missing}


def link(record: Model, field: str, targets: Iterable[Model]) -> list[Model]:
    """The rows of a many-to-many table, to be written for many records at once."""
    relation = record._meta.get_field(field)
    through = relation.remote_field.through
    own, other = relation.m2m_column_name(), relation.m2m_reverse_name()
    return [through(**{own: record.pk, other: target.pk}) for target in targets]
