"""Step 3: how the study is built, who takes part, what is measured."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Long, Many, Number, YesNo
from academy.core.editing.elements import RowsSpec
from academy.core.editing.sections import Section, line, note, one, pair, several

from ... import vocabularies as words
from ..table import ConditionRow, InterventionRow, OutcomeRow

INTERVENTION = "study_type=INTERVENTIONAL"
OBSERVATION = "study_type=OBSERVATIONAL"

SECTIONS = (
    Section(
        "design",
        _("How is the study built?"),
        (
            note("studies/edit/notes/no_type.html", "study_type="),
            note("studies/edit/notes/access.html", "study_type=EXPANDED_ACCESS"),
            one(
                "phases",
                Many(choices=words.Phase, hint=_("One, or two that follow each other. Only medicines have phases.")),
                INTERVENTION,
            ),
            one(
                "allocation", Choice(_("How do participants get into a group?"), choices=words.Allocation), INTERVENTION
            ),
            one("intervention_model", Choice(_("Groups"), choices=words.InterventionModel), INTERVENTION),
            one(
                "masking",
                Choice(
                    _("Blinding"),
                    _("How many of participant, care giver, researcher and assessor do not know the group."),
                    choices=words.Masking,
                ),
                INTERVENTION,
            ),
            one("primary_purpose", Choice(_("Purpose"), choices=words.PrimaryPurpose), INTERVENTION),
            one("observational_model", Choice(_("Model"), choices=words.ObservationalModel), OBSERVATION),
            one("time_perspective", Choice(_("Time perspective"), choices=words.TimePerspective), OBSERVATION),
        ),
    ),
    Section(
        "subject",
        _("What do you study?"),
        (
            several(
                "conditions",
                RowsSpec(ConditionRow, _("Add a condition"), one=True),
                _("Conditions"),
                _("The illness or the problem, in the words that people search with."),
            ),
            several(
                "interventions",
                RowsSpec(InterventionRow, _("Add an intervention"), one=True),
                _("Interventions"),
                _("What participants get or do, also in the group that you compare with."),
                "study_type=INTERVENTIONAL,EXPANDED_ACCESS",
            ),
        ),
    ),
    Section(
        "participants",
        _("Who can take part?"),
        (
            line(
                age_min=Number(_("Age from")),
                age_min_unit=Choice(_("Unit"), choices=words.AgeUnit, empty=_("years")),
            ),
            line(
                age_max=Number(_("Age up to")),
                age_max_unit=Choice(_("Unit"), choices=words.AgeUnit, empty=_("years")),
            ),
            one("sex", Choice(choices=words.Sex, empty=_("Not chosen"))),
            one("healthy_volunteers", YesNo(_("Can healthy people take part?"))),
            pair(
                "inclusion_criteria",
                Long,
                _("Who can take part"),
                _("Each criterion on a line of its own."),
                rows=5,
            ),
            pair("exclusion_criteria", Long, _("Who cannot take part"), _("Each on a line of its own."), rows=5),
        ),
    ),
    Section(
        "outcomes",
        _("What do you measure?"),
        (
            several(
                "primary_outcomes",
                RowsSpec(OutcomeRow, _("Add a primary outcome"), one=True),
                _("Primary outcomes"),
                _("What the study is about in the end, and at which moment you measure it."),
            ),
            several(
                "secondary_outcomes",
                RowsSpec(OutcomeRow, _("Add a secondary outcome")),
                _("Secondary outcomes"),
                _("What else you measure."),
            ),
        ),
    ),
)
