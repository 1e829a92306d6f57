"""Step 7: whom people can ask, who works on it, and who may see it."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Email
from academy.core.editing.elements import RowsSpec
from academy.core.editing.sections import Section, one, several

from ... import vocabularies as words
from ..table import TeamRow

SECTIONS = (
    Section(
        "team",
        _("Who works on it?"),
        (
            several(
                "team",
                RowsSpec(TeamRow, _("Add a colleague"), one=True),
                _("Team"),
                _("Who stands here may change the innovation together with the owner; nobody overwrites the other."),
            ),
            one(
                "contact_email",
                Email(_("E-mail address for questions"), _("A mailbox that outlives who reads it is best.")),
            ),
        ),
    ),
    Section(
        "visibility",
        _("Who may see it?"),
        (
            one(
                "visibility",
                Choice(
                    _("In the portfolio it is visible to"),
                    _("Before that only the team and the innovation managers of the hospitals see it."),
                    choices=words.Visibility,
                    radio=True,
                ),
            ),
        ),
    ),
)
