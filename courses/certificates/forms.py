"""Forms of this room."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.core.wording import number_token

from .services import REASON_LENGTH
from .states import CertificateState
from .tokens import tidy


class VerifyForm(forms.Form):
    """The number of a certificate, as people type it."""

    token = forms.CharField(
        label=_("Number of the certificate"),
        help_text=_("16 letters and digits, at the bottom of the certificate. Capitals and hyphens do not matter."),
        max_length=100,
    )

    def clean_token(self) -> str:
        token = tidy(self.cleaned_data["token"])
        if not token:
            raise forms.ValidationError(_("A number has 16 letters and digits, such as 7Q4M-2KXD-P9TR-W6HB."))
        return token

    @property
    def address(self) -> str:
        return reverse("verify", kwargs={"token": number_token(self.cleaned_data["token"])})


class ReasonForm(forms.Form):
    """Why a course manager revokes or awards."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The holder reads this. It is not shown to the public."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FilterForm(forms.Form):
    """Which certificates a course manager wants to see."""

    run = forms.CharField(label=_("Run"), max_length=40, required=False)
    email = forms.CharField(label=_("E-mail address of the holder"), max_length=254, required=False)
    number = forms.CharField(label=_("Number of the certificate"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *CertificateState.choices])
