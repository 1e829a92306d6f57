"""Step 2: to what the innovation adds, when it comes, and who stands behind it."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Many, YesNo
from academy.core.editing.sections import Section, line, one

from ..people import Person

SECTIONS = (
    Section(
        "adds",
        _("To what does it add?"),
        (
            one("goals", Many(_("Goals"), _("What residents notice of it."), source="goals")),
            one("challenges", Many(_("Challenges"), source="challenges")),
            one("needs", Many(_("Needs"), source="needs")),
            one("concerns", Many(_("Concerns"), source="concerns")),
            one("other_pillars", Many(_("Other pillars"), _("Beside the one that you chose first."), source="pillars")),
        ),
    ),
    Section(
        "when",
        _("When does it come?"),
        (
            line(
                _("Horizon"),
                _("From the first effect until it is ordinary everywhere."),
                horizon_from=Choice(_("From"), source="horizons", empty=_("Not chosen")),
                horizon_to=Choice(_("Until"), source="horizons", empty=_("Not chosen")),
            ),
            one("roadmap_line", Choice(_("Roadmap line"), source="roadmap_lines", empty=_("Not chosen"))),
            one("urgent", YesNo(_("Is it urgent?"), _("Such as a law or a contract that ends."))),
        ),
    ),
    Section(
        "together",
        _("Together with whom?"),
        (
            one("sponsor", Person(_("Sponsor of the board"), _("The e-mail address of the one who stands behind it."))),
            one("programmes", Many(_("Programmes"), source="programmes")),
            one("specialties", Many(_("Specialties"), source="specialties")),
            one("partners", Many(_("Partners"), _("Outside the hospitals of the academy."), source="partners")),
        ),
    ),
)
