"""The admin's forms of lists: a key is chosen once, and nobody's change is overwritten unseen."""

import hashlib
import re
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm


class RecordForm(WagtailAdminModelForm):
    """A form that knows what its editor saw: another change meanwhile is shown before anything is saved."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    fixed = ("key",)  # chosen when the record is made; other records and files hold on to it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        self.initial["seen"] = self._digest()
        for name in self.fixed:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Chosen once: other records hold on to it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen")
        if self.instance.pk is not None and seen and seen != self.initial["seen"]:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.initial["seen"]  # saving again is a choice
            self.add_error(None, self._what_changed())
        return cleaned

    def _stored(self) -> dict[str, Any]:
        """What the database holds now, of the fields of this form."""
        stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
        values = model_to_dict(stored, fields=[name for name in self.fields if name != "seen"])
        return {name: _plain(value) for name, value in values.items()}

    def _digest(self) -> str:
        text = DjangoJSONEncoder(sort_keys=True).encode(self._stored())
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _what_changed(self) -> Any:
        """The fields in which the stored record differs from what was typed."""
        names = [
            str(self.fields[name].label or name)
            for name, value in self._stored().items()
            if _plain(self.cleaned_data.get(name)) not in (value, None)
        ]
        return format_lazy(
            _("Somebody else changed this record meanwhile. Yours differs in: {names}. Save again to keep yours."),
            names=", ".join(names) or "–",
        )


def _plain(value: Any) -> Any:
    """Records as their primary keys, so that stored and typed values can be compared."""
    if hasattr(value, "pk"):
        return value.pk
    if isinstance(value, (list, tuple)) or hasattr(value, "values_list"):
        return sorted(getattr(entry, "pk", entry) for entry in value)
    return "" if value is None else value


class RegisterForm(RecordForm):
    def clean_number_pattern(self) -> str:
        pattern = self.cleaned_data["number_pattern"]
        try:
            re.compile(pattern)
        except re.error as error:
            message = _("This is not a regular expression: %(why)s.")
            raise forms.ValidationError(message, params={"why": error}) from None
        return pattern
