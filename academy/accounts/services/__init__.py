"""What happens to persons, their roles, their organisations and their keys; one module per subject."""

from .belonging import end_membership, follow_domains, grant_role
from .organisations import change_organisation, delete_unit, save_unit
from .people import (
    change_profile,
    deactivate_person,
    end_sessions,
    export_data,
    keep_register_numbers,
    reactivate_person,
    record_reading,
)
from .tokens import make_token, withdraw_token

__all__ = [
    "change_organisation",
    "change_profile",
    "deactivate_person",
    "delete_unit",
    "end_membership",
    "end_sessions",
    "export_data",
    "follow_domains",
    "grant_role",
    "keep_register_numbers",
    "make_token",
    "reactivate_person",
    "record_reading",
    "save_unit",
    "withdraw_token",
]
