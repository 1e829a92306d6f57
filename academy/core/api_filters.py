"""Filters of the API, by the names of the search facets."""

from collections.abc import Mapping

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.filters import BaseFilterBackend


class FacetFilter(BaseFilterBackend):
    """`view.facets` maps a parameter to a lookup; several values of one are OR, different ones AND."""

    def filter_queryset(self, request, queryset: QuerySet, view) -> QuerySet:
        facets: Mapping[str, str] = view.facets
        for name, lookup in facets.items():
            if values := [value.replace("\x00", "") for value in request.query_params.getlist(name) if value]:
                # Apart, since a join would count the seats of a run once per session.
                found = queryset.model._default_manager.filter(**{f"{lookup}__in": values})
                queryset = queryset.filter(pk__in=found.values("pk"))
        return queryset


def parameters(facets: Mapping[str, str]) -> list[OpenApiParameter]:
    """The same parameters for the schema."""
    return [OpenApiParameter(name, str, many=True, explode=True) for name in facets]
