"""Innovations over REST: read as far as each may see them, written by their teams, decided on by managers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from academy.accounts.authentication import TokenScope
from academy.core.api_bodies import as_object, read, read_body
from academy.core.api_filters import parameters
from academy.core.errors import InvalidInput, Unknown
from academy.core.idempotency import IdempotentPosts
from academy.core.pagination import NewestFirst
from research.studies.serializers import ChangeSerializer, ConflictSerializer

from . import portfolio
from . import record as records
from .api_bodies import (
    AssessSerializer,
    ChangeOutcomeSerializer,
    DecideGateSerializer,
    MeetConditionSerializer,
    OpenGateSerializer,
    SeenSerializer,
    WhySerializer,
    body_of,
    colleague,
    decided,
)
from .errors import Clashing
from .filtering import NAMES, Filter
from .models import Condition, Decision, Innovation
from .permissions import visible_to
from .selectors import for_page
from .selectors import portfolio as portfolio_of
from .serializers import (
    InnovationChangeSerializer,
    InnovationRecordSerializer,
    InnovationSerializer,
    Links,
    as_stored,
)
from .services import assessing, gates, outcomes, publishing, saving, steps
from .states import Outcome

FILTERS = parameters(dict.fromkeys(NAMES, ""))
_CHANGE = tuple(ChangeSerializer().fields)


@extend_schema_view(list=extend_schema(operation_id="innovations_list", parameters=FILTERS))
class InnovationViewSet(IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The portfolio, each innovation with what the person may see of it; one that they may not know does not exist.

    The list has what is published; a draft is read by its number, by who stands near it.
    """

    queryset = Innovation.objects.none()  # tells the schema the model; `get_queryset` gives the records
    serializer_class = InnovationSerializer
    permission_classes = [IsAuthenticatedOrReadOnly, TokenScope]
    lookup_field = "number"
    lookup_value_regex = r"I-[0-9]{4}-[0-9]{4,10}"
    pagination_class = NewestFirst
    links = Links(frozenset(), frozenset())

    def get_queryset(self) -> QuerySet:
        return for_page(visible_to(Innovation.objects.all(), self.request.user))

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.action != "list":
            return queryset
        return Filter.of(self.request.query_params).apply(for_page(portfolio_of(self.request.user)))

    def paginate_queryset(self, queryset: QuerySet) -> list[Innovation]:
        page: list[Innovation] = super().paginate_queryset(queryset)
        self.links = Links.of(page, self.request.user)
        return page

    def get_object(self) -> Any:
        innovation = super().get_object()
        self.links = Links.of([innovation], self.request.user)
        return innovation

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "links": self.links}

    @extend_schema(request=InnovationRecordSerializer, responses={201: InnovationSerializer})
    def create(self, request: Request) -> Response:
        """Put in an innovation: a draft with what is known so far."""
        values = as_stored(as_object(request.data))
        innovation = saving.put_in(actor=request.user, values=values, source="api")
        return self._as_it_is(innovation.number, status.HTTP_201_CREATED)

    @extend_schema(request=InnovationChangeSerializer, responses={200: InnovationSerializer, 409: ConflictSerializer})
    def partial_update(self, request: Request, number: str) -> Response:
        """Change the fields that are sent."""
        innovation = self.get_object()
        body = as_object(request.data)
        change = read(ChangeSerializer, {name: body[name] for name in _CHANGE if name in body})
        if change["version"] > innovation.version:
            raise InvalidInput(fields={"version": [_("There is no such version.")]})
        sent = as_stored({name: value for name, value in body.items() if name not in _CHANGE})
        links = self.links
        try:
            saving.save(
                innovation=innovation,
                actor=request.user,
                base_version=change["version"],
                values=links.put_back(sent, records.read(innovation)),
                reason=change["reason"],
                source="api",
                strict=True,
            )
        except Clashing as clash:
            return Response(_both_values(clash, links), status=status.HTTP_409_CONFLICT)
        return self._as_it_is(number)

    @extend_schema(operation_id="innovations_totals", parameters=FILTERS, responses=OpenApiTypes.OBJECT)
    @action(detail=False, pagination_class=None)
    def totals(self, request: Request) -> Response:
        """The totals of the portfolio, as its page and its files have them, of what the person may know of."""
        return Response(portfolio.totals(request.user, Filter.of(request.query_params)))

    @extend_schema(request=SeenSerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, number: str) -> Response:
        """Hand the idea to the innovation managers of its hospitals."""
        seen = read_body(SeenSerializer, request)["seen"]
        publishing.submit(innovation=self.get_object(), actor=request.user, seen=seen)
        return self._as_it_is(number)

    @extend_schema(request=SeenSerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, number: str) -> Response:
        """Show the innovation in the portfolio, to whom its visibility allows."""
        seen = read_body(SeenSerializer, request)["seen"]
        publishing.publish(innovation=self.get_object(), actor=request.user, seen=seen)
        return self._as_it_is(number)

    @extend_schema(request=WhySerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, number: str) -> Response:
        """Give the idea back to who put it in, with what is still needed."""
        reason = read_body(WhySerializer, request)["reason"]
        publishing.give_back(innovation=self.get_object(), actor=request.user, reason=reason)
        return self._as_it_is(number)

    @extend_schema(request=WhySerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"], url_path="take-offline")
    def take_offline(self, request: Request, number: str) -> Response:
        """Take the innovation out of the portfolio."""
        reason = read_body(WhySerializer, request)["reason"]
        publishing.take_offline(innovation=self.get_object(), actor=request.user, reason=reason)
        return self._as_it_is(number)

    @extend_schema(request=OpenGateSerializer, responses={201: InnovationSerializer})
    @action(detail=True, methods=["post"], url_path="gates")
    def open_gate(self, request: Request, number: str) -> Response:
        """Ask a body for the next gate."""
        innovation, asked = self._managed(), read_body(OpenGateSerializer, request)
        gates.open_gate(
            innovation=innovation,
            actor=request.user,
            body=body_of(asked["body"]),
            due_on=asked["due_on"],
            owner=colleague(asked["owner"]),
        )
        return self._as_it_is(number, status.HTTP_201_CREATED)

    @extend_schema(request=DecideGateSerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"], url_path="gates/(?P<gate>[0-9]{1,18})/decide")
    def decide_gate(self, request: Request, number: str, gate: str) -> Response:
        """Record what the body decided, and do it; a decision is never changed."""
        innovation = self._managed()
        decision = Decision.objects.filter(pk=gate, innovation=innovation).first()
        if decision is None:
            raise Unknown
        given = decided(read_body(DecideGateSerializer, request), innovation)
        gates.decide(decision=decision, actor=request.user, **given)
        return self._as_it_is(number)

    @extend_schema(request=MeetConditionSerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"], url_path="conditions/(?P<condition>[0-9]{1,18})/meet")
    def meet_condition(self, request: Request, number: str, condition: str) -> Response:
        """Write down that a condition of a decision was met."""
        known = Condition.objects.filter(decision__innovation=self.get_object()).select_related("decision")
        found = known.filter(pk=condition).first()
        if found is None:
            raise Unknown
        gates.meet_condition(condition=found, actor=request.user, **read_body(MeetConditionSerializer, request))
        return self._as_it_is(number)

    @extend_schema(request=AssessSerializer, responses={201: InnovationSerializer})
    @action(detail=True, methods=["post"], url_path="assessments")
    def assess(self, request: Request, number: str) -> Response:
        """Add a dated assessment; the last one by date holds."""
        innovation = self.get_object()
        assessing.assess(innovation=innovation, actor=request.user, **read_body(AssessSerializer, request))
        return self._as_it_is(number, status.HTTP_201_CREATED)

    @extend_schema(request=ChangeOutcomeSerializer, responses=InnovationSerializer)
    @action(detail=True, methods=["post"], url_path="outcome")
    def change_outcome(self, request: Request, number: str) -> Response:
        """Put it on hold, resume it, tell that it was scaled up, or withdraw it; to stop it is a decision of a body."""
        innovation, body = self.get_object(), read_body(ChangeOutcomeSerializer, request)
        why = {"reason_nl": body["reason_nl"], "reason_en": body["reason_en"]}
        given = {"innovation": innovation, "actor": request.user, **why}
        if body["outcome"] == Outcome.ON_HOLD:
            outcomes.put_on_hold(wake_up_on=_wake_up_on(body), **given)
        else:
            _VERBS[body["outcome"]](**given)
        return self._as_it_is(number)

    def _managed(self) -> Innovation:
        """The innovation, when the person manages it: what else was sent is not looked at before."""
        innovation = self.get_object()
        steps.check(self.request.user, "innovations.manage", innovation)
        return innovation

    def _as_it_is(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        """The innovation as it is now."""
        innovation = self.get_queryset().get(number=number)
        self.links = Links.of([innovation], self.request.user)
        return Response(self.get_serializer(innovation).data, status=code)


_VERBS = {Outcome.ACTIVE: outcomes.resume, Outcome.SCALED: outcomes.scale, Outcome.WITHDRAWN: outcomes.withdraw}


def _wake_up_on(body: Mapping[str, Any]) -> Any:
    if body["wake_up_on"] is None:
        raise InvalidInput(fields={"wake_up_on": [_("Choose a day that is still to come.")]})
    return body["wake_up_on"]


def _both_values(clash: Clashing, links: Links) -> dict[str, Any]:
    mine, theirs = links.known(dict(clash.mine)), links.known(dict(clash.theirs))
    return {
        "code": clash.code,
        "detail": str(clash),
        "version": clash.version,
        "fields": {name: {"yours": mine[name], "theirs": theirs[name]} for name in mine},
    }
