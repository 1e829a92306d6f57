"""What a certificate states, frozen at award: plain JSON that never follows the records."""

import calendar
from datetime import date
from typing import Any

from academy.core import clock
from courses.catalogue.models import Course
from courses.enrolment.models import Enrolment


def freeze(enrolment: Enrolment) -> dict[str, Any]:
    """The facts of this completed enrolment as they are now; dates are ISO, numbers are decimal text."""
    course, person = enrolment.run.course, enrolment.person
    completed_on = enrolment.completed_on or clock.today()
    valid_until = last_valid_day(course, completed_on)
    return {
        "name": person.full_name,
        "initials": person.initials,
        "language": person.preferred_language,
        "course": course.code,
        "run": enrolment.run.number,
        "title": {"nl": course.title_nl, "en": course.title_en},
        "hours": str(course.hours),
        "completed_on": completed_on.isoformat(),
        "issued_on": clock.today().isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "points": [
            {
                "register": {"nl": entry.register.name_nl, "en": entry.register.name_en},
                "points": str(entry.points),
            }
            for entry in course.accreditation.select_related("register")
        ],
        "organisations": [
            {"short_name": owner.short_name, "name": {"nl": owner.name_nl, "en": owner.name_en}}
            for owner in course.owners.order_by("short_name")
        ],
    }


def last_valid_day(course: Course, completed_on: date) -> date | None:
    """The last day, by the competence of the course that holds shortest; None when all of them hold for ever."""
    months = [link.validity_months for link in course.competences.all() if link.validity_months]
    return months_later(completed_on, min(months)) if months else None


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
