"""The admin's forms of courses and tracks: what the model alone cannot check."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from academy.accounts.models import Role
from academy.accounts.permissions import roles_of


class CatalogueForm(WagtailAdminModelForm):
    """A code is chosen once; a record stays with the organisation of whoever changes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hospitals = self.fields["owners"].queryset
        # In Python: SQLite cannot look into a list of JSON.
        owning = [hospital.pk for hospital in hospitals if "owner" in hospital.roles]
        self.fields["owners"].queryset = hospitals.filter(pk__in=owning)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("A code never changes: people and other systems hold on to it.")

    def clean_owners(self) -> Any:
        owners = self.cleaned_data["owners"]
        mine = roles_of(self.for_user).organisations(Role.COURSE_MANAGER)
        if not mine & {owner.pk for owner in owners}:
            raise forms.ValidationError(_("Your own organisation has to be among the owners."))
        if gone := set(self._owners_before()) - {owner.pk for owner in owners} - mine:
            raise forms.ValidationError(_("Only the other hospital can withdraw as an owner."), params={"gone": gone})
        return owners

    def _owners_before(self) -> list[int]:
        return [owner.pk for owner in self.instance.owners.all()] if self.instance.pk else []


class CourseForm(CatalogueForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which the course is taught."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        hours, classroom = cleaned.get("hours"), cleaned.get("classroom_hours")
        if hours is not None and classroom is not None and classroom > hours:
            self.add_error("classroom_hours", _("There are more classroom hours than hours."))
        prerequisites = cleaned.get("prerequisites") or ()
        if self.instance.pk in {course.pk for course in prerequisites}:
            self.add_error("prerequisites", _("A course cannot be needed before itself."))
        return cleaned


class TrackForm(CatalogueForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        parts = self.formsets.get("parts")
        if parts is not None and parts.is_valid():
            kept = [form.cleaned_data for form in parts.forms if form.cleaned_data and not _gone(form)]
            optional = sum(1 for part in kept if not part.get("mandatory"))
            if (cleaned.get("min_optional") or 0) > optional:
                self.add_error("min_optional", _("There are fewer optional parts than have to be chosen."))
        return cleaned


def _gone(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("DELETE"))
