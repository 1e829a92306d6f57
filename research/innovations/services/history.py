"""What happened before the registry: stages without decisions, told as such."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from academy.accounts.models import User
from academy.core import events
from academy.core.errors import InvalidInput

from ..errors import NoSuchStep
from ..models import Innovation
from ..states import Outcome, Stage
from . import steps


@transaction.atomic
def take_over(*, innovation: Innovation, actor: User | None, stage: str, since: date, source: str = "") -> Innovation:
    """It entered a later stage on this day and nobody recorded a decision (*imported, no decision*).

    Only as long as no gate was recorded here: from then on each passage is a decision. Raises `NoSuchStep` otherwise,
    and `InvalidInput` for a day before the present stage began.
    """
    innovation = steps.lock(innovation)
    steps.check(actor, "innovations.manage", innovation)
    if innovation.decisions.exists() or innovation.outcome in Outcome.ended():
        raise NoSuchStep
    if Stage(stage).place <= Stage(innovation.stage).place:
        raise NoSuchStep
    if since < innovation.stage_since:
        raise InvalidInput(fields={"stage_since": [_("This is before the stage began.")]})
    before = steps.enter(innovation, Stage(stage), on=since, decision=None)
    events.record(
        actor=actor, object=innovation, verb="take_over_history", from_state=before, to_state=stage, source=source
    )
    return innovation
