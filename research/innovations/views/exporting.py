"""Lists as files, with the columns and filters of the page; the log keeps who took which list along, and what for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core import events
from academy.core.exports.http import DOWNLOADS

from ..cells import ListColumn, Row, for_file, have_people
from ..filtering import Filter
from ..list_forms import LONGEST, PurposeForm
from ..look import Look
from ..questions import AT_ONCE, QUESTIONS, Question
from ..selectors import portfolio
from ..tabs import address

#: format in an address → what people call it
FORMATS = {"xlsx": "Excel", "csv": "CSV"}
#: parameters of an export that no page has
_OWN = ("list", "purpose")


@dataclass(frozen=True)
class Taken:
    """What somebody takes along: the list, its columns, its rows as they are read, and what the file is called."""

    name: str
    columns: Sequence[ListColumn]
    rows: Iterator[Row]
    file_name: str | Promise


@require_safe
def export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The whole list in its order; somebody signed in says what names of people are needed for."""
    if format not in FORMATS:
        raise Http404
    taken = _taken(request)
    purpose = request.GET.get("purpose", "").replace("\x00", "").strip()[:LONGEST]
    if request.user.is_authenticated:
        if have_people(taken.columns) and not purpose:
            return _ask(request, format, taken)
        _note(request, format, taken, purpose)
    return DOWNLOADS[format](for_file(taken.columns), taken.rows, str(taken.file_name))


def _taken(request: HttpRequest) -> Taken:
    name, user = request.GET.get("list", "list"), request.user
    if name == "list":
        look = Look.of(request.GET, user)
        found = look.innovations(user).iterator(chunk_size=AT_ONCE)
        return Taken(name, look.columns, (Row(one, user) for one in found), _("innovations"))
    question = QUESTIONS.get(name)
    if question is None:
        raise Http404
    records = records_of(question, Filter.of(request.GET), request)
    return Taken(name, question.columns, question.all_rows(records, user), question.file_name)


def records_of(question: Question, wanted: Filter, request: HttpRequest) -> QuerySet:
    """What answers the question, in order: of the viewer's portfolio, through the filters."""
    if question.own_words:
        wanted = wanted.with_("q")
    return question.find(wanted.apply(portfolio(request.user)), request.GET)


def _ask(request: HttpRequest, format: str, taken: Taken) -> HttpResponse:
    """What are these names needed for?"""
    form = PurposeForm(request.GET if "purpose" in request.GET else None)
    context = {
        "form": form,
        "format": FORMATS[format],
        "action": request.path,
        "hidden": [(name, value) for name, values in request.GET.lists() if name != "purpose" for value in values],
        "back": address(taken.name, _query(request)),
    }
    return render(request, "innovations/lists/purpose.html", context, status=400 if form.errors else 200)


def _note(request: HttpRequest, format: str, taken: Taken, purpose: str) -> None:
    events.record(
        actor=request.user,
        object=request.user,
        verb="export_innovations",
        reason=purpose,
        format=format,
        list=taken.name,
        columns=[column.name for column in taken.columns],
        query=_query(request)[:500],
    )


def _query(request: HttpRequest) -> str:
    """The query of the page that the file is made of."""
    query = request.GET.copy()
    for name in _OWN:
        query.pop(name, None)
    return query.urlencode()


def downloads(request: HttpRequest, name: str, columns: Sequence[ListColumn], pairs: list[tuple[str, str]]) -> dict:
    """What the template of a list needs to offer its files; `pairs` are what the list is filtered and sorted by."""
    return {
        "formats": [
            {"label": label, "url": reverse("innovations:export", kwargs={"format": format})}
            for format, label in FORMATS.items()
        ],
        "hidden": [("list", name), *pairs],
        "personal": request.user.is_authenticated and have_people(columns),
    }


urlpatterns = [path(pgettext_lazy("path", "export/<str:format>/"), export, name="export")]
