"""Assessments as people read them."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from academy.core.translation import Text, pick
from research.studies.facts import both

from . import vocabularies
from .models import Assessment
from .vocabularies import AssessmentKind

#: the nine levels of the European Commission (Horizon 2020, General Annex G), and what each means in care
TRL: dict[int, tuple[str | Promise, str | Promise]] = {
    1: (gettext_lazy("The principle has been observed"), gettext_lazy("There is a finding that care could use.")),
    2: (gettext_lazy("The concept is there"), gettext_lazy("There is an idea of how it helps, on paper.")),
    3: (gettext_lazy("The concept has been proved"), gettext_lazy("The crucial part works in a trial of its own.")),
    4: (gettext_lazy("It works in the laboratory"), gettext_lazy("The parts work together, outside care.")),
    5: (gettext_lazy("It works in a realistic setting"), gettext_lazy("Tested in a simulation, with real cases.")),
    6: (gettext_lazy("It was shown in a realistic setting"), gettext_lazy("A whole prototype, in a skills lab.")),
    7: (gettext_lazy("The prototype works in practice"), gettext_lazy("One team uses it, watched closely.")),
    8: (gettext_lazy("It is complete and approved"), gettext_lazy("All permissions are there; several teams use it.")),
    9: (gettext_lazy("It has proved itself in practice"), gettext_lazy("It is ordinary care.")),
}
_CLASSES = {AssessmentKind.DEVICE: vocabularies.DeviceClass, AssessmentKind.AI: vocabularies.AiClass}


@dataclass(frozen=True)
class Judged:
    """A domain of NASSS with its level and why."""

    domain: str
    level: str
    note: Text


@dataclass(frozen=True)
class Entry:
    """A dated entry."""

    assessment: Assessment

    @property
    def result(self) -> str:
        """What it says in a few words."""
        kind, code = self.assessment.kind, self.assessment.code
        if kind == AssessmentKind.NASSS:
            count = self.assessment.complex
            return ngettext("%(n)s of seven domains is complex", "%(n)s of seven domains are complex", count) % {
                "n": count
            }
        if kind == AssessmentKind.TRL:
            return f"{code}. {TRL[int(code)][0]}"
        if kind == AssessmentKind.VALUE:
            return _("%(score)s of 10") % {"score": code}
        return str(_CLASSES[kind](code).label)

    @property
    def note(self) -> Text:
        return pick(self.assessment, "note")

    @property
    def domains(self) -> list[Judged]:
        """The domains of NASSS, in their order."""
        given = self.assessment.domains
        return [
            Judged(str(domain.label), str(vocabularies.Complexity(given[domain]["level"]).label), _note(given[domain]))
            for domain in vocabularies.Domain
            if domain in given
        ]


def _note(given: dict[str, Any]) -> Text:
    return both(given, "note")
