"""Questions about studies that go over several tables, or that depend on who asks."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from wagtail.models import Revision

from academy.core.errors import Unknown

from . import identifiers
from .models import Access, Approval, Deadline, Decision, Identifier, Review, Site, Study
from .permissions import visible_to
from .record import Record, with_everything


def revisions_of(study: Study) -> QuerySet[Revision]:
    """Every version of the record, newest first."""
    kind = ContentType.objects.get_for_model(Study)
    return Revision.objects.filter(base_content_type=kind, object_id=str(study.pk)).order_by("-pk")


def record_at(study: Study, version: int) -> Record:
    """The record as its team saw it at this version; raises `Unknown` when there never was one."""
    found = revisions_of(study).filter(content__version=version).first()
    if found is None:
        raise Unknown
    return found.content["record"]


def published_in(revision: Revision) -> Record:
    """The record of this version without what waited for the bureau then."""
    return {**revision.content["record"], **revision.content["proposed"]}


def with_rights(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Studies with what the permissions read, in two queries."""
    return studies.prefetch_related("access", Prefetch("sites", Site.objects.select_related("organisation")))


def for_page(studies: QuerySet[Study], signed_in: bool = True) -> QuerySet[Study]:
    """Studies with all that their page shows, in a fixed number of queries; fewer for who is not signed in."""
    approvals = Approval.objects.select_related("document")
    reviews = Review.objects.select_related("assigned_to").prefetch_related(Prefetch("approvals", approvals))
    reviews = reviews.annotate(decided_on=Subquery(_decisions().values("decided_on")[:1]))
    if signed_in:
        reviews = reviews.prefetch_related(Prefetch("decisions", Decision.objects.select_related("document")))
    sites = Site.objects.select_related("organisation").prefetch_related(Prefetch("reviews", reviews), "counts")
    whole = with_everything(studies, sites)
    deadlines = Deadline.objects.select_related("site__organisation")
    return whole.prefetch_related("access", Prefetch("deadlines", deadlines)) if signed_in else whole


def _decisions() -> QuerySet[Decision]:
    """The decisions of the review that a query is about, newest first."""
    return Decision.objects.filter(review=OuterRef("pk")).order_by("-pk")


def page_for(user: Any, number: str) -> Study:
    """The study of this number with all that its page shows, when this user may know of it; else raises `Unknown`."""
    studies = for_page(Study.objects.all(), signed_in=getattr(user, "is_authenticated", False))
    study = visible_to(studies, user).filter(number=number).first()
    if study is None:
        raise Unknown
    return study


def for_editing(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Studies with their record and what the permissions read, in a fixed number of queries."""
    return with_everything(studies).prefetch_related("access")


def study_for(user: Any, number: str, studies: QuerySet[Study] | None = None) -> Study:
    """The study of this number with its access and sites, when this user may know of it; else raises `Unknown`."""
    found = visible_to(with_rights(studies if studies is not None else Study.objects.all()), user)
    study = found.filter(number=number).first()
    if study is None:
        raise Unknown
    return study


def mine(user: Any) -> QuerySet[Study]:
    """The studies of whose team the user is, the last changed first."""
    return with_rights(Study.objects.filter(access__person=user)).order_by("-changed_at", "-pk")


def same_identifiers(rows: Iterable[Record], user: Any, besides: int | None = None) -> dict[str, Study]:
    """By number of these identifiers another study that has it, too; only those that the user may know of."""
    keys = {
        (row["authority"], identifiers.key_of(row["authority"], row["number"])): row["number"]
        for row in rows
        if row["authority"] in identifiers.STRONG and row["number"]
    }
    if not keys:
        return {}
    known = Identifier.objects.filter(key__in={key for _authority, key in keys}).exclude(study=besides)
    known = known.filter(study__in=visible_to(Study.objects.all(), user).values("pk")).select_related("study")
    return {keys[row.authority, row.key]: row.study for row in known if (row.authority, row.key) in keys}


def editors_of(study: Study) -> QuerySet[Access]:
    """Access rows of the people who edit the study and have an account."""
    return study.access.filter(level=Access.Level.EDITOR, person__is_active=True).select_related("person")
