"""The parts of an innovation's page that are told as rows: strategy, evidence, rules, people, where else it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.core import wording
from academy.core.badges import Badge
from academy.core.translation import pick
from research.studies.facts import euros
from research.studies.sheet import Line, Row

from . import badges
from .columns import horizon_of, named
from .deciding_showing import money_of
from .linked import Link
from .models import Document
from .sheet import Sheet, kept
from .tabs import address
from .vocabularies import AiClass, Aim, DeviceClass

_DOI = "https://doi.org/"


@dataclass(frozen=True)
class Section:
    """A part of the page."""

    id: str
    title: str
    rows: list[Row] = field(default_factory=list)


def strategy(sheet: Sheet) -> Section:
    """What it adds to; each leads to the others that do."""
    one = sheet.innovation
    pillars = [one.pillar, *one.other_pillars.all()]
    rows = kept(
        sheet.row(_("Pillars"), "strategy", _filtered("pillar", filter(None, pillars))),
        sheet.row(pgettext("heading", "Horizon"), "strategy", [Line(horizon_of(one))]),
        sheet.row(_("Roadmap line"), "strategy", [Line(named(one.roadmap_line))]),
        sheet.row(_("Programmes"), "strategy", _programmes(sheet)),
        sheet.row(_("Goals"), "strategy", _filtered("goal", one.goals.all())),
        sheet.row(_("Needs"), "strategy", [Line(named(need)) for need in one.needs.all()]),
        sheet.row(_("Concerns"), "strategy", [Line(named(concern)) for concern in one.concerns.all()]),
        sheet.row(_("Challenges"), "strategy", _filtered("challenge", one.challenges.all())),
    )
    return Section("strategy", _("What it adds to"), rows)


def _filtered(facet: str, terms: Iterable[Any]) -> list[Line]:
    """Terms with the list of innovations that have them."""
    return [Line(named(term), address("list", urlencode({facet: term.key}))) for term in terms]


def _programmes(sheet: Sheet) -> list[Line]:
    return [Line(pick(row, "title"), row.get_absolute_url()) for row in sheet.innovation.programmes.all()]


def evidence(sheet: Sheet, study: Link | None) -> Section:
    """Which aims it serves, and how that is known; `study` is that of the evidence, where the viewer may know it."""
    one = sheet.innovation
    tier = str(one.get_evidence_tier_display()) if one.evidence_tier else ""
    doi = one.evidence_doi
    rows = kept(
        sheet.row(_("Aims"), "aims", [Line(str(Aim(aim).label)) for aim in one.aims if aim in Aim.values]),
        sheet.row(_("Evidence"), "aims", [Line(tier, note=pick(one, "evidence_design"))] if tier else []),
        sheet.row(_("Kind of evidence"), "aims", [] if tier else [Line(pick(one, "evidence_design"))]),
        sheet.row(_("Study of the evidence"), "aims", [Line(study.title, study.url)] if study else []),
        sheet.row(_("Publication"), "aims", [Line(f"DOI {doi}", f"{_DOI}{doi}")] if doi else []),
    )
    return Section("evidence", _("Aims and evidence"), rows)


def elsewhere(sheet: Sheet) -> Section:
    """Where else it is used."""
    one = sheet.innovation
    catalogue = one.catalogue_url
    url = catalogue if catalogue.startswith(("https://", "http://")) else ""
    rows = kept(
        sheet.row(_("Used elsewhere"), "links", [Line(pick(one, "reuse"))]),
        sheet.row(_("National catalogue"), "links", [Line(catalogue, url)]),
    )
    return Section("elsewhere", pgettext("part of an innovation", "Elsewhere"), rows)


def team(sheet: Sheet) -> Row | None:
    """Who works on it beside the owner."""
    members = sheet.innovation.team.all()
    return sheet.row(_("Team"), "team", [Line(row.person.full_name, note=row.function) for row in members])


def characteristics(sheet: Sheet) -> list[Row]:
    """What people look up first."""
    one = sheet.innovation
    owner = one.owner.full_name if one.owner else ""
    sponsor = one.sponsor.full_name if one.sponsor else ""
    tier = str(one.get_evidence_tier_display()) if one.evidence_tier else ""
    return [
        Row(pgettext("of an innovation", "Number"), [Line(one.number)]),
        *kept(
            sheet.row(pgettext("of an innovation", "Owner"), "people", [Line(owner)]),
            sheet.row(pgettext("of an innovation", "Sponsor"), "people", [Line(sponsor)]),
            team(sheet),
            sheet.row(_("Hospitals"), "identity", [Line(named(row)) for row in one.organisations.all()]),
            sheet.row(_("Units"), "identity", [Line(str(unit)) for unit in one.units.all()]),
            sheet.row(_("Partners"), "identity", [Line(named(row)) for row in one.partners.all()]),
            sheet.row(_("Specialties"), "identity", [Line(named(row)) for row in one.specialties.all()]),
            sheet.row(pgettext("heading", "Horizon"), "strategy", [Line(horizon_of(one))]),
            sheet.row(_("Roadmap line"), "strategy", [Line(named(one.roadmap_line))]),
            sheet.row(_("Programmes"), "strategy", _programmes(sheet)),
        ),
        *_assessed(sheet),
        *kept(
            sheet.row(_("Evidence"), "aims", [Line(tier)]),
            sheet.row(_("Budget"), "money", [Line(euros(money_of(one)[0]))]),
        ),
    ]


def _assessed(sheet: Sheet) -> list[Row]:
    """What was assessed is for everybody who may know of the innovation."""
    one = sheet.innovation
    found = {
        _("Value"): _("%(score)s of 10") % {"score": one.value_score} if one.value_score else "",
        "TRL": _("%(level)s of 9") % {"level": one.trl} if one.trl else "",
        _("Complexity"): "" if one.complexity is None else _("%(n)s of 7 complex") % {"n": one.complexity},
        _("Device"): str(DeviceClass(one.device).label) if one.device else "",
        pgettext("kind of assessment", "AI"): str(AiClass(one.ai).label) if one.ai else "",
    }
    return [Row(label, [Line(words)]) for label, words in found.items() if words]


@dataclass(frozen=True)
class Rule:
    """A rule or permission, how far it is, and the file of it for who may read files."""

    kind: str
    badge: Badge
    on: str
    document: Document | None


def compliance(sheet: Sheet, documents: Mapping[int, Document]) -> list[Rule]:
    """The list of rules and permissions; `documents` are those that the viewer may read, by key."""
    if not sheet.sees("compliance"):
        return []
    return [
        Rule(
            kind=str(row.get_kind_display()),
            badge=badges.of_compliance(row.state),
            on=wording.plain_date(row.on) if row.on else "",
            document=documents.get(row.document_id),
        )
        for row in sheet.innovation.compliance.all()
    ]
