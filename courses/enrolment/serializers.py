"""Runs and enrolments as the API gives them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from .models import CourseRun, Enrolment, Session
from .selectors import position_of
from .states import EnrolmentState, Outcome, RunState


class SessionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Session
        fields = ["title_nl", "title_en", "starts_at", "ends_at", "location", "room_nl", "room_en"]


class RunSerializer(serializers.ModelSerializer):
    """A run with its state and seats; names of numbers follow OEAPI where it has them."""

    course = serializers.SlugRelatedField(slug_field="code", read_only=True)
    organisation = serializers.SlugRelatedField(slug_field="key", read_only=True)
    state = serializers.ChoiceField(choices=RunState.choices, read_only=True)
    max_number_students = serializers.IntegerField(source="seats", read_only=True)
    min_number_students = serializers.IntegerField(source="seats_min", read_only=True)
    enrolled_number_students = serializers.IntegerField(source="seats_taken", read_only=True)
    queued_number_students = serializers.IntegerField(source="waiting", read_only=True)
    sessions = SessionSerializer(many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = CourseRun
        fields = [
            "number",
            "course",
            "organisation",
            "url",
            "state",
            "language",
            "delivery_mode",
            "max_number_students",
            "min_number_students",
            "enrolled_number_students",
            "queued_number_students",
            "waiting_list",
            "enrolment_opens_on",
            "enrolment_closes_on",
            "starts_on",
            "ends_on",
            "sessions",
        ]


class EnrolmentSerializer(serializers.ModelSerializer):
    """The person's own enrolment; `position` is the place on the waiting list."""

    run = serializers.SlugRelatedField(slug_field="number", read_only=True)
    course = serializers.CharField(source="run.course.code", read_only=True)
    state = serializers.ChoiceField(choices=EnrolmentState.choices, read_only=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True, read_only=True)
    position = serializers.SerializerMethodField()

    class Meta:
        model = Enrolment
        fields = [
            "id",
            "run",
            "course",
            "state",
            "position",
            "outcome",
            "score",
            "requested_at",
            "completed_on",
            "reason",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_position(self, enrolment: Enrolment) -> int | None:
        return position_of(enrolment)


class EnrolSerializer(serializers.Serializer):
    """The number of the run to enrol in; whether there is such a run depends on who asks."""

    run = serializers.CharField(max_length=40)


class CancelSerializer(serializers.Serializer):
    """Why, when one wants to say."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
