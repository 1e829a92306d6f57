"""Who keeps the strategy records: innovation managers; a record of one hospital belongs to that hospital's.

What both hospitals share, and what is of an organisation that has no innovation managers, is kept by all of them.
"""

import rules
from django.db.models import Model

from academy.accounts.models import Role
from academy.accounts.permissions import roles_of

from .models import Body, Programme

HOSPITAL = "hospital"


def owner_ids(record: Model) -> frozenset[int]:
    """Ids of the hospitals whose record it is; empty for what they share."""
    if isinstance(record, Programme):
        return frozenset(record.organisations.filter(kind=HOSPITAL).values_list("pk", flat=True))
    if isinstance(record, Body) and record.organisation and record.organisation.kind == HOSPITAL:
        return frozenset({record.organisation_id})
    return frozenset()


@rules.predicate
def keeps_record(user, record: Model | None) -> bool:
    """Without a record: may the person make new ones at all."""
    owners = owner_ids(record) if record is not None and record.pk else frozenset()
    return roles_of(user).has(Role.INNOVATION_MANAGER, owners or None)


rules.add_perm("strategy.change_record", keeps_record)
