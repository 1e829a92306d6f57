"""Studies over REST: found by everybody as far as they may see them, written by researchers, decided on by bureaus."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from academy.accounts.authentication import TokenScope
from academy.core import clock
from academy.core.api_bodies import as_object, read, read_body
from academy.core.api_filters import FacetFilter, parameters
from academy.core.errors import InvalidInput, Unknown
from academy.core.idempotency import IdempotentPosts
from academy.core.pagination import NewestFirst

from . import conditions
from . import record as records
from .api_bodies import (
    AnswerSerializer,
    DecideSerializer,
    MetSerializer,
    PublishChangesSerializer,
    ReasonSerializer,
    RecordApprovalSerializer,
    ReturnSerializer,
    SubmitSerializer,
)
from .errors import Clashing
from .facts import Names
from .findable import FACET_GROUPS
from .models import Decision, Remark, Review, Site, Study
from .permissions import visible_to
from .record import with_everything
from .serializers import (
    ChangeSerializer,
    ConflictSerializer,
    RecordSerializer,
    StudyChangeSerializer,
    StudySerializer,
    as_stored,
    with_names,
)
from .services import publishing, reviewing, saving
from .timelines import latest
from .vocabularies import Visibility

Chosen = Callable[[list[str]], Q]
_CHANGE = tuple(ChangeSerializer().fields)


def shared(group: str) -> Q:
    """Studies that show this group of fields to everybody who knows of them: only by these may one choose."""
    ended = Q(embargo_until__lte=clock.today())
    public = Q(visibility=Visibility.PUBLIC) | ended
    team = Q(visibility=Visibility.TEAM) & ~Q(embargo_until__lte=clock.today())
    chosen = f"group_visibility__{group}"
    published = Study.objects.published()
    for_members = published.filter(public, **{chosen: Visibility.MEMBERS})
    for_team = published.filter(**{chosen: Visibility.TEAM}).exclude(team)
    return ~Q(pk__in=for_members.values("pk")) & ~Q(pk__in=for_team.values("pk"))


def _among(lookup: str) -> Chosen:
    return lambda values: Q(**{f"{lookup}__in": values})


def _in_list(column: str) -> Chosen:
    """The column is a list of codes."""

    def chosen(values: list[str]) -> Q:
        found = Q(pk__in=[])
        for value in values:
            if value.replace("_", "").isalnum():
                found |= Q(**{f"{column}__icontains": f'"{value}"'})
        return found

    return chosen


def _in_years(values: list[str]) -> Q:
    found = Q(pk__in=[])
    for value in values:
        if len(value) == 4 and value.isdecimal():
            found |= Q(first_enrolment__startswith=value)
    return found


def _in_languages(values: list[str]) -> Q:
    found = Q(pk__in=[])
    for code in {"nl", "en"} & set(values):
        found |= ~Q(**{f"public_title_{code}": "", f"scientific_title_{code}": ""})
    return found


_CHOSEN: dict[str, Chosen] = {
    "status": _among("recruitment_status"),
    "study_type": _among("study_type"),
    "phase": _in_list("phases"),
    "regime": _among("legal_regime"),
    "condition": conditions.having,
    "year": _in_years,
    "organisation": _among("sites__organisation__key"),
    "specialty": _among("specialty__key"),
    "care_domain": _among("care_domain__key"),
    "programme": _among("programmes__key"),
    "language": _in_languages,
}


def _facet(name: str) -> Chosen:
    return lambda values: _CHOSEN[name](values) & shared(FACET_GROUPS[name])


FACETS: dict[str, Chosen] = {name: _facet(name) for name in _CHOSEN}


def with_reviews(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Studies with all that the API gives of them, in a fixed number of queries."""
    reviews = Review.objects.prefetch_related("approvals", "remarks", Prefetch("decisions", Decision.objects.all()))
    sites = Site.objects.select_related("organisation").prefetch_related(Prefetch("reviews", reviews))
    return with_everything(studies, sites).prefetch_related("access")


