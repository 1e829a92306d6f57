"""Certificates as JSON: what the check page says, and the holder's own."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from academy.core.wording import number_token

from .models import Certificate
from .states import Standing

REVOKED = Standing.REVOKED


class PointsSerializer(serializers.Serializer):
    register = serializers.DictField(child=serializers.CharField(allow_blank=True))
    points = serializers.DecimalField(max_digits=5, decimal_places=1)


class TitleSerializer(serializers.Serializer):
    nl = serializers.CharField(allow_blank=True)
    en = serializers.CharField(allow_blank=True)


class CheckSerializer(serializers.ModelSerializer):
    """Minimal facts for a stranger; of a revoked certificate neither name nor dates of the person."""

    token = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=Standing.choices, source="standing")
    title = TitleSerializer(source="facts.title")
    issued_on = serializers.DateField(source="facts.issued_on")
    name = serializers.SerializerMethodField()
    completed_on = serializers.SerializerMethodField()
    valid_until = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()
    revoked_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Certificate
        fields = (
            "token", "status", "title", "name", "completed_on", "issued_on", "valid_until", "points", "revoked_at",
        )  # fmt: skip

    def get_token(self, certificate: Certificate) -> str:
        return number_token(certificate.token)

    def get_name(self, certificate: Certificate) -> str | None:
        return self._unless_revoked(certificate, certificate.shown_name)

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_completed_on(self, certificate: Certificate) -> str | None:
        return self._unless_revoked(certificate, certificate.facts["completed_on"])

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_valid_until(self, certificate: Certificate) -> str | None:
        return self._unless_revoked(certificate, certificate.facts["valid_until"])

    @extend_schema_field(PointsSerializer(many=True))
    def get_points(self, certificate: Certificate) -> list:
        return self._unless_revoked(certificate, certificate.facts["points"]) or []

    def _unless_revoked(self, certificate: Certificate, value):
        return None if certificate.standing == REVOKED else value


class CertificateSerializer(CheckSerializer):
    """One of my own certificates, with the way to its file."""

    run = serializers.CharField(source="facts.run")
    course = serializers.CharField(source="facts.course")
    name = serializers.CharField(source="facts.name")
    show_initials = serializers.BooleanField()
    file = serializers.SerializerMethodField()

    class Meta(CheckSerializer.Meta):
        fields = (*CheckSerializer.Meta.fields, "run", "course", "show_initials", "file")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_file(self, certificate: Certificate) -> str | None:
        if not hasattr(certificate, "file"):
            return None
        address = reverse("certificates:download", kwargs={"token": certificate.token})
        return self.context["request"].build_absolute_uri(address)

    def _unless_revoked(self, certificate: Certificate, value):
        return value
