"""Messages, work that waits, the schedule, and the event log."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core import clock, events
from academy.core.models import Event, Message, Periodic
from academy.core.work import WorkRow

from ..models import User
from ..selectors import messages_of
from .forms import EventFilter
from .pages import AdminPage

STATES = {
    "waiting": Q(done_at=None, parked_at=None),
    "parked": Q(parked_at__isnull=False),
    "sent": Q(done_at__isnull=False),
}


class MessageList(AdminPage):
    """Which mails left, which wait, which are parked and why; never what they say."""

    permission = "accounts.see_work"
    template_name = "accounts/admin/messages.html"
    page_title = gettext_lazy("Message log")
    header_icon = "mail"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = messages_of(request.user)
        counts = rows.order_by().aggregate(**{name: Count("pk", filter=state) for name, state in STATES.items()})
        state = request.GET.get("state", "")
        chosen = rows.filter(STATES[state]) if state in STATES else rows
        return self.show(
            page=self.page_of(chosen),
            counts=counts,
            state=state,
            query=self.address_without_page(),
            may_wake=request.user.has_perm("accounts.wake_work"),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Wake one parked message."""
        if not request.user.has_perm("accounts.wake_work"):
            raise PermissionDenied
        rows = messages_of(request.user).filter(STATES["parked"])
        message: Message = self.chosen(rows, "message")
        message.wake()
        events.record(actor=request.user, object=message, verb="wake")
        messages.success(request, _("The message is tried again."))
        return redirect("accounts_messages")


def work_models() -> list[type[WorkRow]]:
    """Every kind of work row that a room has."""
    return [model for model in apps.get_models() if issubclass(model, WorkRow)]


class WorkPage(AdminPage):
    """Each kind of work with what waits and what is parked; the schedule with its last errors."""

    permission = "accounts.see_work"
    template_name = "accounts/admin/work.html"
    page_title = gettext_lazy("Work and schedule")
    header_icon = "tasks"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            kinds=[self._kind(model) for model in work_models()],
            jobs=Periodic.objects.order_by("name"),
            may_wake=request.user.has_perm("accounts.wake_work"),
            now=clock.now(),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Wake every parked row of one kind; messages are woken one by one, where their receivers are known."""
        if not request.user.has_perm("accounts.wake_work"):
            raise PermissionDenied
        kinds = {model._meta.label_lower: model for model in work_models() if model is not Message}
        model = kinds.get(request.POST.get("kind", ""))
        if model is None:
            raise Http404
        for row in model._default_manager.filter(STATES["parked"]):
            row.wake()
            events.record(actor=request.user, object=row, verb="wake")
        messages.success(request, _("The parked work is tried again."))
        return redirect("accounts_work")

    @staticmethod
    def _kind(model: type[WorkRow]) -> dict[str, Any]:
        rows = model._default_manager.order_by()
        counts = rows.aggregate(**{name: Count("pk", filter=STATES[name]) for name in ("waiting", "parked")})
        parked = rows.filter(STATES["parked"]).order_by("-parked_at")[:10]
        return {"label": model._meta.label_lower, "name": model._meta.verbose_name_plural, "rows": parked, **counts}


class EventLog(AdminPage):
    """Who did what to which record, when and why; read only, and reading it is an event itself."""

    permission = "accounts.read_log"
    template_name = "accounts/admin/events.html"
    page_title = gettext_lazy("Event log")
    header_icon = "history"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = EventFilter(request.GET)
        rows = _filtered(form.cleaned_data) if form.is_valid() else Event.objects.none()
        page = self.page_of(rows)
        page.object_list = list(page.object_list)
        ids = {event.actor_id for event in page.object_list if event.actor_id.isdigit()}
        names = {str(person.pk): person for person in User.objects.filter(pk__in=ids)}
        shown = [{"event": event, "actor": names.get(event.actor_id)} for event in page.object_list]
        events.record(actor=request.user, object=request.user, verb="read_log", **_words(form))
        return self.show(form=form, page=page, shown=shown, query=self.address_without_page())


def _filtered(chosen: dict[str, Any]) -> QuerySet[Event]:
    rows = Event.objects.order_by("-pk")
    if chosen["person"]:
        people = User.objects.filter(email__iexact=chosen["person"]).values_list("pk", flat=True)
        rows = rows.filter(actor_id__in=[str(pk) for pk in people])
    for name in ("object_type", "object_id", "verb"):
        if chosen[name]:
            rows = rows.filter(**{name: chosen[name]})
    if chosen["since"]:
        rows = rows.filter(at__gte=clock.start_of(chosen["since"]))
    if chosen["until"]:
        rows = rows.filter(at__lt=clock.end_of(chosen["until"]))
    return rows


def _words(form: EventFilter) -> dict[str, str]:
    """What was asked for, for the log itself."""
    return {f"filter_{name}": str(value) for name, value in form.cleaned_data.items() if value}
