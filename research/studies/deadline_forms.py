"""What somebody fills in who says that a deadline is met; the service checks it again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.accounts.forms import DateInput
from academy.core.uploads import KINDS


class MeetForm(forms.Form):
    """On which day it was done, with a note and the file that shows it."""

    on = forms.DateField(label=_("Done on"), widget=DateInput)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For the team and the science bureaus."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 40}),
    )
    document = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Word, Excel, OpenDocument, text, PNG or JPEG, at most 20 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
    )
