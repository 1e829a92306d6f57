"""What an innovation consists of: the one list from which forms, history, merging, import, API and visibility are made.

A record is a dict of plain JSON values by field name, as `read` gives it. `owner` and `sponsor` are primary keys of
people or None; `organisations`, `partners`, `units`, `specialties`, `other_pillars`, `goals`, `needs`, `concerns`,
`challenges`, `programmes` are sorted lists of keys, `courses` of codes, `studies` of numbers; `pillar`, `horizon_from`,
`horizon_to`, `roadmap_line` are a key or "", `evidence_study` a number or "". Lists of rows:

- `team`: `{person, function}`
- `compliance`: `{kind, state, on, document}`, `document` a primary key of a document of this innovation or None
- `dependencies`: `{kind, name, state, note_nl, note_en}`
- `benefits`: `{key, category, disbenefit, owner, kpi_nl, kpi_en, unit, baseline, target, estimate, validated, actual,
  estimated_on, measured_on}`; figures are strings of decimal numbers or None, `key` stays the same for ever
- `fte_figures`: `{measure, minutes_before, minutes_after, cases_per_year}`
- `money`: `{year, funder, funder_name, kind, budget_eur, spent_eur}`, `funder` a key of an organisation or ""

Dates are ISO strings. Stage, outcome, decisions and assessments are no fields: services own them.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from research.studies.record import Field, Group, Record

from .models import Benefit, Compliance, Dependency, FteFigure, Innovation, Money, TeamMember
from .vocabularies import Visibility

GROUPS: dict[str, Group] = {
    group.name: group
    for group in (
        Group("identity", _("Title and summary")),
        Group("people", _("Owner and contact")),
        Group("team", _("Team"), Visibility.MEMBERS),
        Group("strategy", _("What it adds to")),
        Group("aims", _("Aims and evidence")),
        Group("compliance", _("Rules and permissions"), Visibility.MEMBERS),
        Group("dependencies", _("What it depends on")),
        Group("benefits", _("Benefits")),
        Group("fte", _("Time and FTE")),
        Group("money", pgettext_lazy("part of an innovation", "Money"), Visibility.MEMBERS),
        Group("links", _("Belongs with it")),
        Group("lessons", _("Lessons")),
        Group("access", pgettext_lazy("part of an innovation", "Who may see it"), Visibility.TEAM),
    )
}

#: the parts of the form, in order; the first one is the intake
IDEA, STRATEGY, EVIDENCE, CONDITIONS, BENEFITS, LINKS, ACCESS = (
    "idea",
    "strategy",
    "evidence",
    "conditions",
    "benefits",
    "links",
    "access",
)

STEPS: dict[str, Any] = {
    IDEA: pgettext_lazy("part of an innovation", "The idea"),
    STRATEGY: _("What it adds to"),
    EVIDENCE: _("Aims and evidence"),
    CONDITIONS: _("Rules and dependencies"),
    BENEFITS: _("Benefits, time and money"),
    LINKS: _("Courses, studies and reuse"),
    ACCESS: _("Visibility and team"),
}


def _column(name: str, group: str, step: str, **more: Any) -> Field:
    return Field(name, group, step, Innovation._meta.get_field(name).verbose_name, **more)


def _pair(name: str, group: str, step: str) -> tuple[Field, Field]:
    return _column(f"{name}_nl", group, step), _column(f"{name}_en", group, step)


FIELDS: dict[str, Field] = {
    entry.name: entry
    for entry in (
        *_pair("title", "identity", IDEA),
        *_pair("summary", "identity", IDEA),
        *_pair("problem", "identity", IDEA),
        *_pair("how_it_works", "identity", IDEA),
        _column("owner", "people", IDEA, empty=None),
        _column("organisations", "identity", IDEA, empty=[]),
        _column("units", "identity", IDEA, empty=[]),
        _column("pillar", "strategy", IDEA),
        _column("other_pillars", "strategy", STRATEGY, empty=[]),
        _column("horizon_from", "strategy", STRATEGY),
        _column("horizon_to", "strategy", STRATEGY),
        _column("roadmap_line", "strategy", STRATEGY),
        _column("programmes", "strategy", STRATEGY, empty=[]),
        _column("goals", "strategy", STRATEGY, empty=[]),
        _column("needs", "strategy", STRATEGY, empty=[]),
        _column("concerns", "strategy", STRATEGY, empty=[]),
        _column("challenges", "strategy", STRATEGY, empty=[]),
        _column("urgent", "strategy", STRATEGY, empty=False),
        _column("specialties", "identity", STRATEGY, empty=[]),
        _column("sponsor", "people", STRATEGY, empty=None),
        _column("partners", "identity", STRATEGY, empty=[]),
        _column("aims", "aims", EVIDENCE, empty=[]),
        _column("evidence_tier", "aims", EVIDENCE),
        *_pair("evidence_design", "aims", EVIDENCE),
        _column("evidence_study", "aims", EVIDENCE),
        _column("evidence_doi", "aims", EVIDENCE),
        Field("compliance", "compliance", CONDITIONS, _("rules and permissions"), empty=[], rows=Compliance),
        Field("dependencies", "dependencies", CONDITIONS, _("dependencies"), empty=[], rows=Dependency),
        Field("benefits", "benefits", BENEFITS, _("benefits"), empty=[], rows=Benefit),
        *_pair("fte_method", "fte", BENEFITS),
        _column("hours_per_fte", "fte", BENEFITS, empty=1550),
        Field("fte_figures", "fte", BENEFITS, _("FTE figures"), empty=[], rows=FteFigure),
        Field("money", "money", BENEFITS, pgettext_lazy("part of an innovation", "money"), empty=[], rows=Money),
        _column("courses", "links", LINKS, empty=[]),
        _column("studies", "links", LINKS, empty=[]),
        *_pair("reuse", "links", LINKS),
        _column("catalogue_url", "links", LINKS),
        *_pair("lessons", "lessons", LINKS),
        _column("contact_email", "people", ACCESS),
        Field("team", "team", ACCESS, _("team"), empty=[], rows=TeamMember),
        _column("visibility", "access", ACCESS, empty=Visibility.PUBLIC.value),
    )
}

#: fields of which the value is the key of one record, and the name of that key
ONE_KEY = {
    "pillar": "key",
    "horizon_from": "key",
    "horizon_to": "key",
    "roadmap_line": "key",
    "evidence_study": "number",
}
#: fields of which the value is a list of keys of records, and the name of that key
MANY_KEYS = {
    "organisations": "key",
    "partners": "key",
    "units": "key",
    "specialties": "key",
    "other_pillars": "key",
    "programmes": "key",
    "goals": "key",
    "needs": "key",
    "concerns": "key",
    "challenges": "key",
    "courses": "code",
    "studies": "number",
}
PEOPLE = ("owner", "sponsor")
#: lists of which each row names a person, and the part that does
PEOPLE_IN_ROWS = {"team": "person", "benefits": "owner"}


def with_everything(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Innovations with all that `read` needs, in a fixed number of queries."""
    return innovations.select_related(*ONE_KEY, *PEOPLE).prefetch_related(
        *MANY_KEYS,
        "compliance",
        "dependencies",
        "fte_figures",
        Prefetch("benefits", Benefit.objects.select_related("owner")),
        Prefetch("money", Money.objects.select_related("funder")),
        Prefetch("team", TeamMember.objects.select_related("person")),
    )


