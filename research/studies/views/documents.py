"""Files of a study: a list with an upload for the team and the bureaus, and each file for whom it is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from academy.core import refusals
from academy.core.downloads import as_download
from academy.core.errors import DomainError, Unknown

from ..review_forms import UploadForm
from ..selectors import study_for
from ..services.documents import add_document, open_document
from .known import team_study


@login_required
@require_safe
def document(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """The exact bytes, as a download that no cache keeps and no browser interprets."""
    study = team_study(request, number, study_for)
    try:
        found = open_document(study=study, pk=pk, user=request.user)
    except Unknown:
        raise Http404 from None
    return as_download(found.file, name=found.name, content_type=found.content_type)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, number: str) -> HttpResponse:
    """Every file of the study, the newest first, with a form for one more."""
    study = team_study(request, number, study_for)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        try:
            added = add_document(study=study, actor=request.user, upload=form.cleaned_data["document"])
        except DomainError as error:
            refusals.add_to_form(form, error)
        else:
            messages.success(request, _("Added: %(name)s") % {"name": added.name})
            return redirect("studies:documents", number=number)
    context = {
        "study": study,
        "documents": study.documents.select_related("site__organisation", "uploaded_by"),
        "form": form,
        "may_add": request.user.has_perm("studies.attach", study),
    }
    return render(request, "studies/review/documents.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path(pgettext_lazy("path", "<study:number>/documents/"), documents, name="documents"),
    path(pgettext_lazy("path", "<study:number>/documents/<int:pk>/"), document, name="document"),
]
