"""Step 2: whether the study falls under the WMO, which numbers it has, and what kind of research it is."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, YesNo
from academy.core.editing.elements import RowsSpec
from academy.core.editing.sections import Section, note, one, several

from ... import vocabularies as words
from ..table import IdentifierRow

TWICE_YES = "medical_scientific_research=true&subjected_to_acts_or_rules=true"
ONCE_NO = "medical_scientific_research=false;subjected_to_acts_or_rules=false"
#: Laws under which a committee of the CCMO looks first, so that the study gets an ABR number and a file at the METC.
COMMITTEE_FIRST = "legal_regime=" + ",".join(code for code in words.LegalRegime.values if code != "nwmo")

SECTIONS = (
    Section(
        "wmo",
        _("Does your study fall under the WMO?"),
        (
            one(
                "medical_scientific_research",
                YesNo(
                    _("Is it medical-scientific research?"),
                    _("You want to answer a question about illness or health, with results that hold elsewhere, too."),
                ),
            ),
            one(
                "subjected_to_acts_or_rules",
                YesNo(
                    _("Do people have to do or not do something for it?"),
                    _("Such as an extra examination, a questionnaire that asks much, or rules for daily life."),
                ),
            ),
            note("studies/edit/notes/wmo_yes.html", TWICE_YES),
            note("studies/edit/notes/wmo_no.html", ONCE_NO),
            one(
                "legal_regime",
                Choice(_("Which law holds?"), choices=words.LegalRegime, radio=True, hint=_(
                    "With medicines or devices a law of its own holds. In doubt? Ask the science bureau; you can go "
                    "on without an answer."
                )),
            ),
            note("studies/edit/notes/routes.html"),
        ),
    ),
    Section(
        "type",
        _("What kind of research is it?"),
        (
            one(
                "study_type",
                Choice(
                    _("Kind of research"),
                    _(
                        "Intervention: you decide what participants get or do. Observation: you watch what happens "
                        "anyway. Expanded access: treatment outside a trial. The next step asks what fits your answer."
                    ),
                    choices=words.StudyType,
                    radio=True,
                ),
            ),
        ),
    ),
    Section(
        "numbers",
        _("Which numbers does your study have?"),
        (
            several(
                "identifiers",
                RowsSpec(
                    IdentifierRow,
                    _("Add another number"),
                    offered=(
                        ({"authority": "abr"}, COMMITTEE_FIRST),
                        ({"authority": "metc"}, COMMITTEE_FIRST),
                        ({"authority": "clinicaltrials_gov"}, ""),
                    ),
                ),
                _("Numbers of other registries"),
                _("What you do not have yet may stay empty. We check the form, and whether another study has it too."),
            ),
        ),
    ),
)  # fmt: skip
