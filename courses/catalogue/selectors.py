"""Courses and tracks for one person."""

from collections.abc import Collection

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from academy.taxonomy.models import CareDomain

from .models import Accreditation, Course, CourseCompetence, Track, TrackPart

Organisations = Collection[int]
FACTS = ("audience", "specialties", "owners")


def courses_for_page(organisations: Organisations = ()) -> QuerySet[Course]:
    """Courses with everything that their page shows; single values come along as columns, to save queries.

    `organisations` are those that the reader belongs to: other courses are named only as far as they may be seen.
    """
    published = Prefetch("prerequisites", Course.objects.visible_to(organisations))
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


def courses_with_facts(organisations: Organisations = ()) -> QuerySet[Course]:
    """Courses with everything that a document or the API reads."""
    return courses_for_page(organisations).prefetch_related("care_domains", "programmes")


def courses_as_kept() -> QuerySet[Course]:
    """Courses with everything that a revision keeps of them."""
    links = ("owners", "audience", "specialties", "care_domains", "programmes", "prerequisites")
    return Course.objects.select_related("latest_revision").prefetch_related(*links, "accreditation", "competences")


def tracks_with_parts(organisations: Organisations = ()) -> QuerySet[Track]:
    """Tracks with those of their courses that a member of these organisations may see, in order."""
    seen = Course.objects.visible_to(organisations).values("pk")
    parts = TrackPart.objects.filter(course__in=seen).select_related("course").order_by("order", "pk")
    return Track.objects.select_related("coordinator").prefetch_related("audience", "owners", Prefetch("parts", parts))


def tracks_of(course: Course, organisations: Organisations = ()) -> QuerySet[TrackPart]:
    """The tracks with this course that a member of these organisations may see."""
    seen = Track.objects.visible_to(organisations).values("pk")
    return course.track_parts.filter(track__in=seen).select_related("track").order_by("track__title_nl")
