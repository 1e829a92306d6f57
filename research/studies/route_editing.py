"""The admin's form of review routes: a route stays with its hospital and kind, and has at least one body."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from academy.taxonomy.forms import RecordForm

from .permissions import bureaus_of


class RouteForm(RecordForm):
    """Hospital and kind are chosen once; somebody else's change meanwhile is shown before anything is saved."""

    fixed = ("organisation", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            hospitals = self.fields["organisation"].queryset.filter(pk__in=bureaus_of(self.for_user))
            self.fields["organisation"].queryset = hospitals
            if len(hospitals) == 1:
                self.initial["organisation"] = hospitals[0].pk

    def clean(self) -> dict[str, Any]:
        """Without a body nobody would be asked."""
        cleaned = super().clean()
        steps = self.formsets.get("steps")
        if steps is not None and steps.is_valid():
            kept = [form for form in steps.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
            if not kept:
                self.add_error(None, _("Add at least one body that says something."))
        return cleaned
