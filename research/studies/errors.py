"""Why something did not happen to a study."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from academy.core.errors import InvalidInput, Refused


class NoSuchStep(Refused):
    code = "no_such_step"
    message = _("That step does not follow from where this is now. Reload the page to see how it stands.")


class Incomplete(InvalidInput):
    """Something is missing or wrong; `fields` says where."""

    code = "incomplete"
    message = _("Some things are still missing or do not fit.")


class Clashing(Refused):
    """Somebody else changed the record meanwhile; `theirs` and `mine` hold both values by field."""

    code = "conflict"
    message = _("Somebody else changed this study meanwhile. Both values are given; choose and send again.")

    def __init__(self, *, version: int, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
        super().__init__()
        self.version, self.mine, self.theirs = version, dict(mine), dict(theirs)


class ChangedMeanwhile(Refused):
    """The study is not any more as the one who decides saw it."""

    code = "changed_meanwhile"
    message = _("The study was changed after you opened this page. Read what is new, and decide again.")


class NotReviewed(Refused):
    code = "not_reviewed"
    message = _("The leading hospital has not approved the study yet.")


class OpenApprovals(Refused):
    code = "open_approvals"
    message = _("Not every body of the route has said yes yet.")
