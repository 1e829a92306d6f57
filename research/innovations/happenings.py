"""What happened to an innovation, in words: one sentence for each verb of the log and each source of a version."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.core.history import Happening
from academy.core.translation import pick

from .deciding_showing import gate_words
from .models import Decision, Innovation
from .states import Outcome, PublicationState, Stage
from .vocabularies import AssessmentKind

#: what people outside the team hear of: how the innovation went, which its page tells as well
PUBLIC_VERBS = frozenset(
    {
        "put_in",
        "import",
        "submit",
        "publish",
        "open_gate",
        "move_gate",
        "decide",
        "meet_condition",
        "assess",
        "put_on_hold",
        "resume",
        "scale",
        "withdraw",
        "take_over_history",
    }
)
#: reads of personal data, which the log keeps for the auditor
NOT_TOLD = frozenset({"export"})


class Told:
    """What the sentences need to know of an innovation: its decisions; reads `decisions` with their body."""

    def __init__(self, innovation: Innovation) -> None:
        self.decisions = {decision.pk: decision for decision in innovation.decisions.all()}

    def decision(self, happening: Happening) -> Decision | None:
        """The gate that it is about."""
        return self.decisions.get(happening.data.get("decision"))


def told(happening: Happening, about: Told) -> str:
    """The sentence; an unknown verb is told as it is."""
    tell = _SENTENCES.get(happening.verb)
    return tell(happening, about) if tell else happening.verb.replace("_", " ")


def told_of_version(source: str) -> str:
    """What a version was part of, by its source."""
    words = {
        "form": _("Edited"),
        "api": _("Edited through the API"),
        "import": _("Brought up to date from a list"),
        "": _("Lessons written down with a decision"),
    }
    return words.get(source) or _("Edited")


def _as(text: Callable[[], str]) -> Callable[[Happening, Told], str]:
    return lambda happening, about: text()


def _gate(happening: Happening, about: Told) -> str:
    decision = about.decision(happening)
    return gate_words(decision.from_stage, decision.gate) if decision else ""


def _body(happening: Happening, about: Told) -> str:
    decision = about.decision(happening)
    return pick(decision.body, "name") if decision else ""


def _open_gate(happening: Happening, about: Told) -> str:
    return _("Decision asked of %(body)s: %(gate)s") % {
        "body": _body(happening, about),
        "gate": _gate(happening, about),
    }


def _move_gate(happening: Happening, about: Told) -> str:
    return _("Another day or body for the decision: %(gate)s") % {"gate": _gate(happening, about)}


def _decide(happening: Happening, about: Told) -> str:
    decision = about.decision(happening)
    if decision is None:
        return _("Decided")
    return _("%(body)s decided: %(result)s (%(gate)s)") % {
        "body": _body(happening, about),
        "result": decision.get_result_display(),
        "gate": _gate(happening, about),
    }


def _meet_condition(happening: Happening, about: Told) -> str:
    gate = _gate(happening, about)
    return _("Condition met: %(gate)s") % {"gate": gate} if gate else _("Condition met")


def _assess(happening: Happening, about: Told) -> str:
    kind = happening.data.get("kind", "")
    name = str(AssessmentKind(kind).label) if kind in AssessmentKind.values else kind
    return _("Assessed: %(kind)s") % {"kind": name}


def _take_over(happening: Happening, about: Told) -> str:
    stage = happening.to_state
    name = str(Stage(stage).label) if stage in Stage.values else stage
    return _("History taken over, no decision: %(stage)s") % {"stage": name}


def _outcome(happening: Happening, about: Told) -> str:
    state = happening.to_state
    return str(Outcome(state).label) if state in Outcome.values else state


def _publish(happening: Happening, about: Told) -> str:
    if happening.from_state == PublicationState.OFFLINE:
        return _("In the portfolio again")
    return pgettext("what happened", "Taken into the portfolio")


_SENTENCES: dict[str, Callable[[Happening, Told], str]] = {
    "put_in": _as(lambda: pgettext("what happened", "Put in")),
    "import": _as(lambda: _("Taken over from a list")),
    "submit": _as(lambda: _("Handed in")),
    "give_back": _as(lambda: _("Given back to who put it in")),
    "publish": _publish,
    "take_offline": _as(lambda: _("Taken out of the portfolio")),
    "open_gate": _open_gate,
    "move_gate": _move_gate,
    "decide": _decide,
    "meet_condition": _meet_condition,
    "assess": _assess,
    "put_on_hold": _outcome,
    "resume": _as(lambda: _("Taken up again")),
    "scale": _outcome,
    "withdraw": _outcome,
    "take_over_history": _take_over,
    "add_document": _as(lambda: _("Document added")),
}
