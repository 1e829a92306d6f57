"""States of innovations as people read them: words with a tone, for rows, pages, results and the desk."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.badges import Badge
from research.studies.badges import of_due

from .models import STALLED_AFTER, Innovation
from .states import Outcome, PublicationState, Result
from .vocabularies import ComplianceState, DependencyState, Visibility

__all__ = [
    "of_compliance",
    "of_dependency",
    "of_due",
    "of_outcome",
    "of_publication",
    "of_result",
    "of_stillness",
    "of_urgency",
    "of_visibility",
]

_OUTCOME: dict[str, tuple[str, str]] = {
    Outcome.ACTIVE: ("positive", "circle-dot"),
    Outcome.ON_HOLD: ("warning", "pause"),
    Outcome.STOPPED: ("negative", "circle-x"),
    Outcome.SCALED: ("positive", "sprout"),
    Outcome.WITHDRAWN: ("neutral", "undo-2"),
}
_RESULT: dict[str, tuple[str, str]] = {
    Result.OPEN: ("info", "clock"),
    Result.GO: ("positive", "circle-check"),
    Result.GO_WITH_CONDITIONS: ("positive", "circle-check"),
    Result.NO_GO: ("warning", "clock"),
    Result.HOLD: ("warning", "pause"),
    Result.STOP: ("negative", "circle-x"),
    Result.BACK: ("warning", "undo-2"),
}
_PUBLICATION: dict[str, tuple[str, str]] = {
    PublicationState.DRAFT: ("neutral", "pencil"),
    PublicationState.SUBMITTED: ("info", "clock"),
    PublicationState.PUBLISHED: ("positive", "globe"),
    PublicationState.OFFLINE: ("warning", "lock"),
}
_DEPENDENCY: dict[str, tuple[str, str]] = {
    DependencyState.OPEN: ("warning", "circle-dashed"),
    DependencyState.IN_PROGRESS: ("info", "clock"),
    DependencyState.DONE: ("positive", "circle-check"),
    DependencyState.CLOSED: ("neutral", "circle-x"),
}
_COMPLIANCE: dict[str, tuple[str, str]] = {
    ComplianceState.NOT_STARTED: ("warning", "circle-dashed"),
    ComplianceState.IN_PROGRESS: ("info", "clock"),
    ComplianceState.REQUESTED: ("info", "clock"),
    ComplianceState.IN_REVIEW: ("info", "clock"),
    ComplianceState.REJECTED: ("negative", "circle-x"),
    ComplianceState.UNKNOWN: ("warning", "circle-dashed"),
    ComplianceState.NOT_NEEDED: ("neutral", "check"),
}


def of_outcome(outcome: str) -> Badge:
    """Whether anybody works on it."""
    return Badge(str(Outcome(outcome).label), *_OUTCOME[outcome])


def of_result(result: str) -> Badge:
    """What a body said at a gate."""
    return Badge(str(Result(result).label), *_RESULT[result])


def of_publication(state: str) -> Badge:
    """Whether it is in the portfolio."""
    return Badge(wording.capital(PublicationState(state).label), *_PUBLICATION[state])


def of_dependency(state: str) -> Badge:
    """How far it is with what has to happen elsewhere."""
    return Badge(str(DependencyState(state).label), *_DEPENDENCY[state])


def of_compliance(state: str) -> Badge:
    """How far it is with a rule or a permission; what is settled is positive."""
    return Badge(str(ComplianceState(state).label), *_COMPLIANCE.get(state, ("positive", "circle-check")))


def of_stillness(innovation: Innovation) -> Badge | None:
    """How long nothing moved, where that is longer than it should be: the same limit as `stalled()`."""
    days = innovation.days_in_stage
    if innovation.outcome != Outcome.ACTIVE or innovation.stage == "in_use" or days <= STALLED_AFTER:
        return None
    return Badge(
        ngettext("%(n)s day in this stage", "%(n)s days in this stage", days) % {"n": days}, "warning", "clock"
    )


def of_urgency(innovation: Innovation) -> Badge | None:
    """A mark on what cannot wait."""
    return Badge(_("Urgent"), "negative", "triangle-alert") if innovation.urgent else None


def of_visibility(visibility: str) -> Badge | None:
    """Who may see it, where that is not everybody."""
    if visibility == Visibility.PUBLIC:
        return None
    icon = "lock" if visibility == Visibility.TEAM else "users"
    return Badge(wording.capital(Visibility(visibility).label), "neutral", icon)
