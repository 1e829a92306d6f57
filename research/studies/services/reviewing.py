"""The way of a review at one hospital: submit, take up, return, answer, decide, withdraw, start again.

Every verb locks the study first, so that at most one of two people who do something at once finds the state it needs.
`actor` None is the system: it may do everything, also in the past (`decided_on`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock
from academy.core.errors import InvalidInput

from .. import checks, messages
from .. import record as records
from ..errors import Incomplete, NoSuchStep, OpenApprovals
from ..models import Decision, Document, Review, Site, Study
from ..permissions import is_of_bureau
from ..states import NEXT, ApprovalState, PublicationState, ReviewState
from ..vocabularies import ReviewKind
from . import approving, deadlines, remarking, steps
from .approving import meet_conditions, record_approval
from .remarking import add_remark, answer_remark, reopen_remark, resolve_remark

__all__ = (
    "add_remark", "answer_remark", "assign", "change_kind", "decide", "meet_conditions", "record_approval",
    "reopen_remark", "resolve_remark", "return_to_researcher", "start_again", "submit", "take_up", "withdraw_review",
)  # fmt: skip


@transaction.atomic
def submit(*, study: Study, actor: User | None, sites: Iterable[str] | None = None) -> list[Review]:
    """Send the study to the science bureaus of these hospitals (organisation keys; all that wait when None).

    Raises `Incomplete` with what is missing or wrong by field, and with remarks that have neither an answer nor a
    change of their field; `NoSuchStep` when no hospital waits for the researcher. The bureaus get a mail.
    """
    study = steps.lock(study)
    steps.check(actor, "studies.submit", study)
    reviews = _waiting(study, sites)
    _refuse_incomplete(study, reviews)
    if study.publication_state == PublicationState.WITHDRAWN:
        raise NoSuchStep
    for review in reviews:
        due_on = clock.today() + timedelta(days=approving.days_of(review))
        steps.move_review(
            review, ReviewState.SUBMITTED, verb="submit", actor=actor, submitted_at=clock.now(), due_on=due_on
        )
        messages.submitted(review)
    if study.publication_state == PublicationState.DRAFT:
        steps.move_publication(study, PublicationState.IN_REVIEW, verb="submit", actor=actor)
    return reviews


def _waiting(study: Study, sites: Iterable[str] | None) -> list[Review]:
    """The reviews that the researcher can submit at these hospitals."""
    reviews = Review.objects.filter(site__study=study).select_related("site__organisation", "assigned_to")
    if sites is not None:
        wanted = set(sites)
        known = set(study.sites.values_list("organisation__key", flat=True))
        if not wanted or wanted - known:
            raise InvalidInput(fields={"sites": [_("Choose from the hospitals that take part.")]})
        reviews = reviews.filter(site__organisation__key__in=wanted)
    found = list(reviews.filter(state__in=ReviewState.with_researcher()))
    if not found and reviews.exists():
        raise NoSuchStep
    for review in found:
        review.site.study = study
    return found


def _refuse_incomplete(study: Study, reviews: list[Review]) -> None:
    record = records.current(steps.with_record(study))
    problems = {**checks.missing_to_submit(record), **checks.problems(record)}
    for review in reviews:
        for remark in remarking.unanswered(review):
            if not (remark.field and remarking.changed_since(study, remark.field, record, remark.made_at)):
                message = _("Answer the remark or change the field: “%(remark)s”") % {"remark": remark}
                problems.setdefault(remark.field or "remarks", []).append(message)
    if problems:
        raise Incomplete(fields=problems)


@transaction.atomic
def take_up(*, review: Review, actor: User | None) -> Review:
    """Begin the review: the bodies of the hospital's route are asked, the first ones today.

    After a return what bodies said stays; without a route the bureau itself is the only body.
    """
    review = steps.lock_review(review)
    steps.check(actor, "studies.review", review)
    steps.move_review(review, ReviewState.IN_REVIEW, verb="take_up", actor=actor)
    approving.set_out(review, actor)
    return review


@transaction.atomic
def assign(*, review: Review, actor: User | None, to: User | None) -> Review:
    """Give the review to a member of its bureau, or to nobody; once decided that has no sense any more."""
    review = steps.lock_review(review)
    steps.check(actor, "studies.review", review)
    if review.state in ReviewState.final():
        raise NoSuchStep
    if to is not None and not is_of_bureau(to, review):
        raise InvalidInput(fields={"assigned_to": [_("Choose somebody of the science bureau of this hospital.")]})
    before = review.assigned_to_id
    if before != (to.pk if to else None):
        review.assigned_to = to
        review.save(update_fields=["assigned_to"])
        steps.note(review, actor, "assign", before=before, person=review.assigned_to_id)
    return review


@transaction.atomic
def change_kind(*, review: Review, actor: User | None, kind: str) -> Review:
    """Review it as another kind, before the decision; bodies that said nothing yet make way for the other route's."""
    review = steps.lock_review(review)
    steps.check(actor, "studies.review", review)
    if kind not in ReviewKind.values:
        raise InvalidInput(fields={"kind": [_("Choose a kind of review.")]})
    if review.state not in (*ReviewState.with_bureau(), ReviewState.RETURNED):
        raise NoSuchStep
    if kind == review.kind:
        return review
    before, review.kind = review.kind, kind
    if review.due_on:
        review.due_on = clock.day_of(review.submitted_at) + timedelta(days=approving.days_of(review))
    review.save(update_fields=["kind", "due_on"])
    steps.note(review, actor, "change_kind", before=before, kind=kind)
    approving.rebuild(review, actor)
    return review


