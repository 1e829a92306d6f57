"""Register a study and fill it in, step by step."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from academy.core.errors import Unknown
from academy.core.refusals import refusals_as_messages

from .. import checks
from .. import record as records
from ..forms import progress, remarks
from ..forms.sources import Sources
from ..forms.starting import RegisterForm
from ..forms.step_form import StepForm
from ..forms.submission import Submission, shown_again, submit
from ..models import Study
from ..permissions import visible_to
from ..record import BASIS, CHECK, KIND, STEPS
from ..routes import of_study as routes_of
from ..selectors import for_editing, mine, same_identifiers
from ..services import saving
from ..states import PublicationState
from . import checking, team
from .around import frame, saved_words, words_of_autosave

MOST_EARLIER = 20  # studies that the start page offers to copy, the last changed first
AUTOSAVE = "X-Autosave"  # the header with which the page saves by itself


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Begin: a new study, a copy of an earlier one, or (for the bureau) an import."""
    may_register, may_import = request.user.has_perm("studies.register"), request.user.has_perm("studies.import")
    if not may_register and not may_import:
        raise Http404
    form = RegisterForm(request.POST or None, sources=Sources(), user=request.user) if may_register else None
    if form is not None and request.method == "POST" and form.is_valid():
        with refusals_as_messages(request) as outcome:
            study = saving.register(actor=request.user, values=form.record())
        if outcome.ok:
            return redirect("studies:step", number=study.number, step=BASIS)
    earlier = mine(request.user)[:MOST_EARLIER] if may_register else ()
    context = {"form": form, "earlier": earlier, "may_import": may_import}
    return render(request, "studies/edit/register.html", context)


@login_required
@require_POST
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """A new draft with the design of this study."""
    original = for_editing(visible_to(Study.objects.all(), request.user)).filter(number=number).first()
    if original is None:
        raise Http404
    with refusals_as_messages(request) as outcome:
        study = saving.register(actor=request.user, copied_from=original)
    if not outcome.ok:
        return redirect("studies:study", number=number)
    messages.success(request, _("This is a copy of %(number)s. Change what is different.") % {"number": number})
    return redirect("studies:step", number=study.number, step=BASIS)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """One step: shown as it is stored, saved as far as it can be."""
    if step not in STEPS:
        raise Http404
    studies = for_editing(visible_to(Study.objects.all(), request.user)).prefetch_related("sites__reviews")
    study = studies.filter(number=number).first()
    if study is None:
        raise Http404
    if not request.user.has_perm("studies.edit", study):
        if request.user.has_perm("studies.see_team", study):
            return redirect("studies:preview", number=number)
        raise Http404
    if study.publication_state == PublicationState.WITHDRAWN:
        messages.info(request, _("The study is offline. Once the science bureau publishes it again you can edit it."))
        return redirect("studies:study", number=number)
    try:
        return StepPage(request, study, step).answer()
    except Unknown:  # taken off the team in this very moment
        raise Http404 from None


class StepPage:
    """A step of one study for one editor."""

    def __init__(self, request: HttpRequest, study: Study, step: str) -> None:
        self.request, self.study, self.step = request, study, step
        self.remarks = remarks.of_study(study)

    def answer(self) -> HttpResponse:
        if self.step == CHECK:
            return checking.answer(self.request, self.study, self.remarks)
        if self.request.method != "POST":
            return self.show(self._form_as_stored())
        return self._save()

    def _form_as_stored(self) -> StepForm:
        record = records.current(self.study)
        return StepForm(self.step, record, Sources(record["study_type"]))

    def _save(self) -> HttpResponse:
        data, by_itself = self.request.POST, AUTOSAVE in self.request.headers
        outcome = None
        with refusals_as_messages(self.request) as done:
            outcome = submit(study=self.study, actor=self.request.user, step=self.step, data=data, by_itself=by_itself)
            if not by_itself:
                self._answer_remarks()
        if not done.ok:
            remarks.as_typed(self.remarks, data)
        if outcome is None:
            return self._refused(data, by_itself)
        self.study = outcome.study
        if by_itself:
            return JsonResponse(self._told(outcome))
        if outcome.settled and done.ok and data.get("then") in ("next", "back", "later"):
            return redirect(self._onward(data["then"]))
        form = shown_again(outcome, data)
        form.change_rows(data.get("add", ""), data.get("remove", ""))
        return self.show(form, outcome)

    def _refused(self, data: Any, by_itself: bool) -> HttpResponse:
        """Nothing can be saved at all; what was typed stays in the page, the message says why."""
        if by_itself:
            return JsonResponse({}, status=409)
        record = records.current(self.study)
        form = StepForm(self.step, record, Sources(record["study_type"]), data)
        form.values()
        return self.show(form)

    def _answer_remarks(self) -> None:
        count = remarks.answer(self.remarks, self.request.POST, self.request.user)
        if count:
            words = ngettext("Your answer has been kept.", "Your answers have been kept.", count)
            messages.success(self.request, words)
            self.remarks = remarks.of_study(self.study)

    def _onward(self, then: str) -> str:
        direction = {"next": 1, "back": -1}.get(then, 0)
        if goal := direction and progress.next_to(self.step, direction):
            return progress.address(self.study, goal)
        return reverse("studies:mine")

    def _told(self, outcome: Submission) -> dict[str, Any]:
        """What the page is told after it saved by itself."""
        form = outcome.form
        problems = self._problems(records.current(self.study))
        problems = {name: texts for name, texts in problems.items() if name in form.elements}
        context = {"questions": outcome.questions, "study": self.study}
        return {
            "version": self.study.version,
            "saved_at": saved_words(self.study),
            "seen": outcome.seen,
            "problems": {**problems, **form.errors},
            "clashes": [question.name for question in outcome.questions],
            "clashes_html": render_to_string("studies/edit/conflict.html", context) if outcome.questions else "",
        }

    def _problems(self, record: records.Record) -> checks.Problems:
        """What does not fit, and in the step of the numbers other studies that have the same one."""
        problems = checks.problems(record)
        if self.step == KIND:
            twins = same_identifiers(record["identifiers"], self.request.user, besides=self.study.pk)
            words = _("%(number)s: %(study)s has this number, too.")
            found = [words % {"number": number, "study": study} for number, study in twins.items()]
            if found:
                problems["identifiers"] = [*problems.get("identifiers", []), *found]
        return problems

    def show(self, form: StepForm, outcome: Submission | None = None) -> HttpResponse:
        """The page of the step."""
        record = records.current(self.study)
        form.warn({name: texts for name, texts in self._problems(record).items() if name not in form.errors})
        form.begin()
        waits = form.errors.keys() | {question.name for question in outcome.questions} if outcome else set()
        context = {
            **frame(self.study, record, self.step),
            "form": form,
            "sections": form.sections(self.study, remarks.at_fields(self.remarks)),
            "questions": outcome.questions if outcome else (),
            "seen": {name: version for name, version in outcome.seen.items() if name in waits} if outcome else {},
            "routes": routes_of(self.study) if self.step == KIND else (),
            "words": words_of_autosave(),
            "idle_seconds": settings.SESSION_IDLE_SECONDS,
        }
        if self.step == "access":
            context |= team.context(self.study, self.request.user)
        return render(self.request, "studies/edit/step.html", context)


urlpatterns = [
    path(pgettext_lazy("path", "register/"), register, name="register"),
    path(pgettext_lazy("path", "<study:number>/edit/<slug:step>/"), step, name="step"),
    path(pgettext_lazy("path", "<study:number>/copy/"), copy, name="copy"),
    *team.urlpatterns,
]
