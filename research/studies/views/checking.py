"""The last step: what is complete, what does not fit, and sending the study to the hospitals."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from academy.core.badges import Badge
from academy.core.refusals import refusals_as_messages

from .. import badges, checks
from .. import record as records
from ..forms import progress, remarks
from ..models import Remark, Review, Site, Study
from ..record import CHECK, FIELDS
from ..selectors import same_identifiers
from ..services import reviewing
from ..states import ReviewState
from .around import frame


@dataclass(frozen=True)
class Line:
    """Something to do at a field."""

    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Waiting:
    """A hospital with the state of its review; `open` when the researcher can send the study there."""

    site: Site
    review: Review
    badge: Badge
    open: bool


def answer(request: HttpRequest, study: Study, open_remarks: list[Remark]) -> HttpResponse:
    """Show the step, keep answers to remarks, or submit."""
    if request.method == "POST":
        done = _submit(request, study) if request.POST.get("do") == "submit" else _answers(request, open_remarks)
        if done:
            return redirect(progress.address(study, CHECK))
    return _show(request, study, open_remarks)


def _answers(request: HttpRequest, open_remarks: list[Remark]) -> bool:
    with refusals_as_messages(request) as outcome:
        if remarks.answer(open_remarks, request.POST, request.user):
            messages.success(request, _("Your answers have been kept."))
    if not outcome.ok:
        remarks.as_typed(open_remarks, request.POST)
    return outcome.ok


def _submit(request: HttpRequest, study: Study) -> bool:
    with refusals_as_messages(request) as outcome:
        reviews = reviewing.submit(study=study, actor=request.user, sites=request.POST.getlist("sites"))
    if outcome.ok:
        names = ", ".join(review.site.organisation.short_name for review in reviews)
        text = _("The study has been sent to %(hospitals)s. You hear from the science bureau by e-mail.")
        messages.success(request, text % {"hospitals": names})
    for texts in outcome.error.fields.values() if outcome.error else ():
        messages.error(request, " ".join(str(text) for text in texts))
    return outcome.ok


def _show(request: HttpRequest, study: Study, open_remarks: list[Remark]) -> HttpResponse:
    record = records.current(study)
    complete = checks.completeness(record)
    problems = _lines(study, checks.problems(record))
    missing = _lines(study, checks.missing_to_submit(record))
    waiting = _waiting(study)
    context = {
        **frame(study, record, CHECK),
        "complete": complete,
        "needed": [_item(study, item) for item in complete.needed],
        "others": [_item(study, item) for item in complete.missing if not item.needed],
        "problems": problems,
        "missing": missing,
        "twins": list(same_identifiers(record["identifiers"], request.user, besides=study.pk).items()),
        "waiting": waiting,
        "ready": not problems and not missing and any(row.open for row in waiting),
        "remarks": [_remark(study, remark) for remark in open_remarks],
    }
    return render(request, "studies/edit/check.html", context)


def _lines(study: Study, problems: checks.Problems) -> list[Line]:
    return [
        Line(str(FIELDS[name].label), " ".join(texts), progress.address(study, FIELDS[name].step, name))
        for name, texts in problems.items()
    ]


def _item(study: Study, item: checks.Item) -> Line:
    return Line(str(item.label), "", progress.address(study, item.step, item.fields[0]))


def _remark(study: Study, remark: Remark) -> dict[str, Any]:
    """A remark, and where its field is."""
    entry = FIELDS.get(remark.field)
    url = progress.address(study, entry.step, entry.name) if entry else ""
    return {"remark": remark, "label": str(entry.label) if entry else "", "url": url}


def _waiting(study: Study) -> list[Waiting]:
    found = []
    for site in study.sites.all():
        review = max(site.reviews.all(), key=lambda review: review.pk, default=None)
        if review is not None:
            open_ = review.state in ReviewState.with_researcher()
            found.append(Waiting(site, review, badges.of_review(review), open_))
    return found
