"""Which body, which days, which hospital: the toolbar above the agenda of a steering group."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.accounts.forms import DateInput
from academy.accounts.models import Organisation
from academy.core.cleaning import is_sensible
from academy.strategy.models import Body

from .steering import AHEAD, Meeting


class MeetingForm(forms.Form):
    """What is no choice counts as not chosen; without days it is about the coming five weeks."""

    body = forms.ModelChoiceField(
        Body.objects.all(),
        label=pgettext_lazy("heading", "Body"),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("All bodies"),
    )
    since = forms.DateField(label=pgettext_lazy("period", "From"), required=False, widget=DateInput())
    until = forms.DateField(label=pgettext_lazy("period", "Up to"), required=False, widget=DateInput())
    hospital = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=gettext_lazy("Hospital"),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("All hospitals"),
    )

    meeting: Meeting

    @classmethod
    def of(cls, query: QueryDict, user: Any) -> "MeetingForm":
        """The form as it was sent, with `meeting`; days that were not given stand in it."""
        sent = cls(query)
        sent.is_valid()
        meeting = _meeting(sent.cleaned_data)
        data = query.copy()
        data["since"], data["until"] = meeting.since.isoformat(), meeting.until.isoformat()
        form = cls(data)
        form.meeting = meeting
        return form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = Organisation.objects.filter(innovations__isnull=False).distinct()
        self.fields["hospital"].label_from_instance = lambda hospital: hospital.short_name


def _meeting(chosen: dict[str, Any]) -> Meeting:
    usual = Meeting.next()
    since, until = (_sensible(chosen.get(name)) for name in ("since", "until"))
    first = since or (min(usual.since, until) if until else usual.since)
    last = until or first + AHEAD
    return Meeting(first, max(first, last), chosen.get("body"), chosen.get("hospital"))


def _sensible(day: Any) -> Any:
    return day if day and is_sensible(day) else None
