"""The assessments of an innovation for its page: what holds now, and what was said before with day and name."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from academy.core import wording
from academy.core.badges import Badge
from academy.core.translation import Text
from research.studies.facts import both

from . import assessments
from .assessments import TRL
from .models import Assessment, Innovation
from .vocabularies import AssessmentKind, Complexity, Domain

_LEVELS: dict[str, tuple[str, str]] = {
    Complexity.SIMPLE: ("positive", "check"),
    Complexity.COMPLICATED: ("info", "circle-dot"),
    Complexity.COMPLEX: ("warning", "triangle-alert"),
}
#: the order in which a page tells them; NASSS has a table of its own
ORDER = (AssessmentKind.VALUE, AssessmentKind.TRL, AssessmentKind.DEVICE, AssessmentKind.AI)


@dataclass(frozen=True)
class Judged:
    """A dated entry as the page shows it; `by` is empty where people are not shown."""

    entry: assessments.Entry
    by: str

    @property
    def result(self) -> str:
        return self.entry.result

    @property
    def reading(self) -> str | Promise:
        """What a level of TRL means in care."""
        one = self.entry.assessment
        return TRL[int(one.code)][1] if one.kind == AssessmentKind.TRL else ""

    @property
    def note(self) -> Text:
        return self.entry.note

    @property
    def when(self) -> str:
        """The day, and by whom."""
        words = {"day": wording.plain_date(self.entry.assessment.on), "name": self.by}
        return _("%(day)s, by %(name)s") % words if self.by else words["day"]


@dataclass(frozen=True)
class Kind:
    """What is assessed more than once: what holds now, and what was said before, the last first."""

    code: str
    label: str
    now: Judged
    before: list[Judged]


@dataclass(frozen=True)
class DomainRow:
    """A domain of NASSS as it is judged now."""

    name: str
    badge: Badge
    note: Text


def kinds(innovation: Innovation, with_people: bool) -> dict[str, Kind]:
    """By kind, those that were assessed at least once; reads `assessments` with who gave them."""
    found: dict[str, list[Judged]] = {}
    for assessment in innovation.assessments.all():
        by = assessment.by.full_name if with_people and assessment.by else ""
        found.setdefault(assessment.kind, []).insert(0, Judged(assessments.Entry(assessment), by))
    return {kind: Kind(kind, _label(kind), rows[0], rows[1:]) for kind, rows in found.items()}


def _label(kind: str) -> str:
    return str(AssessmentKind(kind).label)


def domains(assessment: Assessment) -> list[DomainRow]:
    """The seven domains in their order."""
    return [
        DomainRow(str(domain.label), _badge(given), both(given, "note"))
        for domain in Domain
        if (given := assessment.domains.get(domain))
    ]


def _badge(given: dict[str, Any]) -> Badge:
    level = Complexity(given["level"])
    return Badge(str(level.label), *_LEVELS[level])
