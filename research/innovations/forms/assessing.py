"""What is filled in to assess an innovation: a small form for each kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.accounts.forms import DateInput
from academy.core import clock

from .. import vocabularies as words
from ..assessments import TRL
from ..vocabularies import AssessmentKind

LONGEST = 5000
NOTHING = ("", gettext_lazy("Choose"))


def _note(label: Any, language: str, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "cols": 40, "lang": language})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget)


class AssessForm(forms.Form):
    """One kind; `arguments` are those of `services.assessing.assess`."""

    kind: AssessmentKind
    on = forms.DateField(label=pgettext_lazy("of an assessment", "On"), widget=DateInput())
    note_nl = _note(gettext_lazy("Note in Dutch"), "nl")
    note_en = _note(gettext_lazy("Note in English"), "en")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix=self.kind.value, initial={"on": clock.today()})

    def arguments(self) -> dict[str, Any]:
        """What was filled in."""
        given = self.cleaned_data
        return {
            "kind": self.kind,
            "on": given["on"],
            "code": given.get("code", ""),
            "note_nl": given["note_nl"],
            "note_en": given["note_en"],
        }


class TrlForm(AssessForm):
    kind = AssessmentKind.TRL
    code = forms.ChoiceField(label=gettext_lazy("Level"), widget=forms.RadioSelect)
    note_nl = _note(gettext_lazy("How you see it in care, in Dutch"), "nl")
    note_en = _note(gettext_lazy("How you see it in care, in English"), "en")
    field_order = ("code", "on", "note_nl", "note_en")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["code"].choices = [
            (str(level), f"{level}. {title}. {in_care}") for level, (title, in_care) in TRL.items()
        ]


class NasssForm(AssessForm):
    """Seven domains, each with a level and a note."""

    kind = AssessmentKind.NASSS

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in ("note_nl", "note_en"):
            del self.fields[name]
        for domain in words.Domain:
            self.fields[domain.value] = forms.ChoiceField(
                label=domain.label, choices=words.Complexity.choices, widget=forms.RadioSelect
            )
            self.fields[f"{domain}_note_nl"] = _note(_("Why, in Dutch"), "nl", rows=1)
            self.fields[f"{domain}_note_en"] = _note(_("Why, in English"), "en", rows=1)
        self.order_fields([name for name in self.fields if name != "on"])

    @property
    def domains(self) -> list[dict[str, Any]]:
        """The fields of each domain, for the page."""
        return [
            {
                "level": self[name],
                "note_nl": self[f"{name}_note_nl"],
                "note_en": self[f"{name}_note_en"],
                "noted": bool(self[f"{name}_note_nl"].value() or self[f"{name}_note_en"].value()),
            }
            for name in words.Domain.values
        ]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        domains = {
            name: {"level": given[name], **{part: given[f"{name}_{part}"] for part in ("note_nl", "note_en")}}
            for name in words.Domain.values
        }
        return {"kind": self.kind, "on": given["on"], "domains": domains}


class DeviceForm(AssessForm):
    kind = AssessmentKind.DEVICE
    code = forms.ChoiceField(label=gettext_lazy("Class"), choices=[NOTHING, *words.DeviceClass.choices])
    note_nl = _note(gettext_lazy("Rule by which, in Dutch"), "nl")
    note_en = _note(gettext_lazy("Rule by which, in English"), "en")
    field_order = ("code", "on", "note_nl", "note_en")


class AiForm(AssessForm):
    kind = AssessmentKind.AI
    code = forms.ChoiceField(label=gettext_lazy("Class"), choices=[NOTHING, *words.AiClass.choices])
    note_nl = _note(gettext_lazy("Why, in Dutch"), "nl")
    note_en = _note(gettext_lazy("Why, in English"), "en")
    field_order = ("code", "on", "note_nl", "note_en")


class ValueForm(AssessForm):
    kind = AssessmentKind.VALUE
    code = forms.TypedChoiceField(
        label=gettext_lazy("From 1 to 10"),
        help_text=gettext_lazy("1: hardly worth the trouble. 10: nothing brings more."),
        choices=[NOTHING, *((str(score), str(score)) for score in range(1, 11))],
    )
    note_nl = _note(gettext_lazy("Why, in Dutch"), "nl")
    note_en = _note(gettext_lazy("Why, in English"), "en")
    field_order = ("code", "on", "note_nl", "note_en")


FORMS: dict[str, type[AssessForm]] = {
    form.kind.value: form for form in (TrlForm, NasssForm, DeviceForm, AiForm, ValueForm)
}
