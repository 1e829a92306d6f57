"""The seven stages of an innovation with the days on which it went through them."""

from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from academy.core import wording

from .models import Decision, Innovation, Passage
from .states import Outcome, Stage


@dataclass(frozen=True)
class Step:
    """A stage: whether it is behind, and what is known of when."""

    name: str
    notes: list[str]
    is_done: bool = False
    is_current: bool = False


def track(innovation: Innovation, waiting: Decision | None) -> list[Step]:
    """The stages in order; reads `passages`. `waiting` is the gate that is open."""
    passages = {passage.stage: passage for passage in innovation.passages.all()}  # the last one where it came back
    return [_step(innovation, stage, passages.get(stage), waiting) for stage in Stage]


def _step(innovation: Innovation, stage: Stage, passage: Passage | None, waiting: Decision | None) -> Step:
    now = Stage(innovation.stage)
    if stage == now:
        return Step(str(stage.label), [_until_now(innovation), *_taken_over(passage)], is_current=True)
    if stage.place < now.place:
        when = [_month(passage.since)] if passage else []
        return Step(str(stage.label), [*when, *_taken_over(passage)], is_done=True)
    notes = []
    if passage and passage.until:
        notes.append(_("until %(day)s, then back") % {"day": _month(passage.until)})
    if waiting and waiting.gate == stage:
        notes.append(_("decision before %(day)s") % {"day": wording.plain_date(waiting.due_on)})
    return Step(str(stage.label), notes)


def _until_now(innovation: Innovation) -> str:
    since = _("since %(day)s") % {"day": wording.plain_date(innovation.stage_since)}
    if innovation.outcome not in Outcome.ended() or not innovation.outcome_since:
        return since
    first, last = wording.plain_date(innovation.stage_since), wording.plain_date(innovation.outcome_since)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _taken_over(passage: Passage | None) -> list[str]:
    """A stage that began without a decision: what happened before the registry was taken over from elsewhere."""
    without = passage and passage.decision_id is None and passage.stage != Stage.IDEA
    return [_("imported, no decision")] if without else []


def _month(day: date) -> str:
    return format_date(day, "F Y")
