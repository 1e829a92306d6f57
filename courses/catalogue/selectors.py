"""Courses and tracks for one person."""

from django.db.models import Prefetch, QuerySet

from .models import Course, Track, TrackPart

FACTS = ("audience", "specialties", "care_domains", "owners", "accreditation__register", "competences__competence")


def courses_with_facts() -> QuerySet[Course]:
    """Courses with everything that a page or a search document reads."""
    published = Prefetch("prerequisites", Course.objects.filter(live=True))
    return Course.objects.select_related("cancellation_rule").prefetch_related(*FACTS, published, "programmes")


def tracks_with_parts() -> QuerySet[Track]:
    """Tracks with their published courses, in order."""
    parts = TrackPart.objects.filter(course__live=True).select_related("course").order_by("order", "pk")
    return Track.objects.select_related("coordinator").prefetch_related(
        "audience", "owners", Prefetch("parts", parts)
    )


def tracks_of(course: Course) -> QuerySet[TrackPart]:
    """Published tracks that this course is a part of."""
    return course.track_parts.filter(track__live=True).select_related("track").order_by("track__title_nl")
