"""Step 1: how people call the study, and what it is about."""

from django.utils.translation import gettext_lazy as _

from academy.core.editing.controls import Choice, Line, Lines, Long, Many, Title
from academy.core.editing.sections import Section, one, pair

SECTIONS = (
    Section(
        "titles",
        _("What is your study called?"),
        (
            one("acronym", Line(hint=_("How you call it among yourselves, such as THUISHART."), short=True)),
            pair(
                "public_title",
                Title,
                _("Title for everybody"),
                _(
                    "As you would say it to a patient: what do you want to know, about whom? At most 300 characters. "
                    "One language is enough to begin with."
                ),
            ),
            pair(
                "scientific_title",
                Title,
                _("Scientific title"),
                _("As it stands on the protocol. At most 600 characters."),
            ),
        ),
    ),
    Section(
        "summary",
        _("What is it about?"),
        (
            pair(
                "summary",
                Long,
                _("Summary in plain words"),
                _("What do you examine, why, and what do participants notice of it? Everybody can read this."),
                rows=6,
            ),
            pair(
                "description",
                Long,
                _("Description for colleagues"),
                _("Background and method, for whom wants to know more."),
                rows=6,
            ),
            one("keywords", Lines(hint=_("Each on a line of its own. They help people to find the study."))),
        ),
    ),
    Section(
        "place",
        _("Where does it belong?"),
        (
            one("specialty", Choice(source="specialties", empty=_("Not chosen"))),
            one("care_domain", Choice(source="care_domains", empty=_("Not chosen"))),
            one("programmes", Many(source="programmes", hint=_("Tick the programmes of which this study is a part."))),
        ),
    ),
)
