"""What the verbs share: the lock, rights, revisions, and the one writer of each state."""

from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import NotAllowed, Unknown

from ..errors import ChangedMeanwhile, NoSuchStep
from ..models import Decision, Innovation, Passage
from ..record import Record, read, with_everything
from ..states import NEXT_OUTCOME, NEXT_PUBLICATION, Outcome, PublicationState, Stage


def lock(innovation: Innovation) -> Innovation:
    """The innovation as it is now, locked until the transaction ends; all of it changes only under this lock."""
    try:
        return Innovation.objects.select_for_update(of=("self",)).get(pk=innovation.pk)
    except Innovation.DoesNotExist:
        raise Unknown from None


def with_record(innovation: Innovation) -> Innovation:
    """The innovation read again, with everything that `record.read` needs."""
    return with_everything(Innovation.objects.all()).get(pk=innovation.pk)


def check(actor: User | None, permission: str, innovation: Innovation | None = None) -> None:
    """Refuse unless the actor has this permission; whoever may not know it is told that there is none."""
    if actor is None or actor.has_perm(permission, innovation):
        return
    if innovation is not None and not actor.has_perm("innovations.see", innovation):
        raise Unknown
    raise NotAllowed


def refuse_unseen(innovation: Innovation, seen: int | None) -> None:
    """Nobody decides on a version that they did not read; None says nothing about what was read."""
    if seen not in (None, innovation.version):
        raise ChangedMeanwhile


def content(*, version: int, record: Record, reason: str = "", source: str = "") -> dict[str, Any]:
    """What a revision keeps: the whole record, why it changed, and where it came from."""
    return {"version": version, "record": record, "reason": reason, "source": source}


def revision(innovation: Innovation, actor: User | None, **details: Any) -> Revision:
    """An unsaved revision of the innovation as of now; `details` as in `content`."""
    kind = ContentType.objects.get_for_model(Innovation)
    return Revision(
        content_type=kind,
        base_content_type=kind,
        object_id=str(innovation.pk),
        created_at=clock.now(),
        user=actor,
        object_str=str(innovation),
        content=content(version=innovation.version, **details),
    )


def keep_revision(innovation: Innovation, actor: User | None, *, reason: str = "", source: str = "") -> None:
    """Keep the innovation as it stands in the database now as its newest version."""
    fresh = with_record(innovation)
    revision(fresh, actor, record=read(fresh), reason=reason, source=source).save()


def move_publication(
    innovation: Innovation, to: PublicationState, *, verb: str, actor: User | None, reason: str = ""
) -> None:
    """The only writer of the publication state: along the table, with an event."""
    before = innovation.publication_state
    if to not in NEXT_PUBLICATION[before]:
        raise NoSuchStep
    innovation.publication_state = to
    if to == PublicationState.PUBLISHED and innovation.published_at is None:
        innovation.published_at = clock.now()
    innovation.save(update_fields=["publication_state", "published_at"])
    events.record(actor=actor, object=innovation, verb=verb, from_state=before, to_state=to, reason=reason)


def set_outcome(
    innovation: Innovation,
    to: Outcome,
    *,
    on: date,
    wake_up_on: date | None = None,
    reason_nl: str = "",
    reason_en: str = "",
) -> str:
    """The only writer of the outcome: along the table; gives the outcome before. The verb writes the event."""
    before = innovation.outcome
    if to not in NEXT_OUTCOME[before]:
        raise NoSuchStep
    innovation.outcome, innovation.outcome_since = to, on
    innovation.wake_up_on = wake_up_on
    innovation.outcome_reason_nl, innovation.outcome_reason_en = reason_nl, reason_en
    innovation.save(update_fields=["outcome", "outcome_since", "wake_up_on", "outcome_reason_nl", "outcome_reason_en"])
    return before


def enter(innovation: Innovation, stage: Stage, *, on: date, decision: Decision | None) -> str:
    """The only writer of the stage: end the passage that runs and begin the next; gives the stage before."""
    before = innovation.stage
    innovation.passages.filter(until=None).update(until=on)
    Passage.objects.create(innovation=innovation, stage=stage, since=on, decision=decision)
    innovation.stage, innovation.stage_since = stage, on
    innovation.save(update_fields=["stage", "stage_since"])
    return before
