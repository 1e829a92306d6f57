"""Verbs of this room; each locks first, checks rights, changes one state, and writes event and messages with it.

`actor` is the person who acts; None is the system itself (imports, the schedule, the demo), which needs no rights.
"""

from .attending import complete_present, record_attendance, record_outcome
from .deciding import approve, deny, lapse_pending
from .enrolling import cancel, enrol
from .running import cancel_run, change_run, create_run, release_allotments

__all__ = [
    "approve",
    "cancel",
    "cancel_run",
    "change_run",
    "complete_present",
    "create_run",
    "deny",
    "enrol",
    "lapse_pending",
    "record_attendance",
    "record_outcome",
    "release_allotments",
]
