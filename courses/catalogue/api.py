"""Courses and tracks over REST, for whoever asks, with what they may see."""

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets

from academy.accounts.permissions import member_of
from academy.core.api_filters import FacetFilter, Facets, parameters
from academy.core.pagination import ByNumber

from .models import Course, Track
from .selectors import courses_with_facts, tracks_with_parts
from .serializers import CourseSerializer, TrackSerializer


def in_languages(codes: list[str]) -> Q:
    """Courses given in one of these languages; the column is a list of codes."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(languages__icontains=f'"{code}"')
    return condition


COURSE_FACETS = {
    "language": in_languages,
    "delivery_mode": "delivery_mode",
    "audience": "audience__key",
    "register": "accreditation__register__key",
    "organisation": "owners__key",
    "specialty": "specialties__key",
    "care_domain": "care_domains__key",
    "programme": "programmes__key",
}
TRACK_FACETS = {"audience": "audience__key", "organisation": "owners__key"}


class CatalogueViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Lists, and single records by number; a record that the person may not see does not exist."""

    lookup_field = "code"
    lookup_url_kwarg = "number"
    lookup_value_regex = "[^/]+"
    pagination_class = ByNumber
    filter_backends = [FacetFilter]
    facets: Facets = {}

    def visible(self, records: QuerySet) -> QuerySet:
        return records.visible_to(member_of(self.request.user))


@extend_schema_view(list=extend_schema(parameters=parameters(COURSE_FACETS)))
class CourseViewSet(CatalogueViewSet):
    """Published courses."""

    queryset = Course.objects.none()  # tells the schema the model; `get_queryset` gives the records
    serializer_class = CourseSerializer
    facets = COURSE_FACETS

    def get_queryset(self) -> QuerySet:
        return self.visible(courses_with_facts(member_of(self.request.user)))


@extend_schema_view(list=extend_schema(parameters=parameters(TRACK_FACETS)))
class TrackViewSet(CatalogueViewSet):
    """Published tracks with their published courses."""

    queryset = Track.objects.none()
    serializer_class = TrackSerializer
    facets = TRACK_FACETS

    def get_queryset(self) -> QuerySet:
        return self.visible(tracks_with_parts(member_of(self.request.user)))
