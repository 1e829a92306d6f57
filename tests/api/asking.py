"""Programs that ask the API: with a token, with a session, with nothing."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from academy.accounts.models import ApiToken, User
from academy.core import clock

BASE = "/api/v1/"


def token(person: User, *scopes: str, days: int | None = 30, revoked: bool = False) -> str:
    """The secret of a new token; `days` below zero: expired since then."""
    secret = ApiToken.new_secret()
    now = clock.now()
    ApiToken.objects.create(
        person=person,
        name="Script",
        digest=ApiToken.digest_of(secret),
        start=secret[:12],
        scopes=list(scopes),
        expires_at=now + timedelta(days=days) if days else None,
        revoked_at=now if revoked else None,
    )
    return secret


class Program(Client):
    """A client without cookies whose token goes along with every request; answers of 500 are returned, not raised."""

    def __init__(self, secret: str = "", language: str = "", **headers: str) -> None:
        given = {"Authorization": f"Bearer {secret}" if secret else "", "Accept-Language": language, **headers}
        super().__init__(raise_request_exception=False, headers={k: v for k, v in given.items() if v})

    def send(self, address: str, body: Any = None, **more: Any) -> Any:
        """POST this body as JSON; a str or bytes goes as it is."""
        data = body if isinstance(body, (str, bytes)) else json.dumps({} if body is None else body)
        return self.post(address, data, **{"content_type": "application/json", **more})


def of(person: User, *scopes: str, **more: Any) -> Program:
    """The program of a person, who may read and write unless told otherwise."""
    return Program(token(person, *(scopes or ("read", "write"))), **more)


def is_refusal(response: Any, status: int, code: str = "") -> dict[str, Any]:
    """The body of a refusal, after checking that it has the one form of all refusals."""
    assert response.status_code == status, response.content[:300]
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert set(body) <= {"code", "detail", "fields"}
    assert isinstance(body["code"], str)
    assert body["code"]
    assert isinstance(body["detail"], str)
    assert body["detail"]
    for problems in body.get("fields", {}).values():
        assert problems
        assert all(isinstance(problem, str) for problem in problems)
    assert not code or body["code"] == code
    return body
