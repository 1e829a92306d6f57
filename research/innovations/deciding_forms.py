"""What innovation managers and teams fill in around a gate; the services check it again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.accounts.forms import DateInput
from academy.accounts.models import Membership, User
from academy.core import clock
from academy.core.uploads import KINDS
from academy.strategy.models import Body

from .models import SHORT, Innovation
from .permissions import may_know, organisation_ids
from .states import Outcome, Result, Stage

LONGEST = 5000
MOST_CONDITIONS = 20
ONE_IS_ENOUGH = gettext_lazy("One of both languages is enough.")


def _lines(language: str = "", rows: int = 3) -> forms.Textarea:
    attrs = {"rows": rows, "cols": 40}
    return forms.Textarea(attrs={**attrs, "lang": language} if language else attrs)


def _text(label: Any, language: str, rows: int = 3, **more: Any) -> forms.CharField:
    widget = _lines(language, rows)
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), **more)


class ColleagueField(forms.EmailField):
    """A colleague by the e-mail address of the account, who may know of the innovation."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.innovation: Innovation | None = None

    def clean(self, value: Any) -> User | None:
        """The person; None when nothing is filled in."""
        address = super().clean(value)
        if not address:
            return None
        members = Membership.objects.in_force().values("person")
        person = User.objects.filter(email__iexact=address, is_active=True, pk__in=members).first()
        if person is None:
            raise forms.ValidationError(_("No colleague has an account with this address."))
        if self.innovation and not may_know(person, self.innovation):
            raise forms.ValidationError(_("This colleague may not see the innovation yet. Add them to the team first."))
        return person


