"""The science bureau's queue: filters, bulk actions with a way back, download; and the addresses of reviewing."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from academy.accounts.models import User
from academy.core import clock, events
from academy.core.errors import DomainError
from academy.core.exports import Column
from academy.core.exports.http import csv_download
from academy.core.paging import page_of
from academy.core.translation import pick
from academy.core.views import back_to
from search import facade
from search.contract import SearchQuery

from .. import badges, worklist
from ..models import Deadline, Review
from ..permissions import bureaus_of
from ..review_forms import BulkForm, ToolbarForm
from ..services import reviewing
from . import documents, review
from .known import number_of

PAGE_SIZE = 25
MOST_FOUND = 1_000  # studies that a text may find before the queue filters them
UNDO = "undo_assigning"


def _for_queue(user: Any) -> None:
    """Whoever has no bureau and does not audit has no queue."""
    if not user.has_perm("studies.see_queue"):
        raise Http404


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the bureau, overdue first."""
    _for_queue(request.user)
    return render(request, "studies/review/queue.html", _context(request, request.GET))


def _context(request: HttpRequest, query: QueryDict, **more: Any) -> dict[str, Any]:
    hospitals = worklist.hospitals_of(request.user)
    toolbar, reviews = _listed(request.user, query, hospitals)
    counts = worklist.counts(reviews)
    tab = _tab(query, counts)
    page = page_of(request, worklist.in_tab(reviews, tab), size=PAGE_SIZE)
    own = bureaus_of(request.user)
    rows = [_row(one, own) for one in page.object_list]
    return {
        "tab": tab,
        "tabs": [
            {"label": label, "url": _address(query, tab=name), "count": counts[name], "current": name == tab}
            for name, label in worklist.TABS.items()
        ],
        "counts": counts,
        "hospitals": [hospital.short_name for hospital in hospitals if hospital.pk in own] or None,
        "several": len(hospitals) > 1,
        "toolbar": toolbar,
        "filtered": any(toolbar.chosen().values()),
        "clear_url": f"{reverse('studies:queue')}?tab={tab}",
        "download_url": f"{reverse('studies:queue-export')}?{_kept(query, tab=tab).urlencode()}",
        "page": page,
        "rows": rows,
        "may_act": tab != worklist.DONE and any(row["mine"] for row in rows),
        "all_chosen": query.get("choose") == "all",
        "choose_url": _address(query, choose="all"),
        "chosen": set(),
        "bulk": BulkForm(),
        "address": request.get_full_path(),
        "undo": request.session.pop(UNDO, None) if request.method == "GET" else None,
        **more,
    }


def _listed(user: User, query: QueryDict, hospitals: list) -> tuple[ToolbarForm, Any]:
    """The toolbar, and the reviews that it lets through."""
    toolbar = ToolbarForm(query, hospitals=hospitals)
    chosen = toolbar.chosen()
    text = chosen.pop("q").strip()
    studies = _found(user, text) if text else None
    return toolbar, worklist.queue(user, worklist.Filters(**chosen, studies=studies))


def _found(user: User, text: str) -> list[int]:
    """The studies that this text finds for this user; a slip of the pen is forgiven, other words are not given up."""
    query = SearchQuery(text=text, language=get_language() or "nl", types=("study",), size=MOST_FOUND, highlight=False)
    try:
        found = facade.search(query, facade.viewer_for(user))
    except facade.SearchUnavailable:
        return list(
            worklist.visible_reviews(user)
            .filter(site__study__number__icontains=text)
            .values_list("site__study", flat=True)
        )
    if any(step.kind != "spelling" for step in found.relaxed):
        return []
    return [int(hit.pk) for hit in found.hits if hit.type == "study"]


def _tab(query: QueryDict, counts: Mapping[str, int]) -> str:
    """The chosen tab, or else the first one in which there is something."""
    if query.get("tab") in worklist.TABS:
        return query["tab"]
    return next((tab for tab in worklist.TABS if counts[tab]), worklist.OPEN)


def _kept(query: QueryDict, **changes: str) -> QueryDict:
    """The filters of this page with these changes; its number and what was chosen on it fall away."""
    kept = query.copy()
    for name in ("page", "choose"):
        kept.pop(name, None)
    for name, value in changes.items():
        kept[name] = value
    return kept


def _address(query: QueryDict, **changes: str) -> str:
    return f"?{_kept(query, **changes).urlencode()}"


def _row(one: Review, own: frozenset[int]) -> dict[str, Any]:
    study = one.site.study
    deadline_first = one.next_deadline == one.urgent_on and one.next_deadline is not None
    return {
        "review": one,
        "study": study,
        "title": study.acronym or pick(study, "public_title") or study.number,
        "mine": one.site.organisation_id in own,
        "badge": badges.of_work(one),
        "due": one.urgent_on if one.urgent_on.year < 9999 else None,
        "late": badges.of_due(one.urgent_on),
        "due_kind": Deadline.Kind(one.next_kind).label if deadline_first else "",
        "days": days_open(one),
        "url": reverse("studies:review", kwargs={"number": study.number, "site": one.site.organisation.key}),
    }


def days_open(one: Review) -> int | None:
    """Days since it was submitted, up to the decision."""
    if one.submitted_at is None:
        return None
    last = clock.day_of(one.decided_at) if one.decided_at else clock.today()
    return (last - clock.day_of(one.submitted_at)).days


@login_required
@require_safe
def queue_export(request: HttpRequest) -> HttpResponseBase:
    """The rows of the chosen tab and filters as CSV; the log keeps who took them."""
    _for_queue(request.user)
    _toolbar, reviews = _listed(request.user, request.GET, worklist.hospitals_of(request.user))
    tab = _tab(request.GET, worklist.counts(reviews))
    events.record(actor=request.user, object=request.user, verb="export_reviews", tab=tab)
    rows = (_row(one, frozenset()) for one in worklist.in_tab(reviews, tab).iterator(chunk_size=500))
    return csv_download(_COLUMNS, rows, _("reviews"))


