"""Register a study and change what is written in it; nobody's change is lost when two people edit at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import NotAllowed
from academy.core.merging import Clash, three_way
from academy.core.numbers import next_number

from .. import messages
from .. import record as records
from ..cleaning import as_now, clean
from ..errors import Clashing, NoSuchStep
from ..models import Access, Study
from ..permissions import visible_to
from ..record import FIELDS, Record
from ..selectors import record_at
from ..states import PublicationState
from . import deadlines, steps
from .writing import write

#: What a copy does not take over: it belongs to the one study that has happened.
_NOT_COPIED = (
    "identifiers",
    "outputs",
    "results_summary_nl",
    "results_summary_en",
    "results_summary_given_on",
    "recruitment_status",
    "why_stopped_nl",
    "why_stopped_en",
    "sample_size_actual",
    "first_enrolment",
    "first_enrolment_type",
    "completion",
    "completion_type",
    "dpia",
    "data_management_plan",
    "contracts",
    "locations",
    "embargo_until",
)


@dataclass(frozen=True)
class Saved:
    """What became of a change: the study, which fields were written, and on which somebody has to decide."""

    study: Study
    changed: tuple[str, ...] = ()
    clashes: Mapping[str, Clash] = field(default_factory=dict)


@transaction.atomic
def register(
    *,
    actor: User,
    values: Mapping[str, Any] | None = None,
    copied_from: Study | None = None,
    source: str = "form",
    number: str = "",
) -> Study:
    """A new draft with its number; whoever registers it edits it. Raises `NotAllowed` to who is no researcher.

    `number` is for a study that has one already.
    """
    steps.check(actor, "studies.register")
    written = clean({**(_copy(copied_from, actor) if copied_from else {}), **(values or {})})
    study = create(actor=actor, values=written, source=source, number=number)
    Access.objects.create(study=study, person=actor, email=actor.email, level=Access.Level.EDITOR, invited_by=actor)
    copied = {"copied_from": copied_from.number} if copied_from else {}
    events.record(actor=actor, object=study, verb="register", to_state=study.publication_state, **copied)
    return study


def create(*, actor: User | None, values: Record, source: str, number: str = "") -> Study:
    """The row of a new study with its first revision; `values` are clean."""
    moment = clock.now()
    study = Study(number=number or new_number(), created_by=actor, created_at=moment, changed_at=moment)
    study.save(force_insert=True)
    write(study, {"recruitment_status": "NOT_YET_RECRUITING", **values})
    deadlines.refresh(study)
    steps.keep_revision(study, actor, source=source)
    return study


def new_number() -> str:
    """The next number of this year, such as S-2026-0001."""
    year = clock.today().year
    return f"S-{year}-{next_number(f'study:{year}'):04d}"


def _copy(study: Study, actor: User) -> Record:
    """What a new study may take from this one; raises `NotAllowed` unless the actor is near it."""
    if not visible_to(Study.objects.filter(pk=study.pk), actor).exists() or not actor.has_perm(
        "studies.see_team", study
    ):
        raise NotAllowed
    taken = records.current(steps.with_record(study))
    return {name: value for name, value in taken.items() if name not in _NOT_COPIED}


@transaction.atomic
def save(
    *,
    study: Study,
    actor: User,
    base_version: int,
    values: Mapping[str, Any],
    reason: str = "",
    source: str = "form",
    strict: bool = False,
    seen: Mapping[str, int] | None = None,
) -> Saved:
    """Write what the actor changed since `base_version`; `seen` has the version of fields that were seen in another.

    Fields that somebody else changed meanwhile to something else are left as they are and come back as clashes, all
    others are written; `strict` refuses everything with `Clashing` when there is another version. Fields of a published
    study that only the bureau may publish wait as a proposal. Raises `InvalidInput` for values that cannot be stored.
    """
    study = steps.lock(study)
    steps.check(actor, "studies.edit", study)
    if study.publication_state == PublicationState.WITHDRAWN:
        raise NoSuchStep
    mine = clean(values)
    fresh = steps.with_record(study)
    theirs = records.current(fresh)
    if strict and base_version != study.version:
        different = {name: value for name, value in mine.items() if value != theirs[name]}
        raise Clashing(version=study.version, mine=different, theirs={name: theirs[name] for name in different})
    merge = three_way(_base(study, theirs, base_version, seen or {}), mine, theirs)
    if merge.taken:
        _store(fresh, actor, merge.taken, reason, source)
    return Saved(fresh, tuple(name for name in FIELDS if name in merge.taken), merge.clashes)


def _base(study: Study, theirs: Record, version: int, seen: Mapping[str, int]) -> Record:
    """Every field as the actor saw it before changing it."""
    known = {study.version: theirs}
    for wanted in {version, *seen.values()} - set(known):
        known[wanted] = as_now(record_at(study, wanted))
    return {**known[version], **{name: known[at][name] for name, at in seen.items() if name in FIELDS}}


def _store(study: Study, actor: User, taken: Record, reason: str, source: str) -> None:
    """The new version: at once what may be changed at once, the rest of a published study as a proposal."""
    published = study.publication_state == PublicationState.PUBLISHED
    proposed = {name: value for name, value in taken.items() if published and not FIELDS[name].at_once}
    live = {name: value for name, value in taken.items() if name not in proposed}
    study.version += 1
    study.changed_at = clock.now()
    write(study, live)
    if live:
        deadlines.refresh(study)
    if proposed:
        _propose(study, actor, proposed)
    steps.keep_revision(study, actor, reason=reason, source=source)


def _propose(study: Study, actor: User, proposed: Record) -> None:
    """Keep the new values until the bureau decides; one that is back at what is published is no proposal."""
    published = records.read(steps.with_record(study))
    wanted = {**study.proposed, **proposed}
    first = not study.proposed
    study.proposed = {name: value for name, value in wanted.items() if value != published[name]}
    study.proposed_by = actor
    if first:
        study.proposed_at = clock.now()
    study.save(update_fields=["proposed", "proposed_by", "proposed_at"])
    if first and study.proposed:
        messages.changes_proposed(study)
