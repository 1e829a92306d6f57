"""Write what a registry says about many studies: new ones in a fixed number of statements, changed ones one by one.

The machinery of imports opens the transaction; `actor` None is the system. Nobody is written to.
"""

from collections.abc import Sequence

from django.db import transaction
from wagtail.models import Revision

from academy.accounts.models import Organisation, User
from academy.core import clock, events, numbers
from academy.core.imports.contract import Context, Outcome, Plan
from search import facade

from .. import record as records
from ..ctgov import SOURCE, Converted
from ..models import Contributor, Identifier, ImportedRecord, Output, Party, Review, Site, Study
from ..record import FIELDS, Record
from ..states import PublicationState
from . import deadlines, steps, writing
from .matching import Match, match


@transaction.atomic
def import_records(*, converted: Sequence[Converted], context: Context) -> list[Plan]:
    """Make and change studies; one plan for each record that says what was done.

    A question that was answered with "ours stays" is not asked again until the registry changes that field once more;
    one that nobody was asked stays open.
    """
    matches = match(converted, context, lock=True)
    new = [found for found in matches if found.plan.outcome == Outcome.NEW]
    create_many(new, actor=context.actor)
    changed = [found for found in matches if found.plan.outcome == Outcome.CHANGED]
    Revision.objects.bulk_create([_change(found, context.actor) for found in changed])
    _remember([found for found in matches if found.plan.outcome in (Outcome.CHANGED, Outcome.UNCHANGED)], context)
    return [found.plan for found in matches]


def create_many(matches: Sequence[Match], *, actor: User | None, source: str = SOURCE) -> list[Study]:
    """New studies with their rows, first revision, event and place in the index, in a fixed number of statements."""
    if not matches:
        return []
    moment = clock.now()
    for found, number in zip(matches, _new_numbers(len(matches)), strict=True):
        found.study = _study(found, number, actor, moment)
        found.plan.number = number
    studies = Study.objects.bulk_create([found.study for found in matches])
    _rows(matches)
    whole = [records.empty() | found.values | {"sites": found.sites} for found in matches]
    Revision.objects.bulk_create(
        [
            steps.revision(study, actor, record=record, source=source)
            for study, record in zip(studies, whole, strict=True)
        ]
    )
    ImportedRecord.objects.bulk_create(
        [ImportedRecord(study=found.study, source=source, key=found.plan.key, values=found.values) for found in matches]
    )
    events.record_all(
        [(found.study, found.study.publication_state, {"source": source, "key": found.plan.key}) for found in matches],
        actor=actor,
        verb="import",
    )
    facade.requeue("study", [study.pk for study in studies])
    return studies


def _new_numbers(count: int) -> list[str]:
    """So many numbers of this year in a row; the sequence stays locked until the transaction ends."""
    year = clock.today().year
    first = numbers.next_number(f"study:{year}")
    numbers.reserve(f"study:{year}", first + count - 1)
    return [f"S-{year}-{number:04d}" for number in range(first, first + count)]


def _study(found: Match, number: str, actor: User | None, moment) -> Study:
    columns = {name: value for name, value in found.values.items() if FIELDS[name].rows is None}
    study = Study(number=number, created_by=actor, created_at=moment, changed_at=moment, **columns)
    if found.publish:
        study.publication_state, study.published_at = PublicationState.PUBLISHED, moment
    return study


def _rows(matches: Sequence[Match]) -> None:
    """Everything that stands in tables of its own; a review only where somebody still has to decide."""
    organisations = Organisation.objects.in_bulk(_organisations_of(matches), field_name="key")
    Identifier.objects.bulk_create(
        [row for found in matches for row in writing.identifier_rows(found.study, found.values["identifiers"])]
    )
    Party.objects.bulk_create([row for found in matches for row in _parties(found, organisations)])
    Contributor.objects.bulk_create(
        [
            row
            for found in matches
            for row in writing.contributor_rows(found.study, found.values["contributors"], {}, organisations)
        ]
    )
    Output.objects.bulk_create(
        [row for found in matches for row in writing.output_rows(found.study, found.values["outputs"])]
    )
    sites = Site.objects.bulk_create(
        [
            Site(study=found.study, organisation=organisations[row["organisation"]], leading=row["leading"])
            for found in matches
            for row in found.sites
        ]
    )
    Review.objects.bulk_create(
        [
            Review(site=site, kind=writing.kind_for(site.study.legal_regime, site.leading))
            for site in sites
            if site.study.publication_state == PublicationState.DRAFT
        ]
    )


def _organisations_of(matches: Sequence[Match]) -> set[str]:
    rows = [row for found in matches for kind in _PARTIES for row in _as_rows(found.values[kind])]
    people = [row["site"] for found in matches for row in found.values["contributors"]]
    sites = [row["organisation"] for found in matches for row in found.sites]
    return {key for key in (*(row["organisation"] for row in rows), *people, *sites) if key}


_PARTIES = {
    "primary_sponsor": Party.Kind.PRIMARY_SPONSOR,
    "secondary_sponsors": Party.Kind.SECONDARY_SPONSOR,
    "funders": Party.Kind.FUNDER,
}


def _as_rows(value: Record | list[Record] | None) -> list[Record]:
    return value if isinstance(value, list) else [value] if value else []


def _parties(found: Match, organisations: dict[str, Organisation]) -> list[Party]:
    return [
        row
        for name, kind in _PARTIES.items()
        for row in writing.party_rows(found.study, kind, _as_rows(found.values[name]), organisations)
    ]


def _change(found: Match, actor: User | None) -> Revision:
    """Write the fields that the registry changed; returns the new version, unsaved.

    The bureau of the leading hospital imports, so also what an editor had proposed for these fields is settled.
    """
    study = found.study
    changes = {name: new for name, (_old, new) in found.plan.changes.items()}
    published = records.read(study)
    study.version += 1
    study.changed_at = clock.now()
    writing.write(study, changes)
    deadlines.refresh(study)
    if changes.keys() & study.proposed.keys():
        study.proposed = {name: value for name, value in study.proposed.items() if name not in changes}
        study.save(update_fields=["proposed"])
    waiting = {name: published[name] for name in study.proposed}
    return steps.revision(study, actor, record={**found.before, **changes}, proposed=waiting, source=SOURCE)


def _remember(matches: Sequence[Match], context: Context) -> None:
    """What the registry said this time is the base of the next comparison, but for what is still to be asked."""
    moment = clock.now()
    fresh, other = [], []
    for found in matches:
        row = found.imported or ImportedRecord(study=found.study, source=SOURCE, key=found.plan.key)
        key, questions = found.plan.key, found.plan.questions
        still_open = {name for name, (here, _there) in questions.items() if context.answer(key, name, here) is None}
        said = {name: value for name, value in found.values.items() if name not in still_open}
        if row.pk is None:
            fresh.append(row)
        elif any(row.values.get(name, said) != value for name, value in said.items()):
            other.append(row)
        row.values = {**row.values, **said}
    ImportedRecord.objects.bulk_create(fresh)
    ImportedRecord.objects.bulk_update(other, ["values"])
    seen = [found.imported.pk for found in matches if found.imported]
    ImportedRecord.objects.filter(pk__in=seen).update(last_seen_at=moment)
