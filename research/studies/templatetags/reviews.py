"""Time lines of reviews in templates."""

from typing import Any

from django import forms, template

from academy.core.badges import Badge

from .. import timelines
from ..models import Decision, Remark, Site, Study

register = template.Library()


@register.inclusion_tag("studies/review/site_column.html")
def site_column(
    site: Site, study: Study, internal: bool = False, with_people: bool = True, level: int = 3
) -> dict[str, Any]:
    """`{% site_column site study internal=near %}` inside `<div class="columns columns--2 sites">`.

    `internal` shows conditions, letters and deadlines, for who may see what is for the team; `with_people` names the
    investigators; `level` is that of the hospital's heading.
    """
    column = timelines.column(site, study, internal=internal, with_people=with_people)
    return {"column": column, "level": level, "below": level + 1}


@register.simple_tag
def form_at(forms_of_page: dict[str, Any], action: str, record: Any) -> forms.Form | None:
    """The form of this action at one approval or remark; None when there is none now."""
    return forms_of_page.get(action, {}).get(record.pk)


@register.simple_tag
def remark_tone(remark: Remark) -> Badge:
    """Settled, answered or open, as tone and icon."""
    if remark.resolved_at:
        return Badge("", "positive", "circle-check")
    return Badge("", "info", "message-square") if remark.answer else Badge("", "warning", "message-square")


@register.simple_tag
def decision_point(decision: Decision) -> timelines.Point:
    """A decision as a point of a time line."""
    return timelines.of_decision(decision)
