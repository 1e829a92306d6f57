"""What the academy steers by: pillars, horizons, goals, the roadmap, the document chain, programmes."""

from academy.accounts.models import Organisation
from academy.strategy.models import (
    Body,
    Challenge,
    Concern,
    Document,
    DocumentVersion,
    Goal,
    Horizon,
    Milestone,
    Need,
    Pillar,
    Programme,
    RoadmapLine,
    Statement,
)
from academy.strategy.services import next_programme_number

from .content import Calendar, Row, both, read
from .people import People
from .records import link, make_missing
from .reference import Reference
from .report import Report

ORDERED = {"horizons": Horizon, "goals": Goal, "needs": Need, "concerns": Concern, "challenges": Challenge}


def load_strategy(reference: Reference, people: People, calendar: Calendar, report: Report) -> dict[str, Programme]:
    """Everything of the roadmap, then the programmes, which are returned by key."""
    lists = read("roadmap")
    steering = {"pillars": make_missing(Pillar, lists["pillars"], _pillar, report)}
    for name, model in ORDERED.items():
        steering[name] = make_missing(model, _numbered(lists[name]), _ordered, report)
    _load_bodies(lists["bodies"], reference.organisations, report)
    steering["lines"] = make_missing(
        RoadmapLine,
        lists["roadmap_lines"],
        lambda row: {
            **both(row["title"], "title"),
            **both(row["summary"], "summary"),
            "order": row["order"],
            "pillar": steering["pillars"][row["pillar"]],
        },
        report,
    )
    _load_documents(lists["document_chain"], calendar, report)
    _load_statements(lists["statements"], report)
    return _load_programmes(steering, reference, people, calendar, report)


def _pillar(row: Row) -> dict:
    return {
        "number": row["number"],
        **both(row["name"], "name"),
        **both(row["short"], "short"),
        **both(row["summary"], "summary"),
    }


def _numbered(rows: list[Row]) -> list[Row]:
    """Their place in the list, where the row does not say it."""
    return [{"order": row.get("number", place), **row} for place, row in enumerate(rows, 1)]


def _ordered(row: Row) -> dict:
    return {**both(row["name"], "name"), "order": row["order"]}


def _load_bodies(rows: list[Row], organisations: dict[str, Organisation], report: Report) -> None:
    def columns(row: Row) -> dict:
        return {**_ordered(row), "organisation": organisations.get(row["organisation"])}

    make_missing(Body, _numbered(rows), columns, report)


def _load_documents(rows: list[Row], calendar: Calendar, report: Report) -> None:
    known = set(Document.objects.values_list("key", flat=True))
    documents = make_missing(Document, rows, lambda row: {**both(row["title"], "title"), "order": row["order"]}, report)
    new = [row for row in rows if row["key"] not in known]
    DocumentVersion.objects.bulk_create(
        DocumentVersion(
            document=documents[row["key"]],
            version=version["version"],
            planned_on=_day(version["planned_offset_days"], calendar),
            actual_on=_day(version["actual_offset_days"], calendar),
        )
        for row in new
        for version in row["versions"]
    )


def _day(offset: int | None, calendar: Calendar):
    return None if offset is None else calendar.day(offset)


def _load_statements(rows: list[Row], report: Report) -> None:
    known = set(Statement.objects.values_list("key", flat=True))
    said = make_missing(
        Statement,
        rows,
        lambda row: {"date": row["date"], **both(row["text"], "text"), **both(row["source"], "source")},
        report,
    )
    for row in rows:
        if row.get("replaced_by") and row["key"] not in known:
            said[row["key"]].replaced_by = said[row["replaced_by"]]
            said[row["key"]].save(update_fields=["replaced_by"])


def _load_programmes(
    steering: dict[str, dict], reference: Reference, people: People, calendar: Calendar, report: Report
) -> dict[str, Programme]:
    rows = read("programmes")["programmes"]
    known = set(Programme.objects.values_list("key", flat=True))

    def columns(row: Row) -> dict:
        return {
            "number": next_programme_number(),
            **both(row["title"], "title"),
            **both(row["summary"], "summary"),
            **both(row["body"], "body"),
            "type": row["type"],
            "location": row["location"] or "",
            "pillar": steering["pillars"][row["pillar_primary"]],
            "horizon_from": steering["horizons"][row["horizon"]["from"]],
            "horizon_to": steering["horizons"][row["horizon"]["to"]],
            "lead": people[row["lead"]],
            "contact_email": row["contact_email"],
        }

    programmes = make_missing(Programme, rows, columns, report)
    links = {
        "organisations": ("organisations", reference.organisations),
        "other_pillars": ("pillars_other", steering["pillars"]),
        "roadmap_lines": ("roadmap_lines", steering["lines"]),
        "goals": ("goals", steering["goals"]),
        "challenges": ("challenges", steering["challenges"]),
    }
    new = [row for row in rows if row["key"] not in known]
    for field, (name, targets) in links.items():
        through = Programme._meta.get_field(field).remote_field.through
        through.objects.bulk_create(
            entry for row in new for entry in link(programmes[row["key"]], field, [targets[key] for key in row[name]])
        )
    Milestone.objects.bulk_create(
        Milestone(
            programme=programmes[row["key"]],
            **both(milestone["title"], "title"),
            planned_on=calendar.day(milestone["planned_offset_days"]),
            actual_on=_day(milestone["actual_offset_days"], calendar),
        )
        for row in new
        for milestone in row["milestones"]
    )
    return programmes
