"""Ideas that wait for an innovation manager, the oldest first."""

from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from academy.accounts.models import Role
from academy.accounts.permissions import roles_of
from academy.core.models import Event

from .models import Innovation
from .permissions import managed
from .states import PublicationState


def overseen(user: Any) -> QuerySet[Innovation]:
    """The innovations of the hospitals whose innovation manager the user is; an auditor sees all."""
    return Innovation.objects.all() if roles_of(user).has(Role.AUDITOR) else managed(user)


def handed_in(user: Any) -> QuerySet[Innovation]:
    """Ideas to take into the portfolio or to give back, with `handed_in_at`, the oldest first."""
    waiting = overseen(user).filter(publication_state=PublicationState.SUBMITTED)
    return with_last(waiting, "submit", "handed_in_at").order_by("handed_in_at", "pk")


def with_last(innovations: QuerySet[Innovation], verb: str, name: str) -> QuerySet[Innovation]:
    """With the moment at which this happened last, or at which it was put in."""
    happened = Event.objects.filter(
        object_type=Innovation._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
        verb=verb,
    )
    last = Subquery(happened.order_by("-pk").values("at")[:1])
    return innovations.annotate(**{name: Coalesce(last, "created_at")})


def for_rows(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """With what a row of the queue shows, in a fixed number of queries."""
    return innovations.select_related("owner", "pillar").prefetch_related("organisations", "units")
