"""Remarks of the science bureaus at the fields of a form, and the answers that the researcher types there."""

from collections.abc import Mapping
from typing import Any

from academy.accounts.models import User

from ..models import Remark, Study
from ..services import reviewing
from ..states import ReviewState


def of_study(study: Study) -> list[Remark]:
    """Open remarks of the reviews that are back with the researcher, with who made them."""
    found = Remark.objects.filter(
        review__site__study=study, review__state=ReviewState.RETURNED, resolved_at=None
    ).select_related("review__site__organisation")
    return list(found)


def at_fields(remarks: list[Remark]) -> dict[str, list[Remark]]:
    """The remarks by the field that they are about; the whole study is the field of no name."""
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.field, []).append(remark)
    return found


def as_typed(remarks: list[Remark], data: Mapping[str, Any]) -> None:
    """Let the page show the answers that could not be kept."""
    for remark in remarks:
        remark.answer = data.get(f"answer-{remark.pk}", remark.answer)


def answer(remarks: list[Remark], data: Mapping[str, Any], actor: User) -> int:
    """Keep the answers that are new in what was sent; how many there were."""
    given = {remark: (data.get(f"answer-{remark.pk}") or "").strip() for remark in remarks}
    new = {remark: text for remark, text in given.items() if text and text != remark.answer}
    for remark, text in new.items():
        reviewing.answer_remark(remark=remark, actor=actor, text=text)
    return len(new)
