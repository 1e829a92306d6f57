"""The researcher's desk: own studies, their deadlines, and saying that one is met."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from academy.core import clock
from academy.core.errors import DomainError, Unknown
from academy.core.paging import page_of
from academy.core.refusals import add_to_form, refusals_as_messages

from ..deadline_forms import MeetForm
from ..deadlines import RULES
from ..mail_words import when
from ..models import Deadline, Study
from ..my_studies import DeadlineRow, deadline_rows, for_rows, of_team, rows_of, title_of, watched_by
from ..permissions import is_bureau
from ..selectors import study_for
from ..services import deadlines
from ..services.documents import add_document

SIZE = 25


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The studies of whose team the reader is, the last changed first."""
    page = page_of(request, for_rows(of_team(request.user)), size=SIZE)
    context = {
        "page": page,
        "rows": rows_of(page.object_list, request.user),
        "may_register": request.user.has_perm("studies.register"),
    }
    return render(request, "studies/desk/mine.html", context)


@login_required
@require_safe
def all_deadlines(request: HttpRequest) -> HttpResponse:
    """Every open deadline of own studies and of the hospitals of the own bureau, overdue first."""
    found = watched_by(request.user)
    page = page_of(request, found, size=SIZE)
    context = {
        "page": page,
        "rows": deadline_rows(page.object_list),
        "late": found.overdue().count(),
        "for_bureau": is_bureau(request.user),
    }
    return render(request, "studies/desk/deadlines.html", context)


def _study(request: HttpRequest, number: str) -> Study:
    """The study, for its team and the bureaus involved; for everybody else there is none."""
    try:
        study = study_for(request.user, number)
    except Unknown:
        raise Http404 from None
    if not request.user.has_perm("studies.see_team", study):
        raise Http404
    return study


@login_required
@require_safe
def of_study(request: HttpRequest, number: str) -> HttpResponse:
    """Every deadline of one study in order of time, also those that are done."""
    study = _study(request, number)
    rows = study.deadlines.select_related("site__organisation", "done_by", "document")
    context = {
        "study": study,
        "title": title_of(study),
        "rows": [DeadlineRow(row, study) for row in rows],
        "may_meet": request.user.has_perm("studies.meet", study),
    }
    return render(request, "studies/desk/of_study.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meet(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What has to be done, and saying that it is; one that no longer follows leads to the others."""
    study = _study(request, number)
    deadline = study.deadlines.select_related("site__organisation", "done_by", "document").filter(pk=pk).first()
    if deadline is None:
        messages.info(request, _("This deadline is no longer there: the study has changed."))
        return redirect("studies:study-deadlines", number=number)
    deadline.study = study
    if request.method == "POST" and "undo" in request.POST:
        return _undo(request, deadline)
    form = MeetForm(request.POST or None, request.FILES or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid() and _met(request, deadline, form):
        messages.success(request, _("Written down: %(deadline)s.") % {"deadline": deadline.get_kind_display()})
        return redirect("studies:meet", number=number, pk=pk)
    return render(
        request, "studies/desk/meet.html", _context(request, deadline, form), status=400 if form.errors else 200
    )


def _met(request: HttpRequest, deadline: Deadline, form: MeetForm) -> bool:
    """Keep the file and the deadline together; what is refused stands at its field."""
    data = form.cleaned_data
    try:
        with transaction.atomic():
            upload = data["document"]
            document = (
                add_document(study=deadline.study, actor=request.user, upload=upload, site=deadline.site)
                if upload
                else None
            )
            deadlines.meet(deadline=deadline, actor=request.user, on=data["on"], note=data["note"], document=document)
    except DomainError as error:
        if error.fields:
            add_to_form(form, error)
        else:
            messages.error(request, str(error))
        return False
    return True


def _undo(request: HttpRequest, deadline: Deadline) -> HttpResponse:
    with refusals_as_messages(request) as outcome:
        deadlines.reopen(deadline=deadline, actor=request.user)
    if outcome.ok:
        messages.success(request, _("Undone: the deadline is open again."))
    return redirect("studies:meet", number=deadline.study.number, pk=deadline.pk)


def _context(request: HttpRequest, deadline: Deadline, form: MeetForm) -> dict[str, Any]:
    study, rule = deadline.study, RULES[deadline.kind]
    may_meet = request.user.has_perm("studies.meet", study)
    return {
        "study": study,
        "title": title_of(study),
        "row": DeadlineRow(deadline, study),
        "deadline": deadline,
        "when": when(deadline.kind, deadline.due_on),
        "source": rule.source,
        "step": rule.step if request.user.has_perm("studies.edit", study) and not deadline.done_on else "",
        "form": form if may_meet and rule.by_hand and not deadline.done_on else None,
        "may_undo": may_meet and deadlines.may_reopen(deadline),
    }


urlpatterns = [
    path(pgettext_lazy("path", "my-studies/"), mine, name="mine"),
    path(pgettext_lazy("path", "deadlines/"), all_deadlines, name="deadlines"),
    path(pgettext_lazy("path", "<study:number>/deadlines/"), of_study, name="study-deadlines"),
    path(pgettext_lazy("path", "<study:number>/deadlines/<int:pk>/"), meet, name="meet"),
]
