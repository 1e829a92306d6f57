"""Forms of the people administration; each offers only what lies in the administrator's own organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..forms import DateInput
from ..models import Organisation, Role, Unit, User
from ..selectors import organisations_of, units_of


class PeopleFilter(forms.Form):
    """Who to list."""

    q = forms.CharField(
        label=_("Name or e-mail address"), required=False, help_text=_("The beginning of a name, or a whole address.")
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("all roles")), *Role.choices], required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(user)


class RoleForm(forms.Form):
    """A role, where, and from when until when."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, help_text=_("Needed for a team manager.")
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput(), required=False)
    ends_on = forms.DateField(
        label=_("Until"), widget=DateInput(), required=False, help_text=_("The last day on which it holds.")
    )
    reason = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("For the log."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(user)
        self.fields["unit"].queryset = units_of(user)
        if organisations_of(user).count() == 1:
            self.fields["organisation"].initial = organisations_of(user).get()


class EndForm(forms.Form):
    """When a role ends, and why."""

    last_day = forms.DateField(
        label=_("Last day"), widget=DateInput(), required=False, help_text=_("Empty: it ends at once.")
    )
    reason = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("For the log."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For the log."))


class LinesField(forms.CharField):
    """A list of words, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip().lower() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class OrganisationForm(forms.ModelForm):
    """Names, and the e-mail domains that make members."""

    mail_domains = LinesField(
        label=_("E-mail domains"),
        required=False,
        help_text=_("One on each line. Whoever confirms an address in one of these domains becomes a member."),
    )

    class Meta:
        model = Organisation
        fields = ["name_nl", "name_en", "short_name", "city", "email", "mail_domains", "note_nl", "note_en"]


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["organisation", "parent", "key", "name_nl", "name_en", "location", "specialty", "care_domain"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_of(user)
        self.fields["parent"].queryset = units_of(user).exclude(pk=self.instance.pk)


class EventFilter(forms.Form):
    """Which rows of the log to show."""

    person = forms.EmailField(label=_("E-mail address of who did it"), required=False)
    object_type = forms.CharField(label=_("Kind of record"), required=False, help_text=_("Such as accounts.user."))
    object_id = forms.CharField(label=_("Number of the record"), required=False)
    verb = forms.CharField(label=_("What happened"), required=False, help_text=_("Such as enrol or read."))
    since = forms.DateField(label=_("From"), widget=DateInput(), required=False)
    until = forms.DateField(label=_("Until"), widget=DateInput(), required=False)
