"""Step 6: who may see the study and which parts of it."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Day
from academy.core.editing.sections import Section, one, several

from ... import vocabularies as words
from ..elements import LevelsElement

SECTIONS = (
    Section(
        "visibility",
        _("Who may see your study?"),
        (
            one(
                "visibility",
                Choice(
                    _("Once it is published it is visible to"),
                    _("Before that only the team and the science bureaus of the hospitals see it."),
                    choices=words.Visibility,
                    radio=True,
                ),
            ),
            one(
                "embargo_until",
                Day(_("Embargo: public from"), _("From the beginning of this day everybody may see it, by itself.")),
                "visibility=members,team",
            ),
        ),
    ),
    Section(
        "groups",
        _("And the parts of it?"),
        (
            several(
                "group_visibility",
                LevelsElement,
                _("Visibility of parts"),
                _("A part is never more visible than the study as a whole."),
            ),
        ),
    ),
)
