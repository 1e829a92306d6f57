"""Programmes over REST: everybody may see them, with what hangs on them as far as the person may know of it."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets

from academy.core.api_filters import FacetFilter, Facets, parameters
from academy.core.pagination import ByNumber

from .linked import attach_linked
from .models import Horizon, Programme
from .selectors import programmes_for_page
from .serializers import ProgrammeSerializer


def at_horizons(keys: list[str]) -> Q:
    """Programmes that span one of these horizons; with one end only that horizon counts."""
    found = Q(pk__in=[])
    for order in Horizon.objects.filter(key__in=keys).values_list("order", flat=True):
        spans = Q(horizon_from__order__lte=order, horizon_to__order__gte=order)
        first = Q(horizon_from__order=order, horizon_to=None)
        last = Q(horizon_to__order=order, horizon_from=None)
        found |= spans | first | last
    return found


FACETS: Facets = {
    "organisation": "organisations__key",
    "pillar": lambda keys: Q(pillar__key__in=keys) | Q(other_pillars__key__in=keys),
    "horizon": at_horizons,
    "goal": "goals__key",
    "challenge": "challenges__key",
    "roadmap_line": "roadmap_lines__key",
}


@extend_schema_view(list=extend_schema(parameters=parameters(FACETS)))
class ProgrammeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Programmes, each with its milestones and its courses, studies and innovations."""

    queryset = Programme.objects.none()  # tells the schema the model; `get_queryset` gives the records
    serializer_class = ProgrammeSerializer
    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    pagination_class = ByNumber
    filter_backends = [FacetFilter]
    facets = FACETS

    def get_queryset(self) -> QuerySet:
        return programmes_for_page()

    def paginate_queryset(self, queryset: QuerySet) -> list[Programme]:
        page = super().paginate_queryset(queryset)
        attach_linked(page, self.request.user)
        return page

    def get_object(self) -> Any:
        programme = super().get_object()
        attach_linked([programme], self.request.user)
        return programme
