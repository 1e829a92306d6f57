"""Personal keys to the API."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from academy.core import clock, events
from academy.core.errors import Unknown

from ..models import ApiToken, User
from .steps import lock_person


@transaction.atomic
def make_token(*, person: User, name: str, scopes: Sequence[str], last_day: date | None) -> tuple[ApiToken, str]:
    """A new token and its secret; the secret is nowhere kept and cannot be shown again."""
    person = lock_person(person)
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        person=person,
        name=name,
        digest=ApiToken.digest_of(secret),
        start=secret[:12],
        scopes=list(scopes),
        expires_at=clock.end_of(last_day) if last_day else None,
    )
    events.record(actor=person, object=person, verb="make_token", token=token.pk, scopes=list(scopes))
    return token, secret


@transaction.atomic
def withdraw_token(*, token: ApiToken, actor: User) -> ApiToken:
    """Let the token open nothing any more; twice is once."""
    token = ApiToken.objects.select_for_update(of=("self",)).filter(pk=token.pk, person=actor).first()
    if token is None:
        raise Unknown
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        events.record(actor=actor, object=actor, verb="withdraw_token", token=token.pk)
    return token
