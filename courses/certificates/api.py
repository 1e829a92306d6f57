"""The API of this room: my certificates, and the public check."""

from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from academy.accounts.authentication import TokenScope
from academy.core.errors import Unknown
from academy.core.pagination import ByCursor

from . import selectors
from .limits import VerifyThrottle
from .models import Certificate
from .serializers import CertificateSerializer, CheckSerializer


class ByAward(ByCursor):
    """The newest first."""

    ordering = ("-awarded_at", "-pk")


class CertificateViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The certificates of the person who asks; one by its number, however that is typed."""

    serializer_class = CertificateSerializer
    permission_classes = [IsAuthenticated, TokenScope]
    pagination_class = ByAward
    queryset = Certificate.objects.none()
    lookup_field = "token"
    lookup_value_regex = "[^/]+"

    def get_queryset(self):
        return selectors.of_person(self.request.user)

    def get_object(self) -> Certificate:
        certificate = selectors.matching(self.get_queryset(), {"number": self.kwargs["token"]}).first()
        if certificate is None:
            raise Unknown
        return certificate


class VerifyView(APIView):
    """Whether a certificate is valid, for whom, what and when; no login."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = [VerifyThrottle]

    @extend_schema(responses=CheckSerializer, operation_id="certificates_verify")
    def get(self, request: Request, token: str) -> Response:
        certificate = selectors.by_token(token)
        if certificate is None:
            raise Unknown
        data = CheckSerializer(certificate, context={"request": request}).data
        return Response(data, headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"})
