"""Runs over REST for everybody, and one's own enrolments."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from academy.accounts.authentication import TokenScope
from academy.accounts.permissions import member_of
from academy.core.api_filters import FacetFilter, parameters
from academy.core.errors import Unknown
from academy.core.idempotency import IdempotentPosts
from academy.core.pagination import ByNumber, NewestFirst
from courses.catalogue import api as courses
from courses.catalogue.models import Course

from . import services
from .models import CourseRun, Enrolment
from .permissions import open_to
from .search_source import CLOSED, availability
from .selectors import with_everything
from .serializers import CancelSerializer, EnrolmentSerializer, EnrolSerializer, RunSerializer
from .states import RunState


def with_enrolment(codes: list[str]) -> Q:
    """Courses with a run that is open, has a waiting list, opens later, or nothing of these (`closed`)."""
    runs = CourseRun.objects.coming().with_seats_taken().prefetch_related("allotments")
    found = [(run.course_id, availability(run)) for run in runs]
    condition = Q(pk__in=[course for course, offered in found if offered & set(codes)])
    if CLOSED in codes:
        condition |= ~Q(pk__in=[course for course, _code in found])
    return condition


COURSE_FACETS = {**courses.COURSE_FACETS, "location": "runs__sessions__location", "enrolment": with_enrolment}
RUN_FACETS = {
    "course": "course__code",
    "organisation": "organisation__key",
    "location": "sessions__location",
    "language": "language",
    "delivery_mode": "delivery_mode",
}
STATE = OpenApiParameter("state", str, many=True, explode=True, enum=RunState.values)


@extend_schema_view(list=extend_schema(parameters=parameters(COURSE_FACETS)))
class CourseViewSet(courses.CourseViewSet):
    """Published courses; here, where runs are known, they can be chosen by place and by whether one can enrol."""

    facets = COURSE_FACETS


@extend_schema_view(list=extend_schema(parameters=[*parameters(RUN_FACETS), STATE]))
class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Runs of the courses that the person may see; `state` is computed from dates."""

    queryset = CourseRun.objects.none()  # tells the schema the model; `get_queryset` gives the records
    serializer_class = RunSerializer
    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    pagination_class = ByNumber
    filter_backends = [FacetFilter]
    facets = RUN_FACETS

    def get_queryset(self) -> QuerySet:
        seen = Course.objects.visible_to(member_of(self.request.user))
        runs = CourseRun.objects.filter(course__in=seen.values("pk")).with_seats_taken()
        states = [state for state in self.request.query_params.getlist("state") if state in RunState.values]
        if states:
            runs = runs.in_state(*states)
        return runs.select_related("course", "organisation").prefetch_related("sessions")


class EnrolmentViewSet(IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The enrolments of whoever asks."""

    queryset = Enrolment.objects.none()
    serializer_class = EnrolmentSerializer
    permission_classes = [IsAuthenticated, TokenScope]
    pagination_class = NewestFirst
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet:
        return with_everything(Enrolment.objects.filter(person_id=self.request.user.pk))

    @extend_schema(request=EnrolSerializer, responses={201: EnrolmentSerializer})
    def create(self, request) -> Response:
        """Enrol oneself: a seat, or a place on the waiting list."""
        data = EnrolSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        run = CourseRun.objects.select_related("course").filter(number=data.validated_data["run"]).first()
        if run is None or not open_to(request.user, run):  # one answer, so that nobody learns of hidden runs
            raise Unknown(fields={"run": [_("There is no run with this number.")]})
        enrolment = services.enrol(person=request.user, run=run, actor=request.user)
        return Response(EnrolmentSerializer(enrolment).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CancelSerializer, responses=EnrolmentSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str) -> Response:
        """Step back, or leave the waiting list."""
        data = CancelSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        enrolment = self.get_object()
        services.cancel(enrolment=enrolment, actor=request.user, reason=data.validated_data["reason"])
        enrolment.refresh_from_db()
        return Response(EnrolmentSerializer(enrolment).data)
