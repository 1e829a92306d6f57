"""What the verbs of the API take along: gates, conditions, assessments, outcomes."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from academy.accounts.models import Membership, User
from academy.core.cleaning import LONGEST_TEXT
from academy.core.errors import InvalidInput
from academy.strategy.models import Body

from .models import SHORT, Innovation
from .states import Outcome, Result, Stage
from .vocabularies import AssessmentKind, Complexity

MOST_CONDITIONS = 50


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, default="", **{"max_length": LONGEST_TEXT, **more})


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True, default=None)


def _key() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1)


class SeenSerializer(serializers.Serializer):
    """The version that was read: nobody decides on another one. It may be left out."""

    seen = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class WhySerializer(serializers.Serializer):
    """Why; the team reads it."""

    reason = serializers.CharField(max_length=2000)


class OpenGateSerializer(serializers.Serializer):
    """The body (by key) that is asked for the next gate, and before when it decides; `owner` sees to it."""

    body = serializers.CharField(max_length=60)
    due_on = serializers.DateField()
    owner = _key()


class NewConditionSerializer(serializers.Serializer):
    text_nl = _text()
    text_en = _text()
    owner = _key()
    due_on = _day()


class DecideGateSerializer(SeenSerializer):
    """What the body decided. *Back* takes `back_to`, *hold* takes `wake_up_on`, *stop* takes lessons."""

    result = serializers.ChoiceField(choices=[(result.value, result.label) for result in Result.given()])
    decided_on = serializers.DateField()
    rationale_nl = _text()
    rationale_en = _text()
    evidence_version = _text(max_length=40)
    next_review_on = _day()
    conditions = NewConditionSerializer(many=True, required=False, default=list, max_length=MOST_CONDITIONS)
    back_to = serializers.ChoiceField(choices=Stage.choices, required=False, allow_blank=True, default="")
    wake_up_on = _day()
    reason_nl = _text()
    reason_en = _text()
    lessons_nl = _text()
    lessons_en = _text()
    document = _key()


class MeetConditionSerializer(serializers.Serializer):
    """The day on which it was met, and how."""

    on = serializers.DateField()
    note = _text(max_length=SHORT)


class DomainSerializer(serializers.Serializer):
    level = serializers.ChoiceField(choices=Complexity.choices)
    note_nl = _text()
    note_en = _text()


class AssessSerializer(serializers.Serializer):
    """A dated entry: `code` for TRL, value, device and AI; `domains`, all seven of them, for NASSS."""

    kind = serializers.ChoiceField(choices=AssessmentKind.choices)
    on = serializers.DateField()
    code = _text(max_length=12)
    domains = serializers.DictField(child=DomainSerializer(), required=False, default=dict)
    note_nl = _text()
    note_en = _text()


#: what becomes of an innovation without a gate; to stop is a decision
OUTCOMES = (Outcome.ON_HOLD, Outcome.ACTIVE, Outcome.SCALED, Outcome.WITHDRAWN)


class ChangeOutcomeSerializer(serializers.Serializer):
    """`on_hold` takes `wake_up_on`; `active` is to resume."""

    outcome = serializers.ChoiceField(choices=[(outcome.value, outcome.label) for outcome in OUTCOMES])
    wake_up_on = _day()
    reason_nl = _text()
    reason_en = _text()


def body_of(key: str) -> Body:
    """The governance body of this key; raises `InvalidInput`."""
    found = Body.objects.filter(key=key).first()
    if found is None:
        raise InvalidInput(fields={"body": [_("“%(value)s” is not one of the choices.") % {"value": key}]})
    return found


def colleague(pk: int | None, name: str = "owner") -> User | None:
    """Somebody who is a member somewhere; an account that is not stays unknown to who tries its key."""
    if pk is None:
        return None
    found = User.objects.filter(pk=pk, pk__in=Membership.objects.filter(person=pk).values("person")).first()
    if found is None:
        raise InvalidInput(fields={name: [_("Choose a colleague who has an account.")]})
    return found


def decided(body: dict[str, Any], innovation: Innovation) -> dict[str, Any]:
    """The body of a decision as the service takes it: people and the document looked up."""
    document = None
    if pk := body["document"]:
        document = innovation.documents.filter(pk=pk).first()
        if document is None:
            raise InvalidInput(fields={"document": [_("Choose a document of this innovation.")]})
    conditions = [{**row, "owner": colleague(row["owner"], "conditions")} for row in body["conditions"]]
    return {**body, "document": document, "conditions": conditions}
