"""A form that refuses nothing: values are read by the controls, problems come from elsewhere and are put at fields."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from academy.core.cleaning import Unfit

from .controls import Control
from .sources import Sources
from .subject import Record


class PlainForm(forms.Form):
    """Always bound: to what was typed, or to what is stored, both as the names and values that a browser sends."""

    use_required_attribute = False

    def __init__(self, data: Any, *, sources: Sources, stored: Record | None = None, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix, auto_id="id_%s")
        for name, control in self.controls.items():
            control.connect(sources, (stored or {}).get(name))

    def full_clean(self) -> None:
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}

    @property
    def controls(self) -> dict[str, Control]:
        return self.fields  # type: ignore[return-value]

    @property
    def messages(self) -> list[str]:
        """What is said at its controls."""
        return [str(message) for messages in self.errors.values() for message in messages]

    def typed(self, name: str) -> Any:
        """What the browser sent for this control."""
        return self.fields[name].widget.value_from_datadict(self.data, {}, self.add_prefix(name))

    def read(self, name: str) -> Any:
        """The value of this control; what cannot be one becomes an error at the control and is raised again."""
        try:
            return self.controls[name].read(self.typed(name))
        except Unfit as problem:
            self.add_error(name, str(problem))
            raise

    def filled(self, values: Record) -> dict[str, list[str]]:
        """Names and values as a browser would send them for these values."""
        found = {}
        for name, control in self.controls.items():
            value = control.fill(values.get(name))
            found[self.add_prefix(name)] = value if isinstance(value, list) else [value]
        return found
