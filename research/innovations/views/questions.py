"""The pages behind the managers' questions; each is the same list as its file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core.badges import Badge
from academy.core.paging import page_of
from academy.core.translation import Text

from .. import badges
from ..cells import Cell, ListColumn, Row
from ..columns import NUMBER, STAGE, title_of
from ..filtering import Filter
from ..permissions import manager_of, organisation_ids
from ..questions import (
    BODY,
    DECIDES,
    DEPENDENCIES,
    ENDED,
    GATES,
    LESSONS,
    RATIONALE,
    REASON,
    STALLED,
    Figure,
    Question,
)
from ..tabs import address
from .exporting import downloads, records_of
from .framing import frame

SIZE = 50


@dataclass(frozen=True)
class Line:
    """A row as the page shows it; `decide` is where this person records the decision, when it is theirs."""

    row: Row
    cells: list[tuple[ListColumn, Cell]]
    decide: str

    @property
    def title(self) -> Text:
        return title_of(self.row.innovation)

    @property
    def outcome(self) -> Badge:
        return badges.of_outcome(self.row.innovation.outcome)

    @property
    def about(self) -> list[Any]:
        """In which stage it was, and who decided."""
        return self._words(STAGE, BODY, DECIDES)

    @property
    def texts(self) -> list[tuple[str, Any]]:
        """Why it ended and what was learned; a rationale that says the same is not said twice."""
        found: dict[str, tuple[str, Any]] = {}
        for column, cell in self.cells:
            if column in (REASON, RATIONALE, LESSONS) and cell.words:
                found.setdefault(str(cell.words), (column.label, cell.words))
        return list(found.values())

    def _words(self, *columns: ListColumn) -> list[Any]:
        return [cell.words for column, cell in self.cells if column in columns and not cell.is_empty]


def _page(question: Question, template: str = "question") -> Callable[..., HttpResponse]:
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        return render(request, f"innovations/lists/{template}.html", _context(request, question))

    return view


def _context(request: HttpRequest, question: Question) -> dict[str, Any]:
    """One question answered for this viewer, through the filters."""
    user, wanted = request.user, Filter.of(request.GET)
    records = records_of(question, wanted, request)
    deciding = question is GATES and bool(manager_of(user))
    more = ["organisations"] if deciding else []  # what tells which of them the manager decides about
    page = page_of(request, question.read(records, question.columns, *more), size=SIZE)
    columns = [column for column in question.columns if column is not NUMBER]
    lines = [_line(row, columns, user if deciding else None) for row in question.rows(page.object_list, user)]
    return {
        **frame(question.name, wanted, user),
        "heading": question.title,
        "lead": question.lead,
        "question": question,
        "page": page,
        "noun": question.noun(page.paginator.count),
        "columns": columns,
        "rows": lines,
        "may_decide": any(line.decide for line in lines),
        "figures": [_figure(figure, question, wanted) for figure in question.figures(records)],
        "words": request.GET.get("q", ""),
        "for_words": [pair for pair in wanted.pairs if pair[0] != "q"],
        "downloads": downloads(request, question.name, question.columns, wanted.pairs),
    }


def _line(row: Row, columns: list[ListColumn], manager: Any) -> Line:
    return Line(row, [(column, column.cell(row)) for column in columns], _decide(row, manager))


def _decide(row: Row, manager: Any) -> str:
    """Where this manager records the decision, when it is about an innovation of their hospital."""
    if manager is None or row.decision is None or not manager_of(manager) & organisation_ids(row.innovation):
        return ""
    return reverse("innovations:decide", kwargs={"number": row.innovation.number, "pk": row.decision.pk})


def _figure(figure: Figure, question: Question, wanted: Filter) -> dict[str, Any]:
    """A number, with the list of what it counts."""
    name, value = figure.narrows or ("", "")
    url = address(question.name, wanted.with_(name, value).query_string) if name else ""
    return {"label": figure.label, "value": figure.value, "url": url}


urlpatterns = [
    path(pgettext_lazy("path", "stalled/"), _page(STALLED), name="stalled"),
    path(pgettext_lazy("path", "gates/"), _page(GATES), name="gates"),
    path(pgettext_lazy("path", "stopped/"), _page(ENDED, "ended"), name="ended"),
    path(pgettext_lazy("path", "dependencies/"), _page(DEPENDENCIES), name="dependencies"),
]
