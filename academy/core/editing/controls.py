"""Controls: how a value of the record stands in a form, and how what was typed becomes a value again.

`fill` and `read` are each other's inverse: a form that is sent as it was shown changes nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from academy.core import cleaning
from academy.core.translation import current

from .sources import Choices, Sources


class Control(forms.CharField):
    """A line of text; the mother of all controls. `source` names a list of `Sources` that gives the choices.

    Nothing is cut off or refused here, so there is no length and nothing is required; `needed` is whether the label
    says that it may be left empty. `short` makes it narrow.
    """

    source = ""
    attributes: Mapping[str, str] = {"autocomplete": "off"}

    def __init__(self, label: Any = "", hint: Any = "", *, short: bool = False, **options: Any) -> None:
        self.short = short
        super().__init__(label=label, help_text=hint, required=False, strip=False, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return dict(self.attributes)

    def fill(self, value: Any) -> Any:
        """What stands in the form for a value of the record."""
        return "" if value is None else str(value)

    def read(self, typed: Any) -> Any:
        """The value that was typed; raises `Unfit` when it cannot be one."""
        return typed or ""

    def connect(self, sources: Sources, value: Any) -> None:
        """Take what the lists say, and the value that is there already, so that saving never loses it."""
        self.offer(sources.choices(self.source), value)

    def offer(self, choices: Choices, value: Any) -> None:
        """Take these choices; for controls that have some."""


class Line(Control):
    pass


class Long(Control):
    """Several lines; `rows` is how many are there before it grows."""

    def __init__(self, label: Any = "", hint: Any = "", *, rows: int = 4, **options: Any) -> None:
        super().__init__(label, hint, widget=forms.Textarea(attrs={"rows": rows, "cols": 40}), **options)


class Title(Long):
    """One sentence, of which registries hold up to 600 characters: it has to be readable as a whole."""

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, rows=2, **options)
        self.widget.attrs["class"] = "textarea--title"


class Number(Control):
    attributes = {"autocomplete": "off", "inputmode": "numeric"}

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, **{"short": True, **options})

    def read(self, typed: Any) -> Any:
        return cleaning.whole_number(_GROUPS.sub("", (typed or "").strip()))


#: what stands between thousands and hundreds
_GROUPS = re.compile(r"(?<=\d)[.,\s](?=\d{3}(?!\d))")


class Amount(Number):
    """Euros; a comma for cents is as good as a point."""

    def read(self, typed: Any) -> Any:
        return cleaning.amount(_in_figures(typed or ""))


def _in_figures(typed: str) -> str:
    """`12.500,50`, `12,500.50` and `12 500` as people write them, into `12500.50`."""
    tidy = re.sub(r"[\s€]", "", typed)
    if found := re.fullmatch(r"([\d.,]*?)(?:[.,](\d{1,2}))?", tidy):
        return re.sub(r"[.,]", "", found[1]) + (f".{found[2]}" if found[2] else "")
    return tidy


class Decimal(Control):
    """A figure, perhaps below zero; written as in the language of the page: `1.234,5` or `1,234.5`."""

    attributes = {"autocomplete": "off", "inputmode": "decimal"}

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, **{"short": True, **options})

    def fill(self, value: Any) -> str:
        text = super().fill(value)
        return text.replace(".", ",") if current() == "nl" else text

    def read(self, typed: Any) -> Any:
        tidy = re.sub(r"\s", "", typed or "").replace("−", "-")
        point, group = (",", ".") if current() == "nl" else (".", ",")
        if re.fullmatch(rf"-?\d{{1,3}}(\{group}\d{{3}})+(\{point}\d+)?", tidy):
            tidy = tidy.replace(group, "")
        return tidy.replace(",", ".") or None


class Day(Control):
    """A whole date."""

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, **{"short": True, "widget": forms.DateInput(attrs={"type": "date"}), **options})

    def read(self, typed: Any) -> Any:
        return cleaning.day(typed)


class PartialDate(Control):
    """A date of which perhaps only the year or the month is known."""

    def __init__(self, label: Any = "", hint: Any = gettext_lazy("2027-02-01, or 2027-02 or 2027"), **options: Any):
        super().__init__(label, hint, **{"short": True, **options})


class WebAddress(Control):
    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, widget=forms.URLInput(), **options)

    def read(self, typed: Any) -> Any:
        return cleaning.web_address((typed or "").strip())


class Email(Control):
    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, widget=forms.EmailInput(), **options)


class Phone(Control):
    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, widget=forms.TextInput(attrs={"type": "tel"}), **{"short": True, **options})


class Choice(Control):
    """One of a list, or nothing; radio buttons when `radio`."""

    def __init__(
        self,
        label: Any = "",
        hint: Any = "",
        *,
        choices: Any = None,
        source: str = "",
        radio: bool = False,
        empty: Any = gettext_lazy("Choose"),
        **options: Any,
    ) -> None:
        self.source, self.radio, self.empty = source, radio, empty
        self.base: Any = choices
        widget = forms.RadioSelect() if radio else forms.Select()
        super().__init__(label, hint, widget=widget, **options)
        self.offer([], "")

    def offer(self, choices: Choices, value: Any) -> None:
        listed = list(getattr(self.base, "choices", self.base) or []) + choices
        offered = [(code, capfirst(label)) for code, label in listed]
        present = {code for code, _label in offered}
        kept = [(code, code) for code in _codes(self.fill(value)) if code not in present]
        nothing = [] if self.radio else [("", self.empty)]
        self.widget.choices = [*nothing, *offered, *kept]


def _codes(value: Any) -> Iterable[Any]:
    return [code for code in (value if isinstance(value, list) else [value]) if code not in ("", None)]


class YesNo(Choice):
    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        answers = [("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
        super().__init__(label, hint, choices=answers, **{"radio": True, **options})

    def fill(self, value: Any) -> str:
        return "" if value is None else str(value).lower()

    def read(self, typed: Any) -> bool | None:
        return {"true": True, "false": False}.get(typed)


class Tick(Control):
    """True when it is ticked, else False."""

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, widget=forms.CheckboxInput(attrs={"value": "on"}), **options)

    def fill(self, value: Any) -> str:
        return "on" if value else ""

    def read(self, typed: Any) -> bool:
        return bool(typed)


class Many(Choice):
    """Any number of a list."""

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, **{"radio": True, **options})
        self.widget = forms.CheckboxSelectMultiple()
        self.offer([], "")

    def fill(self, value: Any) -> list[str]:
        return [str(entry) for entry in value or []]

    def read(self, typed: Any) -> list[str]:
        return list(typed or [])


class Lines(Long):
    """A list of words, each on a line of its own."""

    def __init__(self, label: Any = "", hint: Any = "", **options: Any) -> None:
        super().__init__(label, hint, **{"rows": 2, **options})
        self.widget.attrs["class"] = "textarea--title"

    def fill(self, value: Any) -> str:
        return "\n".join(value or [])

    def read(self, typed: Any) -> list[str]:
        return [line.strip() for line in (typed or "").splitlines() if line.strip()]


class Commas(Control):
    """A list of words in one line."""

    def fill(self, value: Any) -> str:
        return "; ".join(value or [])

    def read(self, typed: Any) -> list[str]:
        return [word.strip() for word in (typed or "").split(";") if word.strip()]
