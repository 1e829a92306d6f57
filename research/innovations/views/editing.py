"""Put in an innovation and fill it in, step by step; and what is like it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import UserRateThrottle

from academy.accounts.models import Membership, Role
from academy.core.editing.page import StepPage
from academy.core.editing.progress import next_to
from academy.core.editing.step_form import ShownSection, StepForm
from academy.core.errors import InvalidInput, Unknown
from academy.core.refusals import refusals_as_messages
from academy.core.translation import current, pick

from .. import record as records
from ..forms.asking import Asking, address, place_of_refused
from ..forms.picked import PickedElement
from ..forms.sources import Sources
from ..forms.steps import INTAKE
from ..forms.subject import for_editing, subject_for
from ..forms.table import FteRow
from ..models import Innovation
from ..permissions import visible_to
from ..record import IDEA, STEPS, Record
from ..services import publishing, saving
from ..similar import Similar, similar_to
from ..states import PublicationState

PARTS_OF_SIMILAR = ("title", "problem", "how_it_works")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def put_in(request: HttpRequest) -> HttpResponse:
    """The six fields to start with; everything else comes later."""
    if not request.user.has_perm("innovations.put_in"):
        raise Http404
    form = _intake(request)
    if request.method == "POST" and (innovation := _put_in(request, form)):
        text = _("Kept as a draft. Look below whether somebody had the idea before, and go on whenever you like.")
        messages.success(request, text)
        return redirect(address(innovation, IDEA))
    form.begin()
    context = {"form": form, "sections": form.sections(None), "similar": _similar_of_text(request)}
    return render(request, "innovations/edit/put_in.html", context)


def _intake(request: HttpRequest) -> StepForm:
    """An empty record of which the asker is the owner; their hospital is chosen where there is a choice."""
    record = {**records.empty(), "owner": request.user.pk}
    data = request.POST if request.method == "POST" else None
    sources = Sources(request.user, record, data)
    if sources.own_hospitals and (own := sources.own_hospital(request.user)):
        record["organisations"] = [own]
    return StepForm(subject_for(request.user), INTAKE, record, sources, data)


def _put_in(request: HttpRequest, form: StepForm) -> Innovation | None:
    """The new draft; None when something has to be looked at again."""
    values = form.values()
    if not any(values.get(name) for name in ("title_nl", "title_en")):
        form.refuse({f"title_{current()}": [_("Give it a name, so that you find it again.")]})
    try:
        form.subject.clean(values)
    except InvalidInput as problem:
        form.refuse(problem.fields)
    if form.errors:
        return None
    with refusals_as_messages(request) as outcome:
        return saving.put_in(actor=request.user, values={name: value for name, value in values.items() if value})
    form.refuse(outcome.error.fields)
    return None


def _similar_of_text(request: HttpRequest) -> list[Similar]:
    """What is like what was typed and came back; nothing for an empty page."""
    words = [request.POST.get(f"{name}_{code}", "") for name in PARTS_OF_SIMILAR for code in ("nl", "en")]
    return similar_to(" ".join(words), request.user)


@login_required
@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """What is like the words in the address, as a piece of the page; for members, and not without end."""
    if not request.user.has_perm("innovations.put_in"):
        raise Http404
    if not UserRateThrottle().allow_request(request, None):
        return JsonResponse({"code": "throttled", "detail": _("Too many questions in a short time.")}, status=429)
    found = similar_to(request.GET.get("q", ""), request.user, request.GET.get("besides", ""))
    html = render_to_string("innovations/edit/similar_list.html", {"similar": found})
    words = ngettext("%(n)s innovation is like this.", "%(n)s innovations are like this.", len(found))
    return JsonResponse({"count": len(found), "said": words % {"n": len(found)} if found else "", "html": html})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """One step: shown as it is stored, saved as far as it can be."""
    if step not in STEPS:
        raise Http404
    innovation = for_editing(visible_to(Innovation.objects.all(), request.user)).filter(number=number).first()
    if innovation is None:
        raise Http404
    if not request.user.has_perm("innovations.edit", innovation):
        return redirect(innovation)
    try:
        return InnovationPage(request, innovation, step).answer()
    except Unknown:  # taken off the team in this very moment
        raise Http404 from None


class InnovationPage(StepPage):
    """A step of one innovation for one editor."""

    template = "innovations/edit/step.html"
    onward_words = ("next", "back", "later", "submit")

    def __init__(self, request: HttpRequest, innovation: Innovation, step: str) -> None:
        super().__init__(request, innovation, step)
        self.subject = subject_for(request.user)
        self.incomplete: list[Any] = []

    def sources(self, record: Record, data: Any = None) -> Sources:
        return Sources(self.request.user, record, data, self.object)

    def onward(self, then: str) -> HttpResponse:
        """To the next step, to what is mine, or handed in."""
        if then == "submit":
            return self._submit()
        direction = {"next": 1, "back": -1}.get(then, 0)
        if goal := direction and next_to(STEPS, self.step, direction):
            return redirect(address(self.object, goal))
        return redirect(self.object if then == "next" else "innovations:mine")

    def _submit(self) -> HttpResponse:
        with refusals_as_messages(self.request) as outcome:
            publishing.submit(innovation=self.object, actor=self.request.user, seen=self.object.version)
        if outcome.ok:
            messages.success(self.request, handed_in_words(self.object))
            return redirect(self.object)
        self.incomplete = [place_of_refused(self.object, name) for name in outcome.error.fields]
        return self.show(self.form())

    def sections(self, form: StepForm, record: Record) -> list[ShownSection]:
        asking = Asking(self.object, record)
        return form.sections(self.object, later=asking.later, marks=asking.marks)

    def parts(self, form: StepForm, record: Record) -> dict[str, str]:
        """What is still missing, the marks at fields, what figures come to, and what numbers stand for."""
        asking = Asking(self.object, record)
        found = {"missing": render_to_string("innovations/edit/missing.html", {"asking": asking})}
        for name, element in form.elements.items():
            if mark := asking.marks.get(name):
                found[f"asked-{name}"] = render_to_string("editing/mark.html", {"mark": mark})
            for row in getattr(element, "forms", ()):
                if isinstance(row, FteRow):
                    found[f"{row.prefix}-worked-out"] = row.worked_out
            if isinstance(element, PickedElement):
                records = [(key, element.pick.title(record)) for key, record in element.added.items()]
                found[f"found-{name}"] = render_to_string("innovations/edit/found.html", {"records": records})
        return found

    def frame(self, record: Record) -> dict[str, Any]:
        asking = Asking(self.object, record)
        return {
            "innovation": self.object,
            "title": pick(self.object, "title") or _("Untitled innovation"),
            "number": self.object.number,
            "kicker": _("Innovation"),
            "steps": asking.knots(self.step),
            "back_step": next_to(STEPS, self.step, -1),
            "last_step": not next_to(STEPS, self.step, 1),
            "asking": asking,
            "is_draft": self.object.publication_state == PublicationState.DRAFT,
            "incomplete": self.incomplete,
            "similar": self._similar() if self.step == IDEA else None,
        }

    def _similar(self) -> list[Similar]:
        words = [getattr(self.object, f"{name}_{code}") for name in PARTS_OF_SIMILAR for code in ("nl", "en")]
        return similar_to(" ".join(words), self.request.user, self.object.number)


def handed_in_words(innovation: Innovation) -> str:
    """Who looks at what was handed in."""
    hospitals = list(innovation.organisations.all())
    held = Membership.objects.in_force().filter(role=Role.INNOVATION_MANAGER, organisation__in=hospitals)
    names = sorted({row.person.full_name for row in held.select_related("person")})
    said = {"hospitals": _(" and ").join(row.short_name for row in hospitals), "names": ", ".join(names[:3])}
    if not names:
        return _("Handed in. An innovation manager of %(hospitals)s looks at it.") % said
    return _("Handed in. An innovation manager of %(hospitals)s looks at it: %(names)s.") % said


urlpatterns = [
    path(pgettext_lazy("path", "put-in/"), put_in, name="put_in"),
    path(pgettext_lazy("path", "similar/"), similar, name="similar"),
    path(pgettext_lazy("path", "<innovation:number>/edit/<slug:step>/"), step, name="step"),
]
