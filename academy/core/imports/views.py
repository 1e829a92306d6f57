"""Pages of an import: give a file, see what it would do, answer, confirm, follow it. Only who gave the file sees it."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import events
from ..errors import DomainError, Unknown
from ..exports.http import csv_download, file_download
from ..paging import page_of
from ..refusals import add_to_form, refusals_as_messages
from . import asking, report, showing
from .contract import Importer, importer
from .forms import UploadForm, answers_of
from .limits import USUAL
from .models import ImportJob, JobState
from .tables import TableImporter, explained
from .tables.template import CONTENT_TYPES
from .uploads import SizeLimit

ROWS = 25


@csrf_exempt  # until the limit on uploads is in place: the check reads the whole request
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose a file; below it what this person imported before."""
    request.upload_handlers.insert(0, SizeLimit(request, USUAL.file))
    return _start(request, kind)


@login_required
@csrf_protect
def _start(request: HttpRequest, kind: str) -> HttpResponse:
    found = _importer(request, kind)
    form, options = _forms(request, found)
    if request.method == "POST" and form.is_valid() and (options is None or options.is_valid()):
        chosen = options.cleaned_data if options else {}
        try:
            job = asking.upload(importer=found, file=form.cleaned_data["file"], options=chosen, actor=request.user)
        except DomainError as error:
            error.fields = error.fields or {"file": [str(error)]}
            add_to_form(form, error)
        else:
            return redirect("imports:job", kind=kind, key=job.key)
    jobs = page_of(request, ImportJob.objects.filter(kind=kind, person_id=str(request.user.pk)), size=20)
    context = {"importer": found, "form": form, "options": options, "page": jobs, "rows": _listed(jobs)}
    if isinstance(found, TableImporter):
        context["columns"] = explained(found.columns())
    return render(request, "imports/start.html", context, status=400 if request.method == "POST" else 200)


def _forms(request: HttpRequest, found: Importer) -> tuple[UploadForm, Any]:
    if request.method != "POST":
        return UploadForm(importer=found), found.options_form(user=request.user)
    data, files = request.POST, request.FILES
    form = UploadForm(data, files, importer=found, cut_short=request.upload_too_large)
    return form, found.options_form(data, user=request.user)


def _listed(jobs: Any) -> list[dict[str, Any]]:
    return [{"job": job, "badge": showing.state_badge(job)} for job in jobs]


@login_required
@require_safe
def job(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Where this import stands: progress, what was found record by record, or what was done."""
    found, one = _job(request, kind, key)
    tab = request.GET.get("show", "")
    tab = tab if tab in showing.TABS else ""
    context = {
        "importer": found,
        "job": one,
        "badge": showing.state_badge(one),
        "working": one.state in JobState.for_the_worker(),
        "checked": one.state == JobState.CHECKED,
        "progress_words": showing.progress_words(one),
    }
    if not context["working"]:
        page = page_of(request, showing.rows_of(one, tab), size=ROWS)
        words = found.for_page()
        rows = [showing.shown(row, words, one) for row in page]
        asks = context["checked"] and any(line.questions for line in rows)
        context |= {"page": page, "rows": rows, "asks": asks, "tab": tab, "tabs": showing.tabs(one, tab)}
        context["question_count"] = one.rows.with_questions().count()
    if context["checked"]:
        context |= {"confirm_words": showing.confirm_words(one), "writes": asking.writes_anything(one)}
    return render(request, "imports/job.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Keep the choices of the page that was sent, then do what its button says: go on, confirm, or nothing more."""
    _found, one = _job(request, kind, key)
    with refusals_as_messages(request) as outcome:
        asking.answer(job=one, answers=answers_of(one, request.POST))
        if (every := request.POST.get("every")) in ("ours", "theirs"):
            asking.answer_all(job=one, takes_source=every == "theirs")
        if "confirm" in request.POST:
            asking.confirm(job=one, actor=request.user)
    if request.headers.get("HX-Request") and outcome.ok:
        return HttpResponse(status=204)
    if outcome.ok and "save" in request.POST:
        messages.success(request, _("Your choices are saved."))
    return _back(request, one)


@login_required
@require_POST
def discard(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Import nothing of the file."""
    _found, one = _job(request, kind, key)
    with refusals_as_messages(request) as outcome:
        asking.discard(job=one, actor=request.user)
    if outcome.ok:
        messages.success(request, _("Nothing of %(file)s is imported.") % {"file": one.name})
        return redirect("imports:start", kind=kind)
    return _back(request, one)


@login_required
@require_safe
def download(request: HttpRequest, kind: str, key: UUID) -> HttpResponseBase:
    """The report as CSV."""
    found, one = _job(request, kind, key)
    events.record(actor=request.user, object=one, verb="export")
    return csv_download(report.COLUMNS, report.rows(one, found.for_page()), f"import-{one.name.rpartition('.')[0]}")


@login_required
@require_safe
def template(request: HttpRequest, kind: str, ending: str) -> HttpResponseBase:
    """An empty table with the columns that this importer reads."""
    found = _importer(request, kind)
    if not isinstance(found, TableImporter) or ending not in CONTENT_TYPES:
        raise Http404
    name = f"{pgettext('name of a file', 'template')}-{kind}.{ending}"
    return file_download(BytesIO(found.template(ending)), name, CONTENT_TYPES[ending])


def _importer(request: HttpRequest, kind: str) -> Importer:
    """The importer of this kind, when the person may use it; else it does not exist."""
    try:
        found = importer(kind)
    except Unknown:
        raise Http404 from None
    if not found.may(request.user):
        raise Http404
    return found


def _job(request: HttpRequest, kind: str, key: UUID) -> tuple[Importer, ImportJob]:
    found = _importer(request, kind)
    return found, get_object_or_404(ImportJob, kind=kind, key=key, person_id=str(request.user.pk))


def _back(request: HttpRequest, one: ImportJob) -> HttpResponse:
    """To the page of the job, and there to the page of records that the button named."""
    query = request.POST.get("go", "")
    stays = query.startswith("?") and "confirm" not in request.POST
    return redirect(reverse("imports:job", kwargs={"kind": one.kind, "key": one.key}) + (query if stays else ""))
