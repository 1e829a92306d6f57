"""The holder's own certificates, and the file for everybody who may have it."""

import rules
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from academy.core import pdf
from academy.core.refusals import refusals_as_messages

from .. import selectors, services
from ..models import Certificate, CertificateFile
from ..showing import entry
from ..states import CertificateState


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """All my certificates, the newest first."""
    certificates = list(selectors.of_person(request.user))
    entries = [entry(certificate) for certificate in certificates]
    waits = any(each.state == CertificateState.PENDING for each in certificates)
    why_not = pdf.available()[1] if waits else ""
    return render(request, "certificates/mine.html", {"entries": entries, "why_not": why_not})


@require_POST
@login_required
def initials(request: HttpRequest, token: str) -> HttpResponse:
    """Show only initials to strangers, or the name again."""
    certificate = found(request, token, "certificates.reduce_name")
    wanted = request.POST.get("initials") == "yes"
    with refusals_as_messages(request) as outcome:
        services.show_initials(certificate=certificate, actor=request.user, initials=wanted)
    if outcome.ok:
        text = (
            _("Who checks this certificate now sees only your initials.")
            if wanted
            else _("Who checks this certificate now sees your name.")
        )
        messages.success(request, text)
    return redirect("certificates:mine")


def found(request: HttpRequest, token: str, permission: str) -> Certificate:
    """The certificate when this person may; for everybody else there is none."""
    certificate = selectors.by_token(token)
    if certificate is None or not rules.has_perm(permission, request.user, certificate):
        raise Http404
    return certificate


def _file(request: HttpRequest, token: str) -> CertificateFile | None:
    """The file, kept on the request so that its ETag and its bytes are one query."""
    if not hasattr(request, "certificate_file"):
        certificate = found(request, token, "certificates.download")
        request.certificate_file = CertificateFile.objects.filter(certificate=certificate).first()
        if request.certificate_file:
            request.certificate_file.certificate = certificate
    return request.certificate_file


def _etag(request: HttpRequest, token: str) -> str | None:
    file = _file(request, token)
    return f'"{file.sha256}"' if file else None


@require_safe
@login_required
@condition(etag_func=_etag)
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The exact bytes that were issued; 404 while they are not made."""
    file = _file(request, token)
    if file is None:
        raise Http404(_("The file of this certificate is still being made."))
    services.record_reading(certificate=file.certificate, actor=request.user, verb="download")
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    name = f"{file.certificate.facts['course']}-{file.certificate.token}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, private=True, no_store=True)
    return response
