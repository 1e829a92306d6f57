"""What every page of the form shows around its step."""

from typing import Any

from django.conf import settings

from academy.core.editing.progress import next_to
from academy.core.editing.words import saved_words

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
        "back_step": next_to(STEPS, step, -1),
        "saved": saved_words(study.changed_at),
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "published": study.publication_state == PublicationState.PUBLISHED,
        "proposed": names,
        "leading": next((site.organisation for site in study.sites.all() if site.leading), None),
        "bureaus": [site.organisation for site in study.sites.all() if site.organisation.email],
    }
