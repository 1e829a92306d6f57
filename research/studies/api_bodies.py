"""What the verbs of the API take along: submitting, reviewing, publishing."""

from rest_framework import serializers

from academy.core.cleaning import LONGEST_TEXT

from .services import approving, remarking
from .states import ReviewState


class SubmitSerializer(serializers.Serializer):
    """The hospitals (by key) to send the study to; all that wait for the researcher when it is left out."""

    sites = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, allow_null=True, max_length=100, default=None
    )


class NewRemarkSerializer(serializers.Serializer):
    """A remark at a field of the study, or at the whole of it."""

    field = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    text = serializers.CharField(max_length=remarking.LONGEST)


class ReturnSerializer(serializers.Serializer):
    """What the researcher has to do; earlier remarks without an answer count, too."""

    remarks = NewRemarkSerializer(many=True, required=False, default=list)


def _conditions() -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT, default="")


class DecideSerializer(serializers.Serializer):
    """What the hospital decides, on which day (today when it is left out)."""

    outcome = serializers.ChoiceField(choices=[(state.value, state.label) for state in ReviewState.decided()])
    decided_on = serializers.DateField(required=False, allow_null=True, default=None)
    reason = _conditions()
    conditions_nl = _conditions()
    conditions_en = _conditions()


class RecordApprovalSerializer(serializers.Serializer):
    """What a body said, on which day (today when it is left out)."""

    state = serializers.ChoiceField(choices=[(state.value, state.label) for state in approving.RECORDED])
    decided_on = serializers.DateField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    conditions_nl = _conditions()
    conditions_en = _conditions()


class MetSerializer(serializers.Serializer):
    """The day on which the conditions were met (today when it is left out)."""

    on = serializers.DateField(required=False, allow_null=True, default=None)


class AnswerSerializer(serializers.Serializer):
    """What the researcher says to a remark."""

    text = serializers.CharField(max_length=remarking.LONGEST)


class ReasonSerializer(serializers.Serializer):
    """Why; the people who have to do with it read it."""

    reason = serializers.CharField(max_length=2000)


class PublishChangesSerializer(serializers.Serializer):
    """The fields to publish of those that wait; all of them when it is left out."""

    fields = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, allow_null=True, default=None
    )
