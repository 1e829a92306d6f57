"""Assess an innovation: TRL, complexity, classes and value, each a form of its own with what was said before."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from academy.core import refusals
from academy.core.errors import DomainError, Unknown
from academy.core.translation import pick

from ..assessments import Entry
from ..forms.assessing import FORMS, AssessForm
from ..models import Assessment, Innovation
from ..selectors import innovation_for
from ..services import assessing
from ..vocabularies import AssessmentKind


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, number: str) -> HttpResponse:
    """What can be assessed by this person, and what was said before, newest first."""
    try:
        innovation = innovation_for(request.user, number)
    except Unknown:
        raise Http404 from None
    if not request.user.has_perm("innovations.assess", innovation):
        return redirect(innovation)
    sent = _sent(request, innovation)
    if sent is not None and sent.is_valid() and _kept(request, innovation, sent):
        messages.success(request, _("The assessment has been kept."))
        return redirect(f"{reverse('innovations:assess', kwargs={'number': number})}#field-{sent.kind.value}")
    context = {
        "innovation": innovation,
        "title": pick(innovation, "title") or innovation.number,
        "parts": _parts(request.user, innovation, sent),
        "sent": sent,
    }
    return render(request, "innovations/edit/assess.html", context)


def _sent(request: HttpRequest, innovation: Innovation) -> AssessForm | None:
    """The form that was sent; none for a kind that does not exist or that this person does not assess."""
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in FORMS or not _may(request.user, innovation, kind):
        return None
    return FORMS[kind](request.POST)


def _may(user: Any, innovation: Innovation, kind: str) -> bool:
    return user.has_perm(assessing.NEEDS[AssessmentKind(kind)], innovation)


def _kept(request: HttpRequest, innovation: Innovation, form: AssessForm) -> bool:
    try:
        assessing.assess(innovation=innovation, actor=request.user, **form.arguments())
    except DomainError as error:
        refusals.add_to_form(form, error)
        return False
    return True


def _parts(user: Any, innovation: Innovation, sent: AssessForm | None) -> list[dict[str, Any]]:
    """For each kind its form, where this person fills it in, and its entries."""
    entries = list(Assessment.objects.filter(innovation=innovation).select_related("by").order_by("-on", "-pk"))
    parts = []
    for kind in AssessmentKind:
        form = None
        if _may(user, innovation, kind):
            form = sent if sent is not None and sent.kind == kind else FORMS[kind]()
        rows = [Entry(entry) for entry in entries if entry.kind == kind]
        parts.append({"kind": kind.value, "label": kind.label, "form": form, "rows": rows})
    return parts


urlpatterns = [path(pgettext_lazy("path", "<innovation:number>/assessments/"), assess, name="assess")]
