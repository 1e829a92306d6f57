"""Enrolling and cancelling, for the person; approving, for the team manager."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.accounts.models import User
from academy.core import events
from academy.core.refusals import refusals_as_messages
from academy.core.translation import pick
from courses.catalogue.permissions import sees_record

from . import badges, calendar, rows, services
from .forms import EnrolForm, ReasonForm
from .models import CourseRun, Enrolment
from .permissions import manages_run, open_to
from .selectors import (
    missing_prerequisites,
    position_of,
    team_of,
    waiting_for_approval_by,
    with_everything,
)
from .states import EnrolmentState


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, number: str) -> HttpResponse:
    """Look once more, and enrol; a team manager chooses for whom. A button on the course page posts here directly."""
    run = _visible_run(request, number)
    people = team_of(request.user) | User.objects.filter(pk=request.user.pk)
    form = EnrolForm(request.POST or None, people=people, initial={"person": request.user.pk})
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request) as outcome:
            enrolment = services.enrol(person=form.cleaned_data["person"], run=run, actor=request.user)
        if outcome.ok:
            return redirect("enrolment:detail", pk=enrolment.pk)
    row = rows.run_rows([run], request.user)[0]
    if row.enrolment and request.method != "POST" and people.count() == 1:
        return redirect("enrolment:detail", pk=row.enrolment.pk)
    context = {
        "run": run,
        "course": run.course,
        "row": row,
        "form": form,
        "for_others": len(form.fields["person"].queryset) > 1,
        "missing": [c for c in missing_prerequisites(request.user, run.course) if sees_record(request.user, c)],
    }
    return render(request, "enrolment/enrol.html", context)


def _visible_run(request: HttpRequest, number: str) -> CourseRun:
    runs = CourseRun.objects.select_related("course__cancellation_rule", "organisation")
    run = get_object_or_404(runs.prefetch_related("sessions", "allotments", "course__owners"), number=number)
    if not open_to(request.user, run):
        raise Http404
    return run


def _visible_enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """An enrolment that this person may see; anything else does not exist."""
    enrolment = get_object_or_404(with_everything(Enrolment.objects), pk=pk)
    if not request.user.has_perm("enrolment.see", enrolment):
        raise Http404
    return enrolment


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where this enrolment stands: the confirmation, the place on the list, and the way back."""
    enrolment = _visible_enrolment(request, pk)
    position = position_of(enrolment)
    own = enrolment.person_id == request.user.pk
    if not own:
        events.record(actor=request.user, object=enrolment, verb="read")
    context = {
        "enrolment": enrolment,
        "run": enrolment.run,
        "course": enrolment.run.course,
        "position": position,
        "badge": badges.of_enrolment(enrolment, position),
        "own": own,
        "may_cancel": rows.may_cancel(enrolment) if own else _may_cancel_for(request, enrolment),
        "form": ReasonForm(),
    }
    return render(request, "enrolment/detail.html", context)


def _may_cancel_for(request: HttpRequest, enrolment: Enrolment) -> bool:
    """Whether somebody else takes the person off the list; once the run has begun only a course manager does."""
    if not request.user.has_perm("enrolment.cancel", enrolment):
        return False
    begun_too = enrolment.state in EnrolmentState.active() and manages_run(request.user, enrolment.run)
    return begun_too or rows.may_cancel(enrolment)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Step back; the answer offers the way to enrol again."""
    enrolment = _visible_enrolment(request, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with refusals_as_messages(request) as outcome:
        services.cancel(enrolment=enrolment, actor=request.user, reason=reason)
    if outcome.ok:
        words = {"course": pick(enrolment.run.course, "title"), "person": enrolment.person.full_name}
        own = enrolment.person_id == request.user.pk
        text = _("You are no longer enrolled in %(course)s.") if own else _("%(person)s is off the list.")
        messages.success(request, text % words)
    return redirect("enrolment:detail", pk=pk)


@login_required
@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions as a calendar file."""
    enrolment = _visible_enrolment(request, pk)
    if enrolment.state != EnrolmentState.ASSOCIATED:
        raise Http404
    response = HttpResponse(calendar.invitation(enrolment), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{enrolment.run.number}.ics"'
    return response


@login_required
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits for this person's yes or no, the oldest first."""
    waiting = list(waiting_for_approval_by(request.user))
    return render(request, "enrolment/approvals.html", {"waiting": waiting})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve by one button; refuse with a reason that the person reads."""
    enrolment = get_object_or_404(with_everything(Enrolment.objects), pk=pk)
    if not request.user.has_perm("enrolment.approve", enrolment):
        raise Http404
    refuse = request.POST.get("decision") == "deny"
    hint = _("The person reads this in the e-mail.")
    form = ReasonForm(request.POST or None, required=refuse, hint=hint)
    if request.method == "POST" and form.is_valid():
        with refusals_as_messages(request) as outcome:
            if refuse:
                services.deny(enrolment=enrolment, actor=request.user, reason=form.cleaned_data["reason"])
            else:
                services.approve(enrolment=enrolment, actor=request.user)
        if outcome.ok:
            words = _("%(person)s has been told that it was not approved.") if refuse else _("%(person)s has a place.")
            messages.success(request, words % {"person": enrolment.person.full_name})
            return redirect("enrolment:approvals")
    return render(request, "enrolment/decide.html", {"enrolment": enrolment, "form": form})
