"""The run desk: who takes part, who was there, how it ended; for trainers and course managers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.accounts.models import Role
from academy.accounts.permissions import roles_of
from academy.core import clock, events, refusals
from academy.core.paging import page_of

from . import badges, services
from .forms import AddPersonForm, AttendanceForm, CancelRunForm, OutcomeForm
from .models import CourseRun, Enrolment, Session
from .permissions import manages_run
from .selectors import participants, position_of, runs_to_work_on
from .states import AttendanceState, EnrolmentState, Outcome


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The runs that this person trains or manages."""
    page = page_of(request, runs_to_work_on(request.user), size=30)
    manages = roles_of(request.user).has(Role.COURSE_MANAGER)
    return render(request, "enrolment/runs.html", {"page": page, "manages": manages})


def _run(request: HttpRequest, number: str) -> CourseRun:
    """A run whose participants this person may see; anything else does not exist."""
    rows = CourseRun.objects.select_related("course", "organisation")
    run = get_object_or_404(rows.prefetch_related("sessions", "trainers", "course__owners"), number=number)
    if not request.user.has_perm("enrolment.see_participants", run):
        raise Http404
    return run


@login_required
@require_safe
def run_desk(request: HttpRequest, number: str) -> HttpResponse:
    """Participants with attendance and outcome, the waiting list in order, and what can be done."""
    run = _run(request, number)
    events.record(actor=request.user, object=run, verb="read_participants")
    return render(request, "enrolment/run_desk.html", _desk_context(request, run))


def _desk_context(request: HttpRequest, run: CourseRun, **forms) -> dict:
    people = list(participants(run))
    waiting = sorted((p for p in people if p.state == EnrolmentState.QUEUED), key=lambda p: (p.requested_at, p.pk))
    taking_part = [p for p in people if p.state != EnrolmentState.QUEUED]
    sessions = list(run.sessions.all())
    marks = {(a.enrolment_id, a.session_id): a.state for p in people for a in p.attendance.all()}
    return {
        "run": run,
        "course": run.course,
        "state": run.state.label.capitalize(),
        "sessions": sessions,
        "begun": run.starts_on <= clock.today(),
        "rows": [
            {
                "enrolment": p,
                "badge": badges.of_enrolment(p),
                "marks": [(s, marks.get((p.pk, s.pk), AttendanceState.UNKNOWN)) for s in sessions],
                "may_record": p.state in (EnrolmentState.ASSOCIATED, EnrolmentState.FINISHED),
            }
            for p in taking_part
        ],
        "waiting": waiting,
        "open": any(p.state == EnrolmentState.ASSOCIATED for p in taking_part),
        "taken": sum(p.state in EnrolmentState.holding_a_seat() for p in people),
        "may_manage": manages_run(request.user, run),
        "may_record": request.user.has_perm("enrolment.record_attendance", run),
        "add_form": AddPersonForm(),
        **forms,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, number: str, session: int) -> HttpResponse:
    """The sheet of one session."""
    run = _run(request, number)
    meeting = get_object_or_404(Session, pk=session, run=run)
    recorded = (EnrolmentState.ASSOCIATED, EnrolmentState.FINISHED)
    people = [p for p in participants(run) if p.state in recorded]
    known = {a.enrolment_id: a.state for p in people for a in p.attendance.all() if a.session_id == meeting.pk}
    initial = {f"{name}{pk}": mark for pk, mark in known.items() for name in ("p", "seen")}
    form = AttendanceForm(request.POST or None, enrolments=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals.refusals_as_messages(request) as outcome:
            changed = services.record_attendance(
                session=meeting, marks=form.marks(), seen=form.seen(), actor=request.user
            )
        if outcome.ok:
            saved = ngettext("Saved: %(n)s change.", "Saved: %(n)s changes.", changed) % {"n": changed}
            messages.success(request, saved)
            return redirect("enrolment:run-desk", number=number)
    context = {"run": run, "course": run.course, "session": meeting, "form": form, "states": AttendanceState.choices}
    return render(request, "enrolment/attendance.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How it ended for one participant."""
    run = _run(request, number)
    enrolment = get_object_or_404(Enrolment.objects.select_related("person"), pk=pk, run=run)
    initial = {
        "outcome": enrolment.outcome or Outcome.COMPLETED,
        "score": enrolment.score,
        "version": enrolment.version,
    }
    form = OutcomeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals.refusals_as_messages(request) as result:
            services.record_outcome(enrolment=enrolment, actor=request.user, **form.cleaned_data)
        if result.ok:
            messages.success(request, _("Saved for %(person)s.") % {"person": enrolment.person.full_name})
            return redirect("enrolment:run-desk", number=number)
    context = {"run": run, "course": run.course, "enrolment": enrolment, "form": form}
    return render(request, "enrolment/outcome.html", context)


@login_required
@require_POST
def complete_present(request: HttpRequest, number: str) -> HttpResponse:
    """Everybody who was present at every session has completed the run."""
    run = _run(request, number)
    with refusals.refusals_as_messages(request) as result:
        done = services.complete_present(run=run, actor=request.user)
    if result.ok:
        words = ngettext("%(n)s person has completed the run.", "%(n)s people have completed the run.", done)
        messages.success(request, words % {"n": done})
    return redirect("enrolment:run-desk", number=number)


@login_required
@require_POST
def add_person(request: HttpRequest, number: str) -> HttpResponse:
    """A course manager enrols somebody, beyond the seats when there is a reason."""
    run = _run(request, number)
    form = AddPersonForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            enrolment = services.enrol(
                person=data["email"], run=run, actor=request.user, over=data["over"], reason=data["reason"]
            )
        except refusals.DomainError as error:
            refusals.add_to_form(form, error)
        else:
            place = position_of(enrolment)
            words = _("%(person)s is on the waiting list, place %(n)s.") if place else _("%(person)s is enrolled.")
            messages.success(request, words % {"person": enrolment.person.full_name, "n": place})
            return redirect("enrolment:run-desk", number=number)
    return render(request, "enrolment/run_desk.html", _desk_context(request, run, add_form=form), status=400)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_run(request: HttpRequest, number: str) -> HttpResponse:
    """Call the run off; everybody is told why."""
    run = _run(request, number)
    if not manages_run(request.user, run):
        raise Http404
    form = CancelRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals.refusals_as_messages(request) as result:
            told = services.cancel_run(run=run, actor=request.user, **form.cleaned_data)
        if result.ok:
            words = ngettext("Called off; %(n)s person is told.", "Called off; %(n)s people are told.", told)
            messages.success(request, words % {"n": told})
            return redirect("enrolment:run-desk", number=number)
    context = {"run": run, "course": run.course, "form": form, "affected": run.enrolments.active().count()}
    return render(request, "enrolment/cancel_run.html", context)
