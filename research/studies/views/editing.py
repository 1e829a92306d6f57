"""Register a study and fill it in, step by step."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from academy.core.editing.page import StepPage
from academy.core.editing.progress import next_to
from academy.core.editing.step_form import ShownSection, StepForm
from academy.core.errors import Unknown
from academy.core.refusals import refusals_as_messages

from .. import checks
from .. import record as records
from ..forms import progress, remarks
from ..forms.sources import Sources
from ..forms.starting import RegisterForm
from ..forms.subject import SUBJECT
from ..models import Study
from ..permissions import visible_to
from ..record import BASIS, CHECK, KIND, STEPS
from ..routes import of_study as routes_of
from ..selectors import for_editing, mine, same_identifiers
from ..services import saving
from ..states import PublicationState
from . import checking, team
from .around import frame

MOST_EARLIER = 20  # studies that the start page offers to copy, the last changed first


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
        return StudyPage(request, study, step).answer()
    except Unknown:  # taken off the team in this very moment
        raise Http404 from None


class StudyPage(StepPage):
    """A step of one study for one editor."""

    subject = SUBJECT
    template = "studies/edit/step.html"

    def __init__(self, request: HttpRequest, study: Study, step: str) -> None:
        super().__init__(request, study, step)
        self.remarks = remarks.of_study(study)

    def answer(self) -> HttpResponse:
        """The last step has no form of its own."""
        if self.step == CHECK:
            return checking.answer(self.request, self.object, self.remarks)
        return super().answer()

    def sources(self, record: records.Record, data: Any = None) -> Sources:
        return Sources(record["study_type"])

    def also_keep(self) -> None:
        """Answers to remarks."""
        count = remarks.answer(self.remarks, self.request.POST, self.request.user)
        if count:
            words = ngettext("Your answer has been kept.", "Your answers have been kept.", count)
            messages.success(self.request, words)
            self.remarks = remarks.of_study(self.object)

    def not_kept(self) -> None:
        remarks.as_typed(self.remarks, self.request.POST)

    def onward(self, then: str) -> HttpResponse:
        direction = {"next": 1, "back": -1}.get(then, 0)
        if goal := direction and next_to(STEPS, self.step, direction):
            return redirect(progress.address(self.object, goal))
        return redirect("studies:mine")

    def problems(self, record: records.Record) -> checks.Problems:
        """What does not fit, and in the step of the numbers other studies that have the same one."""
        problems = checks.problems(record)
        if self.step == KIND:
            twins = same_identifiers(record["identifiers"], self.request.user, besides=self.object.pk)
            words = _("%(number)s: %(study)s has this number, too.")
            found = [words % {"number": number, "study": study} for number, study in twins.items()]
            if found:
                problems["identifiers"] = [*problems.get("identifiers", []), *found]
        return problems

    def sections(self, form: StepForm, record: records.Record) -> list[ShownSection]:
        return form.sections(self.object, remarks.at_fields(self.remarks))

    def frame(self, record: records.Record) -> dict[str, Any]:
        context = {
            **frame(self.object, record, self.step),
            "routes": routes_of(self.object) if self.step == KIND else (),
            "remark_template": "studies/edit/remark.html",
        }
        return context | (team.context(self.object, self.request.user) if self.step == "access" else {})


urlpatterns = [
    path(pgettext_lazy("path", "register/"), register, name="register"),
    path(pgettext_lazy("path", "<study:number>/edit/<slug:step>/"), step, name="step"),
    path(pgettext_lazy("path", "<study:number>/copy/"), copy, name="copy"),
    *team.urlpatterns,
]
