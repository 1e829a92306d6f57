"""The innovations of whose team the reader is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from academy.core.paging import page_of

from ..my_innovations import for_rows, of_person, rows_of

SIZE = 25


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Drafts first; with stage, what is missing and the gate that is open."""
    page = page_of(request, for_rows(of_person(request.user)), size=SIZE)
    context = {
        "page": page,
        "rows": rows_of(page.object_list),
        "may_put_in": request.user.has_perm("innovations.put_in"),
    }
    return render(request, "innovations/edit/mine.html", context)


urlpatterns = [path(pgettext_lazy("path", "my-innovations/"), mine, name="mine")]
