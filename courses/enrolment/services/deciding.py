"""Approval by the team manager, and what happens when nobody decides."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from academy.accounts.models import User
from academy.core import clock, events, periodic

from .. import messages
from ..errors import NoSuchStep, ReasonMissing
from ..models import Enrolment
from ..states import EnrolmentState, RunState
from .steps import check, lock_enrolment, move, promote


@transaction.atomic
def approve(*, enrolment: Enrolment, actor: User | None) -> Enrolment:
    """Say yes: the seat that waited becomes a place. Twice changes nothing; raises NotAllowed and NoSuchStep."""
    enrolment = lock_enrolment(enrolment)
    check(actor, "enrolment.approve", enrolment)
    if enrolment.approved_at and enrolment.state == EnrolmentState.ASSOCIATED:
        return enrolment
    over = enrolment.run.state in (RunState.FINISHED, RunState.CANCELLED)
    if over or enrolment.state != EnrolmentState.PENDING:  # from the waiting list this would jump the line
        raise NoSuchStep
    enrolment.approved_at, enrolment.approved_by = clock.now(), actor
    changed = ("approved_at", "approved_by")
    move(enrolment, EnrolmentState.ASSOCIATED, verb="approve", actor=actor, changed=changed)
    messages.approved(enrolment)
    return enrolment


@transaction.atomic
def deny(*, enrolment: Enrolment, actor: User | None, reason: str) -> Enrolment:
    """Say no, with a reason that the person reads; the seat goes to the waiting list. Raises ReasonMissing."""
    enrolment = lock_enrolment(enrolment)
    check(actor, "enrolment.approve", enrolment)
    if enrolment.state == EnrolmentState.DENIED:
        return enrolment
    if not reason.strip():
        raise ReasonMissing(fields={"reason": [ReasonMissing.message]})
    enrolment.reason = reason
    move(enrolment, EnrolmentState.DENIED, verb="deny", actor=actor, reason=reason, changed=("reason",))
    messages.denied(enrolment)
    promote(enrolment.run, actor)
    return enrolment


@periodic.every("lapse_pending", timedelta(hours=1))
def lapse_pending() -> int:
    """Free the seats that wait for approval for too long (PENDING_LAPSES_AFTER_DAYS); returns how many lapsed.

    The days count from when the manager was asked: who came from the waiting list had no seat before.
    """
    since = clock.now() - timedelta(days=settings.PENDING_LAPSES_AFTER_DAYS)
    due = Enrolment.objects.filter(state=EnrolmentState.PENDING, requested_at__lt=since).select_related("run")
    return sum(_lapse(enrolment, since) for enrolment in due)


@transaction.atomic
def _lapse(enrolment: Enrolment, since: datetime) -> bool:
    enrolment = lock_enrolment(enrolment)
    if enrolment.state != EnrolmentState.PENDING or _asked_at(enrolment) >= since:
        return False
    with override(enrolment.person.preferred_language):
        enrolment.reason = _("Nobody decided within %(days)s days.") % {"days": settings.PENDING_LAPSES_AFTER_DAYS}
    move(enrolment, EnrolmentState.DENIED, verb="lapse", actor=None, reason=enrolment.reason, changed=("reason",))
    messages.denied(enrolment)
    promote(enrolment.run)
    return True


def _asked_at(enrolment: Enrolment) -> datetime:
    asked = events.of(enrolment).filter(to_state=EnrolmentState.PENDING).first()
    return asked.at if asked else enrolment.requested_at
