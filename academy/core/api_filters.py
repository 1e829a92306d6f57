"""Filters of the API, by the names of the search facets."""

from collections.abc import Callable, Mapping

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.filters import BaseFilterBackend

Facets = Mapping[str, str | Callable[[list[str]], Q]]


class FacetFilter(BaseFilterBackend):
    """`view.facets` maps a parameter to a lookup, or to a function from the values chosen to a condition.

    Several values of one parameter are OR, different parameters AND.
    """

    def filter_queryset(self, request, queryset: QuerySet, view) -> QuerySet:
        facets: Facets = view.facets
        for name, lookup in facets.items():
            if values := [value.replace("\x00", "") for value in request.query_params.getlist(name) if value]:
                condition = lookup(values) if callable(lookup) else Q(**{f"{lookup}__in": values})
                # Apart, since a join would count the seats of a run once per session.
                found = queryset.model._default_manager.filter(condition)
                queryset = queryset.filter(pk__in=found.values("pk"))
        return queryset


def parameters(facets: Facets) -> list[OpenApiParameter]:
    """The same parameters for the schema."""
    return [OpenApiParameter(name, str, many=True, explode=True) for name in facets]
