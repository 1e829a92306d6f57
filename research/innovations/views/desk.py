"""The innovation manager's desk: ideas that were handed in, and the agenda of a steering group."""

import logging
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.core import clock, events, wording
from academy.core.exports.http import file_download, xlsx_download
from academy.core.paging import page_of
from academy.core.pdf import PdfError
from academy.core.translation import pick

from ..deciding_forms import WhyForm
from ..models import Innovation
from ..paper import press
from ..permissions import manager_of, organisation_ids
from ..similar import Similar, similar_to_each
from ..steering import Agenda, InnovationItem, Meeting, agenda
from ..steering_form import MeetingForm
from ..steering_sheet import COLUMNS, lines
from ..worklist import for_rows, handed_in

log = logging.getLogger(__name__)
SIZE = 15


def _for_managers(user: Any) -> None:
    """Whoever manages no innovations and does not audit has no queue."""
    if not user.has_perm("innovations.see_queue"):
        raise Http404


@login_required
@require_safe
def intake(request: HttpRequest) -> HttpResponse:
    """Ideas that were handed in, the oldest first, each with what is like it."""
    _for_managers(request.user)
    page = page_of(request, for_rows(handed_in(request.user)), size=SIZE)
    own, ideas = manager_of(request.user), list(page.object_list)
    alike = similar_to_each({idea.number: _words(idea) for idea in ideas}, request.user)
    context = {"page": page, "rows": [_row(idea, own, alike[idea.number]) for idea in ideas]}
    return render(request, "innovations/desk/intake.html", context)


def _words(idea: Innovation) -> str:
    """What the idea is compared by."""
    return f"{pick(idea, 'title')} {pick(idea, 'problem')}"


def _row(idea: Innovation, own: frozenset[int], similar: list[Similar]) -> dict[str, Any]:
    since, mine = clock.day_of(idea.handed_in_at), bool(own & organisation_ids(idea))
    return {
        "item": InnovationItem(idea, since, pick(idea, "problem"), mine),
        "innovation": idea,
        "days": (clock.today() - since).days,
        "similar": similar,
        "give_back": WhyForm(prefix="give_back", auto_id=f"id_{idea.pk}_%s"),
    }


@login_required
@require_safe
def steering(request: HttpRequest) -> HttpResponse:
    """What a body has to decide in a period, and everything else that asks for attention."""
    _for_managers(request.user)
    form = MeetingForm.of(request.GET, request.user)
    context = {**_agenda(request, form), "form": form, "query": request.GET.urlencode()}
    return render(request, "innovations/desk/steering.html", context)


def _agenda(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    found = agenda(request.user, form.meeting)
    late = ngettext("%(n)s overdue", "%(n)s overdue", found.late) % {"n": found.late} if found.late else ""
    return {
        "agenda": found,
        "meeting": form.meeting,
        "name": name_of(form.meeting),
        "late_words": late,
        "totals": _totals(found),
    }


def _totals(found: Agenda) -> list[dict[str, Any]]:
    """How much there is of each part, with the way to it."""
    parts = (
        ("gates", _("to decide"), len(found.gates)),
        ("conditions", _("conditions due"), len(found.conditions)),
        ("wake-ups", _("on hold, to look at again"), len(found.wake_ups)),
        ("reviews", _("to review again"), len(found.reviews)),
        ("ideas", _("new ideas"), len(found.ideas)),
        ("stalled", _("longer than 90 days in a stage"), found.stalled_count),
    )
    return [{"label": label, "value": count, "url": f"#{part}"} for part, label, count in parts]


def name_of(meeting: Meeting) -> str:
    """`Board of directors MST`, or what it is when any body is meant."""
    return str(pick(meeting.body, "name")) if meeting.body else _("All bodies")


@login_required
@require_safe
def steering_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same agenda as a sheet or as a PDF; the log keeps who took it."""
    _for_managers(request.user)
    if format not in _FILES:
        raise Http404
    form = MeetingForm.of(request.GET, request.user)
    response = _FILES[format](request, form)
    if response is None:
        messages.error(request, _("A PDF cannot be made on this machine. Print the page instead."))
        return redirect(f"{reverse('innovations:steering')}?{request.GET.urlencode()}")
    meeting = form.meeting
    events.record(
        actor=request.user,
        object=request.user,
        verb="export_steering_group",
        format=format,
        body=meeting.body.key if meeting.body else "",
        since=meeting.since.isoformat(),
        until=meeting.until.isoformat(),
    )
    return response


def _sheet(request: HttpRequest, form: MeetingForm) -> HttpResponseBase:
    found: Agenda = agenda(request.user, form.meeting)
    return xlsx_download(COLUMNS, lines(found), _file_name(form.meeting))


def _pdf(request: HttpRequest, form: MeetingForm) -> HttpResponseBase | None:
    """None when this machine cannot make one."""
    context = {**_agenda(request, form), "language": get_language(), "printed_on": clock.today()}
    try:
        content = press.print_document(render_to_string("innovations/desk/agenda_pdf.html", context))
    except PdfError:
        log.exception("The agenda of a steering group could not be printed")
        return None
    return file_download(BytesIO(content), f"{slugify(_file_name(form.meeting))}.pdf", "application/pdf")


def _file_name(meeting: Meeting) -> str:
    return f"{_('agenda')} {wording.plain_date(meeting.until)}"


_FILES = {"xlsx": _sheet, "pdf": _pdf}

urlpatterns = [
    path(pgettext_lazy("path", "intake/"), intake, name="intake"),
    path(pgettext_lazy("path", "steering-group/"), steering, name="steering"),
    path(pgettext_lazy("path", "steering-group/<slug:format>/"), steering_export, name="steering_export"),
]
