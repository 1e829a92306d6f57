"""Step 4: rules and permissions, and what has to happen elsewhere first."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.elements import RowsSpec
from academy.core.editing.sections import Section, several
from academy.core.editing.sources import Sources

from ... import vocabularies as words
from ..table import Checklist, ComplianceRow, DependencyRow

_ROWS = RowsSpec(ComplianceRow, "", offered=tuple(({"kind": kind}, "") for kind in words.ComplianceKind.values))


def _checklist(name: str, sources: Sources, stored: object) -> Checklist:
    return Checklist(name, sources, stored, _ROWS)


SECTIONS = (
    Section(
        "rules",
        _("Which rules and permissions?"),
        (
            several(
                "compliance",
                _checklist,
                _("Rules and permissions"),
                _("What is not needed is an answer, too: then nobody asks again."),
            ),
        ),
    ),
    Section(
        "dependencies",
        _("What does it depend on?"),
        (
            several(
                "dependencies",
                RowsSpec(DependencyRow, _("Add a dependency"), one=True),
                _("Dependencies"),
                _("What others have to do before you can go on."),
            ),
        ),
    ),
)
