"""From a draft to the portfolio: handed in by who put it in, published by an innovation manager."""

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User

from .. import gates, messages
from ..errors import Incomplete
from ..models import Innovation
from ..states import PublicationState, Stage
from . import steps
from .gates import facts_of


@transaction.atomic
def submit(*, innovation: Innovation, actor: User | None, seen: int | None = None) -> Innovation:
    """Hand the idea in; raises `Incomplete` while one of the six fields of the intake is missing."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.submit", innovation)
    steps.refuse_unseen(innovation, seen)
    _refuse_incomplete(innovation)
    steps.move_publication(innovation, PublicationState.SUBMITTED, verb="submit", actor=actor)
    messages.handed_in(innovation, actor)
    return innovation


def _refuse_incomplete(innovation: Innovation) -> None:
    """The six fields to start with: they are what the first gate asks for; and a hospital, which says who publishes."""
    facts = facts_of(innovation)
    wrong = {item.name: [_("This is still missing.")] for item in gates.missing(facts, Stage.EXPLORATION)}
    if not facts.has("organisations"):
        wrong["organisations"] = [_("Choose at least one hospital.")]
    if wrong:
        raise Incomplete(fields=wrong)


@transaction.atomic
def give_back(*, innovation: Innovation, actor: User | None, reason: str) -> Innovation:
    """Back to who put it in, with what is still needed."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    if not reason.strip():
        raise Incomplete(fields={"reason": [_("Write what is still needed.")]})
    steps.move_publication(innovation, PublicationState.DRAFT, verb="give_back", actor=actor, reason=reason)
    messages.given_back(innovation, actor, reason)
    return innovation


@transaction.atomic
def publish(*, innovation: Innovation, actor: User | None, seen: int | None = None) -> Innovation:
    """Into the portfolio, for whom its visibility says."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    steps.refuse_unseen(innovation, seen)
    if innovation.publication_state != PublicationState.OFFLINE:
        _refuse_incomplete(innovation)
    steps.move_publication(innovation, PublicationState.PUBLISHED, verb="publish", actor=actor)
    messages.published(innovation, actor)
    return innovation


@transaction.atomic
def take_offline(*, innovation: Innovation, actor: User | None, reason: str) -> Innovation:
    """Out of the portfolio; the team and the innovation managers keep it."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    if not reason.strip():
        raise Incomplete(fields={"reason": [_("Write why.")]})
    steps.move_publication(innovation, PublicationState.OFFLINE, verb="take_offline", actor=actor, reason=reason)
    messages.taken_offline(innovation, actor, reason)
    return innovation
