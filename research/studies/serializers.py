"""Studies as the API gives and takes them: the fields of `record.FIELDS` under their own names.

The serializers of the record tell the schema what there is. What may be stored is said by `cleaning`, so that the API
refuses the same things in the same words as the form does.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from rest_framework import serializers

from . import permissions
from . import record as records
from . import vocabularies as words
from .facts import Names
from .models import Approval, Decision, Remark, Review, Study
from .record import FIELDS, Record
from .states import PublicationState, ReviewState
from .timelines import latest, public_state
from .vocabularies import Visibility


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, **more)


def _code(choices: type[models.TextChoices]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.choices, required=False, allow_blank=True)


def _number() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=0)


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


class IdentifierSerializer(serializers.Serializer):
    authority = _code(words.Authority)
    number = _text()


class PartySerializer(serializers.Serializer):
    """`organisation` is the key of one of ours, or empty; `name` is given for those, too."""

    organisation = _text()
    name = _text()
    ror = _text()


class FunderSerializer(PartySerializer):
    grant_number = _text()
    amount_eur = serializers.DecimalField(12, 2, required=False, allow_null=True)


class ContributorSerializer(serializers.Serializer):
    """`person` is somebody with an account, for the team only; `site` is the key of a hospital, or empty."""

    person = _number()
    name = _text()
    orcid = _text()
    role = _code(words.ContributorRole)
    site = _text()
    affiliation = _text()
    certificate = _code(words.ResearchCertificate)
    certificate_expires_on = _day()


class OutputSerializer(serializers.Serializer):
    type = _code(words.OutputType)
    title_nl = _text()
    title_en = _text()
    doi = _text()
    url = _text()
    published = _text(help_text="2026, 2026-05 or 2026-05-12")


class SiteSerializer(serializers.Serializer):
    organisation = _text()
    leading = serializers.BooleanField(required=False)
    planned_inclusions = _number()
    signatory = _text()


class ConditionSerializer(serializers.Serializer):
    code_system = _text()
    code = _text()
    name_nl = _text()
    name_en = _text()


class InterventionSerializer(serializers.Serializer):
    type = _code(words.InterventionType)
    name_nl = _text()
    name_en = _text()


class OutcomeSerializer(serializers.Serializer):
    measure_nl = _text()
    measure_en = _text()
    time_frame_nl = _text()
    time_frame_en = _text()


class LocationSerializer(serializers.Serializer):
    facility = _text()
    city = _text()
    country = _text()
    status = _text()


class PlanSerializer(serializers.Serializer):
    state = _code(words.PlanState)
    on = _day()
    owner = _text()


class ContractSerializer(serializers.Serializer):
    kind = _code(words.ContractKind)
    parties = serializers.ListField(child=serializers.CharField(), required=False)
    state = _code(words.ContractState)
    on = _day()


_ROWS: dict[str, tuple[type[serializers.Serializer], dict[str, Any]]] = {
    "identifiers": (IdentifierSerializer, {"many": True}),
    "primary_sponsor": (PartySerializer, {"allow_null": True}),
    "secondary_sponsors": (PartySerializer, {"many": True}),
    "funders": (FunderSerializer, {"many": True}),
    "contributors": (ContributorSerializer, {"many": True}),
    "outputs": (OutputSerializer, {"many": True}),
    "sites": (SiteSerializer, {"many": True}),
    "conditions": (ConditionSerializer, {"many": True}),
    "interventions": (InterventionSerializer, {"many": True}),
    "primary_outcomes": (OutcomeSerializer, {"many": True}),
    "secondary_outcomes": (OutcomeSerializer, {"many": True}),
    "locations": (LocationSerializer, {"many": True}),
    "dpia": (PlanSerializer, {}),
    "data_management_plan": (PlanSerializer, {}),
    "contracts": (ContractSerializer, {"many": True}),
}
_CODES = {"phases": words.Phase}


def _field(name: str) -> serializers.Field:
    """How the schema tells of a field of the record."""
    if name in _ROWS:
        kind, more = _ROWS[name]
        return kind(required=False, **more)
    if name == "group_visibility":
        return serializers.DictField(child=_code(Visibility), required=False)
    if FIELDS[name].is_list:
        child = _code(_CODES[name]) if name in _CODES else serializers.CharField()
        return serializers.ListField(child=child, required=False)
    return _of_column(Study._meta.get_field(name))


def _of_column(column: models.Field) -> serializers.Field:
    if isinstance(column, models.BooleanField):
        return serializers.BooleanField(required=False, allow_null=True)
    if isinstance(column, models.DateField):
        return _day()
    if isinstance(column, models.PositiveIntegerField):
        return _number()
    if column.is_relation:
        return _text(help_text="key")
    return _text(max_length=column.max_length) if not column.choices else _choice(column)


def _choice(column: models.Field) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=column.flatchoices, required=False, allow_blank=True)


class RecordSerializer(serializers.Serializer):
    """What is written in a study. Fields that a person may not see are left out."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**{name: _field(name) for name in FIELDS}, **super().get_fields()}


