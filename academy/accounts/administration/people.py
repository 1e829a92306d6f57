"""People of the own organisation: who they are, which roles they have, whether they may log in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core import clock, events
from academy.core.errors import DomainError
from academy.core.refusals import add_to_form, refusals_as_messages

from .. import services
from ..models import Membership, User
from ..selectors import organisations_of, people_of
from .forms import EndForm, PeopleFilter, ReasonForm, RoleForm
from .pages import AdminPage

PEOPLE = (gettext_lazy("People"), "accounts_people")


class PeopleList(AdminPage):
    """By name, filtered; looking at a list of people is logged."""

    permission = "accounts.see_people"
    template_name = "accounts/admin/people.html"
    page_title = gettext_lazy("People")
    header_icon = "user"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = PeopleFilter(request.GET, user=request.user)
        chosen = form.cleaned_data if form.is_valid() else {"q": "", "organisation": None, "role": ""}
        words = chosen.pop("q").strip()
        page = self.page_of(people_of(request.user, words=words, **chosen).distinct())
        services.record_reading(actor=request.user, what="people", number=len(page.object_list))
        return self.show(form=form, page=page, query=self.address_without_page())


class PersonPage(AdminPage):
    """One person, with the forms to give and end roles; POST does one of them, named by `action`."""

    permission = "accounts.see_people"
    template_name = "accounts/admin/person.html"
    header_icon = "user"
    trail = (PEOPLE,)

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        self.person = get_object_or_404(User, pk=pk)
        if request.user.has_perm(self.permission) and not request.user.has_perm("accounts.see_person", self.person):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        services.record_reading(actor=request.user, person=self.person)
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        action = getattr(self, f"_{request.POST.get('action', '')}_action", None)
        if action is None:
            raise Http404
        return action(request)

    def _show(self, status: int = 200, **forms: Any) -> HttpResponse:
        user, person = self.request.user, self.person
        mine = set(organisations_of(user).values_list("pk", flat=True))
        roles = list(person.memberships.select_related("organisation", "unit__organisation").order_by("role", "pk"))
        may_change = user.has_perm("accounts.administer_person", person)
        today = clock.today()
        shown = [
            {
                "membership": role,
                "holds": not _is_over(role) and (role.starts_on is None or role.starts_on <= today),
                "may_end": may_change and role.organisation_id in mine and not _is_over(role),
            }
            for role in roles
        ]
        context = {
            "person": person,
            "roles": shown,
            "may_change": may_change,
            "may_end_sessions": user.has_perm("accounts.end_sessions", person),
            "may_deactivate": user.has_perm("accounts.deactivate_person", person),
            "role_form": RoleForm(user=user),
            "end_form": EndForm(),
            "reason_form": ReasonForm(),
            "history": events.of(person)[:25],
        }
        return self.show(status, **context | forms)

    def _done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect("accounts_person", pk=self.person.pk)

    def _grant_action(self, request: HttpRequest) -> HttpResponse:
        form = RoleForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                services.grant_role(person=self.person, actor=request.user, **form.cleaned_data)
            except DomainError as error:
                add_to_form(form, error)
            else:
                return self._done(_("The role has been given."))
        return self._show(400, role_form=form)

    def _end_action(self, request: HttpRequest) -> HttpResponse:
        rows = Membership.objects.filter(person=self.person, organisation__in=organisations_of(request.user))
        membership = self.chosen(rows, "membership")
        form = EndForm(request.POST)
        if not form.is_valid():
            return self._show(400, end_form=form)
        with refusals_as_messages(request) as outcome:
            services.end_membership(membership=membership, actor=request.user, **form.cleaned_data)
        return self._done(_("The role has ended.")) if outcome.ok else self._show(409)

    def _sessions_action(self, request: HttpRequest) -> HttpResponse:
        with refusals_as_messages(request) as outcome:
            services.end_sessions(person=self.person, actor=request.user)
        return self._done(_("Logged out everywhere.")) if outcome.ok else self._show(409)

    def _deactivate_action(self, request: HttpRequest) -> HttpResponse:
        return self._switch(services.deactivate_person, _("This person cannot log in any more."))

    def _reactivate_action(self, request: HttpRequest) -> HttpResponse:
        return self._switch(services.reactivate_person, _("This person can log in again."))

    def _switch(self, service: Any, words: str) -> HttpResponse:
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self._show(400, reason_form=form)
        with refusals_as_messages(self.request) as outcome:
            service(person=self.person, actor=self.request.user, **form.cleaned_data)
        return self._done(words) if outcome.ok else self._show(409)


def _is_over(membership: Membership) -> bool:
    return membership.ends_on is not None and membership.ends_on < clock.today()
