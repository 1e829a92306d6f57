"""Courses and tracks for one person."""

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from academy.taxonomy.models import CareDomain

from .models import Accreditation, Course, CourseCompetence, Track, TrackPart

FACTS = ("audience", "specialties", "owners")


def courses_for_page() -> QuerySet[Course]:
    """Courses with everything that their page shows; single values come along as columns, to save queries."""
    published = Prefetch("prerequisites", Course.objects.filter(live=True))
    points = Prefetch("accreditation", Accreditation.objects.select_related("register"))
    validity = CourseCompetence.objects.filter(course=OuterRef("pk"), validity_months__isnull=False)
    domain = CareDomain.objects.filter(courses=OuterRef("pk")).order_by("name_nl")
    return (
        Course.objects.select_related("cancellation_rule")
        .prefetch_related(*FACTS, points, published)
        .annotate(
            shortest_validity=Subquery(validity.order_by("validity_months").values("validity_months")[:1]),
            first_domain=Subquery(domain.values("key")[:1]),
        )
    )


def courses_with_facts() -> QuerySet[Course]:
    """Courses with everything that a document or the API reads."""
    return courses_for_page().prefetch_related("care_domains", "programmes")


def tracks_with_parts() -> QuerySet[Track]:
    """Tracks with their published courses, in order."""
    parts = TrackPart.objects.filter(course__live=True).select_related("course").order_by("order", "pk")
    return Track.objects.select_related("coordinator").prefetch_related("audience", "owners", Prefetch("parts", parts))


def tracks_of(course: Course) -> QuerySet[TrackPart]:
    """Published tracks that this course is a part of."""
    return course.track_parts.filter(track__live=True).select_related("track").order_by("track__title_nl")