class _About(forms.Form):
    """A form about one innovation; its colleagues may know of it."""

    def __init__(self, *args: Any, innovation: Innovation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.innovation = innovation
        for field in self.fields.values():
            if isinstance(field, ColleagueField):
                field.innovation = innovation

    def as_typed(self, data: QueryDict) -> dict[str, Any]:
        """What was typed, to show it again without a word about what is wrong."""
        return {name: data[self.add_prefix(name)] for name in self.fields if self.add_prefix(name) in data}


class GateForm(_About):
    """Which body decides, who prepares it, and before which day."""

    body = forms.ModelChoiceField(Body.objects.none(), label=gettext_lazy("Body that decides"), to_field_name="key")
    owner = ColleagueField(
        label=gettext_lazy("Who prepares it"), help_text=gettext_lazy("The e-mail address of a colleague.")
    )
    due_on = _day(gettext_lazy("Decide before"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Q(organisation=None) | Q(organisation__in=organisation_ids(self.innovation))
        self.fields["body"].queryset = Body.objects.filter(own)


class MoveForm(GateForm):
    """The same for a gate that is open."""

    reason = forms.CharField(label=pgettext_lazy("of a step", "Why"), required=False, max_length=LONGEST)


class DecisionForm(_About):
    """What the body decided; each result has fields of its own."""

    result = forms.ChoiceField(label=pgettext_lazy("heading", "Decision"), widget=forms.RadioSelect)
    decided_on = _day(gettext_lazy("Decided on"))
    back_to = forms.ChoiceField(label=gettext_lazy("Back to"), required=False)
    wake_up_on = _day(
        gettext_lazy("On hold until"),
        required=False,
        help_text=gettext_lazy("On this day the innovation managers get a mail."),
    )
    lessons_nl = _text(
        gettext_lazy("What others can learn from it, in Dutch"),
        "nl",
        4,
        help_text=gettext_lazy("Whoever has a similar idea finds these lessons."),
    )
    lessons_en = _text(gettext_lazy("What others can learn from it, in English"), "en", 4)
    rationale_nl = _text(
        gettext_lazy("Why, in Dutch"), "nl", help_text=gettext_lazy("One of both languages is enough.")
    )
    rationale_en = _text(gettext_lazy("Why, in English"), "en")
    evidence_version = forms.CharField(
        label=gettext_lazy("Version of the evidence"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Which version of the documents the body had before it, such as v2 of 3 May."),
    )
    next_review_on = _day(gettext_lazy("Next review"), required=False)
    document = forms.FileField(
        label=gettext_lazy("Decision document"),
        required=False,
        help_text=gettext_lazy("PDF, Word, Excel, OpenDocument, text, PNG or JPEG, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"decided_on": clock.today(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        stage = Stage(self.innovation.stage)
        earlier = [one for one in Stage if one.place < stage.place]
        self.fields["result"].choices = [(one.value, words) for one, words in results(self.innovation).items()]
        self.fields["back_to"].choices = [("", "–"), *((one.value, one.label) for one in reversed(earlier))]

    def given(self) -> dict[str, Any]:
        """What the service takes, without what belongs to another result; `document` is an upload or None."""
        data = dict(self.cleaned_data)
        if data["result"] != Result.BACK:
            data["back_to"] = ""
        if data["result"] != Result.HOLD:
            data["wake_up_on"] = None
        if data["result"] != Result.STOP:
            data["lessons_nl"] = data["lessons_en"] = ""
        return data


class RecordForm(DecisionForm, GateForm):
    """A decision that was taken in a meeting, of a body that was not asked for it here before."""

    due_on = None
    field_order = ("body", "owner")


def results(innovation: Innovation) -> dict[Result, str]:
    """What can be decided now, each with what it does."""
    stage = Stage(innovation.stage)
    words = {"stage": stage.label, "next": stage.next.label if stage.next else stage.label}
    onward = _("%(next)s begins") if stage.next else _("it stays in use")
    told = {
        Result.GO: onward,
        Result.GO_WITH_CONDITIONS: onward,
        Result.NO_GO: _("it stays in the stage %(stage)s"),
        Result.HOLD: _("nobody works on it until a day on which somebody looks again"),
        Result.STOP: _("it ends, and others learn from it"),
        Result.BACK: _("an earlier stage begins again"),
    }
    if stage == Stage.IDEA:
        del told[Result.BACK]
    if innovation.outcome == Outcome.SCALED:
        del told[Result.HOLD]
    return {result: f"{result.label}: {does % words}" for result, does in told.items()}


class ConditionForm(_About):
    """One condition, who sees to it and before when."""

    text_nl = _text(gettext_lazy("Condition in Dutch"), "nl", 2)
    text_en = _text(gettext_lazy("Condition in English"), "en", 2)
    owner = ColleagueField(
        label=gettext_lazy("Who sees to it"),
        required=False,
        help_text=gettext_lazy("The e-mail address of a colleague."),
    )
    due_on = _day(pgettext_lazy("deadline", "Before"), required=False)

    def is_blank(self) -> bool:
        """Whether nobody typed anything in it."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)


class Conditions:
    """The rows of conditions in a form, as many as there are; numbers in the names of their fields tell them apart."""

    def __init__(self, innovation: Innovation, data: QueryDict | None = None, *, check: bool = True) -> None:
        self.innovation, self.data, self.problems = innovation, data, []
        numbers = [number for number in data.getlist("row") if _is_number(number)] if data else ["0"]
        self.forms = [self._form(number, check=check) for number in dict.fromkeys(numbers[:MOST_CONDITIONS])]

    def _form(self, number: str, *, check: bool) -> ConditionForm:
        prefix = f"condition-{number}"
        if self.data is not None and check:
            return ConditionForm(self.data, prefix=prefix, innovation=self.innovation)
        form = ConditionForm(prefix=prefix, innovation=self.innovation)
        if self.data is not None:
            form.initial = form.as_typed(self.data)
        return form

    def add(self) -> None:
        """One more row at the end, where the next page begins."""
        if len(self.forms) < MOST_CONDITIONS:
            form = self._form(str(max((int(_number(form)) for form in self.forms), default=-1) + 1), check=False)
            form.fields["text_nl"].widget.attrs["autofocus"] = True
            self.forms.append(form)

    def remove(self, number: str) -> None:
        """One less; the others keep their numbers."""
        self.forms = [form for form in self.forms if _number(form) != number]

    def rows(self) -> list[tuple[str, ConditionForm]]:
        """Number and form of each row."""
        return [(_number(form), form) for form in self.forms]

    @property
    def filled(self) -> list[ConditionForm]:
        return [form for form in self.forms if not form.is_blank()]

    def are_valid(self) -> bool:
        """Whether every row in which something is filled in is in order."""
        wrong = [form for form in self.filled if not form.is_valid()]
        return not wrong

    def given(self) -> list[Mapping[str, Any]]:
        """What the service takes."""
        return [form.cleaned_data for form in self.filled]


def _number(form: ConditionForm) -> str:
    return str(form.prefix).rpartition("-")[2]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4


class MetForm(forms.Form):
    """On which day a condition was met, and how."""

    on = _day(gettext_lazy("Met on"))
    note = forms.CharField(label=gettext_lazy("How it was met"), required=False, max_length=SHORT)


class ReasonForm(forms.Form):
    """Why, in both languages; one is enough."""

    reason_nl = _text(gettext_lazy("Why, in Dutch"), "nl", help_text=ONE_IS_ENOUGH)
    reason_en = _text(gettext_lazy("Why, in English"), "en")


class HoldForm(ReasonForm):
    wake_up_on = _day(
        gettext_lazy("On hold until"), help_text=gettext_lazy("On this day the innovation managers get a mail.")
    )
    field_order = ("wake_up_on",)


class WhyForm(forms.Form):
    """Why, in one language: for one person, and the log."""

    reason = forms.CharField(label=pgettext_lazy("of a step", "Why"), max_length=LONGEST, widget=_lines())


def with_errors(form: forms.Form, problems: Iterable[str]) -> None:
    """Say these things above the form."""
    for problem in problems:
        form.add_error(None, problem)
