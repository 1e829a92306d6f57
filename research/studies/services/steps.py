"""What the verbs share: the lock, rights, revisions, and the one writer of each state."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import NotAllowed, Unknown

from ..errors import ChangedMeanwhile, NoSuchStep
from ..models import Review, Study
from ..record import Record, read, with_everything
from ..states import NEXT, NEXT_PUBLICATION, PublicationState, ReviewState


def lock(study: Study) -> Study:
    """The study as it is now, locked until the transaction ends; everything of a study changes only under this lock."""
    try:
        return Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    except Study.DoesNotExist:
        raise Unknown from None


def with_record(study: Study) -> Study:
    """The study read again, with everything that `record.read` needs."""
    return with_everything(Study.objects.all()).get(pk=study.pk)


def lock_review(review: Review) -> Review:
    """The review as it is now, its study locked first."""
    study = lock(Study(pk=review.site.study_id))
    try:
        fresh = Review.objects.select_related("site__organisation").get(pk=review.pk)
    except Review.DoesNotExist:
        raise Unknown from None
    fresh.site.study = study
    return fresh


def check(actor: User | None, permission: str, record: Any = None) -> None:
    """Refuse unless the actor has this permission; whoever may not know the study is told that there is none."""
    if actor is None or actor.has_perm(permission, record):
        return
    study = record.site.study if isinstance(record, Review) else record
    if isinstance(study, Study) and not actor.has_perm("studies.see", study):
        raise Unknown
    raise NotAllowed


def refuse_unseen(study: Study, seen: int | None) -> None:
    """Nobody decides on a version that they did not read; None says nothing about what was read."""
    if seen not in (None, study.version):
        raise ChangedMeanwhile


def content(
    *, version: int, record: Record, proposed: Record | None = None, reason: str = "", source: str = ""
) -> dict[str, Any]:
    """What a revision keeps: the whole record as its team sees it, why it changed, and where it came from.

    `proposed` holds, for each field that waits for the bureau, the value that is published meanwhile.
    """
    return {"version": version, "record": record, "proposed": proposed or {}, "reason": reason, "source": source}


def keep_revision(study: Study, actor: User | None, *, reason: str = "", source: str = "") -> None:
    """Keep the study as it stands in the database now as its newest version."""
    fresh = with_record(study)
    published = read(fresh)
    proposed = {name: published[name] for name in fresh.proposed}
    record = {**published, **fresh.proposed}
    revision(fresh, actor, record=record, proposed=proposed, reason=reason, source=source).save()


def revision(study: Study, actor: User | None, **details: Any) -> Revision:
    """An unsaved revision of the study as of now; `details` as in `content`."""
    kind = ContentType.objects.get_for_model(Study)
    return Revision(
        content_type=kind,
        base_content_type=kind,
        object_id=str(study.pk),
        created_at=clock.now(),
        user=actor,
        object_str=str(study),
        content=content(version=study.version, **details),
    )


def move_review(
    review: Review, to: ReviewState, *, verb: str, actor: User | None, reason: str = "", **columns: Any
) -> None:
    """The only writer of a review's state: along the table, with an event on the study."""
    before = review.state
    if to not in NEXT[before]:
        raise NoSuchStep
    review.state = to
    for name, value in columns.items():
        setattr(review, name, value)
    review.save(update_fields=["state", *columns])
    note(review, actor, verb, from_state=before, to_state=to, reason=reason)


def note(review: Review, actor: User | None, verb: str, **details: Any) -> None:
    """An event on the study that says in which review, at which hospital."""
    hospital = review.site.organisation.key
    events.record(actor=actor, object=review.site.study, verb=verb, review=review.pk, site=hospital, **details)


def move_publication(study: Study, to: PublicationState, *, verb: str, actor: User | None, reason: str = "") -> None:
    """The only writer of the publication state: along the table, with an event."""
    before = study.publication_state
    if to not in NEXT_PUBLICATION[before]:
        raise NoSuchStep
    study.publication_state = to
    if to == PublicationState.PUBLISHED and study.published_at is None:
        study.published_at = clock.now()
    study.save(update_fields=["publication_state", "published_at"])
    events.record(actor=actor, object=study, verb=verb, from_state=before, to_state=to, reason=reason)
