"""Innovations as the API gives and takes them: the fields of `record.FIELDS` under their own names.

The serializers tell the schema what there is. What may be stored is said by `cleaning`, so that the API refuses the
same things in the same words as the form does. Courses and studies are named as far as the reader may know of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from rest_framework import serializers

from academy.accounts.permissions import member_of
from courses.catalogue.models import Course
from research.studies.models import Study
from research.studies.permissions import visible_to as visible_studies
from research.studies.serializers import ChangeSerializer

from . import permissions
from . import record as records
from . import vocabularies as words
from .models import Assessment, Condition, Decision, Innovation
from .record import FIELDS, MANY_KEYS, ONE_KEY, PEOPLE, Record
from .states import Outcome, PublicationState, Stage
from .vocabularies import Visibility


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, **more)


def _code(choices: type[models.TextChoices]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.choices, required=False, allow_blank=True)


def _whole() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=0)


def _figure() -> serializers.CharField:
    return serializers.CharField(required=False, allow_null=True, help_text="a decimal number, such as 12.5")


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


class TeamMemberSerializer(serializers.Serializer):
    """`person` is for the team only; `name` is given and not taken."""

    person = _whole()
    name = serializers.CharField(read_only=True)
    function = _text()


class ComplianceSerializer(serializers.Serializer):
    """`document` is for the team only."""

    kind = _code(words.ComplianceKind)
    state = _code(words.ComplianceState)
    on = _day()
    document = _whole()


class DependencySerializer(serializers.Serializer):
    kind = _code(words.DependencyKind)
    name = _text()
    state = _code(words.DependencyState)
    note_nl = _text()
    note_en = _text()


class BenefitSerializer(serializers.Serializer):
    """`owner` is for the team only; `owner_name` is given and not taken."""

    key = _text()
    category = _code(words.Aim)
    disbenefit = serializers.BooleanField(required=False)
    owner = _whole()
    owner_name = serializers.CharField(read_only=True)
    kpi_nl = _text()
    kpi_en = _text()
    unit = _text()
    baseline = _figure()
    target = _figure()
    estimate = _figure()
    validated = _figure()
    actual = _figure()
    estimated_on = _day()
    measured_on = _day()


class FteFigureSerializer(serializers.Serializer):
    """Minutes per case times cases; `hours_per_year` and `fte` follow and are not taken."""

    measure = _code(words.Measure)
    minutes_before = _figure()
    minutes_after = _figure()
    cases_per_year = _whole()
    hours_per_year = serializers.CharField(read_only=True)
    fte = serializers.CharField(read_only=True)


class MoneySerializer(serializers.Serializer):
    year = _whole()
    funder = _text(help_text="key of an organisation of ours, or empty")
    funder_name = _text()
    kind = _code(words.MoneyKind)
    budget_eur = _figure()
    spent_eur = _figure()


_ROWS: dict[str, type[serializers.Serializer]] = {
    "team": TeamMemberSerializer,
    "compliance": ComplianceSerializer,
    "dependencies": DependencySerializer,
    "benefits": BenefitSerializer,
    "fte_figures": FteFigureSerializer,
    "money": MoneySerializer,
}
#: what is given with a row and is no part of it
_GIVEN = {"team": ("name",), "benefits": ("owner_name",), "fte_figures": ("hours_per_year", "fte")}
#: parts of rows that only the team sees: keys of people and files
_NEAR = {"team": ("person",), "benefits": ("owner",), "compliance": ("document",)}
_LINKS = ("courses", "studies")


def _field(name: str) -> serializers.Field:
    """How the schema tells of a field of the record."""
    if name in _ROWS:
        return _ROWS[name](many=True, required=False)
    if name == "aims":
        return serializers.ListField(child=_code(words.Aim), required=False)
    if name in MANY_KEYS:
        return serializers.ListField(child=serializers.CharField(), required=False, help_text="keys")
    if name in ONE_KEY:
        return _text(help_text="key")
    return _whole() if name in PEOPLE else _of_column(Innovation._meta.get_field(name))


def _of_column(column: models.Field) -> serializers.Field:
    if isinstance(column, models.BooleanField):
        return serializers.BooleanField(required=False)
    if isinstance(column, models.PositiveIntegerField):
        return _whole()
    if column.choices:
        return serializers.ChoiceField(choices=column.flatchoices, required=False, allow_blank=True)
    return _text(max_length=column.max_length)


class InnovationRecordSerializer(serializers.Serializer):
    """What is written in an innovation. Fields that a person may not see are left out."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**{name: _field(name) for name in FIELDS}, **super().get_fields()}


