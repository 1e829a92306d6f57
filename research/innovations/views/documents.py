"""Files of an innovation: a list with an upload for its team and the innovation managers, and each file for them."""

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
from academy.core.errors import DomainError
from research.studies.review_forms import UploadForm

from ..models import Innovation
from ..selectors import innovation_for
from ..services.documents import add_document, open_document
from .known import or_404


def _near(request: HttpRequest, number: str) -> Innovation:
    """The innovation, for whom may see what is for the team; else 404."""
    innovation = or_404(innovation_for, request.user, number)
    if not request.user.has_perm("innovations.see_team", innovation):
        raise Http404
    return innovation


@login_required
@require_safe
def document(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """The exact bytes, as a download that no cache keeps and no browser interprets."""
    found = or_404(open_document, innovation=_near(request, number), pk=pk, user=request.user)
    return as_download(found.file, name=found.name, content_type=found.content_type)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, number: str) -> HttpResponse:
    """Every file of the innovation, the newest first, with a form for one more."""
    innovation = _near(request, number)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        try:
            added = add_document(innovation=innovation, actor=request.user, upload=form.cleaned_data["document"])
        except DomainError as error:
            refusals.add_to_form(form, error)
        else:
            messages.success(request, _("Added: %(name)s") % {"name": added.name})
            return redirect("innovations:documents", number=number)
    context = {
        "innovation": innovation,
        "documents": innovation.documents.select_related("uploaded_by"),
        "form": form,
        "may_add": request.user.has_perm("innovations.attach", innovation),
    }
    return render(request, "innovations/record/documents.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path(pgettext_lazy("path", "<innovation:number>/documents/"), documents, name="documents"),
    path(pgettext_lazy("path", "<innovation:number>/documents/<int:pk>/"), document, name="document"),
]
