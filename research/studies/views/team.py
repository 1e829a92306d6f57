"""Who of the team may read or edit a study: invite, change, take off."""

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
from academy.core.errors import DomainError
from academy.core.refusals import refusals_as_messages

from ..forms.starting import InviteForm
from ..models import Access, Study
from ..permissions import visible_to
from ..record import ACCESS
from ..selectors import for_editing
from ..services import inviting
from .known import number_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, number: str) -> HttpResponse:
    """The team, with a form to invite; what the forms of the access step send comes here, too."""
    study = for_editing(visible_to(Study.objects.all(), request.user)).filter(number=number).first()
    if study is None or not request.user.has_perm("studies.invite", study):
        raise Http404
    form = InviteForm(request.POST) if request.POST.get("do") == "invite" else InviteForm()
    if request.method == "POST" and _act(request, study, form):
        return redirect(_back(request, study))
    return render(request, "studies/edit/team.html", {"study": study, **context(study, request.user, form)})


def _act(request: HttpRequest, study: Study, form: InviteForm) -> bool:
    """Do what was asked; False when the form has to be looked at again."""
    if form.is_bound:
        return form.is_valid() and _invite(request, study, form)
    access = study.access.filter(pk=number_of(request.POST.get("access", ""))).first()
    with refusals_as_messages(request) as outcome:
        if access is not None and request.POST.get("do") == "level":
            inviting.invite(study=study, actor=request.user, email=access.email, level=request.POST.get("level", ""))
        elif access is not None:
            inviting.withdraw_access(access=access, actor=request.user)
    if outcome.ok and access is not None:
        messages.success(request, _("The team has been changed."))
    return True


def _invite(request: HttpRequest, study: Study, form: InviteForm) -> bool:
    try:
        access = inviting.invite(study=study, actor=request.user, **form.cleaned_data)
    except DomainError as error:
        refusals.add_to_form(form, error)
        return False
    messages.success(request, _("%(person)s has been invited.") % {"person": access.person or access.email})
    return True


def _back(request: HttpRequest, study: Study) -> str:
    if request.POST.get("back") == ACCESS and request.user.has_perm("studies.edit", study):
        return f"{reverse('studies:step', kwargs={'number': study.number, 'step': ACCESS})}#team"
    return reverse("studies:team", kwargs={"number": study.number})


def context(study: Study, user: Any, form: InviteForm | None = None) -> dict[str, Any]:
    """What the part of a page shows that is about the team."""
    rows = list(Access.objects.filter(study=study).select_related("person"))
    return {
        "team": [row for row in rows if row.person],
        "invited": [row for row in rows if not row.person],
        "levels": Access.Level.choices,
        "invite_form": form or InviteForm(),
        "me": user,
    }


urlpatterns = [path(pgettext_lazy("path", "<study:number>/team/"), team, name="team")]
