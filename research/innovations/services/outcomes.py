"""What happens to an innovation without a gate: on hold, resumed, scaled up, withdrawn by who put it in."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events

from ..errors import Incomplete, NoSuchStep
from ..models import Innovation
from ..states import Outcome, Stage
from . import steps


def _change(
    innovation: Innovation,
    actor: User | None,
    to: Outcome,
    verb: str,
    *,
    reason_nl: str,
    reason_en: str,
    wake_up_on: date | None = None,
) -> Innovation:
    """Another outcome from today, with its event; an open gate stays: whoever resumes finds it."""
    before = steps.set_outcome(
        innovation, to, on=clock.today(), wake_up_on=wake_up_on, reason_nl=reason_nl, reason_en=reason_en
    )
    events.record(
        actor=actor, object=innovation, verb=verb, from_state=before, to_state=to, reason=reason_nl or reason_en
    )
    return innovation


def _refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise Incomplete(fields={"reason_nl": [_("Write why.")]})


@transaction.atomic
def put_on_hold(
    *, innovation: Innovation, actor: User | None, wake_up_on: date, reason_nl: str = "", reason_en: str = ""
) -> Innovation:
    """Nobody works on it until a day on which somebody looks again."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    _refuse_without_reason(reason_nl or reason_en)
    if wake_up_on <= clock.today():
        raise Incomplete(fields={"wake_up_on": [_("Choose a day that is still to come.")]})
    return _change(
        innovation,
        actor,
        Outcome.ON_HOLD,
        "put_on_hold",
        wake_up_on=wake_up_on,
        reason_nl=reason_nl,
        reason_en=reason_en,
    )


@transaction.atomic
def resume(*, innovation: Innovation, actor: User | None, reason_nl: str = "", reason_en: str = "") -> Innovation:
    """Active again, in the stage where it was; the lessons stay."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    _refuse_without_reason(reason_nl or reason_en)
    return _change(innovation, actor, Outcome.ACTIVE, "resume", reason_nl=reason_nl, reason_en=reason_en)


@transaction.atomic
def scale(*, innovation: Innovation, actor: User | None, reason_nl: str = "", reason_en: str = "") -> Innovation:
    """Taken over elsewhere: the end that everybody hopes for. Only from implementation on."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    if innovation.stage not in (Stage.IMPLEMENTATION, Stage.IN_USE):
        raise NoSuchStep
    return _change(innovation, actor, Outcome.SCALED, "scale", reason_nl=reason_nl, reason_en=reason_en)


@transaction.atomic
def withdraw(*, innovation: Innovation, actor: User | None, reason_nl: str = "", reason_en: str = "") -> Innovation:
    """Its owner or team, or an innovation manager, takes it back; it stays findable with the reason."""
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.withdraw", innovation)
    _refuse_without_reason(reason_nl or reason_en)
    return _change(innovation, actor, Outcome.WITHDRAWN, "withdraw", reason_nl=reason_nl, reason_en=reason_en)
