"""What every page of the form shows around its step."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from academy.core import clock, wording

from ..forms import progress
from ..models import Study
from ..record import FIELDS, STEPS, Record
from ..states import PublicationState


def frame(study: Study, record: Record, step: str) -> dict[str, Any]:
    """What every page of the form shows around the step."""
    names = [str(FIELDS[name].label) for name in study.proposed if name in FIELDS]
    return {
        "study": study,
        "title": study.acronym or record["public_title_nl"] or record["public_title_en"] or study.number,
        "step": step,
        "step_label": STEPS[step],
        "steps": progress.steps(study, record, step),
        "back_step": progress.next_to(step, -1),
        "saved": saved_words(study),
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "published": study.publication_state == PublicationState.PUBLISHED,
        "proposed": names,
        "leading": next((site.organisation for site in study.sites.all() if site.leading), None),
        "bureaus": [site.organisation for site in study.sites.all() if site.organisation.email],
    }


def saved_words(study: Study) -> str:
    """`Saved at 14.03`, or the day when it was not today."""
    moment = study.changed_at
    if clock.day_of(moment) == clock.today():
        return _("Saved at %(time)s") % {"time": wording.clock_time(moment)}
    return _("Saved on %(date)s") % {"date": wording.plain_date(moment)}


def words_of_autosave() -> dict[str, str]:
    """What the page says when it saves by itself."""
    return {
        "undo": _("Undo"),
        "removed": _("Removed."),
        "failed": _("Not saved yet; we try again. What you typed is still here."),
        "offline": _("You are offline. What you typed is still here, and is saved once you are back."),
        "loggedOut": _("You have been logged out. What you typed is still here: press a button below and log in."),
        "soon": _("You will be logged out within five minutes. Type or click to stay."),
        "clash": _("Somebody else changed the same. Choose at the top which value stays."),
    }
