"""What this room keeps about a person, for "export my data"."""

from typing import Any

from allauth.account.models import EmailAddress

from academy.core.models import Event, Message
from academy.core.registries import personal_data

from .models import User


@personal_data.register("account")
def account(person: User) -> dict[str, Any]:
    """Name, addresses, roles, register numbers and keys, but no secret."""
    columns = ("email", "given_name", "infix", "family_name", "job_title_nl", "job_title_en", "orcid")
    memberships = person.memberships.select_related("organisation", "unit")
    return {
        **{name: getattr(person, name) for name in columns},
        "preferred_language": person.preferred_language,
        "function_family": person.function_family.key if person.function_family else "",
        "date_joined": person.date_joined,
        "last_login": person.last_login,
        "addresses": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "register_numbers": list(person.register_numbers.values("register__key", "number")),
        "tokens": list(person.tokens.values("name", "start", "scopes", "created_at", "expires_at", "revoked_at")),
        "memberships": [
            {
                "organisation": row.organisation.key,
                "unit": row.unit.key if row.unit else "",
                "role": row.role,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "source": row.source,
            }
            for row in memberships
        ],
    }


@personal_data.register("log")
def log(person: User) -> dict[str, Any]:
    """What the person did and what was done to the account, from the event log; and the messages sent."""
    own = Event.objects.filter(actor_id=str(person.pk)) | Event.objects.filter(
        object_type=person._meta.label_lower, object_id=str(person.pk)
    )
    fields = ("at", "verb", "object_type", "object_id", "from_state", "to_state", "reason")
    sent = Message.objects.filter(person_id=str(person.pk)).order_by("pk")
    return {
        "events": list(own.order_by("pk").values(*fields)),
        "messages": list(sent.values("kind", "to", "written_at", "sent_at")),
    }
