"""What the page of a review shows of the record: a summary, what changed since it was submitted, remarks at fields."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from academy.core import clock, events, wording
from academy.core.differences import Difference
from academy.core.translation import language_of, pick

from . import checks, facts
from . import record as records
from .differences import differences
from .models import Decision, Remark, Review, Site, Study
from .record import FIELDS, STEPS, Record
from .selectors import revisions_of
from .states import PublicationState, ReviewState
from .timelines import investigators_at
from .vocabularies import LegalRegime, StudyType


@dataclass(frozen=True)
class Shown:
    """A field as the bureau reads it: its value in words and the remarks made at it."""

    name: str
    label: str
    lines: list[str]
    language: str
    remarks: list[Remark]


@dataclass(frozen=True)
class Part:
    """One step of the form with its fields; `empty` are the labels of those not filled in."""

    name: str
    label: str
    fields: list[Shown]
    empty: list[str]

    @property
    def remarks(self) -> int:
        return sum(len(field.remarks) for field in self.fields)


def parts(record: Record, remarks: list[Remark], names: facts.Names) -> list[Part]:
    """The whole record, step by step, with the remarks of this review beside the values."""
    return [part for step in STEPS if (part := _part(step, record, remarks, names)).fields or part.empty]


def _part(step: str, record: Record, remarks: list[Remark], names: facts.Names) -> Part:
    shown, empty = [], []
    for name, entry in FIELDS.items():
        if entry.step != step:
            continue
        lines = facts.lines(name, record[name], names=names)
        at_it = [remark for remark in remarks if remark.field == name]
        if lines or at_it:
            shown.append(Shown(name, wording.capital(entry.label), lines, language_of(name), at_it))
        else:
            empty.append(str(entry.label))
    return Part(step, str(STEPS[step]), shown, empty)


def summary(study: Study, site: Site, record: Record) -> list[tuple[Any, Any]]:
    """What a reviewer wants to know first."""
    sponsor = next((row.shown_name for row in study.parties.all() if row.kind == "primary_sponsor"), "")
    wmo = checks.falls_under_wmo(record)
    return [
        (_("Kind of research"), facts.choice(StudyType, record["study_type"]) if record["study_type"] else ""),
        (_("Legal regime"), facts.choice(LegalRegime, record["legal_regime"]) if record["legal_regime"] else ""),
        (_("WMO test"), "" if wmo is None else _("Falls under the WMO") if wmo else _("Does not fall under the WMO")),
        (_("Sponsor"), sponsor),
        (_("Principal investigator here"), investigators_at(site, study)),
        (_("Participants planned here"), _number(site.planned_inclusions)),
        (_("Participants planned in all"), _number(record["sample_size_target"])),
        (_("First participant"), facts.partial_date(record["first_enrolment"])),
        (_("Contact"), [part for part in (record["contact_name"], record["contact_email"]) if part]),
    ]


def _number(count: int | None) -> str:
    return "" if count is None else wording.number(count)


@dataclass(frozen=True)
class Since:
    """What is different from the version that the bureau saw before."""

    again: bool
    day: Any
    changes: list[Difference]


def changed_since_submission(study: Study, review: Review, record: Record, names: facts.Names) -> Since | None:
    """Against the submission before the last one, or against the only one; None when it was never submitted."""
    submitted = list(events.of(study).filter(verb="submit", data__review=review.pk)[:2])
    if not submitted:
        return None
    base = submitted[-1]
    before = revisions_of(study).filter(created_at__lte=base.at).first()
    if before is None:
        return None
    changes = differences({**records.empty(), **before.content["record"]}, record, names)
    return Since(len(submitted) > 1, clock.day_of(base.at), changes)


def decisions_at(site: Site) -> list[Decision]:
    """Everything the hospital decided about this study, the newest first."""
    rows = Decision.objects.filter(review__site=site).select_related("made_by", "document", "review")
    return list(rows.order_by("-pk"))


@dataclass(frozen=True)
class Proposed:
    """One field of a published study that an editor wants to change."""

    name: str
    label: str
    old: list[str]
    new: list[str]


def proposed(study: Study, names: facts.Names) -> list[Proposed]:
    """What waits for the leading bureau, old and new in words."""
    published = records.read(study)
    return [
        Proposed(
            name,
            wording.capital(FIELDS[name].label),
            facts.lines(name, published[name], names=names),
            facts.lines(name, study.proposed[name], names=names),
        )
        for name in FIELDS
        if name in study.proposed
    ]


def publishing(study: Study, names: facts.Names) -> dict[str, Any]:
    """What the leading bureau needs in order to publish: state, completeness, proposals."""
    completeness = checks.completeness(records.read(study))
    leading = [review for site in study.sites.all() if site.leading for review in site.reviews.all()]
    return {
        "published": study.publication_state == PublicationState.PUBLISHED,
        "withdrawn": study.publication_state == PublicationState.WITHDRAWN,
        "approved": any(review.state in ReviewState.positive() for review in leading),
        "given": len(completeness.given),
        "total": completeness.total,
        "needed": completeness.needed,
        "proposed": proposed(study, names),
        "proposed_by": study.proposed_by.full_name if study.proposed and study.proposed_by else "",
    }


def title_of(study: Study) -> Any:
    """The title in the language of the page, or what stands in for it."""
    return pick(study, "public_title") or study.acronym or _("Untitled study")
