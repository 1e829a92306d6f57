"""States as people read them: words with a tone, for rows, pages, results and the desk."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import clock, wording
from academy.core.badges import Badge
from academy.core.translation import pick

from .models import Approval, Review, Study
from .states import ApprovalState, PublicationState, ReviewState
from .vocabularies import RecruitmentStatus

_REVIEW: dict[str, tuple[str, str]] = {
    ReviewState.DRAFT: ("neutral", "circle-dashed"),
    ReviewState.SUBMITTED: ("info", "clock"),
    ReviewState.IN_REVIEW: ("info", "clock"),
    ReviewState.RETURNED: ("warning", "message-square"),
    ReviewState.APPROVED: ("positive", "circle-check"),
    ReviewState.APPROVED_WITH_CONDITIONS: ("positive", "circle-check"),
    ReviewState.REJECTED: ("negative", "circle-x"),
    ReviewState.WITHDRAWN: ("neutral", "undo-2"),
}
_APPROVAL: dict[str, tuple[str, str]] = {
    ApprovalState.PLANNED: ("neutral", "circle-dashed"),
    ApprovalState.REQUESTED: ("info", "clock"),
    ApprovalState.IN_REVIEW: ("info", "clock"),
    ApprovalState.APPROVED: ("positive", "circle-check"),
    ApprovalState.APPROVED_WITH_CONDITIONS: ("positive", "circle-check"),
    ApprovalState.REJECTED: ("negative", "circle-x"),
    ApprovalState.NOT_NEEDED: ("neutral", "check"),
}
_PUBLICATION: dict[str, tuple[str, str]] = {
    PublicationState.DRAFT: ("neutral", "pencil"),
    PublicationState.IN_REVIEW: ("info", "clock"),
    PublicationState.PUBLISHED: ("positive", "globe"),
    PublicationState.WITHDRAWN: ("warning", "lock"),
}
_RECRUITMENT: dict[str, tuple[str, str]] = {
    RecruitmentStatus.NOT_YET_RECRUITING: ("neutral", "calendar"),
    RecruitmentStatus.RECRUITING: ("positive", "circle-check"),
    RecruitmentStatus.ENROLLING_BY_INVITATION: ("info", "users"),
    RecruitmentStatus.ACTIVE_NOT_RECRUITING: ("info", "clock"),
    RecruitmentStatus.SUSPENDED: ("warning", "pause"),
    RecruitmentStatus.TERMINATED: ("negative", "circle-x"),
    RecruitmentStatus.COMPLETED: ("neutral", "check"),
    RecruitmentStatus.WITHDRAWN: ("neutral", "circle-x"),
    RecruitmentStatus.AVAILABLE: ("positive", "circle-check"),
    RecruitmentStatus.TEMPORARILY_NOT_AVAILABLE: ("warning", "pause"),
    RecruitmentStatus.APPROVED_FOR_MARKETING: ("info", "award"),
}


def of_review(review: Review) -> Badge:
    """Where the review at one hospital stands, for everybody."""
    return of_review_state(review.state)


def of_review_state(state: str) -> Badge:
    """The same of a state alone, as decisions and old values keep it."""
    return Badge(wording.capital(ReviewState(state).label), *_REVIEW[state])


def of_work(review: Review) -> Badge:
    """Where it stands for the bureau: what is new, what waits for us, for the researcher, or for which body.

    Reads `review.approvals` (prefetch it) and `review.answered`, when a selector counted the answers given.
    """
    if review.state == ReviewState.SUBMITTED:
        if review.approvals.all() or getattr(review, "answered", 0):
            return Badge(_("Answered by the researcher"), "info", "message-square")
        return Badge(_("New"), "info", "circle-dot")
    if review.state != ReviewState.IN_REVIEW:
        return of_review(review)
    bodies = [str(pick(row, "body")) for row in review.approvals.all() if row.state in ApprovalState.open()]
    if not bodies:
        return Badge(_("Waits for us"), "warning", "clock")
    if len(bodies) == 1:
        return Badge(_("With %(body)s") % {"body": bodies[0]}, "neutral", "building-2")
    more = len(bodies) - 1
    words = ngettext("With %(body)s and %(n)s other body", "With %(body)s and %(n)s other bodies", more)
    return Badge(words % {"body": bodies[0], "n": more}, "neutral", "building-2")


def of_approval(approval: Approval) -> Badge:
    """What one body says."""
    return Badge(wording.capital(ApprovalState(approval.state).label), *_APPROVAL[approval.state])


def of_publication(study: Study) -> Badge:
    """Whether the study can be found."""
    state = study.publication_state
    return Badge(wording.capital(PublicationState(state).label), *_PUBLICATION[state])


def of_recruitment(study: Study) -> Badge | None:
    """Whether people can take part; None when nothing is filled in."""
    return of_recruitment_status(study.recruitment_status)


def of_recruitment_status(status: str) -> Badge | None:
    """The same of a status alone."""
    if not status:
        return None
    tone, icon = _RECRUITMENT.get(status, ("neutral", "circle-dashed"))
    return Badge(str(RecruitmentStatus(status).label), tone, icon)


def of_due(due: date | None) -> Badge | None:
    """How late it is; None while there is time or no limit."""
    late = (clock.today() - due).days if due else 0
    if late <= 0:
        return None
    return Badge(ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}, "negative", "triangle-alert")
