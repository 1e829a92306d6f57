"""The facts of a course or track as rows of words: label and value, empty ones left out by the component."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.translation import pick

from .models import CatalogueRecord, Course, Track

Rows = list[tuple[str, object]]
MOST_NAMES = 5  # a longer list hides the other facts; the facet of the catalogue has them all


def of_course(course: Course) -> Rows:
    """What people look at first: time, audience, points, certificate, prerequisites, language, code."""
    return [
        (_("Time"), _time(course)),
        (_("For"), _audience(course)),
        (_("Points"), [_points(row) for row in course.accreditation.all()]),
        (_("Certificate"), _validity(course)),
        (_("Needed before"), [pick(needed, "title") for needed in course.prerequisites.all()]),
        (_("Form"), course.get_delivery_mode_display().capitalize()),
        (_("Language"), ", ".join(language_names(course.languages))),
        (_("Of"), ", ".join(owner.short_name for owner in course.owners.all())),
        (_("Code"), course.code),
    ]


def of_track(track: Track) -> Rows:
    """How long, for whom, how much by choice, and who coordinates."""
    months = track.duration_months
    return [
        (_("Time"), ngettext("%(n)s month", "%(n)s months", months) % {"n": months} if months else ""),
        (_("For"), _audience(track)),
        (_("By choice"), _choice(track)),
        (_("Coordinator"), track.coordinator.full_name if track.coordinator else ""),
        (_("Of"), ", ".join(owner.short_name for owner in track.owners.all())),
        (_("Code"), track.code),
    ]


def _audience(record: CatalogueRecord) -> str:
    names = [str(family) for family in record.audience.all()]
    if len(names) <= MOST_NAMES + 1:
        return ", ".join(names)
    rest = len(names) - MOST_NAMES
    shown = {"names": ", ".join(names[:MOST_NAMES]), "n": rest}
    return ngettext("%(names)s and %(n)s other group", "%(names)s and %(n)s other groups", rest) % shown


def _time(course: Course) -> str:
    whole = wording.hours(course.hours)
    online = course.hours - course.classroom_hours
    if not course.classroom_hours or online <= 0:
        return whole
    return _("%(whole)s: %(online)s online, %(classroom)s in a classroom") % {
        "whole": whole,
        "online": wording.number(online),
        "classroom": wording.number(course.classroom_hours),
    }


def _points(row) -> str:
    return _("%(points)s points %(register)s") % {"points": wording.number(row.points), "register": row.register}


def _validity(course: Course) -> str:
    months = course.shortest_validity
    if not months:
        return _("Yes, without an end date")
    return ngettext("Valid for %(n)s month", "Valid for %(n)s months", months) % {"n": months}


def _choice(track: Track) -> str:
    if not track.min_optional:
        return ""
    return ngettext("At least %(n)s course", "At least %(n)s courses", track.min_optional) % {"n": track.min_optional}


def language_names(codes: list[str]) -> list[str]:
    """Names of languages in the language of the request."""
    names = {"nl": _("Dutch"), "en": _("English")}
    return [names.get(code, code) for code in codes]
