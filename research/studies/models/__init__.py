"""Studies with their sites, reviews, approvals, deadlines and documents.

What people fill in is listed in `record.py`; lists of values that belong to one study alone are JSON columns, and what
is looked up across studies (identifiers, organisations, people, sites) has a table.
"""

from .deadlines import Deadline, DeadlineQuerySet
from .parts import Access, Contributor, Identifier, Output, Party, RecruitmentCount, Site
from .reviews import (
    Approval,
    Decision,
    DecisionQuerySet,
    Document,
    Remark,
    Review,
    ReviewQuerySet,
    ReviewRoute,
    RouteStep,
    document_path,
)
from .study import LONG_TITLE, SHORT, TITLE, ImportedRecord, Study, StudyQuerySet

__all__ = [
    "LONG_TITLE",
    "SHORT",
    "TITLE",
    "Access",
    "Approval",
    "Contributor",
    "Deadline",
    "DeadlineQuerySet",
    "Decision",
    "DecisionQuerySet",
    "Document",
    "Identifier",
    "ImportedRecord",
    "Output",
    "Party",
    "RecruitmentCount",
    "Remark",
    "Review",
    "ReviewQuerySet",
    "ReviewRoute",
    "RouteStep",
    "Site",
    "Study",
    "StudyQuerySet",
    "document_path",
]
