"""How far the form is: the state of each step, completeness by the items of the WHO, and the way through."""

from django.urls import reverse

from academy.core.editing.progress import Step, knot

from .. import checks
from ..models import Study
from ..record import CHECK, FIELDS, STEPS, Record
from ..states import ReviewState


def steps(study: Study, record: Record, current: str) -> list[Step]:
    """Every step with its state: done, not yet, or how many things do not fit."""
    wrong = _by_step(checks.problems(record))
    missing = _by_step(checks.missing_to_submit(record)) | _needed(record)
    found = []
    for name, label in STEPS.items():
        problems = len(wrong.get(name, ()))
        done = not problems and name not in missing and name != CHECK
        if name == CHECK:
            done = _submitted(study)
        found.append(knot(name, label, address(study, name), problems=problems, done=done, current=name == current))
    return found


def _by_step(problems: checks.Problems) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in problems:
        found.setdefault(FIELDS[name].step, set()).add(name)
    return found


def _needed(record: Record) -> dict[str, set[str]]:
    return {item.step: set(item.fields) for item in checks.completeness(record).needed if item.step}


def _submitted(study: Study) -> bool:
    """Whether no hospital waits for the researcher; reads `study.sites` with their reviews."""
    reviews = [review for site in study.sites.all() for review in site.reviews.all()]
    return bool(reviews) and not any(review.state in ReviewState.with_researcher() for review in reviews)


def address(study: Study, step: str, field: str = "") -> str:
    """The page of a step, at this field."""
    page = reverse("studies:step", kwargs={"number": study.number, "step": step})
    return f"{page}#field-{field}" if field else page
