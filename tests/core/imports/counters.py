"""An importer of something small: number sequences, `{"key": "a", "last": 5}`."""

from collections import Counter

from django import forms

from academy.core.errors import InvalidInput
from academy.core.imports import reading
from academy.core.imports.contract import Context, Importer, Outcome, Plan, refused
from academy.core.models import NumberSequence


class Options(forms.Form):
    note = forms.CharField(required=False)


class CounterImporter(Importer):
    """A negative number is refused with words; "crash" raises; keys in `edited` were edited here."""

    kind = "counters"
    label = "Import counters"
    help = "Counters as JSON."
    batch = 3

    def __init__(self, *, allowed=None, edited=()):
        self.allowed, self.edited = allowed, frozenset(edited)
        self.applied = Counter()  # how often each key was written and committed or not
        self.contexts: list[Context] = []

    def may(self, user):
        return self.allowed is None or user.pk in self.allowed

    def read(self, file, name):
        return reading.json_records(file, name, inside=("counters",))

    def plan(self, batch, context):
        return [self._plan(raw.data, context) for raw in batch]

    def apply(self, batch, context):
        self.contexts.append(context)
        plans, written = [], {}
        for raw in batch:
            plan = self._plan(raw.data, context)
            if plan.outcome in (Outcome.NEW, Outcome.CHANGED):
                written[plan.key] = NumberSequence(key=plan.key, last=raw.data["last"])
                plan.number = f"N-{plan.key}"
                self.applied[plan.key] += 1
            plans.append(plan)
        NumberSequence.objects.bulk_create(
            written.values(), update_conflicts=True, unique_fields=["key"], update_fields=["last"]
        )
        return plans

    def _plan(self, data, context):
        key, last = data["key"], data["last"]
        if last == "crash":
            raise ZeroDivisionError("as it happens")
        if last == "invalid":
            raise InvalidInput(fields={"last": ["a number, please"]})
        if last < 0:
            return refused("below zero", key=key)
        there = NumberSequence.objects.filter(key=key).first()
        title, number = data.get("title", key), f"N-{key}" if there else ""
        if there is None:
            return Plan(Outcome.NEW, key, title, notes=data.get("notes", []))
        if there.last == last:
            return Plan(Outcome.UNCHANGED, key, title, number=number)
        if key in self.edited and not context.answer(key, "last", there.last):
            return Plan(Outcome.UNCHANGED, key, title, questions={"last": (there.last, last)}, number=number)
        return Plan(Outcome.CHANGED, key, title, changes={"last": (there.last, last)}, number=number)

    def label_of(self, field):
        return {"last": "Last number"}[field]

    def show(self, field, value):
        return f"no. {value}"

    def address_of(self, number):
        return f"/id/{number}"

    def options_form(self, data=None, *, user=None):
        return Options(data)


def counters(*numbers, **more) -> list[dict]:
    """Records with keys a, b, c… and these numbers."""
    return [{"key": chr(97 + n), "last": number, **more} for n, number in enumerate(numbers)]


def stored() -> dict[str, int]:
    """What is in the table now."""
    return dict(NumberSequence.objects.values_list("key", "last"))
