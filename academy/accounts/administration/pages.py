"""What every page of this part has: Wagtail's furniture, a permission, lists in pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

PER_PAGE = 50


class AdminPage(WagtailAdminTemplateMixin, View):
    """A page that asks for `permission`; `trail` are pairs of label and address name above it."""

    permission = ""
    trail: tuple[tuple[Any, str], ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = [{"url": reverse(name), "label": label} for label, name in self.trail]
        return [*self.breadcrumbs_items, *above, {"url": "", "label": self.get_page_title()}]

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page with this context."""
        return self.render_to_response(self.get_context_data(**context), status=status)

    def page_of(self, rows: QuerySet) -> Page:
        """The rows of the page that the address asks for."""
        return Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))

    def chosen(self, rows: QuerySet, name: str) -> Any:
        """The row whose number the form sent under this name; anything else does not exist."""
        number = self.request.POST.get(name, "")
        return get_object_or_404(rows, pk=number if number.isdecimal() else 0)

    def address_without_page(self) -> str:
        """The filters of this list, to which a page number is added."""
        query = self.request.GET.copy()
        query.pop("page", None)
        return query.urlencode()
