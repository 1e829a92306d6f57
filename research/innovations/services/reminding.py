"""Reminders of gates, conditions and wake-ups: once per stage, whoever runs them and however often."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from academy.core import clock
from academy.core.models import Message
from research.studies.deadlines import stage_of

from .. import messages
from ..models import Condition, Decision, Innovation
from ..states import Outcome, PublicationState

log = logging.getLogger(__name__)
NEAR = timedelta(days=7)  # bodies meet monthly: a reminder before that comes too early


@dataclass
class Summary:
    """What a round did, in numbers; `failed` are the innovations that could not be looked at."""

    read: int = 0
    reminded: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Reminder:
    """What could be told, with the key that tells whether it was."""

    number: str
    kind: str
    key: str
    tell: Callable[[], None]


def remind() -> Summary:
    """Tell of what comes near, is late or wakes up; what has ended or is offline is left in peace."""
    summary = Summary()
    for kind, found in (
        ("innovation_gate_due", _gates()),
        ("innovation_condition_due", _conditions()),
        ("innovation_wake_up", _wake_ups()),
    ):
        waiting = list(found)
        keys = [one.key for one in waiting]
        told = set(Message.objects.filter(kind=kind, event_key__in=keys).values_list("event_key", flat=True))
        summary.read += len(waiting)
        for one in waiting:
            if one.key not in told:
                _tell(one, summary)
    return summary


def _tell(one: _Reminder, summary: Summary) -> None:
    """The messages of one reminder in a transaction of their own; one that fails does not stop the others."""
    try:
        with transaction.atomic():
            one.tell()
            summary.reminded += Message.objects.filter(kind=one.kind, event_key=one.key).exists()
    except Exception:  # whatever it is, it is about this innovation alone
        log.exception("Nobody could be reminded of %s", one.number)
        summary.failed.append(one.number)


def _open(rows: QuerySet, innovation: str) -> QuerySet:
    """Those of innovations on which people work and that are not taken offline."""
    prefix = f"{innovation}__" if innovation else ""
    rows = rows.exclude(**{f"{prefix}outcome__in": Outcome.ended()})
    return rows.exclude(**{f"{prefix}publication_state": PublicationState.OFFLINE})


def _gates() -> Iterable[_Reminder]:
    rows = _open(Decision.objects.open(), "innovation").filter(due_on__lte=clock.today() + NEAR)
    for row in rows.select_related("innovation", "body", "owner"):
        stage, key = _stage("gate", row.pk, row.due_on)
        tell = partial(messages.gate_due, row, stage, key)
        yield _Reminder(row.innovation.number, "innovation_gate_due", key, tell)


def _conditions() -> Iterable[_Reminder]:
    rows = Condition.objects.filter(met_on=None, due_on__lte=clock.today() + NEAR)
    rows = _open(rows, "decision__innovation").select_related("decision__innovation", "owner")
    for row in rows:
        stage, key = _stage("condition", row.pk, row.due_on)
        tell = partial(messages.condition_due, row, stage, key)
        yield _Reminder(row.decision.innovation.number, "innovation_condition_due", key, tell)


def _stage(what: str, pk: int, due_on: date) -> tuple[str, str]:
    """The stage that has come; another day begins anew."""
    stage = stage_of(due_on)
    return stage.name, f"{what}:{pk}:{due_on.isoformat()}:{stage.name}"


def _wake_ups() -> Iterable[_Reminder]:
    rows = _open(Innovation.objects.filter(outcome=Outcome.ON_HOLD, wake_up_on__lte=clock.today()), "")
    for row in rows:
        key = f"wake_up:{row.pk}:{row.wake_up_on.isoformat()}"
        yield _Reminder(row.number, "innovation_wake_up", key, partial(messages.woken, row, key))
