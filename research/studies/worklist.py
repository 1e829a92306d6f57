"""The bureau's queue: which reviews a person sees, in which tab, by which filters, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.accounts.models import Membership, Organisation, Role, User
from academy.accounts.permissions import roles_of
from academy.core import clock

from .models import Approval, Deadline, Remark, Review
from .permissions import bureaus_of
from .states import ApprovalState, ReviewState
from .vocabularies import ApprovalKind

OPEN, RESEARCHER, BODY, DONE = "open", "researcher", "body", "done"
TABS = {
    OPEN: pgettext_lazy("tab of the queue of reviews", "Open"),
    RESEARCHER: pgettext_lazy("tab of the queue of reviews", "With the researcher"),
    BODY: pgettext_lazy("tab of the queue of reviews", "With a body"),
    DONE: pgettext_lazy("tab of the queue of reviews", "Done"),
}
ASSIGNED = {"me": _("Me"), "nobody": _("Nobody")}
DUE = {"overdue": _("Overdue"), "week": _("Within a week")}
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Filters:
    """What was chosen in the toolbar; anything empty does not filter. `studies` are those that the text found."""

    kind: str = ""
    assigned: str = ""
    due: str = ""
    hospital: str = ""
    studies: Iterable[int] | None = None


def visible_reviews(user: Any) -> QuerySet[Review]:
    """Everything that was ever submitted at the hospitals of the user's bureaus; an auditor sees all hospitals."""
    reviews = Review.objects.exclude(submitted_at=None)
    return reviews if roles_of(user).has(Role.AUDITOR) else reviews.of_bureaus(bureaus_of(user))


def hospitals_of(user: Any) -> list[Organisation]:
    """The hospitals of which the user sees reviews, by name."""
    if roles_of(user).has(Role.AUDITOR):
        return list(Organisation.objects.filter(study_sites__isnull=False).distinct().order_by("short_name"))
    return list(Organisation.objects.filter(pk__in=bureaus_of(user)).order_by("short_name"))


def colleagues(hospital: int) -> QuerySet[User]:
    """Who belongs to the science bureau of this hospital today."""
    held = Membership.objects.in_force().filter(organisation=hospital, role=Role.SCIENCE_BUREAU)
    return User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("given_name", "family_name")


def with_urgency(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """With `urgent_on`: the first of the day for deciding and the study's open deadlines at this hospital.

    `next_deadline` and `next_kind` are of that deadline; `urgent_on` is the year 9999 where nothing presses.
    """
    here = Q(site=OuterRef("site")) | Q(site=None, study=OuterRef("site__study"))
    deadlines = Deadline.objects.filter(here, done_on=None).order_by("due_on", "pk")
    never = Value(_NEVER, DateField())
    to_decide = Case(When(state__in=ReviewState.with_bureau(), then="due_on"), output_field=DateField())
    return reviews.annotate(
        next_deadline=Subquery(deadlines.values("due_on")[:1]),
        next_kind=Subquery(deadlines.values("kind")[:1]),
    ).annotate(urgent_on=Least(Coalesce(to_decide, never), Coalesce("next_deadline", never)))


def _with_body() -> Exists:
    """A committee still has to say something; the bureau itself is no other body."""
    open_ones = Approval.objects.filter(review=OuterRef("pk"), state__in=ApprovalState.open())
    return Exists(open_ones.exclude(kind=ApprovalKind.BUREAU))


_WHERE = {
    OPEN: Q(state=ReviewState.SUBMITTED) | Q(state=ReviewState.IN_REVIEW, with_body=False),
    RESEARCHER: Q(state=ReviewState.RETURNED),
    BODY: Q(state=ReviewState.IN_REVIEW, with_body=True),
    DONE: Q(state__in=ReviewState.final()),
}


def filtered(reviews: QuerySet[Review], user: Any, filters: Filters) -> QuerySet[Review]:
    """Those that the toolbar asks for."""
    if filters.kind:
        reviews = reviews.filter(kind=filters.kind)
    if filters.hospital:
        reviews = reviews.filter(site__organisation__key=filters.hospital)
    if filters.assigned:
        reviews = reviews.filter(assigned_to=user if filters.assigned == "me" else None)
    if filters.due == "overdue":
        reviews = reviews.filter(urgent_on__lt=clock.today())
    elif filters.due == "week":
        reviews = reviews.filter(urgent_on__lte=clock.today() + timedelta(days=7))
    return reviews if filters.studies is None else reviews.filter(site__study__in=filters.studies)


def queue(user: Any, filters: Filters) -> QuerySet[Review]:
    """The reviews that this user sees through these filters, in every tab."""
    reviews = with_urgency(visible_reviews(user)).annotate(with_body=_with_body())
    return filtered(reviews, user, filters)


def in_tab(reviews: QuerySet[Review], tab: str) -> QuerySet[Review]:
    """Those of one tab with all that a row shows, in a fixed number of queries; what is late comes first."""
    approvals = Approval.objects.order_by("order", "pk")
    answered = Exists(Remark.objects.filter(review=OuterRef("pk")).exclude(answer=""))
    rows = reviews.filter(_WHERE[tab]).annotate(answered=answered)
    rows = rows.select_related("site__organisation", "site__study", "assigned_to")
    order = (F("decided_at").desc(nulls_last=True), "-pk") if tab == DONE else ("submitted_at", "pk")
    return rows.prefetch_related(Prefetch("approvals", approvals)).order_by("urgent_on", *order)


def counts(reviews: QuerySet[Review]) -> dict[str, int]:
    """How many there are in each tab, and how many of those not done are `overdue`, in one query."""
    late = Q(urgent_on__lt=clock.today()) & ~_WHERE[DONE]
    return reviews.aggregate(
        **{tab: Count("pk", filter=where) for tab, where in _WHERE.items()}, overdue=Count("pk", filter=late)
    )
