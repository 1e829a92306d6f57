"""Step 4: where the study runs, who pays, who works on it, and whom people can ask."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Email, Line, Phone
from academy.core.editing.elements import RowsSpec, SingleSpec
from academy.core.editing.sections import Section, line, one, several

from ..controls import Countries
from ..elements import SitesElement
from ..table import ContributorRow, FunderRow, LocationLines, LocationRow, PartyRow

SECTIONS = (
    Section(
        "sites",
        _("Which hospitals take part?"),
        (
            several(
                "sites",
                SitesElement,
                _("Hospitals"),
                _("Each hospital reviews the study in its own way. The bureau of the one that leads publishes it."),
            ),
            several(
                "locations",
                RowsSpec(
                    LocationRow,
                    _("Add a place"),
                    many=LocationLines(
                        _("Other places"),
                        _("Each on a line of its own: where | town | country | recruitment there."),
                        rows=12,
                    ),
                ),
                _("Other places"),
                _("Where the study runs outside the hospitals above."),
            ),
            one("countries", Countries(hint=_("Where participants are recruited. Each country on a line of its own."))),
        ),
    ),
    Section(
        "people",
        _("Who works on it?"),
        (
            several(
                "contributors",
                RowsSpec(ContributorRow, _("Add a person"), one=True),
                _("People"),
                _(
                    "Name a principal investigator for each hospital. A name here gives no rights: whom you let read "
                    "or edit the study you invite under “Visibility and team”."
                ),
            ),
        ),
    ),
    Section(
        "contact",
        _("Whom can people ask?"),
        (
            line(
                contact_name=Line(_("Name"), _("A person or a desk")),
                contact_email=Email(
                    _("E-mail address"), _("A mailbox of the study is best: it outlives who reads it.")
                ),
                contact_phone=Phone(_("Telephone")),
            ),
        ),
    ),
    Section(
        "money",
        _("Who is responsible, and who pays?"),
        (
            several(
                "primary_sponsor",
                SingleSpec(PartyRow),
                _("Sponsor"),
                _("Who starts the study and is responsible for it. In Dutch: de verrichter."),
            ),
            several("secondary_sponsors", RowsSpec(PartyRow, _("Add a sponsor")), _("Other sponsors")),
            several("funders", RowsSpec(FunderRow, _("Add a funder")), _("Funders"), _("Who pays for the study.")),
        ),
    ),
)
