"""Remarks of a bureau at fields of a study, and the researcher's answers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import clock
from academy.core.errors import InvalidInput, Unknown

from ..cleaning import as_now
from ..errors import NoSuchStep
from ..models import Remark, Review, Study
from ..record import FIELDS, Record
from ..selectors import revisions_of
from ..states import ReviewState
from . import steps

LONGEST = 5000


@transaction.atomic
def add_remark(*, review: Review, actor: User | None, field: str = "", text: str) -> Remark:
    """A remark at a field (or at the whole), while the study lies with the bureau; the researcher sees it at return."""
    review = steps.lock_review(review)
    steps.check(actor, "studies.review", review)
    if review.state not in ReviewState.with_bureau():
        raise NoSuchStep
    return add(review, actor, field, text)


def add(review: Review, actor: User | None, field: str, text: str) -> Remark:
    """The row and its event; the caller holds the lock."""
    if field and field not in FIELDS:
        raise InvalidInput(fields={"field": [_("Choose a field of the study.")]})
    remark = Remark.objects.create(review=review, field=field, text=_text(text), made_by=actor, made_at=clock.now())
    steps.note(review, actor, "remark", remark=remark.pk, field=field)
    return remark


def _text(text: str, name: str = "text") -> str:
    text = text.strip()
    if not text:
        raise InvalidInput(fields={name: [_("Write what you want to say.")]})
    if len(text) > LONGEST:
        raise InvalidInput(fields={name: [_("Use at most %(n)s characters.") % {"n": LONGEST}]})
    return text


@transaction.atomic
def answer_remark(*, remark: Remark, actor: User | None, text: str) -> Remark:
    """What the researcher says to a remark; it may be changed until the study is submitted again."""
    review, remark = _locked(remark)
    steps.check(actor, "studies.submit", review.site.study)
    if review.state != ReviewState.RETURNED or remark.resolved_at:
        raise NoSuchStep
    remark.answer, remark.answered_by, remark.answered_at = _text(text, "answer"), actor, clock.now()
    remark.save(update_fields=["answer", "answered_by", "answered_at"])
    steps.note(review, actor, "answer_remark", remark=remark.pk, field=remark.field)
    return remark


@transaction.atomic
def resolve_remark(*, remark: Remark, actor: User | None) -> Remark:
    """The bureau is content with the answer; doing it twice changes nothing."""
    review, remark = _locked(remark)
    steps.check(actor, "studies.review", review)
    if remark.resolved_at is None:
        remark.resolved_at = clock.now()
        remark.save(update_fields=["resolved_at"])
        steps.note(review, actor, "resolve_remark", remark=remark.pk, field=remark.field)
    return remark


@transaction.atomic
def reopen_remark(*, remark: Remark, actor: User | None) -> Remark:
    """The bureau wants a new answer after all: the old one goes, its event remains."""
    review, remark = _locked(remark)
    steps.check(actor, "studies.review", review)
    if review.state in ReviewState.final() or not (remark.resolved_at or remark.answer):
        raise NoSuchStep
    gone, remark.answer, remark.answered_by, remark.answered_at = remark.answer, "", None, None
    remark.resolved_at = None
    remark.save(update_fields=["answer", "answered_by", "answered_at", "resolved_at"])
    steps.note(review, actor, "reopen_remark", remark=remark.pk, field=remark.field, answer=gone)
    return remark


def _locked(remark: Remark) -> tuple[Review, Remark]:
    review = steps.lock_review(remark.review)
    try:
        return review, Remark.objects.get(pk=remark.pk, review=review)
    except Remark.DoesNotExist:
        raise Unknown from None


def told(review: Review, reader: User) -> list[Remark]:
    """The remarks that this person may read: those of a bureau are its own until it sends the study back."""
    remarks = list(review.remarks.select_related("made_by", "answered_by", "review"))
    if review.state not in ReviewState.with_bureau() or reader.has_perm("studies.review", review):
        return remarks
    return [remark for remark in remarks if remark.made_at < review.submitted_at]


def unanswered(review: Review) -> list[Remark]:
    """Open remarks to which the researcher has not answered."""
    return list(review.remarks.filter(resolved_at=None, answer=""))


def changed_since(study: Study, field: str, record: Record, moment: datetime) -> bool:
    """Whether the field of this record has another value than the study had at that moment."""
    then = revisions_of(study).filter(created_at__lte=moment).first()
    return then is not None and record[field] != as_now(then.content["record"])[field]
