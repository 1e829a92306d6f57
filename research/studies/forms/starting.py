"""What is asked before a study is there, and whom to invite to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.accounts.models import User
from academy.core.translation import current

from ..models import Access
from .sources import Sources


class RegisterForm(forms.Form):
    """A title and the hospital that leads: enough for a draft that everything else is added to."""

    acronym = forms.CharField(
        label=_("Short title or acronym"),
        max_length=40,
        required=False,
        help_text=_("How you call it among yourselves, such as THUISHART."),
    )
    title = forms.CharField(
        label=_("Title for everybody"),
        max_length=300,
        help_text=_("As you would say it to a patient. You can change it later."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "textarea--title"}),
    )
    leading = forms.ChoiceField(
        label=_("Which hospital leads the study?"),
        help_text=_("Its science bureau publishes the study. Other hospitals you add later."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, sources: Sources, user: User, **kwargs: Any) -> None:
        initial = {"leading": sources.own_hospital(user)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["leading"].choices = [(row.key, str(row)) for row in sources.leading()]

    def record(self) -> dict[str, Any]:
        """The fields of the record that follow."""
        given = self.cleaned_data
        site = {"organisation": given["leading"], "leading": True, "planned_inclusions": None, "signatory": ""}
        return {"acronym": given["acronym"], f"public_title_{current()}": given["title"], "sites": [site]}


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Somebody without an account gets a mail that says how to make one."),
    )
    level = forms.ChoiceField(
        label=pgettext_lazy("what somebody of the team may do", "May"),
        choices=Access.Level,
        initial=Access.Level.VIEWER,
        widget=forms.RadioSelect,
    )
