"""Words of the mails, made when one leaves: in the reader's language, with the address of what to do next."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.core import clock, mail, wording
from academy.core.translation import current

from .deciding_showing import gate_words
from .messages import CONDITION, MANAGER, OWNER, PREPARES, TEAM
from .record import IDEA
from .states import Result, Stage

Context = dict[str, Any]
Facts = list[tuple[str, Any]]


def _address(name: str, context: Context, **arguments: Any) -> str:
    return settings.SITE_URL + reverse(f"innovations:{name}", kwargs={"number": context["number"], **arguments})


def _to_innovation(context: Context) -> Context:
    return {"action": _("See the innovation"), "action_url": context["url"]}


def _to_gate(context: Context, action: str) -> Context:
    """The page of the decision, for who may see it."""
    if not context["near"]:
        return _to_innovation(context)
    return {"action": action, "action_url": _address("decide", context, pk=context["decision"])}


def _either(context: Context, name: str) -> str:
    """The text in the language of the reader, else in the other one."""
    texts = {code: context[f"{name}_{code}"] for code in ("nl", "en")}
    return texts.pop(current()) or next(iter(texts.values()))


def _plain(day: str) -> str:
    return wording.plain_date(date.fromisoformat(day)) if day else ""


def _handed_in(context: Context) -> Context:
    return {
        "subject": _("New idea: %(innovation)s") % context,
        "heading": _("An idea waits for you."),
        "intro": _("Take it into the portfolio, or give it back and say what is still needed."),
        "action": _("Look at the idea"),
        "action_url": _address("publication", context),
    }


def _given_back(context: Context) -> Context:
    return {
        "subject": _("More is needed for your idea: %(innovation)s") % context,
        "heading": _("Your idea came back to you."),
        "intro": _("The innovation manager asks for more. Change the idea and hand it in again."),
        "facts": [(_("What is still needed"), context["reason"])],
        "action": _("Change the idea"),
        "action_url": _address("step", context, step=IDEA),
    }


def _published(context: Context) -> Context:
    return {
        "subject": _("In the portfolio: %(innovation)s") % context,
        "heading": _("Your innovation is in the portfolio."),
        "intro": _("From now on others find it, as far as its visibility says so."),
        **_to_innovation(context),
    }


def _offline(context: Context) -> Context:
    return {
        "subject": _("Out of the portfolio: %(innovation)s") % context,
        "heading": _("Your innovation is taken out of the portfolio."),
        "intro": _("Nothing is deleted. You and the innovation managers still see it."),
        "facts": [(pgettext("of a step", "Why"), context["reason"])],
        **_to_innovation(context),
    }


def _gate_facts(context: Context) -> Facts:
    return [
        (pgettext("heading", "Gate"), gate_words(context["from_stage"], context["gate"])),
        (pgettext("heading", "Body"), _either(context, "body")),
        (_("Decide before"), _plain(context["due_on"])),
        (_("Prepared by"), context["prepared_by"]),
    ]


def _gate(context: Context) -> Context:
    words = {"body": _either(context, "body"), "innovation": context["innovation"], "day": _plain(context["due_on"])}
    heading = _("The decision moves to %(day)s.") if context["moved"] else _("%(body)s decides before %(day)s.")
    subject = _("Decision moved: %(innovation)s") if context["moved"] else _("Decision ahead: %(innovation)s")
    return {
        "subject": subject % words,
        "heading": heading % words,
        "intro": _("On the page you see what is still missing for this gate, and who fills it in."),
        "facts": [*_gate_facts(context), (pgettext("of a step", "Why"), context["reason"])],
        **_to_gate(context, _("Prepare the decision")),
    }


def _gate_due(context: Context) -> Context:
    return {
        "subject": _late_subject(context, _("decision")),
        "heading": _("This decision is still open."),
        "intro": when(date.fromisoformat(context["due_on"])),
        "facts": _gate_facts(context),
        **_to_gate(context, _("Open the decision")),
    }


def _decided(context: Context) -> Context:
    result = str(Result(context["result"]).label)
    words = {"body": _either(context, "body"), "result": result, "innovation": context["innovation"]}
    return {
        "subject": _("%(result)s: %(innovation)s") % words,
        "heading": _("%(body)s decided: %(result)s.") % words,
        "intro": _("What is decided stands in the record from now on."),
        "facts": [
            (pgettext("heading", "Gate"), gate_words(context["from_stage"], context["gate"])),
            (pgettext("heading", "Stage"), str(Stage(context["stage"]).label)),
            (_("On hold until"), _plain(context["wake_up_on"])),
            (_("Next review"), _plain(context["next_review_on"])),
            (pgettext("of a step", "Why"), _either(context, "rationale")),
            (
                pgettext("of a decision", "Conditions"),
                [_condition_line(condition) for condition in context["conditions"]],
            ),
        ],
        **_to_gate(context, _("See the decision")),
    }


def _condition_line(condition: Context) -> str:
    """What, who and before when, in one line."""
    before = _("before %(day)s") % {"day": _plain(condition["due_on"])} if condition["due_on"] else ""
    aside = ", ".join(filter(None, (condition["person"], before)))
    return f"{_either(condition, 'text')} ({aside})" if aside else _either(condition, "text")


def _condition_facts(context: Context) -> Facts:
    return [
        (pgettext("of a decision", "Condition"), _either(context, "text")),
        (_("Before"), _plain(context["due_on"])),
        (pgettext("heading", "Gate"), str(Stage(context["gate"]).label)),
    ]


def _condition(context: Context) -> Context:
    return {
        "subject": _("A condition for you: %(innovation)s") % context,
        "heading": _("You see to a condition."),
        "intro": _("A body decided that this has to be met. Say so on the page once it is."),
        "facts": _condition_facts(context),
        **_to_gate(context, _("See the decision")),
    }


def _condition_due(context: Context) -> Context:
    return {
        "subject": _late_subject(context, _("condition")),
        "heading": _("This condition is not met yet."),
        "intro": when(date.fromisoformat(context["due_on"])),
        "facts": _condition_facts(context),
        **_to_gate(context, _("Say that it is met")),
    }


def _wake_up(context: Context) -> Context:
    return {
        "subject": _("Look again: %(innovation)s") % context,
        "heading": _("An innovation on hold asks for a decision."),
        "intro": _("The day has come on which somebody looks at it again."),
        "facts": [
            (_("On hold until"), _plain(context["wake_up_on"])),
            (pgettext("of a step", "Why"), _either(context, "reason")),
        ],
        "action": _("Decide how it goes on"),
        "action_url": _address("outcome", context),
    }


def _late_subject(context: Context, what: str) -> str:
    """How late it is counts from the day on which the mail leaves."""
    day = date.fromisoformat(context["due_on"])
    late = (clock.today() - day).days
    words = {"n": late, "what": what, "innovation": context["innovation"], "day": _plain(context["due_on"])}
    if late > 0:
        text = ngettext("%(n)s day late: %(what)s, %(innovation)s", "%(n)s days late: %(what)s, %(innovation)s", late)
        return text % words
    return _("%(day)s: %(what)s, %(innovation)s") % words


def when(day: date) -> str:
    """Until when there is time, or for how long there has been none, as a sentence."""
    late = (clock.today() - day).days
    words = {"day": wording.long_date(day), "n": late}
    if late <= 0:
        return _("The last day is %(day)s.") % words
    text = ngettext(
        "The last day was %(day)s; that is %(n)s day ago.", "The last day was %(day)s; that is %(n)s days ago.", late
    )
    return text % words


def _why(context: Context) -> str:
    return {
        OWNER: _("You get this mail because this innovation is yours."),
        TEAM: _("You get this mail because you are in the team of this innovation."),
        MANAGER: _("You get this mail because you are an innovation manager of one of its hospitals."),
        PREPARES: _("You get this mail because you prepare this decision."),
        CONDITION: _("You get this mail because you see to this condition."),
    }[context["why"]]


def _words(context: Context, *, make: Callable[[Context], Context]) -> mail.Parts:
    words = make(context)
    about = [(pgettext("heading", "Innovation"), context["innovation"]), (_("Number"), context["number"])]
    given = [(label, value if isinstance(value, list) else [value]) for label, value in words.get("facts", []) if value]
    facts = [*((label, [value]) for label, value in about), *given]
    return {
        "template": "innovation",
        **words,
        "facts": facts,
        "why_words": _why(context),
    }, []


KINDS: dict[str, Callable[[Context], Context]] = {
    "innovation_handed_in": _handed_in,
    "innovation_given_back": _given_back,
    "innovation_published": _published,
    "innovation_offline": _offline,
    "innovation_gate": _gate,
    "innovation_gate_due": _gate_due,
    "innovation_decided": _decided,
    "innovation_condition": _condition,
    "innovation_condition_due": _condition_due,
    "innovation_wake_up": _wake_up,
}

for _kind, _make in KINDS.items():
    mail.enrich(_kind, partial(_words, make=_make))
