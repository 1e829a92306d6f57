"""Courses and tracks as the API gives them."""

from rest_framework import serializers

from .models import Accreditation, Course, Track, TrackPart


class AccreditationSerializer(serializers.ModelSerializer):
    register = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta:
        model = Accreditation
        fields = ["register", "points"]


class RecordSerializer(serializers.ModelSerializer):
    """What courses and tracks share: both languages, owners and audience by key, the address of the page."""

    number = serializers.CharField(source="code", read_only=True)
    organisations = serializers.SlugRelatedField(source="owners", slug_field="key", many=True, read_only=True)
    audience = serializers.SlugRelatedField(slug_field="key", many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)


SHARED = [
    "number",
    "url",
    "title_nl",
    "title_en",
    "summary_nl",
    "summary_en",
    "organisations",
    "audience",
    "visibility",
]


class CourseSerializer(RecordSerializer):
    outcomes_nl = serializers.SerializerMethodField()
    outcomes_en = serializers.SerializerMethodField()
    specialties = serializers.SlugRelatedField(slug_field="key", many=True, read_only=True)
    care_domains = serializers.SlugRelatedField(slug_field="key", many=True, read_only=True)
    programmes = serializers.SlugRelatedField(slug_field="number", many=True, read_only=True)
    prerequisites = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    accreditation = AccreditationSerializer(many=True, read_only=True)

    class Meta:
        model = Course
        fields = [
            *SHARED,
            "outcomes_nl",
            "outcomes_en",
            "delivery_mode",
            "languages",
            "hours",
            "classroom_hours",
            "online_norm_minutes",
            "approval_required",
            "specialties",
            "care_domains",
            "programmes",
            "prerequisites",
            "accreditation",
        ]

    def get_outcomes_nl(self, course: Course) -> list[str]:
        return course.outcomes_nl.splitlines()

    def get_outcomes_en(self, course: Course) -> list[str]:
        return course.outcomes_en.splitlines()


class TrackPartSerializer(serializers.ModelSerializer):
    course = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = TrackPart
        fields = ["course", "order", "mandatory"]


class TrackSerializer(RecordSerializer):
    parts = TrackPartSerializer(many=True, read_only=True)

    class Meta:
        model = Track
        fields = [*SHARED, "duration_months", "min_optional", "parts"]
