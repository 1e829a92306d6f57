"""The course manager's pages: which certificates there are, what happened to one, revoke it, award again."""

from collections.abc import Callable
from functools import partial
from typing import Any

import rules
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.core import pdf
from academy.core.errors import DomainError
from academy.core.paging import page_of
from academy.core.refusals import add_to_form

from .. import selectors, services
from ..forms import FilterForm, ReasonForm
from ..showing import entry, full_rows, history
from .mine import found

PER_PAGE = 25
MOST_MISSING = 50


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Certificates of the own organisation's courses, filtered; and completed enrolments that have none."""
    if not rules.has_perm("certificates.list", request.user):
        raise Http404
    form = FilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    page = page_of(request, selectors.matching(selectors.seen_by(request.user), filters), size=PER_PAGE)
    services.record_listing(certificates=page.object_list, actor=request.user)
    context = {
        "form": form,
        "page": page,
        "entries": [entry(certificate) for certificate in page.object_list],
        "missing": selectors.completed_without(request.user)[:MOST_MISSING],
        "why_not": pdf.available()[1],
    }
    return render(request, "certificates/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def detail(request: HttpRequest, token: str) -> HttpResponse:
    """One certificate with its history; POST revokes it and keeps what was typed when that is refused."""
    certificate = found(request, token, "certificates.see")
    may_revoke = rules.has_perm("certificates.revoke", request.user, certificate)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not may_revoke:
            raise PermissionDenied
        if _carried_out(form, partial(services.revoke, certificate=certificate, actor=request.user)):
            messages.success(request, _("The certificate has been revoked. The holder gets a message."))
            return redirect("certificates:detail", token=certificate.token)
    else:
        services.record_reading(certificate=certificate, actor=request.user, verb="read")
    context = {
        **entry(certificate),
        "facts": full_rows(certificate),
        "history": history(certificate),
        "form": form,
        "may_revoke": may_revoke and certificate.revoked_at is None,
    }
    return render(request, "certificates/detail.html", context, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def award(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Award by hand what the rule leaves alone: completed, but the certificate was revoked."""
    chosen = get_object_or_404(selectors.completed_without(request.user), pk=enrolment)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and _carried_out(form, partial(services.award, enrolment=chosen, actor=request.user)):
        messages.success(request, _("The certificate has been awarded. The file follows soon."))
        return redirect("certificates:overview")
    status = 400 if request.method == "POST" else 200
    return render(request, "certificates/award.html", {"enrolment": chosen, "form": form}, status=status)


def _carried_out(form: ReasonForm, service: Callable[..., Any]) -> bool:
    """Whether the service did it with this reason; what it refuses is shown in the form."""
    if not form.is_valid():
        return False
    try:
        service(reason=form.cleaned_data["reason"])
    except DomainError as error:
        add_to_form(form, error)
        return False
    return True
