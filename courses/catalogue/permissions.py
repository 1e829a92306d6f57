"""Who makes and changes courses and tracks: course managers of an owner; a joint record belongs to both hospitals."""

import rules

from academy.accounts.models import Role
from academy.accounts.permissions import member_of, roles_of

from .models import CatalogueRecord, Visibility


def owner_ids(record: CatalogueRecord) -> frozenset[int]:
    """Ids of the organisations that own the record."""
    return frozenset(owner.pk for owner in record.owners.all())


@rules.predicate
def manages_record(user, record: CatalogueRecord | None) -> bool:
    """Without a record: may the person make new ones at all."""
    if record is None or record.pk is None:
        return roles_of(user).has(Role.COURSE_MANAGER)
    return roles_of(user).has(Role.COURSE_MANAGER, owner_ids(record))


@rules.predicate
def sees_record(user, record: CatalogueRecord) -> bool:
    """Published, and public or of an organisation that the person belongs to."""
    if not record.live:
        return False
    return record.visibility == Visibility.PUBLIC or bool(member_of(user) & owner_ids(record))


rules.add_perm("catalogue.change_record", manages_record)
rules.add_perm("catalogue.see_record", sees_record)
