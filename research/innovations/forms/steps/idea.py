"""Step 1: what it is about and whose it is; and the same as far as it is asked before the innovation is there."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.core.editing.controls import Choice, Long, Many, Title
from academy.core.editing.sections import Block, Section, one, pair, several

from ..people import Person
from ..picked import PickSpec

TITLE = pair(
    "title",
    Title,
    pgettext_lazy("of an innovation", "What do you call it?"),
    _("Say in a few words what it is, so that a colleague knows at once. At most 300 characters."),
)
PROBLEM = pair(
    "problem",
    Long,
    _("Which problem does it solve?"),
    _("Who is troubled by it, and how do you notice? Without the solution for the moment."),
)
IDEA = pair(
    "how_it_works",
    Long,
    _("What is the idea, and how does it work?"),
    _("What would a patient or colleague do differently?"),
)
OWNER = one("owner", Person(_("Who owns it?"), _("The e-mail address of the colleague who carries it on.")))
HOSPITALS = _("Which hospital does it belong to?")
UNITS = several(
    "units",
    PickSpec("units", _("Add a unit"), listed=True),
    _("Which unit does it start in?"),
    _("The department where people will work with it."),
)
PILLAR = one("pillar", Choice(_("Which pillar does it belong to most?"), source="pillars", radio=True))
SIMILAR = "innovations/edit/similar_here.html"


def _first_language(block: Block) -> Block:
    """The language of the page, with the other one behind a fold."""
    return replace(block, template="innovations/edit/first_language.html")


INTAKE = (
    Section("what", _("What is it about?"), tuple(map(_first_language, (TITLE, PROBLEM, IDEA))), after=SIMILAR),
    Section(
        "whose",
        _("Whose is it?"),
        (OWNER, one("organisations", Many(HOSPITALS, source="own_hospitals")), UNITS, PILLAR),
    ),
)
SECTIONS = (
    Section(
        "what",
        _("What is it about?"),
        (
            TITLE,
            PROBLEM,
            IDEA,
            pair(
                "summary",
                Long,
                _("Summary for everybody"),
                _("Two or three sentences: what it is, for whom, and what it brings."),
            ),
        ),
        after=SIMILAR,
    ),
    Section(
        "whose",
        _("Whose is it?"),
        (
            OWNER,
            one("organisations", Many(HOSPITALS, _("Its innovation manager looks at it."), source="owners")),
            UNITS,
            PILLAR,
        ),
    ),
)
