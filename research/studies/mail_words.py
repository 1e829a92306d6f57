"""Words of the mails, made when one leaves: in the reader's language, with the address of what to do next."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import clock, mail, wording
from academy.core.translation import current

from .deadlines import RULES, STAGES
from .models import Access, Deadline
from .record import CHECK
from .states import ReviewState
from .vocabularies import ReviewKind

Context = dict[str, Any]


def _address(name: str, **arguments: Any) -> str:
    return settings.SITE_URL + reverse(f"studies:{name}", kwargs=arguments)


def _to_study(context: Context) -> Context:
    return {"action": _("See the study"), "action_url": context["url"]}


def _to_form(context: Context) -> Context:
    return {"action": _("Open the study"), "action_url": _address("step", number=context["number"], step=CHECK)}


def _to_review(context: Context) -> Context:
    address = _address("review", number=context["number"], site=context["site"])
    return {"action": _("Open the review"), "action_url": address}


def _review(context: Context) -> Context:
    return {"review_words": wording.capital(ReviewKind(context["review_kind"]).label)}


def _invited(context: Context) -> Context:
    words = {
        "may_edit": context["level"] == Access.Level.EDITOR,
        "level_words": str(Access.Level(context["level"]).label),
    }
    if context["given_name"]:
        return words | _to_study(context)
    return words | {"action": _("Make an account"), "action_url": settings.SITE_URL + reverse("account_signup")}


def _decided(context: Context) -> Context:
    outcome = context["outcome"]
    headings = {
        ReviewState.APPROVED: _("%(hospital)s approves your study."),
        ReviewState.APPROVED_WITH_CONDITIONS: _("%(hospital)s approves your study, with conditions."),
        ReviewState.REJECTED: _("%(hospital)s does not approve your study."),
    }
    conditions = {code: context[f"conditions_{code}"] for code in ("nl", "en")}
    return {
        "heading": headings[outcome] % {"hospital": context["hospital"]},
        "outcome_words": wording.capital(ReviewState(outcome).label),
        "conditions": conditions.pop(current()) or next(iter(conditions.values())),
        **_review(context),
        **_to_study(context),
    }


def _deadline(context: Context) -> Context:
    """How late it is counts from the day on which the mail leaves."""
    kind, day = context["deadline_kind"], date.fromisoformat(context["due_on"])
    late = (clock.today() - day).days
    overdue = next(stage.overdue for stage in STAGES if stage.name == context["stage"])
    what = str(Deadline.Kind(kind).label)
    return {
        "title": wording.capital(what),
        "what": what,
        "due": wording.plain_date(day),
        "late": late,
        "overdue": overdue and late > 0,
        "when": when(kind, day),
        "advice": RULES[kind].advice,
        "action": _("See what is needed"),
        "action_url": _address("meet", number=context["number"], pk=context["deadline"]),
    }


def when(kind: str, day: date) -> str:
    """Until when there is time, or for how long there has been none, as a sentence."""
    late = (clock.today() - day).days
    words = {"day": wording.long_date(day), "n": late}
    if kind == Deadline.Kind.EMBARGO_LIFT:
        return _("The study becomes public on %(day)s.") % words
    if late > 0:
        return (
            ngettext(
                "The last day was %(day)s; that is %(n)s day ago.",
                "The last day was %(day)s; that is %(n)s days ago.",
                late,
            )
            % words
        )
    return _("The last day is %(day)s.") % words


def _words(context: Context, *, makers: tuple[Callable[[Context], Context], ...], bureau: bool) -> mail.Parts:
    words: Context = {}
    for make in makers:
        words |= make(context)
    if bureau or context.get("for_bureau"):
        words["why"] = _("You get this mail because you are of the science bureau.")
    else:
        words["why"] = _("You get this mail because you work on this study.")
    return words, []


KINDS: dict[str, tuple[Callable[[Context], Context], ...]] = {
    "study_invited": (_invited,),
    "study_submitted": (_review, _to_review),
    "study_returned": (_review, _to_form),
    "study_decided": (_decided,),
    "study_review_withdrawn": (_review, _to_review),
    "study_published": (_to_study,),
    "study_changes_proposed": (_to_review,),
    "study_changes_refused": (_to_form,),
    "study_unpublished": (_to_study,),
    "study_deadline": (_deadline,),
}
_FOR_BUREAU = ("study_submitted", "study_review_withdrawn", "study_changes_proposed")

for _kind, _makers in KINDS.items():
    mail.enrich(_kind, partial(_words, makers=_makers, bureau=_kind in _FOR_BUREAU))
