"""Step 3: what it aims at, and how one knows that it works."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Line, Many
from academy.core.editing.sections import Block, Section, one, pair

from ... import vocabularies as words
from ..picked import OneNumber

SECTIONS = (
    Section(
        "aims",
        _("What does it aim at?"),
        (one("aims", Many(_("Aims"), _("Tick what it is meant to improve."), choices=words.Aim)),),
    ),
    Section(
        "evidence",
        _("How do you know that it works?"),
        (
            one(
                "evidence_tier",
                Choice(
                    _("Tier of evidence"),
                    _(
                        "A: it serves the system, such as planning. B: it informs or keeps a diary. C: it measures, "
                        "diagnoses or treats. The higher the tier, the more evidence it needs."
                    ),
                    choices=words.EvidenceTier,
                    empty=_("Not chosen"),
                ),
            ),
            pair("evidence_design", Line, _("Kind of evidence"), _("Such as a comparison before and after.")),
            Block(
                {"evidence_study": OneNumber},
                _("Study that shows it"),
                _("Its number, such as S-2026-0001."),
                template="innovations/edit/one_number.html",
            ),
            one("evidence_doi", Line("DOI", _("From 10. on, such as 10.1234/abc"), short=True)),
        ),
    ),
)