class GateConditionSerializer(serializers.ModelSerializer):
    owner_name = serializers.CharField(source="owner.full_name", default="", read_only=True)

    class Meta:
        model = Condition
        fields = ["id", "text_nl", "text_en", "owner_name", "due_on", "met_on", "met_note"]
        read_only_fields = fields


class GateDecisionSerializer(serializers.ModelSerializer):
    """A gate: what was asked, of whom, and what was decided."""

    body = serializers.SlugRelatedField(slug_field="key", read_only=True)
    owner_name = serializers.CharField(source="owner.full_name", default="", read_only=True)
    conditions = GateConditionSerializer(many=True, read_only=True)
    missing = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Decision
        fields = [
            "id",
            "from_stage",
            "gate",
            "body",
            "owner_name",
            "due_on",
            "result",
            "decided_on",
            "rationale_nl",
            "rationale_en",
            "evidence_version",
            "next_review_on",
            "conditions",
            "missing",
        ]
        read_only_fields = fields


class AssessmentSerializer(serializers.ModelSerializer):
    """A dated entry; the last one of its kind by date holds."""

    by_name = serializers.CharField(source="by.full_name", default="", read_only=True)
    domains = serializers.DictField(child=serializers.DictField(child=serializers.CharField()), read_only=True)

    class Meta:
        model = Assessment
        fields = ["id", "kind", "code", "domains", "note_nl", "note_en", "edition", "on", "by_name"]
        read_only_fields = fields


PERMISSIONS = ("edit", "submit", "assess", "meet", "withdraw", "manage", "see_team")


@dataclass(frozen=True)
class Links:
    """Courses and studies that the reader may know of, by code and number."""

    courses: frozenset[str]
    studies: frozenset[str]

    @classmethod
    def of(cls, innovations: Iterable[Innovation], user: Any) -> "Links":
        """Of all that these innovations link; a query each, whatever their number."""
        innovations = list(innovations)
        courses = {course.pk for one in innovations for course in one.courses.all()}
        studies = {study.pk for one in innovations for study in one.studies.all()}
        studies |= {one.evidence_study_id for one in innovations if one.evidence_study_id}
        seen_courses = Course.objects.visible_to(member_of(user)).filter(pk__in=courses)
        seen_studies = visible_studies(Study.objects.filter(pk__in=studies), user)
        return cls(
            frozenset(seen_courses.values_list("code", flat=True)),
            frozenset(seen_studies.values_list("number", flat=True)),
        )

    def known(self, record: Record) -> Record:
        """The record without what the reader may not know of."""
        found = dict(record)
        for name in _LINKS:
            if name in found:
                found[name] = [key for key in found[name] if key in getattr(self, name)]
        if found.get("evidence_study") not in self.studies and "evidence_study" in found:
            found["evidence_study"] = ""
        return found

    def put_back(self, sent: Mapping[str, Any], record: Record) -> Record:
        """What was sent, with what its sender cannot know of as it is: nobody takes away what they do not see."""
        found = dict(sent)
        for name in _LINKS:
            if isinstance(found.get(name), list):
                found[name] = [*found[name], *(key for key in record[name] if key not in getattr(self, name))]
        if found.get("evidence_study") == "" and record["evidence_study"] not in self.studies:
            found["evidence_study"] = record["evidence_study"]
        return found


