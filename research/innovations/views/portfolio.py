"""The overview of the portfolio, its FTE, and both as files."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.core import clock, wording
from academy.core.exports import Sheet, workbook
from academy.core.exports.http import XLSX, file_download
from academy.core.paging import page_of
from academy.core.pdf import PdfError

from .. import overview, sheets
from ..filtering import Filter
from ..paper import press
from ..portfolio import fte as fte_totals
from ..portfolio import shown_to, totals, with_figures
from ..tabs import address
from .framing import frame

SIZE = 50
#: format in an address → what people call it
FORMATS = {"xlsx": "Excel", "pdf": "PDF"}


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """The pictures and totals, through the filters."""
    wanted = Filter.of(request.GET)
    return render(request, "innovations/portfolio/overview.html", _overview(request, wanted))


def _overview(request: HttpRequest, wanted: Filter) -> dict[str, Any]:
    return {
        **frame("portfolio", wanted, request.user),
        **overview.shown(totals(request.user, wanted), wanted),
        "heading": _("Innovation portfolio"),
        "lead": _(
            "What the hospitals renew together: from first idea to daily use. "
            "Innovations that were stopped stay here to be found, with what was learned from them."
        ),
        "fte_url": address("fte", wanted.query_string),
        "horizons_url": address("horizons", wanted.query_string),
        "downloads": [
            {"label": _("Download (%(format)s)") % {"format": label}, "url": _file_url(format, wanted)}
            for format, label in FORMATS.items()
        ],
    }


def _file_url(format: str, wanted: Filter) -> str:
    url = reverse("innovations:totals", kwargs={"format": format})
    return f"{url}?{wanted.query_string}" if wanted else url


@require_safe
def fte(request: HttpRequest) -> HttpResponse:
    """FTE realised against estimated, and per innovation how each figure was worked out."""
    wanted, user = Filter.of(request.GET), request.user
    innovations = shown_to(user, wanted)
    found = fte_totals(innovations, user)
    page = page_of(request, with_figures(innovations), size=SIZE, count=found["with_any_figure"])
    context = {
        **frame("fte", wanted, user),
        "heading": _("FTE realised against estimated"),
        "lead": _("Time that innovations save or cost, in full-time jobs; each figure with how it was worked out."),
        "totals": {"fte": found},
        "fte": overview.fte_rows(found),
        "figures": overview.fte_figures(found),
        "page": page,
        "rows": [overview.fte_line(innovation) for innovation in page.object_list],
    }
    return render(request, "innovations/portfolio/fte.html", context)


@require_safe
def totals_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The overview as a workbook or a PDF, with the filter and the day told in it."""
    if format not in FORMATS:
        raise Http404
    wanted = Filter.of(request.GET)
    return _workbook(request, wanted) if format == "xlsx" else _pdf(request, wanted)


def _workbook(request: HttpRequest, wanted: Filter) -> HttpResponseBase:
    parts = sheets.sheets(totals(request.user, wanted), wanted)
    book = workbook([Sheet(part.title, part.columns, part.rows) for part in parts])
    return file_download(book, f"{_stem()}.xlsx", XLSX)


def _pdf(request: HttpRequest, wanted: Filter) -> HttpResponseBase:
    context = {
        **_overview(request, wanted),
        "language": get_language(),
        "printed_on": clock.today(),
        "chips": [chip["label"] for chip in wanted.bar().chips],
        "paper": True,
    }
    try:
        content = press.print_document(render_to_string("innovations/portfolio/paper.html", context))
    except PdfError:
        messages.error(request, _("A PDF cannot be made on this machine. Print the page instead."))
        return redirect(address("portfolio", wanted.query_string))
    return file_download(BytesIO(content), f"{_stem()}.pdf", "application/pdf")


def _stem() -> str:
    return slugify(f"{_('innovation portfolio')} {wording.plain_date(clock.today())}")


urlpatterns = [
    path("", portfolio, name="portfolio"),
    path("fte/", fte, name="fte"),
    path(pgettext_lazy("path", "totals/<str:format>/"), totals_file, name="totals"),
]