class ChangeSerializer(serializers.Serializer):
    """What goes along with a change and is no field of the record: the version it was made from, and perhaps why."""

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class StudyChangeSerializer(ChangeSerializer, RecordSerializer):
    """The fields to change, `version` as it was read, and perhaps why."""


class ApprovalSerializer(serializers.ModelSerializer):
    """What one body says; conditions and limit for the team only."""

    class Meta:
        model = Approval
        fields = [
            "id",
            "order",
            "kind",
            "body_nl",
            "body_en",
            "state",
            "requested_on",
            "decided_on",
            "valid_until",
            "conditions_nl",
            "conditions_en",
            "conditions_met_on",
        ]
        read_only_fields = fields
        extra_kwargs = {
            name: {"required": False} for name in ("valid_until", "conditions_nl", "conditions_en", "conditions_met_on")
        }


class DecisionSerializer(serializers.ModelSerializer):
    """What the hospital decided; grounds and conditions for the team only."""

    class Meta:
        model = Decision
        fields = ["outcome", "decided_on", "reason", "conditions_nl", "conditions_en", "study_version"]
        read_only_fields = fields


class RemarkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Remark
        fields = ["id", "field", "text", "made_at", "answer", "answered_at", "resolved_at"]
        read_only_fields = fields


#: what is between the bureau and the team
INTERNAL = frozenset(
    "due_on remarks valid_until conditions_nl conditions_en conditions_met_on reason study_version".split()
)


class ReviewSerializer(serializers.Serializer):
    """The review at one hospital; what stays between bureau and team is for the team only."""

    organisation = serializers.CharField()
    leading = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=words.ReviewKind.choices)
    state = serializers.ChoiceField(choices=ReviewState.choices)
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    due_on = _day()
    approvals = ApprovalSerializer(many=True)
    decisions = DecisionSerializer(many=True)
    remarks = RemarkSerializer(many=True, required=False)
    may_review = serializers.BooleanField()


PERMISSIONS = ("edit", "submit", "invite", "publish", "see_team")


class StudySerializer(RecordSerializer):
    """A study with what the person may see of it.

    `waiting` has, of the fields whose change waits for the bureau, what is published meanwhile.
    """

    number = serializers.CharField()
    url = serializers.CharField()
    version = serializers.IntegerField()
    publication_state = serializers.ChoiceField(choices=PublicationState.choices)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.DictField(required=False)
    reviews = ReviewSerializer(many=True, required=False)
    permissions = serializers.ListField(child=serializers.ChoiceField(choices=PERMISSIONS))

    def to_representation(self, study: Study) -> Record:
        user = self.context["request"].user
        level = permissions.level_of(user, study)
        groups = permissions.groups_for(study, level)
        near = level == Visibility.TEAM
        published = records.read(study)
        record = permissions.shown({**published, **(study.proposed if near else {})}, groups)
        found = {**_head(study), **with_names(record, Names.of(study), near)}
        if near and study.proposed:
            found["waiting"] = {name: published[name] for name in study.proposed}
        if "sites" in groups:
            found["reviews"] = _reviews(study, user, near)
        found["permissions"] = [name for name in PERMISSIONS if user.has_perm(f"studies.{name}", study)]
        return found