@transaction.atomic
def return_to_researcher(*, review: Review, actor: User | None, remarks: Iterable[Mapping[str, str]] = ()) -> Review:
    """Ask the researcher for more, with these remarks (`{"field": "" or a name, "text": …}`) or with earlier ones."""
    review = steps.lock_review(review)
    steps.check(actor, "studies.review", review)
    if ReviewState.RETURNED not in NEXT[review.state]:
        raise NoSuchStep
    for remark in remarks:
        remarking.add(review, actor, remark.get("field", ""), remark.get("text", ""))
    count = len(remarking.unanswered(review))
    if not count:
        raise InvalidInput(fields={"text": [_("Write at least one remark, so that the researcher knows what to do.")]})
    steps.move_review(review, ReviewState.RETURNED, verb="return", actor=actor, due_on=None)
    messages.returned(review, clock.now().isoformat(), count)
    return review


@transaction.atomic
def decide(
    *,
    review: Review,
    actor: User | None,
    outcome: str,
    decided_on: date | None = None,
    reason: str = "",
    conditions_nl: str = "",
    conditions_en: str = "",
    document: Document | None = None,
    seen: int | None = None,
) -> Decision:
    """What the hospital decides on the study as it is now; it is never changed. The editors get a mail.

    Approving needs a yes from every body of the route (`OpenApprovals`), conditions need their text and a rejection
    its reason (`InvalidInput`). `decided_on` is today unless an earlier day is given. `seen` is the version that the
    bureau read: raises `ChangedMeanwhile` when there is another one.
    """
    review = steps.lock_review(review)
    steps.check(actor, "studies.review", review)
    steps.refuse_unseen(review.site.study, seen)
    day = decided_on or clock.today()
    texts = {"reason": reason.strip(), "conditions_nl": conditions_nl.strip(), "conditions_en": conditions_en.strip()}
    _refuse_decision(outcome, day, texts)
    approving.refuse_document(review, document)
    if outcome not in NEXT[review.state]:
        raise NoSuchStep
    if outcome in ReviewState.positive() and review.approvals.exclude(state__in=ApprovalState.settled()).exists():
        raise OpenApprovals
    if outcome != ReviewState.APPROVED_WITH_CONDITIONS:
        texts |= {"conditions_nl": "", "conditions_en": ""}
    decision = Decision.objects.create(
        review=review,
        outcome=outcome,
        decided_on=day,
        document=document,
        study_version=review.site.study.version,
        made_by=actor,
        made_at=clock.now(),
        **texts,
    )
    steps.move_review(
        review, ReviewState(outcome), verb="decide", actor=actor, reason=texts["reason"], decided_at=clock.now()
    )
    messages.decided(decision)
    deadlines.refresh(review.site.study)
    return decision


def _refuse_decision(outcome: str, day: date, texts: Mapping[str, str]) -> None:
    problems = {}
    if outcome not in ReviewState.decided():
        problems["outcome"] = [_("Choose a decision.")]
    if wrong := approving.wrong_day(day):
        problems["decided_on"] = [wrong]
    if outcome == ReviewState.REJECTED and not texts["reason"]:
        problems["reason"] = [_("Write why, so that the team understands it.")]
    if outcome == ReviewState.APPROVED_WITH_CONDITIONS and not (texts["conditions_nl"] or texts["conditions_en"]):
        problems["conditions_nl"] = [_("Write the conditions, in Dutch or in English.")]
    if problems:
        raise InvalidInput(fields=problems)


@transaction.atomic
def withdraw_review(*, review: Review, actor: User | None, reason: str) -> Review:
    """An editor gives the review at this hospital up, with a reason that its bureau reads."""
    review = steps.lock_review(review)
    study = review.site.study
    steps.check(actor, "studies.submit", study)
    if not reason.strip():
        raise InvalidInput(fields={"reason": [_("Write why, so that the bureau understands it.")]})
    was_with_bureau = review.state in ReviewState.with_bureau()
    steps.move_review(review, ReviewState.WITHDRAWN, verb="withdraw", actor=actor, reason=reason.strip(), due_on=None)
    if was_with_bureau:
        messages.review_withdrawn(review, reason.strip())
    idle = (ReviewState.DRAFT, ReviewState.WITHDRAWN)
    others = Review.objects.filter(site__study=study).exclude(state__in=idle)
    if study.publication_state == PublicationState.IN_REVIEW and not others.exists():
        steps.move_publication(study, PublicationState.DRAFT, verb="withdraw", actor=actor, reason=reason.strip())
    deadlines.refresh(study)
    return review


@transaction.atomic
def start_again(*, site: Site, actor: User | None) -> Review:
    """A new review at a hospital whose last one was rejected or withdrawn; that one stays as it is."""
    study = steps.lock(site.study)
    steps.check(actor, "studies.submit", study)
    last = Review.objects.filter(site=site).order_by("-pk").first()
    if last is None or last.state not in (ReviewState.REJECTED, ReviewState.WITHDRAWN):
        raise NoSuchStep
    review = Review(site=last.site, kind=last.kind)
    review.assigned_to = last.assigned_to if is_of_bureau(last.assigned_to, review) else None
    review.save(force_insert=True)
    review.site.study = study
    steps.note(review, actor, "start_again", to_state=review.state)
    return review