def read(innovation: Innovation) -> Record:
    """Every field of the innovation as plain JSON, as it stands in the database."""
    return {name: _value(innovation, name) for name in FIELDS}


def _value(innovation: Innovation, name: str) -> Any:
    if name in ONE_KEY:
        related = getattr(innovation, name)
        return getattr(related, ONE_KEY[name]) if related else ""
    if name in MANY_KEYS:
        return sorted(getattr(row, MANY_KEYS[name]) for row in getattr(innovation, name).all())
    if name in PEOPLE:
        return getattr(innovation, f"{name}_id")
    if name in _ROWS:
        return [_ROWS[name](row) for row in getattr(innovation, name).all()]
    return getattr(innovation, name)


def figure(value: Any) -> str | None:
    """A decimal number as people write it: without zeros at its end."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _compliance(row: Compliance) -> Record:
    return {"kind": row.kind, "state": row.state, "on": _day(row.on), "document": row.document_id}


def _dependency(row: Dependency) -> Record:
    return {name: getattr(row, name) for name in ("kind", "name", "state", "note_nl", "note_en")}


def _benefit(row: Benefit) -> Record:
    return {
        **{name: getattr(row, name) for name in ("key", "category", "disbenefit")},
        "owner": row.owner_id,
        **{name: getattr(row, name) for name in ("kpi_nl", "kpi_en", "unit")},
        **{name: figure(getattr(row, name)) for name in ("baseline", "target", "estimate", "validated", "actual")},
        "estimated_on": _day(row.estimated_on),
        "measured_on": _day(row.measured_on),
    }


def _fte_figure(row: FteFigure) -> Record:
    return {
        "measure": row.measure,
        "minutes_before": figure(row.minutes_before),
        "minutes_after": figure(row.minutes_after),
        "cases_per_year": row.cases_per_year,
    }


def _money(row: Money) -> Record:
    return {
        "year": row.year,
        "funder": row.funder.key if row.funder else "",
        "funder_name": row.funder_name,
        "kind": row.kind,
        "budget_eur": figure(row.budget_eur),
        "spent_eur": figure(row.spent_eur),
    }


_ROWS: dict[str, Any] = {
    "compliance": _compliance,
    "dependencies": _dependency,
    "benefits": _benefit,
    "fte_figures": _fte_figure,
    "money": _money,
    "team": lambda row: {"person": row.person_id, "function": row.function},
}


def empty() -> Record:
    """A record in which nothing is filled in."""
    return {name: entry.empty for name, entry in FIELDS.items()}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields of which the value differs, with old and new; in the order of `FIELDS`."""
    return {
        name: (before.get(name, entry.empty), after[name])
        for name, entry in FIELDS.items()
        if name in after and before.get(name, entry.empty) != after[name]
    }
