"""The same request twice gives the first answer again: `Idempotency-Key` on POST.

Same key and body: the first answer. Same key, another body: 422. The first one still under way: 409.
"""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from . import clock, periodic
from .errors import DomainError, InvalidInput, Refused
from .models import RememberedAnswer

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=2)  # a request that took longer has died without an answer
LONGEST_KEY = 200


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was used for another request.")


class UnderWay(Refused):
    code = "request_under_way"
    message = _("The same request is still under way. Ask again in a moment.")


class Replay(Exception):
    """Carries the remembered answer from the start of the request to its end."""

    def __init__(self, row: RememberedAnswer) -> None:
        self.row = row
        super().__init__(row.key)


class Idempotent:
    """Mixin, in front of the other bases of a DRF view: remembers what a POST with a key was answered."""

    _reserved: RememberedAnswer | None = None

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key", "")
        if request.method == "POST" and key:
            if len(key) > LONGEST_KEY:
                raise InvalidInput(_("An Idempotency-Key has at most 200 characters."))
            self._reserved = reserve(owner=f"user:{request.user.pk}", key=key, digest=digest_of(request))

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, Replay):
            return Response(error.row.body, status=error.row.status, headers={"Idempotent-Replay": "true"})
        try:
            return super().handle_exception(error)
        except Exception:
            if self._reserved:
                self._reserved.delete()
            raise

    def finalize_response(self, request: Request, response: Response, *args, **kwargs) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self._reserved:
            self._reserved.status = response.status_code
            response.add_post_render_callback(lambda rendered: remember(self._reserved, rendered))
        return response


def digest_of(request: Request) -> str:
    """SHA-256 of what is asked: address and body."""
    return hashlib.sha256(f"{request.path}\n".encode() + request._request.body).hexdigest()


def reserve(*, owner: str, key: str, digest: str) -> RememberedAnswer:
    """Be the one who answers this key; raises Replay, KeyReused or UnderWay when somebody was first."""
    RememberedAnswer.objects.filter(
        owner=owner, key=key, status=None, created_at__lt=clock.now() - ABANDONED
    ).delete()
    try:
        with transaction.atomic():
            return RememberedAnswer.objects.create(owner=owner, key=key, digest=digest)
    except IntegrityError:
        first = RememberedAnswer.objects.get(owner=owner, key=key)
    if first.digest != digest:
        raise KeyReused
    if first.status is None:
        raise UnderWay
    raise Replay(first)


def remember(row: RememberedAnswer, response: Response) -> None:
    """Keep the answer; a server error is no answer and may be tried again."""
    if response.status_code >= 500:
        row.delete()
        return
    row.body = response.data
    row.save(update_fields=["status", "body"])


@periodic.every("forget_answers", timedelta(hours=1))
def forget_old_answers() -> int:
    """Forget what was answered more than a day ago; returns how many."""
    return RememberedAnswer.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]
