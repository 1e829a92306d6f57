"""What can be sent on the page of a review: for each action its form, if it has one, and what it does.

Rights and states are the services' business; a form that was sent and refused comes back with what was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from academy.core.errors import InvalidInput

from .. import review_forms, worklist
from ..models import Approval, Document, Remark, Review, Site, Study
from ..services import publishing, reviewing
from ..services.documents import add_document
from .known import number_of


@dataclass(frozen=True)
class Case:
    """The study, the hospital and its review that the page is about, and the approval or remark that was meant."""

    request: HttpRequest
    study: Study
    site: Site
    review: Review
    target: Any = None

    @property
    def actor(self) -> Any:
        return self.request.user


Data = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """`run(case, data)` does it and returns what to say; `form(case, data, files)` makes its form."""

    run: Callable[[Case, Data], str]
    form: Callable[..., forms.Form] | None = None
    target: type[Approval] | type[Remark] | None = None


def _letter(case: Case, data: Data) -> Document | None:
    """The letter that came with a form, kept with the site."""
    if not data.get("document"):
        return None
    return add_document(study=case.study, actor=case.actor, upload=data["document"], site=case.site)


def _take_up(case: Case, data: Data) -> str:
    reviewing.take_up(review=case.review, actor=case.actor)
    return _("Taken up. The first bodies of the route are asked.")


def _assign(case: Case, data: Data) -> str:
    person = data["assigned_to"]
    reviewing.assign(review=case.review, actor=case.actor, to=person)
    return _("Assigned to %(person)s.") % {"person": person.full_name} if person else _("Assigned to nobody.")


def _change_kind(case: Case, data: Data) -> str:
    changed = reviewing.change_kind(review=case.review, actor=case.actor, kind=data["kind"])
    return _("The review is now of the kind: %(kind)s.") % {"kind": changed.get_kind_display()}


def _remark(case: Case, data: Data) -> str:
    reviewing.add_remark(review=case.review, actor=case.actor, field=data["field"], text=data["text"])
    return _("The remark is added. The researcher sees it when you return the study.")


def _resolve(case: Case, data: Data) -> str:
    reviewing.resolve_remark(remark=case.target, actor=case.actor)
    return _("The remark is settled.")


def _reopen(case: Case, data: Data) -> str:
    reviewing.reopen_remark(remark=case.target, actor=case.actor)
    return _("The remark is open again.")


def _return(case: Case, data: Data) -> str:
    reviewing.return_to_researcher(review=case.review, actor=case.actor)
    return _("Returned to the researcher, who gets a mail.")


def _record_approval(case: Case, data: Data) -> str:
    letter = _letter(case, data)
    approval = reviewing.record_approval(approval=case.target, actor=case.actor, **{**data, "document": letter})
    return _("Recorded: %(approval)s.") % {"approval": approval}


def _meet_conditions(case: Case, data: Data) -> str:
    reviewing.meet_conditions(approval=case.target, actor=case.actor, on=data["on"])
    return _("Recorded that the conditions are met.")


def _decide(case: Case, data: Data) -> str:
    letter = _letter(case, data)
    given = {**data, "document": letter, "seen": seen_in(case.request)}
    decision = reviewing.decide(review=case.review, actor=case.actor, **given)
    return _("Decided: %(outcome)s. The researchers get a mail.") % {"outcome": decision.get_outcome_display()}


def _answer(case: Case, data: Data) -> str:
    reviewing.answer_remark(remark=case.target, actor=case.actor, text=data["answer"])
    return _("Your answer is saved. The bureau sees it when you submit again.")


def _withdraw(case: Case, data: Data) -> str:
    reviewing.withdraw_review(review=case.review, actor=case.actor, reason=data["reason"])
    return _("The review is withdrawn.")


def _again(case: Case, data: Data) -> str:
    reviewing.start_again(site=case.site, actor=case.actor)
    return _("A new review is ready. Submit the study when it is complete.")


def _publish(case: Case, data: Data) -> str:
    publishing.publish(study=case.study, actor=case.actor, seen=seen_in(case.request))
    return _("Published.")


def _unpublish(case: Case, data: Data) -> str:
    publishing.unpublish(study=case.study, actor=case.actor, reason=data["reason"])
    return _("Taken offline. The team gets a mail.")


def _publish_changes(case: Case, data: Data) -> str:
    chosen = data["fields_chosen"]
    publishing.publish_changes(study=case.study, actor=case.actor, fields=chosen, seen=seen_in(case.request))
    return _("The chosen changes are published.")


def _refuse_changes(case: Case, data: Data) -> str:
    publishing.refuse_changes(study=case.study, actor=case.actor, reason=data["reason"])
    return _("The changes are refused. The team gets a mail.")


def _transfer(case: Case, data: Data) -> str:
    publishing.transfer(study=case.study, actor=case.actor, to=data["to"])
    return _("%(hospital)s leads the study from now on.") % {"hospital": data["to"].short_name}


def _reason(prefix: str, label: Callable[[], str]) -> Callable[..., forms.Form]:
    """A form that asks why, with the words of its action."""

    def make(case: Case, *args: Any) -> forms.Form:
        form = review_forms.ReasonForm(*args, prefix=prefix)
        form.fields["reason"].label = label()
        return form

    return make


ACTIONS: dict[str, Action] = {
    "take_up": Action(_take_up),
    "assign": Action(
        _assign,
        lambda case, *args: review_forms.AssignForm(
            *args,
            people=worklist.colleagues(case.site.organisation_id),
            initial={"assigned_to": case.review.assigned_to_id or review_forms.AssignForm.NOBODY},
        ),
    ),
    "kind": Action(_change_kind, lambda case, *args: review_forms.KindForm(*args, initial={"kind": case.review.kind})),
    "remark": Action(
        _remark,
        lambda case, *args: review_forms.RemarkForm(
            *args, initial={"field": case.request.GET.get("field", review_forms.RemarkForm.WHOLE)}
        ),
    ),
    "resolve": Action(_resolve, target=Remark),
    "reopen": Action(_reopen, target=Remark),
    "return": Action(_return),
    "approval": Action(
        _record_approval,
        lambda case, *args: review_forms.ApprovalForm(*args, approval=case.target),
        Approval,
    ),
    "met": Action(_meet_conditions, lambda case, *args: review_forms.MetForm(*args, approval=case.target), Approval),
    "decide": Action(_decide, lambda case, *args: review_forms.DecisionForm(*args)),
    "answer": Action(_answer, lambda case, *args: review_forms.AnswerForm(*args, remark=case.target), Remark),
    "withdraw": Action(_withdraw, _reason("withdraw", lambda: _("Why you withdraw the review"))),
    "again": Action(_again),
    "publish": Action(_publish),
    "unpublish": Action(_unpublish, _reason("unpublish", lambda: _("Why it goes offline"))),
    "publish_changes": Action(_publish_changes, lambda case, *args: review_forms.ChangesForm(*args, study=case.study)),
    "refuse_changes": Action(_refuse_changes, _reason("refuse", lambda: _("Why you refuse the changes"))),
    "transfer": Action(_transfer, lambda case, *args: review_forms.TransferForm(*args, study=case.study)),
}


def seen_in(request: HttpRequest) -> int | None:
    """The version of the study that the page showed; None when it does not say so."""
    return number_of(request.POST.get("seen", ""))


def target_of(action: Action, case: Case) -> Approval | Remark | None:
    """The approval or remark that was meant; it must belong to this review, or there is none (404)."""
    if action.target is None:
        return None
    pk = number_of(case.request.POST.get("target", ""))
    if pk is None:
        raise Http404
    return get_object_or_404(action.target.objects.select_related("review__site"), pk=pk, review=case.review)


def form_of(name: str, case: Case, *args: Any) -> forms.Form | None:
    """The form of an action; with data and files it is bound."""
    make = ACTIONS[name].form
    return make(case, *args) if make else None


def refused_words(error: InvalidInput) -> str:
    """A refusal without a form: its words and what it says about fields."""
    problems = [str(problem) for found in error.fields.values() for problem in found]
    return f"{error} {', '.join(problems)}" if problems else str(error)
