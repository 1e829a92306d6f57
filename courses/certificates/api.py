"""The API of this room: my certificates, and the public check."""

from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from academy.accounts.authentication import TokenScope
from academy.core.errors import Unknown

from . import selectors
from .limits import VerifyThrottle
from .models import Certificate
from .serializers import CertificateSerializer, CheckSerializer


class ByAward(CursorPagination):
    """The newest first; pages by cursor."""

    ordering = ("-awarded_at", "-pk")
    page_size = 50


class CertificateViewSet(ListModelMixin, GenericViewSet):
    """The certificates of the person who asks."""

    serializer_class = CertificateSerializer
    permission_classes = [IsAuthenticated, TokenScope]
    pagination_class = ByAward
    queryset = Certificate.objects.none()

    def get_queryset(self):
        return selectors.of_person(self.request.user)


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