_COLUMNS = (
    Column("number", pgettext_lazy("heading", "Number"), lambda row: row["study"].number),
    Column("study", pgettext_lazy("heading", "Study"), lambda row: str(row["title"])),
    Column("hospital", pgettext_lazy("heading", "Hospital"), lambda row: row["review"].site.organisation.short_name),
    Column("kind", pgettext_lazy("heading", "Kind of review"), lambda row: row["review"].get_kind_display()),
    Column("state", pgettext_lazy("heading", "State"), lambda row: str(row["badge"].text)),
    Column("assigned_to", pgettext_lazy("heading", "Assigned to"), lambda row: _name(row["review"].assigned_to)),
    Column("deadline", pgettext_lazy("heading", "Deadline"), lambda row: row["due"]),
    Column("submitted", pgettext_lazy("heading", "Submitted"), lambda row: clock.day_of(row["review"].submitted_at)),
    Column("days_open", pgettext_lazy("heading", "Days open"), lambda row: row["days"]),
)


def _name(person: User | None) -> str:
    return person.full_name if person else ""


@login_required
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """One action for all chosen files; each succeeds or is refused on its own."""
    _for_queue(request.user)
    form, pks = BulkForm(request.POST), {number_of(pk) for pk in request.POST.getlist("row")} - {None}
    back = back_to(request, reverse("studies:queue"))
    chosen = list(_own(request.user).filter(pk__in=pks).order_by("pk"))
    if not form.is_valid() or not chosen:
        if not chosen:
            form.add_error(None, _("Choose at least one file."))
        query = QueryDict(back.partition("?")[2])
        context = _context(request, query, bulk=form, chosen=pks, address=back)
        return render(request, "studies/review/queue.html", context, status=400)
    done, refused = _each(chosen, _ACTIONS[form.cleaned_data["action"]], request.user, form.cleaned_data["text"])
    _tell(request, form.cleaned_data["action"], done, refused)
    return redirect(_without_choice(back))


def _without_choice(address: str) -> str:
    """The same page with nothing chosen, so that the next action does not hit all of it by accident."""
    way, _mark, rest = address.partition("?")
    query = QueryDict(rest, mutable=True)
    query.pop("choose", None)
    return f"{way}?{query.urlencode()}" if query else way


def _own(user: User) -> Any:
    return (
        worklist.visible_reviews(user)
        .of_bureaus(bureaus_of(user))
        .select_related("site__organisation", "site__study", "assigned_to")
    )


_ACTIONS: dict[str, Callable[[Review, User, str], Any]] = {
    BulkForm.ASSIGN: lambda one, user, text: reviewing.assign(review=one, actor=user, to=user),
    BulkForm.TAKE_UP: lambda one, user, text: reviewing.take_up(review=one, actor=user),
    BulkForm.RETURN: lambda one, user, text: reviewing.return_to_researcher(
        review=one, actor=user, remarks=[{"field": "", "text": text}]
    ),
}


def _each(
    chosen: list[Review], action: Callable[[Review, User, str], Any], user: User, text: str
) -> tuple[list[Review], list[tuple[Review, DomainError]]]:
    done, refused = [], []
    for one in chosen:
        try:
            action(one, user, text)
        except DomainError as error:
            refused.append((one, error))
        else:
            done.append(one)
    return done, refused


def _tell(request: HttpRequest, action: str, done: list[Review], refused: list[tuple[Review, DomainError]]) -> None:
    if done and action == BulkForm.ASSIGN:
        numbers = ", ".join(one.site.study.number for one in done)
        words = ngettext("%(numbers)s is assigned to you.", "%(numbers)s are assigned to you.", len(done))
        request.session[UNDO] = {
            "text": words % {"numbers": numbers},
            "before": [[one.pk, one.assigned_to_id] for one in done],
        }
    elif done and action == BulkForm.TAKE_UP:
        words = ngettext("%(n)s file is taken up.", "%(n)s files are taken up.", len(done))
        messages.success(request, words % {"n": len(done)})
    elif done:
        words = ngettext("%(n)s researcher is asked for more.", "%(n)s researchers are asked for more.", len(done))
        messages.success(request, words % {"n": len(done)})
    for one, error in refused:
        messages.error(request, f"{one.site.study.number}: {error}")


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Give files back to whom they were assigned before; who left the bureau meanwhile does not get them."""
    _for_queue(request.user)
    pairs = [pair.partition("-") for pair in request.POST.getlist("before")]
    before = {number_of(pk): number_of(person) for pk, _dash, person in pairs if number_of(pk)}
    people = User.objects.in_bulk([person for person in before.values() if person])
    for one in _own(request.user).filter(pk__in=before):
        try:
            reviewing.assign(review=one, actor=request.user, to=people.get(before[one.pk]))
        except DomainError as error:
            messages.error(request, f"{one.site.study.number}: {error}")
    messages.success(request, _("That is undone."))
    return redirect(back_to(request, reverse("studies:queue")))


urlpatterns = [
    path(pgettext_lazy("path", "reviews/"), queue, name="queue"),
    path(pgettext_lazy("path", "reviews/export.csv"), queue_export, name="queue-export"),
    path(pgettext_lazy("path", "reviews/act/"), act, name="queue-act"),
    path(pgettext_lazy("path", "reviews/undo/"), undo, name="queue-undo"),
    *review.urlpatterns,
    *documents.urlpatterns,
]
