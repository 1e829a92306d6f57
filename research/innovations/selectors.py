"""Questions about innovations that go over several tables, or that depend on who asks."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, QuerySet
from wagtail.models import Revision

from academy.core.errors import Unknown

from .models import Assessment, Condition, Decision, Innovation
from .permissions import visible_to
from .record import Record, with_everything


def revisions_of(innovation: Innovation) -> QuerySet[Revision]:
    """Every version of the record, newest first."""
    kind = ContentType.objects.get_for_model(Innovation)
    return Revision.objects.filter(base_content_type=kind, object_id=str(innovation.pk)).order_by("-pk")


def record_at(innovation: Innovation, version: int) -> Record:
    """The record at this version; raises `Unknown` when there never was one."""
    found = revisions_of(innovation).filter(content__version=version).first()
    if found is None:
        raise Unknown
    return found.content["record"]


def with_rights(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Innovations with what the permissions read, in two queries."""
    return innovations.prefetch_related("organisations", "team")


def for_page(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Innovations with all that their page shows, in a fixed number of queries."""
    conditions = Condition.objects.select_related("owner")
    decisions = Decision.objects.select_related("body", "owner", "document")
    return with_everything(innovations).prefetch_related(
        "passages",
        "units__organisation",
        Prefetch("assessments", Assessment.objects.select_related("by")),
        Prefetch("decisions", decisions.prefetch_related(Prefetch("conditions", conditions))),
    )


def innovation_for(user: Any, number: str, innovations: QuerySet[Innovation] | None = None) -> Innovation:
    """The innovation of this number with what rights need, when this user may know of it; else raises `Unknown`."""
    found = visible_to(with_rights(innovations if innovations is not None else Innovation.objects.all()), user)
    innovation = found.filter(number=number).first()
    if innovation is None:
        raise Unknown
    return innovation


def page_for(user: Any, number: str) -> Innovation:
    """The innovation of this number with all that its page shows, when this user may know of it; else `Unknown`."""
    return innovation_for(user, number, for_page(Innovation.objects.all()))


def history_for(user: Any, number: str) -> Innovation:
    """The same with what its history is told from."""
    told = Prefetch("decisions", Decision.objects.select_related("body"))
    return innovation_for(user, number, Innovation.objects.prefetch_related(told))


def portfolio(user: Any) -> QuerySet[Innovation]:
    """What this user's portfolio counts: published innovations that the user may know of; drafts are never in it."""
    return visible_to(Innovation.objects.published(), user)
