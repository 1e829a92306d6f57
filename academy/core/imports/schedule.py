"""The worker's part in `run_tasks`, and files that are not kept."""

from datetime import timedelta

from django.db import transaction

from .. import clock, periodic, work
from . import jobs
from .asking import delete_file
from .models import ImportJob, JobState

#: after that long a file is of no use any more, and may hold what nobody should keep
FILE_KEPT = timedelta(days=14)
#: what an import did stands in the event log and in the records; who wants more keeps the report
JOB_KEPT = timedelta(days=365)

work.register("imports", jobs.drain)


@periodic.every("clean-imports", timedelta(hours=6))
def clean() -> None:
    """Delete files and jobs that are old; an import that nobody confirmed lapses with its file."""
    now = clock.now()
    for job in ImportJob.objects.filter(created_at__lte=now - FILE_KEPT).exclude(file="").iterator():
        with transaction.atomic():
            _lapse(job)
    ImportJob.objects.filter(created_at__lte=now - JOB_KEPT, file="").delete()


def _lapse(job: ImportJob) -> None:
    held = ImportJob.objects.select_for_update().get(pk=job.pk)
    if held.state == JobState.IMPORTING:
        return  # parked, perhaps: somebody looks at it, and it needs its file
    if held.state not in JobState.ended():
        jobs.move(held, JobState.DISCARDED, actor=None, done_at=clock.now(), finished_at=clock.now())
    delete_file(held)