class InnovationSerializer(InnovationRecordSerializer):
    """An innovation with what the person may see of it."""

    number = serializers.CharField()
    url = serializers.CharField()
    version = serializers.IntegerField()
    publication_state = serializers.ChoiceField(choices=PublicationState.choices)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    stage = serializers.ChoiceField(choices=Stage.choices)
    stage_since = serializers.DateField()
    days_in_stage = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    outcome_since = serializers.DateField(allow_null=True)
    wake_up_on = serializers.DateField(allow_null=True)
    outcome_reason_nl = serializers.CharField(allow_blank=True)
    outcome_reason_en = serializers.CharField(allow_blank=True)
    trl = serializers.IntegerField(allow_null=True)
    value_score = serializers.IntegerField(allow_null=True)
    complexity = serializers.IntegerField(allow_null=True)
    device = _code(words.DeviceClass)
    ai = _code(words.AiClass)
    owner_name = serializers.CharField(required=False)
    sponsor_name = serializers.CharField(required=False)
    decisions = GateDecisionSerializer(many=True)
    assessments = AssessmentSerializer(many=True)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS))

    def to_representation(self, innovation: Innovation) -> Record:
        user, links = self.context["request"].user, self.context["links"]
        level = permissions.level_of(user, innovation)
        groups = permissions.groups_for(innovation, level)
        near = level == Visibility.TEAM
        shown = permissions.shown(records.read(innovation), groups)
        return {
            **_head(innovation),
            **links.known(_with_names(shown, innovation, near)),
            "decisions": [
                _for(near, row) for row in GateDecisionSerializer(innovation.decisions.all(), many=True).data
            ],
            "assessments": AssessmentSerializer(innovation.assessments.all(), many=True).data,
            "permissions": [name for name in PERMISSIONS if user.has_perm(f"innovations.{name}", innovation)],
        }


def _head(innovation: Innovation) -> Record:
    moment = serializers.DateTimeField().to_representation
    day = serializers.DateField().to_representation
    names = "number version publication_state stage days_in_stage outcome outcome_reason_nl outcome_reason_en"
    assessed = "trl value_score complexity device ai"
    return {
        **{name: getattr(innovation, name) for name in f"{names} {assessed}".split()},
        **{name: _or_none(day, getattr(innovation, name)) for name in ("stage_since", "outcome_since", "wake_up_on")},
        **{name: _or_none(moment, getattr(innovation, name)) for name in ("created_at", "changed_at", "published_at")},
        "url": innovation.get_absolute_url(),
    }


def _or_none(told: Any, value: Any) -> Any:
    return None if value is None else told(value)


def _for(near: bool, decision: Record) -> Record:
    """What was missing, and which version of the evidence it was, is between the team and its managers."""
    internal = () if near else ("missing", "evidence_version")
    return {name: value for name, value in decision.items() if name not in internal}


def _with_names(record: Record, innovation: Innovation, near: bool) -> Record:
    """The record with names beside the keys of people, which only the team sees; and FTE as it was worked out."""
    found = dict(record)
    for name in PEOPLE:
        if name in found:
            person = getattr(innovation, name)
            found[f"{name}_name"] = person.full_name if person else ""
            if not near:
                del found[name]
    for name, given in _given(innovation).items():
        if name in found:
            rows = zip(found[name], given, strict=True)
            found[name] = [{**row, **more} for row, more in rows]
    for name, parts in _NEAR.items():
        if name in found and not near:
            found[name] = [{part: value for part, value in row.items() if part not in parts} for row in found[name]]
    return found


def _given(innovation: Innovation) -> dict[str, list[Record]]:
    """What goes along with the rows and is no part of them; see `_GIVEN`."""
    return {
        "team": [{"name": row.person.full_name} for row in innovation.team.all()],
        "benefits": [{"owner_name": row.owner.full_name if row.owner else ""} for row in innovation.benefits.all()],
        "fte_figures": [
            {"hours_per_year": records.figure(row.hours_per_year), "fte": records.figure(row.fte)}
            for row in innovation.fte_figures.all()
        ],
    }


def as_stored(sent: Mapping[str, Any]) -> Record:
    """The values that were sent, without what the API only gives."""
    found = dict(sent)
    for name, parts in _GIVEN.items():
        if isinstance(rows := found.get(name), list):
            found[name] = [_without(row, parts) for row in rows]
    return found


def _without(row: Any, parts: Iterable[str]) -> Any:
    if not isinstance(row, dict):
        return row
    return {name: value for name, value in row.items() if name not in parts}


class InnovationChangeSerializer(ChangeSerializer, InnovationRecordSerializer):
    """The fields to change, `version` as it was read, and perhaps why."""
