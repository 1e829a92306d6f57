"""The catalogue, and the pages of courses and tracks."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from academy.accounts.permissions import member_of
from search import facade

from . import facts
from .models import CatalogueRecord, Course, Track
from .permissions import sees_record
from .sections import course_sections
from .selectors import courses_for_page, tracks_of, tracks_with_parts

TYPES = ("course", "track")


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Courses and tracks, with facets; the same search as everywhere, limited to these two kinds."""
    return facade.page(request, types=TYPES, template="catalogue/list.html", default_sort="soonest")


@require_safe
def course_page(request: HttpRequest, code: str) -> HttpResponse:
    """A course with its dates; 404 for whom it is not there."""
    course = _visible(courses_for_page(member_of(request.user)), code, request)
    return render(request, "catalogue/course.html", course_context(course, request.user))


def course_context(course: Course, user: Any) -> dict[str, Any]:
    """What the page of a course shows; the editor's preview uses the same."""
    return {
        "course": course,
        "facts": facts.of_course(course),
        "sections": [section for make in course_sections if (section := make(course, user))],
        "tracks": tracks_of(course, member_of(user)) if course.pk else [],
    }


@require_safe
def track_page(request: HttpRequest, code: str) -> HttpResponse:
    """A track with its parts in order; 404 for whom it is not there."""
    track = _visible(tracks_with_parts(member_of(request.user)), code, request)
    return render(request, "catalogue/track.html", track_context(track))


def track_context(track: Track) -> dict[str, Any]:
    """What the page of a track shows; the editor's preview uses the same."""
    parts = list(track.parts.all())
    return {
        "track": track,
        "facts": facts.of_track(track),
        "mandatory": [part for part in parts if part.mandatory],
        "optional": [part for part in parts if not part.mandatory],
    }


def _visible(records, code: str, request: HttpRequest) -> CatalogueRecord:
    record = records.filter(code__iexact=code, live=True).first()
    if record is None or not sees_record(request.user, record):
        raise Http404
    return record
