"""What the verbs share: the lock, the check, the form of an error."""

from django.core.exceptions import ValidationError
from django.db.models import Model

from academy.core.errors import DomainError, InvalidInput, NotAllowed, Unknown

from ..models import User


def lock_person(person: User) -> User:
    """The person as it is now; the row stays locked until the transaction ends."""
    try:
        return User.objects.select_for_update().get(pk=person.pk)
    except User.DoesNotExist:
        raise Unknown from None


def check(actor: User | None, permission: str, record: Model, refusal: type[DomainError] = NotAllowed) -> None:
    """Refuse unless the actor has this permission on the record; the system may do everything."""
    if actor is not None and not actor.has_perm(permission, record):
        raise refusal


def check_columns(record: Model) -> None:
    """Refuse values that the record's own rules do not allow, field by field."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise InvalidInput(fields=error.message_dict) from None
