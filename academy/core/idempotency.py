"""One request, one effect: a POST that carries an Idempotency-Key is carried out once and answered alike ever after.

The key's row, what the request does and the answer are one transaction. A process that dies in between leaves
nothing; a second request with the same key waits for the first one's transaction and then reads its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from . import clock, periodic
from .errors import DomainError, InvalidInput, Refused
from .models import RememberedAnswer

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT_FOR = timedelta(hours=24)
REFUSALS = (DomainError, APIException, Http404, PermissionDenied)
Handler = Callable[..., Response]


class KeyReused(Refused):
    """The same key with another request (422)."""

    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was used before, for another request.")


class IdempotentPosts:
    """For API views: every POST of the view takes an Idempotency-Key. Stands before the view's own base class."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER, "")
        if request.method == "POST" and key and request.user.is_authenticated:
            if len(key) > LONGEST or not key.isprintable():
                raise InvalidInput(fields={HEADER: [_("At most 200 printable characters.")]})
            self.post = partial(self._once, self.post, key)

    def _once(self, handler: Handler, key: str, request: Request, *args: Any, **kwargs: Any) -> Response:
        digest = _digest(request)
        with transaction.atomic():
            row, new = RememberedAnswer.objects.get_or_create(
                owner=f"person:{request.user.pk}", key=key, defaults={"digest": digest}
            )
            if row.digest != digest:
                raise KeyReused
            if not new:
                return Response(row.body, status=row.status, headers={"Idempotency-Replayed": "true"})
            response = self._answer(handler, request, *args, **kwargs)
            row.status, row.body = response.status_code, json.loads(JSONRenderer().render(response.data) or "null")
            row.save(update_fields=["status", "body"])
        return response

    def _answer(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A refusal is an answer like any other; a failure leaves no trace, so that the same key may try again."""
        try:
            with transaction.atomic():
                return handler(request, *args, **kwargs)
        except REFUSALS as error:
            return self.handle_exception(error)


def _digest(request: Request) -> str:
    """Of address and body as understood, so that white space makes no other request."""
    body = json.dumps(request.data, sort_keys=True, default=str)
    return hashlib.sha256(f"{request.get_full_path()}\n{body}".encode()).hexdigest()


@periodic.every("forget_answers", timedelta(hours=1))
def forget_answers() -> int:
    """Forget answers that are older than a day; returns how many."""
    return RememberedAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]
