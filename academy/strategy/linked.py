"""What hangs on a programme in higher rooms: each of them says here how to find its own, as far as a person may."""

from collections.abc import Collection
from typing import Any

from academy.core.registries import Registry

from .models import Programme

#: callable(ids of programmes, user) -> {id of a programme: numbers of records that this user may know of, in order}
linked_records = Registry()


def attach_linked(programmes: Collection[Programme], user: Any) -> None:
    """Give each programme `linked`: by kind (courses, studies, innovations) the numbers of its records."""
    ids = [programme.pk for programme in programmes]
    found = {kind: find(ids, user) for kind, find in linked_records.items()} if ids else {}
    for programme in programmes:
        programme.linked = {kind: numbers.get(programme.pk, []) for kind, numbers in found.items()}
