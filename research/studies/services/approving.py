"""What the bodies of a hospital's route say: METC, feasibility, privacy, board, in order and beside each other."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.cleaning import is_sensible
from academy.core.errors import InvalidInput, Unknown

from ..errors import NoSuchStep
from ..models import Approval, Document, Review, ReviewRoute
from ..states import ApprovalState, ReviewState
from ..vocabularies import ApprovalKind
from . import deadlines, steps

#: what may be recorded; "later in the route" follows from the order
RECORDED = tuple(state for state in ApprovalState if state != ApprovalState.PLANNED)


def route_of(review: Review) -> ReviewRoute | None:
    """How the hospital reviews studies of this kind; None when it did not say so."""
    return (
        ReviewRoute.objects.filter(organisation=review.site.organisation_id, kind=review.kind)
        .prefetch_related("steps")
        .first()
    )


def days_of(review: Review) -> int:
    """Within so many days the hospital means to decide."""
    route = route_of(review)
    return route.days if route else ReviewRoute._meta.get_field("days").default


def _rows(review: Review) -> list[Approval]:
    route = route_of(review)
    rows = [
        Approval(review=review, order=step.order, kind=step.kind, body_nl=step.body_nl, body_en=step.body_en)
        for step in (route.steps.all() if route else ())
    ]
    return rows or [Approval(review=review, kind=ApprovalKind.BUREAU, **_bureau_of(review))]


def _bureau_of(review: Review) -> dict[str, str]:
    """The name of the bureau as a body; data in both languages, as the bodies of routes are."""
    hospital = review.site.organisation.short_name
    return {"body_nl": f"Wetenschapsbureau {hospital}", "body_en": f"Science bureau {hospital}"}


def set_out(review: Review, actor: User | None) -> None:
    """Plan every body of the route and ask the first ones; what is there already stays. The caller holds the lock."""
    if not review.approvals.exists():
        Approval.objects.bulk_create(_rows(review))
    _go_on(review, actor)


def rebuild(review: Review, actor: User | None) -> None:
    """Replace bodies that said nothing yet by those of the route of the review's kind, if it was taken up already."""
    if not review.approvals.exists():
        return
    review.approvals.filter(state__in=(ApprovalState.PLANNED, *ApprovalState.open())).delete()
    kept = set(review.approvals.values_list("kind", "body_nl"))
    Approval.objects.bulk_create([row for row in _rows(review) if (row.kind, row.body_nl) not in kept])
    if review.state == ReviewState.IN_REVIEW:
        _go_on(review, actor)


def _go_on(review: Review, actor: User | None) -> None:
    """Ask the bodies whose turn it is: the planned ones of the first order in which something is open."""
    rows = list(review.approvals.all())
    turn = min((row.order for row in rows if row.state not in ApprovalState.settled()), default=None)
    for row in rows:
        if row.order == turn and row.state == ApprovalState.PLANNED:
            row.requested_on = clock.today()
            _move(row, review, ApprovalState.REQUESTED, actor=actor, verb="request_approval")


def _move(row: Approval, review: Review, to: str, *, actor: User | None, verb: str, reason: str = "") -> None:
    """The only writer of an approval's state, with an event on the study."""
    before, row.state = row.state, to
    row.save()
    events.record(
        actor=actor,
        object=review.site.study,
        verb=verb,
        from_state=before,
        to_state=to,
        reason=reason,
        review=review.pk,
        site=review.site.organisation.key,
        approval=row.pk,
        body=row.body_nl,
    )


