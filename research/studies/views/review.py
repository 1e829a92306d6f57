"""The review of a study at one hospital: for its bureau to work on, for the team to answer, for others to read."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from academy.core import refusals, wording
from academy.core.errors import DomainError, Unknown

from .. import badges, facts, permissions, review_showing, timelines
from .. import record as records
from ..models import Remark
from ..selectors import page_for, same_identifiers
from ..services import remarking
from ..states import ApprovalState, ReviewState
from .known import team_study
from .review_actions import ACTIONS, Case, form_of, refused_words, target_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: str, site: str) -> HttpResponse:
    """The page; POST carries out the one action that is named."""
    case = _case(request, number, site)
    if request.method != "POST":
        return _page(case)
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise Http404
    return _carry_out(request.POST["action"], replace(case, target=target_of(action, case)))


def _case(request: HttpRequest, number: str, site: str) -> Case:
    """What the address is about, for somebody of the team, an involved bureau or the auditor."""
    study = team_study(request, number, page_for)
    here = next((one for one in study.sites.all() if one.organisation.key == site), None)
    last = timelines.latest(here) if here else None
    if last is None:
        raise Http404
    last.site = here
    return Case(request, study, here, last)


def _carry_out(name: str, case: Case) -> HttpResponse:
    request, action = case.request, ACTIONS[name]
    form = form_of(name, case, request.POST, request.FILES)
    if form is not None and not form.is_valid():
        return _page(case, sent=(name, case.target, form))
    try:
        with transaction.atomic():  # a letter whose step is refused goes, too
            said = action.run(case, form.cleaned_data if form else {})
    except Unknown:
        raise Http404 from None
    except DomainError as error:
        if form is not None:
            refusals.add_to_form(form, error)
            return _page(case, sent=(name, case.target, form))
        messages.error(request, refused_words(error))
    else:
        messages.success(request, said)
    return redirect("studies:review", number=case.study.number, site=case.site.organisation.key)


def _page(case: Case, sent: tuple[str, Any, forms.Form] | None = None) -> HttpResponse:
    """For the bureau everything to work with, for the team its answers, for others to read."""
    user, study = case.actor, case.study
    reviews_here = permissions.reviews(user, case.review)
    context = {
        **_common(case),
        "works": reviews_here,
        "leads": permissions.leads(user, study),
        "edits": permissions.edits(user, study) and not reviews_here,
        "in_queue": user.has_perm("studies.see_queue"),
        "sent": sent[2] if sent else None,
    }
    context["form"] = _forms(case, context, sent)
    return render(case.request, "studies/review/review.html", context, status=400 if sent else 200)


def _common(case: Case) -> dict[str, Any]:
    study, site, review = case.study, case.site, case.review
    names, record = facts.Names.of(study), records.current(study)
    remarks = remarking.told(review, case.actor)
    return {
        "study": study,
        "site": site,
        "review": review,
        "state": badges.of_work(review) if review.state in ReviewState.with_bureau() else badges.of_review(review),
        "late": badges.of_due(review.due_on) if review.state in ReviewState.with_bureau() else None,
        "title": review_showing.title_of(study),
        "summary": review_showing.summary(study, site, record),
        "since": review_showing.changed_since_submission(study, review, record, names),
        "parts": review_showing.parts(record, remarks, names),
        "remarks": [(remark, _value(remark, record, names)) for remark in remarks],
        "unanswered": sum(not remark.answer and remark.resolved_at is None for remark in remarks),
        "points": [timelines.of_approval(row, internal=True) for row in review.approvals.all()],
        "open_bodies": [row for row in review.approvals.all() if row.state not in ApprovalState.settled()],
        "decisions": review_showing.decisions_at(site),
        "others": [
            (one, badges.of_review(last))
            for one in study.sites.all()
            if one != site and (last := timelines.latest(one))
        ],
        "duplicates": same_identifiers(record["identifiers"], case.actor, besides=study.pk),
        "publication": badges.of_publication(study),
        "publishing": review_showing.publishing(study, names),
    }


def _value(remark: Remark, record: records.Record, names: facts.Names) -> dict[str, Any]:
    """What stands now in the field that a remark is about."""
    if not remark.field:
        return {}
    entry = records.FIELDS[remark.field]
    lines = facts.lines(remark.field, record[remark.field], names=names)
    return {"label": wording.capital(entry.label), "lines": lines, "step": entry.step}


def _forms(case: Case, context: dict[str, Any], sent: tuple[str, Any, forms.Form] | None) -> dict[str, Any]:
    """The forms that this person may send now, by action; those at approvals and remarks by their id."""
    state, made = case.review.state, {}
    if context["works"]:
        made |= _bureau_forms(case, state)
    if context["leads"]:
        made |= {name: form_of(name, case) for name in ("unpublish", "publish_changes", "refuse_changes", "transfer")}
    if context["edits"] and state not in ReviewState.final():
        made["withdraw"] = form_of("withdraw", case)
    if context["edits"] and state == ReviewState.RETURNED:
        open_ones = [remark for remark, _value in context["remarks"] if remark.resolved_at is None]
        made["answer"] = {one.pk: form_of("answer", replace(case, target=one)) for one in open_ones}
    if sent:
        name, target, form = sent
        made[name] = {**made.get(name, {}), target.pk: form} if target else form
    return made


def _bureau_forms(case: Case, state: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if state in ReviewState.with_bureau():
        made["remark"] = form_of("remark", case)
    if state not in ReviewState.final():
        made |= {name: form_of(name, case) for name in ("assign", "kind")}
        made["approval"] = {
            row.pk: form_of("approval", replace(case, target=row)) for row in case.review.approvals.all()
        }
    if state == ReviewState.IN_REVIEW:
        made["decide"] = form_of("decide", case)
    waiting = [
        row
        for row in case.review.approvals.all()
        if row.state == ApprovalState.APPROVED_WITH_CONDITIONS and not row.conditions_met_on
    ]
    made["met"] = {row.pk: form_of("met", replace(case, target=row)) for row in waiting}
    return made


urlpatterns = [path(pgettext_lazy("path", "<study:number>/review/<slug:site>/"), review, name="review")]
