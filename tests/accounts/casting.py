"""The people of the tables of roles: one of each kind, at both hospitals."""

from django.contrib.auth.models import AnonymousUser

from academy.accounts.models import Role
from academy.core.errors import DomainError
from tests import factories as f

MST = {
    "member",
    "participant",
    "team_manager",
    "other_team_manager",
    "trainer",
    "course_manager",
    "researcher",
    "science_bureau",
    "innovation_manager",
    "editor",
    "auditor",
    "administrator",
}
ZGT = {"zgt_member", "zgt_course_manager", "zgt_administrator"}
SIGNED_IN = {"trainee"} | MST | ZGT
EVERYBODY = {"anonymous"} | SIGNED_IN


def cast(mst, zgt, ward) -> dict:
    """Everybody by name; participant and team manager are of this ward of MST."""
    people = {
        "anonymous": AnonymousUser(),
        "trainee": f.person(),
        "member": f.member(mst),
        "participant": f.member(at=ward),
        "team_manager": f.member(role=Role.TEAM_MANAGER, at=ward),
        "other_team_manager": f.member(role=Role.TEAM_MANAGER, at=f.unit(mst)),
        "trainer": f.member(mst),
        "zgt_member": f.member(zgt),
        "zgt_course_manager": f.member(zgt, role=Role.COURSE_MANAGER),
        "zgt_administrator": f.member(zgt, role=Role.ADMINISTRATOR),
    }
    for role in ("course_manager", "researcher", "science_bureau", "innovation_manager", "editor", "auditor"):
        people[role] = f.member(mst, role=role)
    people["administrator"] = f.member(mst, role=Role.ADMINISTRATOR)
    return people


def carries_out(action, **arguments) -> bool:
    """Whether a service does it; a refusal counts as a no only when it says that this person may not."""
    try:
        action(**arguments)
    except DomainError as refusal:
        return refusal.status not in (403, 404)
    return True
