"""The list of innovations: filters, columns and order that the viewer chooses, and keeps under a name."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from academy.core.errors import DomainError, Unknown
from academy.core.paging import page_of

from ..cells import Cell, ListColumn, Row
from ..columns import NUMBER, TITLE, offered
from ..list_forms import ViewForm
from ..listing import ORDERS, first_order
from ..look import Look, list_address, view_address
from ..models import SavedView
from ..services import keeping
from .exporting import downloads
from .framing import frame

SIZE = 50
MOST_STACKED = 10  # columns of a table whose rows become blocks on a phone; a wider one scrolls
REMOVED = "removed_innovation_view"


@require_safe
def innovation_list(request: HttpRequest) -> HttpResponse:
    """The portfolio as a list; without any query it opens with the view that the person wants first."""
    views = list(SavedView.objects.filter(person=request.user)) if request.user.is_authenticated else []
    if not request.GET and (first := next((view for view in views if view.is_default), None)):
        return redirect(view_address(first))
    return render(request, "innovations/lists/list.html", _context(request, views))


def _context(request: HttpRequest, views: list[SavedView]) -> dict[str, Any]:
    user, look = request.user, Look.of(request.GET, request.user)
    page = page_of(request, look.innovations(user), size=SIZE)
    current = next((view for view in views if str(view.pk) == request.GET.get("view")), None)
    return {
        **frame("list", look.wanted, user),
        "heading": _("List of innovations"),
        "lead": _("Choose which columns you see, filter and sort, and keep the view under a name of your own."),
        "look": look,
        "noun": ngettext("innovation", "innovations", page.paginator.count),
        "page": page,
        "rows": [_cells(look.columns, Row(one, user)) for one in page.object_list],
        "heads": [_head(column, look) for column in look.columns],
        "sorts": _sorts(look.order),
        "wide": len(look.columns) > MOST_STACKED,
        "numbered": NUMBER not in look.columns,
        "for_columns": look.filters + look.sort_pairs,
        "for_sort": look.filters + look.column_pairs,
        "choices": [(column, column in look.columns) for column in offered(user) if column is not TITLE],
        "downloads": downloads(request, "list", look.columns, look.pairs),
        "views": _tabs_of(views, current),
        "current": current,
        "form": ViewForm(initial={"name": current.name, "is_default": current.is_default} if current else None),
        "removed": request.session.pop(REMOVED, None) if user.is_authenticated else None,
    }


def _cells(columns: list[ListColumn], row: Row) -> list[tuple[ListColumn, Cell]]:
    return [(column, column.cell(row)) for column in columns]


def _head(column: ListColumn, look: Look) -> dict[str, Any]:
    """A heading; of a column that can be sorted by, the address that does so, or turns the order round."""
    if not column.order:
        return {"column": column}
    sorted_by = look.order.removeprefix("-") == column.order
    down = look.order.startswith("-")
    other = first_order(column.order) if not sorted_by else column.order if down else f"-{column.order}"
    return {
        "column": column,
        "url": list_address([*look.filters, *look.column_pairs], sort=other),
        "sorted": ("descending" if down else "ascending") if sorted_by else "",
    }


def _sorts(order: str) -> list[tuple[str, Any]]:
    """What can be chosen to sort by, each the usual way round; the order at hand as it is."""
    found = [(first_order(name), label) for name, (label, _by) in ORDERS.items()]
    if order in dict(found):
        return found
    turned = _("%(order)s, the other way round") % {"order": ORDERS[order.removeprefix("-")][0]}
    return [*found, (order, turned)]


def _tabs_of(views: list[SavedView], current: SavedView | None) -> list[dict[str, Any]]:
    """The views to choose from, the standard one first; nothing while the person keeps none."""
    if not views:
        return []
    standard = {"label": _("Standard view"), "url": list_address([], view=""), "current": current is None}
    return [standard, *({"label": view.name, "url": view_address(view), "current": view == current} for view in views)]


# Views that people keep ----------------------------------------------------------------------------------------------


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is under a name; what is wrong stands at the form."""
    form, look = ViewForm(request.POST), Look.of(request.POST, request.user)
    if form.is_valid():
        try:
            view = keeping.keep_view(
                person=request.user,
                name=form.cleaned_data["name"],
                columns=[column.name for column in look.columns],
                query=look.wanted.query_string,
                order=look.order,
                is_default=form.cleaned_data["is_default"],
            )
        except DomainError as error:
            messages.error(request, " ".join(error.fields.get("name", [str(error)])))
        else:
            messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
            return redirect(view_address(view))
    else:
        messages.error(request, _("Give the view a name."))
    return redirect(list_address(look.pairs, view=""))


@login_required
@require_POST
def change_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the list with it or no longer so, or remove it; a removed one can be put back."""
    try:
        if "remove" in request.POST:
            view = keeping.remove_view(person=request.user, pk=pk)
            request.session[REMOVED] = _as_form(view)
            return redirect(list_address([], view=""))
        view = keeping.choose_default(person=request.user, pk=pk, is_default="default" in request.POST)
    except Unknown:
        raise Http404 from None
    return redirect(view_address(view))


def _as_form(view: SavedView) -> dict[str, Any]:
    """What the form that puts it back sends."""
    query = QueryDict(view_address(view).partition("?")[2])
    hidden = [(name, value) for name, values in query.lists() if name != "view" for value in values]
    default = [("is_default", "on")] if view.is_default else []
    return {"name": view.name, "hidden": [*hidden, ("name", view.name), *default]}


urlpatterns = [
    path(pgettext_lazy("path", "list/"), innovation_list, name="list"),
    path(pgettext_lazy("path", "list/views/"), save_view, name="save_view"),
    path(pgettext_lazy("path", "list/views/<int:pk>/"), change_view, name="change_view"),
]
