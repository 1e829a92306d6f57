"""What people fill in about runs and enrolments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User

from .states import AttendanceState, Outcome


class EnrolForm(forms.Form):
    """For whom: oneself, or somebody of the own team."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("For whom"), empty_label=None)

    def __init__(self, *args, people, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["person"].label_from_instance = lambda person: person.full_name


class ReasonForm(forms.Form):
    """Why: cancelling may leave it empty, refusing may not."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, required: bool = False, hint: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        self.fields["reason"].help_text = hint


class CancelRunForm(forms.Form):
    reason_nl = forms.CharField(label=_("Reason in Dutch"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    reason_en = forms.CharField(
        label=_("Reason in English"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AddPersonForm(forms.Form):
    """A course manager enrols somebody who has an account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    over = forms.BooleanField(label=_("Also when the run is full"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("Needed when you go beyond the number of seats."),
    )

    def clean_email(self) -> User:
        """The person with this address."""
        person = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address. Ask the person to register first."))
        return person


class AttendanceForm(forms.Form):
    """The sheet of one session: a choice per participant, and the mark that stood there when the sheet was opened."""

    def __init__(self, *args, enrolments, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for enrolment in enrolments:
            self.fields[f"p{enrolment.pk}"] = forms.ChoiceField(
                choices=AttendanceState,
                required=False,
                label=enrolment.person.full_name,
                widget=forms.RadioSelect,
            )
            self.fields[f"seen{enrolment.pk}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def marks(self) -> dict[int, str]:
        """Enrolment id → mark, for those that were changed here: what somebody else recorded meanwhile stays."""
        sent = {name[1:]: value for name, value in self.cleaned_data.items() if name[1:].isdigit() and value}
        return {int(pk): mark for pk, mark in sent.items() if mark != self.cleaned_data[f"seen{pk}"]}

    def seen(self) -> dict[int, str]:
        """Enrolment id → the mark that stood there when the sheet was opened."""
        return {int(name[4:]): value for name, value in self.cleaned_data.items() if name.startswith("seen")}


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome)
    score = forms.IntegerField(label=_("Score"), min_value=0, max_value=100, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
