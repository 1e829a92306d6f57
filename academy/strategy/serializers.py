"""Programmes as the API gives them."""

from rest_framework import serializers

from .models import Milestone, Programme
from .progress import Progress


class MilestoneSerializer(serializers.ModelSerializer):
    progress = serializers.ChoiceField(choices=Progress.choices, read_only=True)
    days_late = serializers.IntegerField(read_only=True)

    class Meta:
        model = Milestone
        fields = ["title_nl", "title_en", "planned_on", "actual_on", "progress", "days_late"]


def _keys() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="key", many=True, read_only=True)


def _key() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="key", read_only=True, allow_null=True)


def _numbers(kind: str) -> serializers.ListField:
    """Numbers of the records of this kind that the person may know of."""
    return serializers.ListField(source=f"linked.{kind}", child=serializers.CharField(), read_only=True)


class ProgrammeSerializer(serializers.ModelSerializer):
    """Both languages; records of lists by key, what hangs on the programme by number."""

    url = serializers.CharField(source="get_absolute_url", read_only=True)
    text_nl = serializers.CharField(source="body_nl", read_only=True)
    text_en = serializers.CharField(source="body_en", read_only=True)
    organisations = _keys()
    pillar = _key()
    other_pillars = _keys()
    horizon_from = _key()
    horizon_to = _key()
    roadmap_lines = _keys()
    goals = _keys()
    challenges = _keys()
    lead = serializers.CharField(source="lead.full_name", default=None, read_only=True, allow_null=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    courses = _numbers("courses")
    courses_through_innovations = _numbers("courses_through_innovations")
    studies = _numbers("studies")
    innovations = _numbers("innovations")

    class Meta:
        model = Programme
        fields = [
            "number",
            "key",
            "url",
            "type",
            "title_nl",
            "title_en",
            "summary_nl",
            "summary_en",
            "text_nl",
            "text_en",
            "location",
            "organisations",
            "pillar",
            "other_pillars",
            "horizon_from",
            "horizon_to",
            "roadmap_lines",
            "goals",
            "challenges",
            "lead",
            "contact_email",
            "milestones",
            "courses",
            "courses_through_innovations",
            "studies",
            "innovations",
        ]
