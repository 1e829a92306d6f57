"""The way of a study at one hospital as a time line: submitted, what each body said, what the hospital decided.

Reads only what `selectors.for_page` brought along, so a page asks no more with more hospitals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from academy.core import clock, wording
from academy.core.badges import Badge
from academy.core.translation import pick

from . import badges
from .models import Approval, Deadline, Decision, Document, Review, Site, Study
from .states import ApprovalState, ReviewState
from .vocabularies import ContributorRole


@dataclass(frozen=True)
class Point:
    """Something that happened or has to happen: words, when, and for the team the details and the letter."""

    title: str
    tone: str
    icon: str
    when: str = ""
    details: tuple[str, ...] = ()
    document: Document | None = None
    approval: Approval | None = None


@dataclass(frozen=True)
class Column:
    """One hospital: its state and its time line; `internal` when details for the team are in it."""

    site: Site
    study: Study
    internal: bool
    review: Review | None = None
    badge: Badge | None = None
    investigators: Sequence[str] = ()
    points: list[Point] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.review.get_kind_display() if self.review else ""


def column(site: Site, study: Study, *, internal: bool, with_people: bool = True) -> Column:
    """How the study stands at this hospital; `with_people` names the investigators there, `internal` adds details."""
    review = latest(site)
    if review is None:
        return Column(site, study, internal)
    return Column(
        site,
        study,
        internal,
        review,
        badges.of_review_state(review.state if internal else public_state(review.state)),
        investigators_at(site, study) if with_people else (),
        list(_points(review, study, internal)),
    )


def latest(site: Site) -> Review | None:
    """The review that counts: the last one."""
    return max(site.reviews.all(), key=lambda review: review.pk, default=None)


def public_state(state: str) -> str:
    """What others may know: whether a hospital asked for more stays between the bureau and the team."""
    return ReviewState.IN_REVIEW if state in (ReviewState.SUBMITTED, ReviewState.RETURNED) else state


def investigators_at(site: Site, study: Study) -> list[str]:
    """Names of the principal investigators at this hospital; those without a hospital count at the leading one."""
    return [
        row.shown_name
        for row in study.contributors.all()
        if row.role == ContributorRole.PRINCIPAL_INVESTIGATOR
        and (row.site_id == site.organisation_id or (row.site_id is None and site.leading))
    ]


def _points(review: Review, study: Study, internal: bool) -> Iterator[Point]:
    if review.submitted_at:
        yield Point(_("Submitted"), "positive", "circle-check", wording.plain_date(review.submitted_at))
    if internal and review.state == ReviewState.RETURNED:
        yield Point(_("Back with the researcher"), "warning", "message-square")
    for approval in review.approvals.all():
        yield of_approval(approval, internal)
    if internal:
        yield from (of_decision(decision) for decision in review.decisions.all())
        here = (row for row in study.deadlines.all() if row.site_id == review.site_id)
        yield from (_deadline(row) for row in here if not row.done_on)
    elif (day := getattr(review, "decided_on", None)) and review.state in ReviewState.decided():
        yield _decided(review.state, day)


def of_approval(approval: Approval, internal: bool) -> Point:
    """What one body said, or that it still has to."""
    badge = badges.of_approval(approval)
    title = _("%(body)s: %(state)s") % {"body": pick(approval, "body"), "state": approval.get_state_display()}
    details = tuple(_approval_details(approval)) if internal else ()
    document = approval.document if internal else None
    return Point(title, badge.tone, badge.icon, _approval_when(approval), details, document, approval)


def _approval_when(approval: Approval) -> str:
    if approval.decided_on:
        return wording.plain_date(approval.decided_on)
    if approval.requested_on and approval.state in ApprovalState.open():
        return _("asked on %(day)s") % {"day": wording.plain_date(approval.requested_on)}
    return ""


def _approval_details(approval: Approval) -> Iterator[str]:
    if conditions := pick(approval, "conditions"):
        yield _("Condition: %(text)s") % {"text": conditions}
    if approval.conditions_met_on:
        yield _("Met on %(day)s") % {"day": wording.plain_date(approval.conditions_met_on)}
    if approval.valid_until:
        yield _("Valid until %(day)s") % {"day": wording.plain_date(approval.valid_until)}


def of_decision(decision: Decision) -> Point:
    """What the hospital decided, with its grounds and letter."""
    point = _decided(decision.outcome, decision.decided_on)
    return replace(point, details=tuple(_decision_details(decision)), document=decision.document)


def _decided(outcome: str, day: date) -> Point:
    badge = badges.of_review_state(outcome)
    title = _("Decision of the hospital: %(outcome)s") % {"outcome": ReviewState(outcome).label}
    return Point(title, badge.tone, badge.icon, wording.plain_date(day))


def _decision_details(decision: Decision) -> Iterator[str]:
    if conditions := pick(decision, "conditions"):
        yield _("Condition: %(text)s") % {"text": conditions}
    if decision.reason:
        yield _("Reason: %(text)s") % {"text": decision.reason}


def _deadline(row: Deadline) -> Point:
    tone, icon = ("negative", "triangle-alert") if row.due_on < clock.today() else ("warning", "clock")
    return Point(wording.capital(row.get_kind_display()), tone, icon, _when_due(row.due_on))


def _when_due(day: date) -> str:
    late = badges.of_due(day)
    words = _("by %(day)s") % {"day": wording.plain_date(day)}
    return f"{words} · {late.text}" if late else words
