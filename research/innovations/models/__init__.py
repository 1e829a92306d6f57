"""Tables of innovations; everything that people fill in is listed in `record.FIELDS`."""

from .decisions import Condition, Decision, Passage
from .innovation import SHORT, STALLED_AFTER, TITLE, Innovation
from .parts import Assessment, Benefit, Compliance, Dependency, Document, FteFigure, Money, TeamMember
from .views import SavedView

__all__ = [
    "SHORT",
    "STALLED_AFTER",
    "TITLE",
    "Assessment",
    "Benefit",
    "Compliance",
    "Condition",
    "Decision",
    "Dependency",
    "Document",
    "FteFigure",
    "Innovation",
    "Money",
    "Passage",
    "SavedView",
    "TeamMember",
]
