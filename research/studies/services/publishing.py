"""The science bureau of the leading hospital publishes, takes offline, hands over, and decides on proposed changes."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import Organisation, User
from academy.core import clock, events
from academy.core.errors import InvalidInput, Refused

from .. import checks, messages
from .. import record as records
from ..cleaning import clean
from ..errors import ChangedMeanwhile, Incomplete, NoSuchStep, NotReviewed
from ..models import Study
from ..selectors import record_at
from ..states import PublicationState, ReviewState
from . import deadlines, steps
from .writing import ensure_reviews, write


@transaction.atomic
def publish(*, study: Study, actor: User | None, seen: int | None = None) -> Study:
    """Show the study to whom its visibility allows.

    The leading hospital must have approved it and every needed item of the WHO must be given; raises `NotReviewed` or
    `Incomplete`. `actor` None is the system: imports and demo. `seen` is the version that the bureau read; raises
    `ChangedMeanwhile` when there is another one.
    """
    study = steps.lock(study)
    steps.check(actor, "studies.publish", study)
    steps.refuse_unseen(study, seen)
    leading = study.sites.filter(leading=True, reviews__state__in=ReviewState.positive())
    if not leading.exists():
        raise NotReviewed
    missing = checks.completeness(records.read(steps.with_record(study))).needed
    if missing:
        raise Incomplete(fields={item.fields[0]: [item.label] for item in missing})
    steps.move_publication(study, PublicationState.PUBLISHED, verb="publish", actor=actor)
    messages.published(study)
    return study


@transaction.atomic
def unpublish(*, study: Study, actor: User, reason: str) -> Study:
    """Take the study offline, with a reason that its team reads; nothing is deleted."""
    study = steps.lock(study)
    steps.check(actor, "studies.publish", study)
    if not reason.strip():
        raise InvalidInput(fields={"reason": [_("Write why, so that the team understands it.")]})
    steps.move_publication(study, PublicationState.WITHDRAWN, verb="unpublish", actor=actor, reason=reason.strip())
    messages.unpublished(study, reason.strip())
    return study


@transaction.atomic
def publish_changes(
    *, study: Study, actor: User, fields: Iterable[str] | None = None, seen: int | None = None
) -> Study:
    """Put what the editors proposed into the published record: all of it, or only these fields.

    Raises `Incomplete` when something that publishing needs would be gone. `seen` is the version that the bureau read;
    raises `ChangedMeanwhile` when another value was proposed since.
    """
    study = steps.lock(study)
    steps.check(actor, "studies.publish", study)
    wanted = set(study.proposed if fields is None else fields)
    chosen = {name: value for name, value in study.proposed.items() if name in wanted}
    if not chosen or study.publication_state != PublicationState.PUBLISHED:
        raise NoSuchStep
    if seen not in (None, study.version) and any(
        record_at(study, seen).get(name) != value for name, value in chosen.items()
    ):
        raise ChangedMeanwhile
    _refuse_gaps(study, chosen)
    study.version += 1
    study.changed_at = clock.now()
    write(study, chosen)
    deadlines.refresh(study)
    _keep_proposed(study, {name: value for name, value in study.proposed.items() if name not in chosen})
    steps.keep_revision(study, actor, source="published")
    events.record(actor=actor, object=study, verb="publish_changes", fields=sorted(chosen))
    messages.published(study)
    return study


def _refuse_gaps(study: Study, chosen: records.Record) -> None:
    """What an imported study lacked before may still be lacking."""
    published = records.read(steps.with_record(study))
    lacked = checks.completeness(published).needed
    missing = [item for item in checks.completeness({**published, **chosen}).needed if item not in lacked]
    if missing:
        raise Incomplete(fields={item.fields[0]: [item.label] for item in missing})


@transaction.atomic
def refuse_changes(*, study: Study, actor: User, reason: str) -> Study:
    """Drop what the editors proposed, with a reason; the versions before remain in the history."""
    study = steps.lock(study)
    steps.check(actor, "studies.publish", study)
    if not study.proposed:
        raise NoSuchStep
    if not reason.strip():
        raise InvalidInput(fields={"reason": [_("Write why, so that the team understands it.")]})
    dropped = sorted(study.proposed)
    study.version += 1
    study.changed_at = clock.now()
    study.save(update_fields=["version", "changed_at"])
    _keep_proposed(study, {})
    steps.keep_revision(study, actor, reason=reason, source="refused")
    events.record(actor=actor, object=study, verb="refuse_changes", reason=reason.strip(), fields=dropped)
    messages.changes_refused(study, reason.strip())
    return study


def _keep_proposed(study: Study, proposed: records.Record) -> None:
    study.proposed = proposed
    study.save(update_fields=["proposed"])


def _led_by(key: str, proposed: records.Record) -> records.Record:
    """What was proposed for the hospitals, with the one that leads from now on."""
    if "sites" not in proposed:
        return proposed
    sites = [{**row, "leading": row["organisation"] == key} for row in proposed["sites"]]
    return {**proposed, **clean({"sites": sites})}


@transaction.atomic
def transfer(*, study: Study, actor: User, to: Organisation) -> Study:
    """Let another of the study's hospitals lead it; its bureau publishes from then on."""
    study = steps.lock(study)
    steps.check(actor, "studies.publish", study)
    if not study.sites.filter(organisation=to).exists():
        raise Refused(_("Only a hospital that takes part can lead the study."))
    approved = study.sites.filter(organisation=to, reviews__state__in=ReviewState.positive()).exists()
    if study.publication_state == PublicationState.PUBLISHED and not approved:
        raise NotReviewed(_("That hospital has not approved the study, so it cannot lead it while it is published."))
    before = study.sites.get(leading=True).organisation.key
    study.sites.update(leading=False)
    study.sites.filter(organisation=to).update(leading=True)
    ensure_reviews(study)
    deadlines.refresh(study)
    study.version += 1
    study.changed_at = clock.now()
    study.save(update_fields=["version", "changed_at"])
    _keep_proposed(study, _led_by(to.key, study.proposed))
    steps.keep_revision(study, actor, source="transfer")
    events.record(actor=actor, object=study, verb="transfer", from_state=before, to_state=to.key)
    return study
