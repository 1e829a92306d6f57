"""The own organisation and its units."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.core.errors import DomainError
from academy.core.refusals import add_to_form, refusals_as_messages

from .. import services
from ..models import Unit
from ..selectors import organisations_of, units_of
from .forms import OrganisationForm, UnitForm
from .pages import AdminPage

ORGANISATIONS = (gettext_lazy("Organisations and units"), "accounts_organisations")


class OrganisationList(AdminPage):
    permission = "accounts.see_people"
    template_name = "accounts/admin/organisations.html"
    page_title = gettext_lazy("Organisations and units")
    header_icon = "home"

    def get(self, request: HttpRequest) -> HttpResponse:
        organisations = organisations_of(request.user).prefetch_related("units__parent", "units__organisation")
        return self.show(organisations=organisations, may_change=request.user.has_perm("accounts.wake_work"))


class RecordForm(AdminPage):
    """A form on one record, whose service may still refuse; what was typed stays."""

    permission = "accounts.wake_work"
    template_name = "accounts/admin/form.html"
    trail = (ORGANISATIONS,)
    saved = gettext_lazy("Saved.")

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        return self.show(form=self.form(None, **address))

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        form = self.form(request.POST, **address)
        if form.is_valid():
            try:
                self.save(form)
            except DomainError as error:
                add_to_form(form, error)
            else:
                messages.success(request, self.saved)
                return redirect("accounts_organisations")
        return self.show(400, form=form)

    def form(self, data: Any, **address: Any) -> forms.BaseForm:
        raise NotImplementedError

    def save(self, form: forms.BaseForm) -> None:
        raise NotImplementedError


class OrganisationEdit(RecordForm):
    page_title = gettext_lazy("Change the organisation")
    header_icon = "home"

    def form(self, data: Any, pk: int) -> OrganisationForm:
        self.organisation = get_object_or_404(organisations_of(self.request.user), pk=pk)
        return OrganisationForm(data, instance=get_object_or_404(organisations_of(self.request.user), pk=pk))

    def save(self, form: OrganisationForm) -> None:
        services.change_organisation(organisation=self.organisation, actor=self.request.user, **form.cleaned_data)


class UnitEdit(RecordForm):
    """Make a unit, or change one."""

    page_title = gettext_lazy("Unit")
    header_icon = "group"

    def form(self, data: Any, pk: int | None = None) -> UnitForm:
        unit = get_object_or_404(units_of(self.request.user), pk=pk) if pk else None
        return UnitForm(data, instance=unit, user=self.request.user)

    def save(self, form: UnitForm) -> None:
        services.save_unit(unit=form.instance, actor=self.request.user)


class UnitDelete(AdminPage):
    permission = "accounts.wake_work"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        unit: Unit = get_object_or_404(units_of(request.user), pk=pk)
        with refusals_as_messages(request) as outcome:
            services.delete_unit(unit=unit, actor=request.user)
        if outcome.ok:
            messages.success(request, _("The unit has been removed."))
        return redirect("accounts_organisations")
