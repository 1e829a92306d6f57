"""Step 6: what belongs with it, and what others can learn from it."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Long, WebAddress
from academy.core.editing.sections import Section, one, pair, several

from ..picked import PickSpec

SECTIONS = (
    Section(
        "belongs",
        _("What belongs with it?"),
        (
            several(
                "courses",
                PickSpec(
                    "courses",
                    _("Add courses by their code"),
                    _("Such as BLS-01; several with a comma between them."),
                    unknown=_("We know no course “%(word)s”."),
                ),
                _("Courses"),
                _("For whoever will work with it."),
            ),
            several(
                "studies",
                PickSpec(
                    "studies",
                    _("Add studies by their number"),
                    _("Such as S-2026-0001; several with a comma between them."),
                    unknown=_("We know no study “%(word)s”."),
                ),
                _("Studies"),
                _("Research about it, or from which it came."),
            ),
        ),
    ),
    Section(
        "reuse",
        _("What can others learn from it?"),
        (
            pair("reuse", Long, _("Where is it used elsewhere?"), _("Or who could take it over."), rows=2),
            one("catalogue_url", WebAddress(_("Address in a national catalogue"), "https://…")),
            pair(
                "lessons",
                Long,
                _("Lessons"),
                _("What would you do differently? Also when it stopped: whoever has the idea next reads this."),
            ),
        ),
    ),
)
