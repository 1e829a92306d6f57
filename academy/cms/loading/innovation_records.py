"""What the record of a demo innovation says when it is put in, and what is filled in and linked later."""

from collections.abc import Mapping
from typing import Any

from research.innovations.record import Record
from research.innovations.vocabularies import Measure

from .content import Calendar, Row, both
from .people import People
from .reference import Reference

FIGURES = ("baseline", "target", "estimate", "validated", "actual")


def at_intake(row: Row, people: People, reference: Reference) -> Record:
    """The idea and what it adds to; whoever owns no innovations of their own is a partner."""
    owners = [key for key in row["organisations"] if "owner" in reference.organisations[key].roles]
    found: Record = {
        "owner": people[row["owner"]].pk,
        "sponsor": people[row["sponsor"]].pk if row["sponsor"] else None,
        "organisations": owners,
        "partners": [key for key in row["organisations"] if key not in owners],
        "pillar": row["pillar_primary"],
        "other_pillars": row["pillars_other"],
        "horizon_from": row["horizon"]["from"],
        "horizon_to": row["horizon"]["to"],
    }
    for name in ("title", "summary", "problem", "how_it_works"):
        found |= both(row[name], name)
    same = (
        "units",
        "specialties",
        "goals",
        "needs",
        "concerns",
        "challenges",
        "roadmap_line",
        "programmes",
        "urgent",
        "contact_email",
        "visibility",
    )
    return found | {name: row[name] for name in same}


def last_day(row: Row) -> int:
    """The day by which all that is filled in later is known."""
    days = [row["stage_since_offset_days"]]
    days += [entry["offset_days"] for entry in row.get("compliance", []) if entry["offset_days"] is not None]
    for benefit in row.get("benefits", []):
        days += [
            benefit[name] for name in ("estimated_offset_days", "measured_offset_days") if benefit[name] is not None
        ]
    return min(max(days), row.get("ended_offset_days", 0) or 0, 0)


def after_intake(row: Row, people: People, calendar: Calendar, documents: Mapping[str, int]) -> Record:
    """Aims, evidence, rules, dependencies, benefits, FTE and money; `documents` are the keys of files by their name."""
    evidence = row.get("evidence") or {}
    fte = row["fte"] or {}
    found: Record = {
        "aims": row.get("aims", []),
        "evidence_tier": evidence.get("tier") or "",
        "evidence_doi": evidence.get("doi") or "",
        "compliance": [_compliance(entry, calendar, documents) for entry in row.get("compliance", [])],
        "dependencies": [_dependency(entry) for entry in row.get("dependencies", [])],
        "benefits": [_benefit(entry, people, calendar) for entry in row.get("benefits", [])],
        "fte_figures": [_fte(entry) for entry in fte.get("figures", [])],
        "money": [_money(entry, calendar) for entry in row.get("money", [])],
        **both(evidence.get("design"), "evidence_design"),
        **both(fte.get("method"), "fte_method"),
        **both(row.get("reuse"), "reuse"),
    }
    if fte:
        found["hours_per_fte"] = fte["hours_per_fte"]
    if "ended_offset_days" not in row:
        found |= both(row.get("lessons"), "lessons")
    return found


def before_gate(row: Row, people: People, calendar: Calendar, day: int) -> Record:
    """The same as far as it was known on this day: estimates only, and of the rules those that were settled."""
    known = after_intake(row, people, calendar, {})
    limit = calendar.day(day).isoformat()
    return {
        **known,
        "compliance": [entry for entry in known["compliance"] if entry["on"] and entry["on"] <= limit],
        "benefits": [{**entry, "validated": None, "actual": None, "measured_on": None} for entry in known["benefits"]],
        "fte_figures": [entry for entry in known["fte_figures"] if entry["measure"] == Measure.ESTIMATE],
    }


def links(row: Row, numbers: Mapping[str, str]) -> Record:
    """Courses and studies, once they are there."""
    study = (row.get("evidence") or {}).get("study")
    return {
        "courses": row["courses"],
        "studies": [numbers[key] for key in row["studies"] if key in numbers],
        "evidence_study": numbers.get(study, "") if study else "",
    }


def _date(offset: int | None, calendar: Calendar) -> str | None:
    return None if offset is None else calendar.day(offset).isoformat()


def _compliance(entry: Row, calendar: Calendar, documents: Mapping[str, int]) -> Record:
    on = _date(entry["offset_days"], calendar)
    return {"kind": entry["kind"], "state": entry["state"], "on": on, "document": documents.get(entry["document"])}


def _dependency(entry: Row) -> Record:
    return {
        "kind": entry["kind"],
        "name": entry.get("name", ""),
        "state": entry["state"],
        **both(entry.get("note"), "note"),
    }


def _benefit(entry: Row, people: People, calendar: Calendar) -> Record:
    figures: dict[str, Any] = {name: entry[name] for name in FIGURES}
    return {
        "key": entry["key"],
        "category": entry["category"],
        "disbenefit": entry["disbenefit"],
        "owner": people[entry["owner"]].pk,
        "unit": entry["unit"],
        "estimated_on": _date(entry["estimated_offset_days"], calendar),
        "measured_on": _date(entry["measured_offset_days"], calendar),
        **both(entry["kpi"], "kpi"),
        **figures,
    }


def _fte(entry: Row) -> Record:
    return {
        "measure": entry["status"],
        **{name: entry[name] for name in ("minutes_before", "minutes_after", "cases_per_year")},
    }


def _money(entry: Row, calendar: Calendar) -> Record:
    return {
        "year": calendar.load_day.year + entry["year_offset"],
        "funder": entry["funder"],
        "funder_name": "",
        **{name: entry[name] for name in ("kind", "budget_eur", "spent_eur")},
    }
