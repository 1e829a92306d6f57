"""The append-only log of states, reads of personal data and exports (NEN 7513)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from .models import Event


def record(
    *,
    actor: Model | None,
    object: Model,
    verb: str,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    **data: Any,
) -> Event:
    """Write one row; `actor` None means the system itself. Call it inside the transaction of the change."""
    return Event.objects.create(
        actor_id=str(actor.pk) if actor else "",
        object_type=object._meta.label_lower,
        object_id=str(object.pk),
        verb=verb,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        data=data,
    )


def record_all(happened: Iterable[tuple[Model, str, dict[str, Any]]], *, actor: Model | None, verb: str) -> list[Event]:
    """Rows for many records in one statement: each record, the state it has now, and details."""
    return Event.objects.bulk_create(
        Event(
            actor_id=str(actor.pk) if actor else "",
            object_type=object._meta.label_lower,
            object_id=str(object.pk),
            verb=verb,
            to_state=state,
            data=data,
        )
        for object, state, data in happened
    )


def of(object: Model) -> QuerySet[Event]:
    """The events of one record, newest first."""
    return Event.objects.filter(object_type=object._meta.label_lower, object_id=str(object.pk))
