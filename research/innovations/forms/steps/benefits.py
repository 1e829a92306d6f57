"""Step 5: what it brings and costs, in benefits, time and money."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Long, Number
from academy.core.editing.elements import RowsSpec
from academy.core.editing.sections import Section, one, pair, several

from ..table import BenefitRow, FteRow, MoneyRow

SECTIONS = (
    Section(
        "benefits",
        _("What does it bring?"),
        (
            several(
                "benefits",
                RowsSpec(BenefitRow, _("Add a benefit"), one=True),
                _("Benefits"),
                _("From how it was, by what you expect, to what you measured. What it costs belongs here, too."),
            ),
        ),
    ),
    Section(
        "time",
        _("How much time does it save or cost?"),
        (
            several(
                "fte_figures",
                RowsSpec(FteRow, _("Add a figure"), one=True),
                _("Time and FTE"),
                _("Minutes per case, times cases a year; we work out the hours and the FTE."),
            ),
            pair(
                "fte_method",
                Long,
                _("How was the time measured?"),
                _("A number of FTE is worth what lies below it: say how you know."),
                rows=2,
            ),
            one(
                "hours_per_fte",
                Number(_("Hours a year of one FTE"), _("1,550, unless your hospital counts differently.")),
            ),
        ),
    ),
    Section(
        "money",
        _("What does it cost, and who pays?"),
        (several("money", RowsSpec(MoneyRow, _("Add a year or a funder"), one=True), _("Money")),),
    ),
)
