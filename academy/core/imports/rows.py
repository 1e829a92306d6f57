"""The rows of a job: written by the worker with each batch, read back for duplicates and answers."""

from collections.abc import Iterable, Sequence

from .contract import Answer
from .models import ImportJob, ImportRow
from .run import Row

#: everything but the person's answers, which stay when a record is written over
WRITTEN = ["position", "outcome", "key", "title", "number", "changes", "questions", "asks", "reason", "notes"]


def write(job: ImportJob, rows: Sequence[Row]) -> None:
    """Keep what was found or done, over what was found before."""
    ImportRow.objects.bulk_create(
        [_row(job, row) for row in rows],
        update_conflicts=True,
        unique_fields=["job", "ordinal"],
        update_fields=WRITTEN,
    )


def _row(job: ImportJob, row: Row) -> ImportRow:
    plan = row.plan
    return ImportRow(
        job=job,
        ordinal=row.ordinal,
        position=row.position[:300],
        outcome=plan.outcome,
        key=_kept_key(plan.key),
        title=str(plan.title)[:300],
        number=plan.number,
        changes=plan.changes,
        questions=plan.questions,
        asks=bool(plan.questions),
        reason=str(plan.reason),
        notes=[str(note) for note in plan.notes],
    )


def _kept_key(key: str) -> str:
    return key[:200]


class SeenInRows:
    """Keys of the records before `job.position`, so that they outlive the worker."""

    def __init__(self, job: ImportJob) -> None:
        self._job = job

    def where(self, keys: Iterable[str]) -> dict[str, str]:
        wanted = {_kept_key(key): key for key in keys}
        if not wanted:
            return {}
        before = self._job.rows.accepted().filter(ordinal__lte=self._job.position, key__in=wanted)
        return {wanted[key]: position for key, position in before.values_list("key", "position")}


def answers(job: ImportJob, first: int, count: int) -> dict[tuple[str, str], Answer]:
    """What the person said to every question in these records; what was left as it was offered counts, too."""
    asking = job.rows.with_questions().filter(ordinal__gte=first, ordinal__lt=first + count)
    return {
        (row.key, field): Answer(here, field in row.taken(job.takes_source))
        for row in asking
        for field, (here, _there) in row.questions.items()
    }