@extend_schema_view(list=extend_schema(parameters=parameters(FACETS)))
class StudyViewSet(IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Studies, each with what the person may see of it; a study that they may not know of does not exist."""

    queryset = Study.objects.none()  # tells the schema the model; `get_queryset` gives the records
    serializer_class = StudySerializer
    permission_classes = [IsAuthenticatedOrReadOnly, TokenScope]
    lookup_field = "number"
    lookup_value_regex = r"S-[0-9]{4}-[0-9]{4,10}"
    pagination_class = NewestFirst
    filter_backends = [FacetFilter]
    facets = FACETS

    def get_queryset(self) -> QuerySet:
        return with_reviews(visible_to(Study.objects.all(), self.request.user))

    @extend_schema(request=RecordSerializer, responses={201: StudySerializer})
    def create(self, request: Request) -> Response:
        """Register a study: a draft with what is known so far."""
        study = saving.register(actor=request.user, values=as_object(request.data), source="api")
        return self._as_it_is(study.number, status.HTTP_201_CREATED)

    @extend_schema(request=StudyChangeSerializer, responses={200: StudySerializer, 409: ConflictSerializer})
    def partial_update(self, request: Request, number: str) -> Response:
        """Change the fields that are sent; those of a published study that its bureau publishes wait for it."""
        study = self.get_object()
        body = as_object(request.data)
        change = read(ChangeSerializer, {name: body[name] for name in _CHANGE if name in body})
        if change["version"] > study.version:
            raise InvalidInput(fields={"version": [_("There is no such version.")]})
        values = {name: value for name, value in body.items() if name not in _CHANGE}
        try:
            saving.save(
                study=study,
                actor=request.user,
                base_version=change["version"],
                values=as_stored(values, records.current(study), Names.of(study)),
                reason=change["reason"],
                source="api",
                strict=True,
            )
        except Clashing as clash:
            return Response(_both_values(clash, study), status=status.HTTP_409_CONFLICT)
        return self._as_it_is(number)

    @extend_schema(request=SubmitSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, number: str) -> Response:
        """Send the study to the science bureaus of its hospitals."""
        reviewing.submit(
            study=self.get_object(), actor=request.user, sites=read_body(SubmitSerializer, request)["sites"]
        )
        return self._as_it_is(number)

    @extend_schema(request=None, responses=StudySerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, number: str) -> Response:
        """Show the study to whom its visibility allows."""
        publishing.publish(study=self.get_object(), actor=request.user)
        return self._as_it_is(number)

    @extend_schema(request=ReasonSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"])
    def unpublish(self, request: Request, number: str) -> Response:
        """Take the study offline."""
        reason = read_body(ReasonSerializer, request)["reason"]
        publishing.unpublish(study=self.get_object(), actor=request.user, reason=reason)
        return self._as_it_is(number)

    @extend_schema(request=PublishChangesSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"], url_path="publish-changes")
    def publish_changes(self, request: Request, number: str) -> Response:
        """Publish what editors changed in a published study."""
        fields = read_body(PublishChangesSerializer, request)["fields"]
        publishing.publish_changes(study=self.get_object(), actor=request.user, fields=fields)
        return self._as_it_is(number)

    @extend_schema(request=ReasonSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"], url_path="refuse-changes")
    def refuse_changes(self, request: Request, number: str) -> Response:
        """Leave a published study as it is, and drop what editors changed."""
        reason = read_body(ReasonSerializer, request)["reason"]
        publishing.refuse_changes(study=self.get_object(), actor=request.user, reason=reason)
        return self._as_it_is(number)

    @extend_schema(request=AnswerSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"], url_path="remarks/(?P<remark>[0-9]{1,18})/answer")
    def answer_remark(self, request: Request, number: str, remark: str) -> Response:
        """Answer a remark of a bureau that sent the study back."""
        found = Remark.objects.filter(pk=remark, review__site__study=self.get_object()).first()
        if found is None:
            raise Unknown
        reviewing.answer_remark(remark=found, actor=request.user, text=read_body(AnswerSerializer, request)["text"])
        return self._as_it_is(number)

    @extend_schema(request=None, responses=StudySerializer)
    @action(detail=True, methods=["post"], url_path="reviews/(?P<site>[a-z0-9_-]{1,60})/take-up")
    def take_up(self, request: Request, number: str, site: str) -> Response:
        """Begin the review at this hospital: the bodies of its route are asked."""
        reviewing.take_up(review=self._review(site), actor=request.user)
        return self._as_it_is(number)

    @extend_schema(request=ReturnSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"], url_path="reviews/(?P<site>[a-z0-9_-]{1,60})/return")
    def return_to_researcher(self, request: Request, number: str, site: str) -> Response:
        """Send the study back with remarks."""
        remarks = read_body(ReturnSerializer, request)["remarks"]
        reviewing.return_to_researcher(review=self._review(site), actor=request.user, remarks=remarks)
        return self._as_it_is(number)

    @extend_schema(request=DecideSerializer, responses=StudySerializer)
    @action(detail=True, methods=["post"], url_path="reviews/(?P<site>[a-z0-9_-]{1,60})/decide")
    def decide(self, request: Request, number: str, site: str) -> Response:
        """Approve, approve with conditions, or reject; a decision is never changed."""
        decision = read_body(DecideSerializer, request)
        reviewing.decide(review=self._review(site), actor=request.user, **decision)
        return self._as_it_is(number)

    @extend_schema(request=RecordApprovalSerializer, responses=StudySerializer)
    @action(
        detail=True,
        methods=["post"],
        url_path="reviews/(?P<site>[a-z0-9_-]{1,60})/approvals/(?P<approval>[0-9]{1,18})",
    )
    def record_approval(self, request: Request, number: str, site: str, approval: str) -> Response:
        """Write down what a body of the route said."""
        said = read_body(RecordApprovalSerializer, request)
        reviewing.record_approval(approval=self._approval(site, approval), actor=request.user, **said)
        return self._as_it_is(number)

    @extend_schema(request=MetSerializer, responses=StudySerializer)
    @action(
        detail=True,
        methods=["post"],
        url_path="reviews/(?P<site>[a-z0-9_-]{1,60})/approvals/(?P<approval>[0-9]{1,18})/conditions-met",
    )
    def meet_conditions(self, request: Request, number: str, site: str, approval: str) -> Response:
        """Write down that the researcher did what a body asked."""
        day = read_body(MetSerializer, request)["on"]
        reviewing.meet_conditions(approval=self._approval(site, approval), actor=request.user, on=day)
        return self._as_it_is(number)

    def _review(self, hospital: str) -> Review:
        study = self.get_object()
        found = next((latest(site) for site in study.sites.all() if site.organisation.key == hospital), None)
        if found is None:
            raise Unknown
        return found

    def _approval(self, hospital: str, pk: str) -> Any:
        review = self._review(hospital)
        found = next((row for row in review.approvals.all() if str(row.pk) == pk.lstrip("0")), None)
        if found is None:
            raise Unknown
        return found

    def _as_it_is(self, number: str, code: int = status.HTTP_200_OK) -> Response:
        """The study as it is now."""
        study = self.get_queryset().get(number=number)
        return Response(self.get_serializer(study).data, status=code)


def _both_values(clash: Clashing, study: Study) -> dict[str, Any]:
    names = Names.of(study)
    mine, theirs = with_names(clash.mine, names, True), with_names(clash.theirs, names, True)
    return {
        "code": clash.code,
        "detail": str(clash),
        "version": clash.version,
        "fields": {name: {"yours": mine[name], "theirs": theirs[name]} for name in mine},
    }
