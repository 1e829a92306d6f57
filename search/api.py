"""Search over REST, for whoever asks, with what they may see."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from academy.core.errors import InvalidInput
from academy.core.translation import current

from . import facade, registry
from .contract import LANGUAGES, TYPE_FACET, FacetValue, Hit, Results, SearchQuery
from .engines.common import MOST_RESULTS_DEEP
from .listing import LONGEST_TEXT, read_address, sort_value

MOST_PER_PAGE = 100


class ResultSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    url = serializers.CharField()
    highlights = serializers.DictField(child=serializers.CharField())


class FacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class RelaxationSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["spelling", "filter", "words", "any"])
    given_up = serializers.ListField(child=serializers.CharField())


class SearchResultsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    took_ms = serializers.FloatField()
    results = ResultSerializer(many=True)
    facets = serializers.DictField(child=FacetValueSerializer(many=True))
    relaxed = RelaxationSerializer(many=True)
    did_you_mean = serializers.CharField(allow_blank=True)


class SuggestionSerializer(serializers.Serializer):
    id = serializers.CharField()
    type = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class Asked(serializers.Serializer):
    """The parameters that are no facets."""

    q = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)
    lang = serializers.ChoiceField(choices=LANGUAGES, required=False)
    page = serializers.IntegerField(required=False, min_value=1, max_value=MOST_RESULTS_DEEP, default=1)
    size = serializers.IntegerField(required=False, min_value=1, max_value=MOST_PER_PAGE, default=20)
    sort = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)


class SearchView(APIView):
    """Everything that can be found, with facets."""

    @extend_schema(
        operation_id="search",
        parameters=[
            Asked,
            OpenApiParameter("type", str, many=True, description="Kind of record; repeat for several."),
        ],
        responses=SearchResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Search. Facets are parameters of their own name; repeat one for several of its values."""
        asked = _asked(request)
        address = read_address(request.query_params, path="")
        language = asked.get("lang", current())
        if asked["page"] * asked["size"] > MOST_RESULTS_DEEP:
            raise InvalidInput(fields={"page": [_("So far down the results cannot be paged.")]})
        specs = registry.facets_for(address.chosen.get(TYPE_FACET, ()))
        query = SearchQuery(
            text=asked["q"],
            language=language,
            filters=address.chosen,
            facets=tuple(spec.name for spec in specs),
            sort=_sort(asked["sort"]),
            page=asked["page"],
            size=asked["size"],
        )
        found = facade.search(query, facade.viewer_for(request.user))
        return Response(_answer(found, language))


class SuggestView(APIView):
    """Records whose title or number begins like what was typed."""

    @extend_schema(operation_id="suggest", parameters=[Asked], responses=SuggestionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Suggest up to eight records."""
        asked = _asked(request)
        viewer = facade.viewer_for(request.user)
        found = facade.suggest(asked["q"], viewer, asked.get("lang", current()))
        return Response(SuggestionSerializer(found, many=True).data)


def _asked(request: Request) -> dict[str, Any]:
    given = request.query_params
    serializer = Asked(data={name: given[name] for name in Asked().fields if name in given})
    serializer.is_valid(raise_exception=True)
    asked: dict[str, Any] = serializer.validated_data
    return asked


def _sort(name: str) -> str:
    offered = [choice for choice, _label in registry.sort_choices(())] + [spec.name for spec in registry.sorts()]
    if name and name not in offered:
        names = ", ".join(dict.fromkeys(offered))
        raise InvalidInput(fields={"sort": [_("Choose one of: %(names)s.") % {"names": names}]})
    return sort_value(name)


def _answer(found: Results, language: str) -> dict[str, Any]:
    return {
        "count": found.count,
        "took_ms": round(found.took_ms, 2),
        "results": [_result(hit) for hit in found.hits],
        "facets": {name: _values(name, values, language) for name, values in found.facets.items()},
        "relaxed": [{"kind": entry.kind, "given_up": list(entry.given_up)} for entry in found.relaxed],
        "did_you_mean": found.did_you_mean,
    }


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "type": hit.type,
        "number": hit.number,
        "title": hit.title,
        "summary": hit.summary,
        "url": hit.url,
        "highlights": dict(hit.highlights),
    }


def _values(name: str, values: tuple[FacetValue, ...], language: str) -> list[dict[str, Any]]:
    spec = registry.facet(name)
    known = [entry.value for entry in values if entry.count or not entry.selected]
    labels = spec.labels(known, language) if spec else {}
    return [
        {
            "value": entry.value,
            "label": str(labels.get(entry.value, entry.value)),
            "count": entry.count,
            "selected": entry.selected,
        }
        for entry in values
    ]