def _head(study: Study) -> Record:
    moment = serializers.DateTimeField().to_representation
    return {
        "number": study.number,
        "url": study.get_absolute_url(),
        "version": study.version,
        "publication_state": study.publication_state,
        "created_at": moment(study.created_at),
        "changed_at": moment(study.changed_at),
        "published_at": study.published_at and moment(study.published_at),
    }


def with_names(record: Record, names: Names, near: bool) -> Record:
    """The record with the names of people and organisations of ours in its rows; `person` for the team only."""
    found = dict(record)
    for name in ("secondary_sponsors", "funders", "contributors"):
        if name in found:
            found[name] = [_with_name(row, names, near) for row in found[name]]
    if found.get("primary_sponsor"):
        found["primary_sponsor"] = _with_name(found["primary_sponsor"], names, near)
    return found


def _with_name(row: Record, names: Names, near: bool) -> Record:
    name = row["name"]
    if row.get("organisation"):
        name = str(names.organisation(row["organisation"]))
    elif row.get("person"):
        name = names.person(row["person"]) or name
    return {key: value for key, value in {**row, "name": name}.items() if near or key != "person"}


def as_stored(values: Record, record: Record, names: Names) -> Record:
    """The values that were sent, with rows that are as the API shows them put back as they are stored."""
    found = dict(values)
    for name in ("primary_sponsor", "secondary_sponsors", "funders", "contributors"):
        raw = [record[name]] if isinstance(record[name], dict) else record[name] or []
        shown = [(_with_name(row, names, True), row) for row in raw]
        if isinstance(sent := found.get(name), list):
            found[name] = [_raw(row, shown) for row in sent]
        elif isinstance(sent, dict):
            found[name] = _raw(sent, shown)
    return found


def _raw(row: Any, shown: Iterable[tuple[Record, Record]]) -> Any:
    return next((stored for given, stored in shown if given == row), row)


def _reviews(study: Study, user: Any, near: bool) -> list[Record]:
    return [_review(review, user, near) for site in study.sites.all() if (review := latest(site))]


def _review(review: Review, user: Any, near: bool) -> Record:
    may_review = user.has_perm("studies.review", review)
    told = [remark for remark in review.remarks.all() if may_review or _told(remark, review)] if near else []
    moment = serializers.DateTimeField().to_representation
    found = {
        "organisation": review.site.organisation.key,
        "leading": review.site.leading,
        "kind": review.kind,
        "state": review.state if near else public_state(review.state),
        "submitted_at": review.submitted_at and moment(review.submitted_at),
        "decided_at": review.decided_at and moment(review.decided_at),
        "due_on": review.due_on and review.due_on.isoformat(),
        "approvals": [_for(near, row) for row in ApprovalSerializer(review.approvals.all(), many=True).data],
        "decisions": [_for(near, row) for row in DecisionSerializer(review.decisions.all(), many=True).data],
        "remarks": RemarkSerializer(told, many=True).data,
        "may_review": may_review,
    }
    return _for(near, found)


def _for(near: bool, row: Record) -> Record:
    return {name: value for name, value in row.items() if near or name not in INTERNAL}


def _told(remark: Remark, review: Review) -> bool:
    """Whether the team has been told: the bureau's remarks are its own until it sends the study back."""
    if review.state not in ReviewState.with_bureau():
        return True
    return review.submitted_at is not None and remark.made_at < review.submitted_at


class BothValuesSerializer(serializers.Serializer):
    """What was sent, and what somebody else made of it meanwhile; of the kind that the field has."""

    yours = serializers.JSONField(allow_null=True)
    theirs = serializers.JSONField(allow_null=True)


class ConflictSerializer(serializers.Serializer):
    """Somebody else changed the study meanwhile: choose, and send again with this version."""

    code = serializers.CharField()
    detail = serializers.CharField()
    version = serializers.IntegerField()
    fields = serializers.DictField(child=BothValuesSerializer())