@transaction.atomic
def record_approval(
    *,
    approval: Approval,
    actor: User | None,
    state: str,
    decided_on: date | None = None,
    conditions_nl: str = "",
    conditions_en: str = "",
    valid_until: date | None = None,
    document: Document | None = None,
) -> Approval:
    """Write down what a body said, on which day (today when not given), with its conditions, limit and letter.

    When all bodies of one order have settled the next ones are asked. `requested` and `in_review` take an earlier word
    back. Raises `NoSuchStep` once the hospital has decided, and for a body whose turn has not come (it may be
    `not_needed`); `InvalidInput` for conditions without text and for days that cannot be.
    """
    review, row = _locked(approval)
    steps.check(actor, "studies.review", review)
    day = decided_on or clock.today()
    conditions = {"conditions_nl": conditions_nl.strip(), "conditions_en": conditions_en.strip()}
    _refuse(state, day, valid_until, conditions)
    refuse_document(review, document)
    early = row.state == ApprovalState.PLANNED and state != ApprovalState.NOT_NEEDED and actor is not None
    if review.state in ReviewState.final() or early:
        raise NoSuchStep
    _fill(row, state, day, valid_until=valid_until, document=document or row.document, **conditions)
    _move(row, review, state, actor=actor, verb="record_approval")
    if review.state == ReviewState.IN_REVIEW:
        _go_on(review, actor)
    deadlines.refresh(review.site.study)
    return row


def _fill(row: Approval, state: str, day: date, **columns: Any) -> None:
    """What belongs to this state; what belongs to another one is emptied."""
    is_open, with_conditions = state in ApprovalState.open(), state == ApprovalState.APPROVED_WITH_CONDITIONS
    if is_open:
        row.requested_on, row.decided_on, columns["valid_until"] = row.requested_on or day, None, None
    else:
        row.decided_on = day
    if not with_conditions:
        columns |= {"conditions_nl": "", "conditions_en": ""}
    if any(getattr(row, name) != columns[name] for name in ("conditions_nl", "conditions_en")):
        columns["conditions_met_on"] = None
    for name, value in columns.items():
        setattr(row, name, value)


def _refuse(state: str, day: date, valid_until: date | None, conditions: Mapping[str, str]) -> None:
    problems = {}
    if state not in RECORDED:
        problems["state"] = [_("Choose what the body said.")]
    if wrong := wrong_day(day):
        problems["decided_on"] = [wrong]
    if valid_until and not is_sensible(valid_until):
        problems["valid_until"] = [_("Look at the year again.")]
    if valid_until and valid_until < day:
        problems["valid_until"] = [_("This day lies before the day of the decision.")]
    if state == ApprovalState.APPROVED_WITH_CONDITIONS and not any(conditions.values()):
        problems["conditions_nl"] = [_("Write the conditions, in Dutch or in English.")]
    if problems:
        raise InvalidInput(fields=problems)


def wrong_day(day: date) -> str:
    """Why nothing can have been decided on this day; empty when it can."""
    if day > clock.today():
        return _("This day is still to come.")
    return "" if is_sensible(day) else _("Look at the year again.")


def refuse_document(review: Review, document: Document | None) -> None:
    """A letter belongs to the study that it is about."""
    if document is not None and document.study_id != review.site.study_id:
        raise InvalidInput(fields={"document": [_("Choose a document of this study.")]})


@transaction.atomic
def meet_conditions(*, approval: Approval, actor: User | None, on: date | None = None) -> Approval:
    """The researcher did what a body asked; also possible after the hospital's decision."""
    review, row = _locked(approval)
    steps.check(actor, "studies.review", review)
    day = on or clock.today()
    if row.state != ApprovalState.APPROVED_WITH_CONDITIONS or row.conditions_met_on:
        raise NoSuchStep
    if day > clock.today():
        raise InvalidInput(fields={"on": [_("This day is still to come.")]})
    if row.decided_on and day < row.decided_on:
        raise InvalidInput(fields={"on": [_("This day lies before the day of the decision.")]})
    row.conditions_met_on = day
    row.save(update_fields=["conditions_met_on"])
    steps.note(review, actor, "meet_conditions", approval=row.pk, body=row.body_nl)
    return row


def _locked(approval: Approval) -> tuple[Review, Approval]:
    review = steps.lock_review(approval.review)
    try:
        return review, Approval.objects.get(pk=approval.pk, review=review)
    except Approval.DoesNotExist:
        raise Unknown from None
