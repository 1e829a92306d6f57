"""What imports have for a person: the ways to their pages, and what is kept, for "export my data"."""

from typing import Any

from django.urls import reverse

from .. import registries
from .contract import importers
from .models import ImportJob


@registries.personal_data.register("imports")
def personal_data(person: Any) -> list[dict[str, Any]]:
    """The files that this person gave, without what stood in them."""
    jobs = ImportJob.objects.filter(person_id=str(person.pk)).order_by("pk")
    return list(jobs.values("kind", "name", "size", "state", "created_at", "finished_at"))


@registries.doors.register("imports")
def doors(person: Any) -> list[registries.Door]:
    """A way to the page of every list that this person may import."""
    return [
        registries.Door(one.label, reverse("imports:start", args=[one.kind]), "download")
        for one in importers()
        if one.may(person)
    ]
