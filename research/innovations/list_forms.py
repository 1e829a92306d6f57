"""Forms around the list of innovations."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 200  # characters of a purpose


class PurposeForm(forms.Form):
    """Why somebody takes names of people along; the log keeps it."""

    purpose = forms.CharField(label=_("What do you need the names for?"), max_length=LONGEST)


class ViewForm(forms.Form):
    """Keep what the list shows now under a name."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_default = forms.BooleanField(label=_("Open the list with this view"), required=False)
