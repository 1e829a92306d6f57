"""What a science bureau and a team fill in during a review; the services check it again."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.accounts.forms import DateInput
from academy.accounts.models import Organisation, User
from academy.core import clock, wording
from academy.core.uploads import KINDS

from .models import Approval, Remark, Site, Study
from .record import FIELDS, STEPS
from .services.approving import RECORDED
from .services.remarking import LONGEST
from .states import ApprovalState, ReviewState
from .vocabularies import ReviewKind
from .worklist import ASSIGNED, DUE

_LETTER = ",".join(KINDS)


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "cols": 40})


def _letter(label: Any = gettext_lazy("Letter")) -> forms.FileField:
    hint = gettext_lazy("PDF, Word, Excel, OpenDocument, text, PNG or JPEG, at most 20 MB.")
    widget = forms.FileInput(attrs={"accept": _LETTER})
    return forms.FileField(label=label, required=False, help_text=hint, widget=widget)


_later = lazy(wording.capital, str)


def _choices(words: Iterable[Any]) -> list[tuple[str, Any]]:
    """Codes with their words as choices stand in a form, in the language of the request."""
    return [(word.value, _later(word.label)) for word in words]


class ToolbarForm(forms.Form):
    """The filters above the queue; what is no choice counts as not chosen."""

    q = forms.CharField(label=gettext_lazy("Search in title or number"), required=False, max_length=200)
    hospital = forms.ChoiceField(label=gettext_lazy("Hospital"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of review"),
        required=False,
        choices=[("", gettext_lazy("All kinds")), *_choices(ReviewKind)],
    )
    assigned = forms.ChoiceField(
        label=gettext_lazy("Assigned to"),
        required=False,
        choices=[("", gettext_lazy("Everybody")), *ASSIGNED.items()],
    )
    due = forms.ChoiceField(
        label=gettext_lazy("Deadline"),
        required=False,
        choices=[("", pgettext_lazy("deadlines", "All")), *DUE.items()],
    )

    def __init__(self, *args: Any, hospitals: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hospitals = list(hospitals)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search"})
        self.fields["hospital"].choices = [("", _("All hospitals")), *((one.key, one.short_name) for one in hospitals)]
        if len(hospitals) < 2:
            del self.fields["hospital"]

    def chosen(self) -> dict[str, str]:
        """The filters that are in order, by name."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "hospital", "kind", "assigned", "due")}


class BulkForm(forms.Form):
    """One action for the chosen files."""

    ASSIGN, TAKE_UP, RETURN = "assign", "take_up", "return"
    action = forms.ChoiceField(
        label=gettext_lazy("Action"),
        choices=[
            (ASSIGN, gettext_lazy("Assign to me")),
            (TAKE_UP, gettext_lazy("Take up")),
            (RETURN, gettext_lazy("Ask for more")),
        ],
        error_messages={"required": gettext_lazy("Choose what to do with the chosen files.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Remark, for asking for more"), required=False, max_length=LONGEST, widget=_lines(2)
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("action") == self.RETURN and not data.get("text"):
            self.add_error("text", _("Write at least one remark, so that the researcher knows what to do."))
        return data


class RemarkForm(forms.Form):
    """A remark at a field of the record, or at the whole."""

    WHOLE = "whole"
    field = forms.ChoiceField(label=gettext_lazy("About"))
    text = forms.CharField(label=gettext_lazy("Remark"), max_length=LONGEST, widget=_lines())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped = [
            (step_label, [(name, wording.capital(entry.label)) for name, entry in FIELDS.items() if entry.step == step])
            for step, step_label in STEPS.items()
        ]
        self.fields["field"].choices = [
            (self.WHOLE, _("The study as a whole")),
            *((one, few) for one, few in grouped if few),
        ]

    def clean_field(self) -> str:
        """Empty means the study as a whole."""
        chosen = self.cleaned_data["field"]
        return "" if chosen == self.WHOLE else chosen


class AnswerForm(forms.Form):
    """What the researcher says to one remark."""

    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=LONGEST, widget=_lines())

    def __init__(self, *args: Any, remark: Remark, **kwargs: Any) -> None:
        super().__init__(*args, initial={"answer": remark.answer}, prefix=f"r{remark.pk}", **kwargs)


class ApprovalForm(forms.Form):
    """What one body said."""

    state = forms.ChoiceField(
        label=gettext_lazy("What the body said"),
        choices=_choices(RECORDED),
    )
    decided_on = forms.DateField(label=pgettext_lazy("day of a decision", "On"), widget=DateInput())
    conditions_nl = forms.CharField(
        label=gettext_lazy("Conditions in Dutch"), required=False, widget=_lines(), max_length=LONGEST
    )
    conditions_en = forms.CharField(
        label=gettext_lazy("Conditions in English"), required=False, widget=_lines(), max_length=LONGEST
    )
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False, widget=DateInput())
    document = _letter()

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any) -> None:
        initial = {
            "state": approval.state if approval.state in RECORDED else ApprovalState.NOT_NEEDED,
            "decided_on": approval.decided_on or clock.today(),
            "conditions_nl": approval.conditions_nl,
            "conditions_en": approval.conditions_en,
            "valid_until": approval.valid_until,
        }
        super().__init__(*args, initial=initial, prefix=f"a{approval.pk}", **kwargs)
        if approval.state == ApprovalState.PLANNED:
            self.fields["state"].choices = _choices([ApprovalState.NOT_NEEDED])


class MetForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Conditions met on"), widget=DateInput())

    def __init__(self, *args: Any, approval: Approval, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": clock.today()}, prefix=f"m{approval.pk}", **kwargs)


class DecisionForm(forms.Form):
    """What the hospital decides."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=_choices(ReviewState.decided()),
        widget=forms.RadioSelect,
    )
    decided_on = forms.DateField(label=gettext_lazy("Decided on"), widget=DateInput())
    conditions_nl = forms.CharField(
        label=gettext_lazy("Conditions in Dutch"), required=False, widget=_lines(), max_length=LONGEST
    )
    conditions_en = forms.CharField(
        label=gettext_lazy("Conditions in English"), required=False, widget=_lines(), max_length=LONGEST
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=_lines(), max_length=LONGEST)
    document = _letter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"decided_on": clock.today()}, prefix="decision", **kwargs)


class KindForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of review"), choices=_choices(ReviewKind))


class AssignForm(forms.Form):
    """Somebody of the bureau, or nobody."""

    NOBODY = "nobody"
    assigned_to = forms.ChoiceField(label=gettext_lazy("Assigned to"))

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["assigned_to"].choices = [
            (self.NOBODY, _("Nobody")),
            *((pk, person.full_name) for pk, person in self.people.items()),
        ]

    def clean_assigned_to(self) -> User | None:
        """The person; None for nobody."""
        return self.people.get(self.cleaned_data["assigned_to"])


class ReasonForm(forms.Form):
    """Why: for taking offline, refusing changes, withdrawing."""

    reason = forms.CharField(label=gettext_lazy("Why"), widget=_lines(), max_length=LONGEST)


class ChangesForm(forms.Form):
    """Which of the proposed changes are published."""

    fields_chosen = forms.MultipleChoiceField(label=gettext_lazy("Changes"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_chosen"].choices = [(name, FIELDS[name].label) for name in study.proposed]


class TransferForm(forms.Form):
    """Another of the study's hospitals."""

    to = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Hospital that leads the study"), to_field_name="key"
    )

    def __init__(self, *args: Any, study: Study, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Site.objects.filter(study=study, leading=False)
        self.fields["to"].queryset = Organisation.objects.filter(pk__in=others.values("organisation"))
        self.fields["to"].label_from_instance = lambda hospital: hospital.short_name


class UploadForm(forms.Form):
    """A file of the team or of a bureau."""

    document = _letter(gettext_lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].required = True
