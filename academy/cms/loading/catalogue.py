"""Cancellation rules, competences, courses and tracks; courses and tracks are published, with a revision."""

import json
from datetime import datetime
from typing import Any

from academy.strategy.models import Programme
from courses.catalogue.models import (
    Accreditation,
    CancellationRule,
    CatalogueRecord,
    Competence,
    Course,
    CourseCompetence,
    Track,
    TrackPart,
)

from .content import LANGUAGES, Calendar, Row, both, paragraphs, read
from .people import People
from .records import make_missing
from .reference import Reference
from .report import Report

PUBLISHED_DAYS_AGO = 365  # before the first run opens


def load_catalogue(
    reference: Reference, people: People, programmes: dict[str, Programme], calendar: Calendar, report: Report
) -> dict[str, Course]:
    """Everything of the catalogue; returns the courses by code."""
    rules = make_missing(CancellationRule, read("courses")["cancellation_rules"], _rule, report)
    competences = make_missing(Competence, read("competences")["competences"], _competence, report)
    published = calendar.at(calendar.day(-PUBLISHED_DAYS_AGO), 0)
    courses = _load_courses(reference, programmes, rules, competences, published, report)
    _load_tracks(reference, people, courses, published, report)
    return courses


def _rule(row: Row) -> dict:
    return {
        **both(row["title"], "title"),
        **both(row["text"], "text"),
        "deadline_days": row["deadline_days"],
        "no_show_fee_eur": row["no_show_fee_eur"],
    }


def _competence(row: Row) -> dict:
    return {**both(row["title"], "name"), "reserved_procedure": bool(row["reserved_category"])}


def _load_courses(
    reference: Reference,
    programmes: dict[str, Programme],
    rules: dict[str, CancellationRule],
    competences: dict[str, Competence],
    published: datetime,
    report: Report,
) -> dict[str, Course]:
    rows = read("courses")["courses"]
    courses = {course.code: course for course in Course.objects.all()}
    new = [row for row in rows if row["code"] not in courses]
    for done, row in enumerate(_required_first(new), 1):
        course = Course(first_published_at=published, **_course(row), **_shared(row))
        course.cancellation_rule = rules[row["cancellation_rule"]]
        _set_shared_links(course, row, reference)
        course.specialties = [reference.specialties[key] for key in row["specialties"]]
        course.care_domains = [reference.care_domains[key] for key in row["care_domains"]]
        course.programmes = [programmes[key] for key in row["programmes"]]
        course.prerequisites = [courses[code] for code in row["prerequisites"]]
        course.competences = [
            CourseCompetence(competence=competences[entry["competence"]], validity_months=entry["validity_months"])
            for entry in row["competences"]
        ]
        course.accreditation = [
            Accreditation(register=reference.registers[entry["register"]], points=entry["points"])
            for entry in row["accreditation"]
        ]
        _publish(course)
        courses[course.code] = course
        report.progress("courses", done, len(new))
    report.count(new=len(new), unchanged=len(rows) - len(new))
    return courses


def _required_first(rows: list[Row]) -> list[Row]:
    """Each course after those that it requires."""
    by_code = {row["code"]: row for row in rows}
    ordered: dict[str, Row] = {}

    def add(row: Row) -> None:
        for code in row["prerequisites"]:
            if code in by_code and code not in ordered:
                add(by_code[code])
        ordered.setdefault(row["code"], row)

    for row in rows:
        add(row)
    return list(ordered.values())


def _course(row: Row) -> dict[str, Any]:
    outcomes = {code: "\n".join(entry[code] for entry in row["learning_outcomes"]) for code in LANGUAGES}
    plain = ("delivery_mode", "languages", "hours", "classroom_hours", "online_norm_minutes", "cost_price_eur")
    return {
        **both(outcomes, "outcomes"),
        **{name: row[name] for name in plain},
        "approval_required": row["approval_required"],
    }


def _shared(row: Row) -> dict[str, Any]:
    body = {code: _body(row["description"].get(code, "")) for code in LANGUAGES}
    return {"code": row["code"], **both(row["title"], "title"), **both(row["summary"], "summary"), **both(body, "body")}


def _body(text: str) -> str:
    """Paragraphs as the blocks of a catalogue text, as the database keeps them."""
    return json.dumps([{"type": "paragraph", "value": html} for html in paragraphs(text)])


def _set_shared_links(record: CatalogueRecord, row: Row, reference: Reference) -> None:
    record.owners = reference.owners(row["owner"])
    record.audience = [reference.function_families[key] for key in row.get("audience", [])]


def _publish(record: CatalogueRecord) -> None:
    record.save()
    record.save_revision(clean=False).publish()


def _load_tracks(
    reference: Reference, people: People, courses: dict[str, Course], published: datetime, report: Report
) -> None:
    rows = read("tracks")["tracks"]
    known = set(Track.objects.values_list("code", flat=True))
    new = [row for row in rows if row["code"] not in known]
    for row in new:
        track = Track(first_published_at=published, **_shared(row))
        track.coordinator = people.get(row.get("coordinator"))
        track.duration_months, track.min_optional = row["duration_months"], row["min_optional"]
        _set_shared_links(track, row, reference)
        track.parts = [
            TrackPart(course=courses[part["course"]], order=part["order"], mandatory=part["mandatory"])
            for part in row["parts"]
        ]
        _publish(track)
    report.count(new=len(new), unchanged=len(rows) - len(new))
