"""What imports keep of a person, for "export my data"."""

from typing import Any

from .. import registries
from .models import ImportJob


@registries.personal_data.register("imports")
def personal_data(person: Any) -> list[dict[str, Any]]:
    """The files that this person gave, without what stood in them."""
    jobs = ImportJob.objects.filter(person_id=str(person.pk)).order_by("pk")
    return list(jobs.values("kind", "name", "size", "state", "created_at", "finished_at"))
