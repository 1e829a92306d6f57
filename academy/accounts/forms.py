"""Registering, logging in, and what people keep about themselves."""

from datetime import timedelta

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from academy.core import clock
from academy.taxonomy.models import Register

from .authentication import READ, WRITE
from .models import User
from .services.people import PROFILE, fits, wrong_form

LONGEST_TOKEN = timedelta(days=365)


class SignupForm(AllauthSignupForm):
    """E-mail, name and password; the name is what a certificate will say."""

    given_name = forms.CharField(label=_("First name"), max_length=100)
    infix = forms.CharField(label=_("Infix"), max_length=30, required=False, help_text=_("Such as: van der"))
    family_name = forms.CharField(label=_("Last name"), max_length=150)
    field_order = ["given_name", "infix", "family_name", "email", "password1"]


class LoginForm(AllauthLoginForm):
    """E-mail and password; a session ends by itself, so there is nothing to remember."""


class DateInput(forms.DateInput):
    """The browser's own date field, in the only form that it understands."""

    input_type = "date"

    def __init__(self, **kwargs) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class ProfileForm(forms.ModelForm):
    """Names and language, and a number for each professional register."""

    class Meta:
        model = User
        fields = PROFILE
        labels = {"given_name": _("First name"), "infix": _("Infix"), "family_name": _("Last name")}
        help_texts = {
            "infix": _("Such as: van der"),
            "preferred_language": _("The language of the mails that we send you."),
        }
        widgets = {"preferred_language": forms.RadioSelect}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kept = {row.register_id: row.number for row in self.instance.register_numbers.all()}
        self.registers = list(Register.objects.all())
        for register in self.registers:
            self.fields[self._name(register)] = forms.CharField(
                label=str(register), max_length=40, required=False, initial=kept.get(register.pk, "")
            )

    @staticmethod
    def _name(register: Register) -> str:
        return f"register_{register.pk}"

    @property
    def register_fields(self) -> list[forms.BoundField]:
        return [self[self._name(register)] for register in self.registers]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PROFILE]

    def clean(self) -> dict:
        cleaned = super().clean()
        for register, number in self.numbers().items():
            if not fits(register, number):
                self.add_error(self._name(register), wrong_form(register))
        return cleaned

    def numbers(self) -> dict[Register, str]:
        """What was filled in per register; a field with an error of its own is left out."""
        names = {register: self._name(register) for register in self.registers}
        return {register: self.cleaned_data[name] for register, name in names.items() if name in self.cleaned_data}

    def columns(self) -> dict[str, str]:
        """The values of the person's own columns."""
        return {name: self.cleaned_data[name] for name in PROFILE}


class TokenForm(forms.Form):
    """A new key to the API: what for, what it may do, until when."""

    name = forms.CharField(label=_("What is it for?"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=[(READ, _("Read what I may read")), (WRITE, _("Do what I may do, such as enrol"))],
        widget=forms.CheckboxSelectMultiple,
        initial=[READ],
    )
    last_day = forms.DateField(label=_("Valid until"), widget=DateInput(), help_text=_("At most one year from now."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = clock.today() + timedelta(days=90)

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if not clock.today() <= day <= clock.today() + LONGEST_TOKEN:
            raise forms.ValidationError(_("Choose a day from today until one year from now."))
        return day


class ExportForm(forms.Form):
    """Why somebody takes their data along; the log keeps it."""

    purpose = forms.CharField(
        label=_("What do you need them for?"), max_length=200, required=False, initial="", help_text=_("For the log.")
    )
