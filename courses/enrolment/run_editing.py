"""The admin's form of a run: everything goes through the services, and nobody saves over another's change unseen."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from academy.accounts.models import Role, User
from academy.accounts.permissions import roles_of
from academy.core import clock
from courses.catalogue.models import Course

from .models import CourseRun

COLUMNS = (
    "organisation",
    "language",
    "delivery_mode",
    "seats",
    "seats_min",
    "waiting_list",
    "enrolment_opens_on",
    "enrolment_closes_on",
    "starts_on",
    "ends_on",
    "note_nl",
    "note_en",
)
SESSION_COLUMNS = ("title_nl", "title_en", "starts_at", "ends_at", "location", "room_nl", "room_en")
ALLOTMENT_COLUMNS = ("organisation", "seats", "release_on")


class TrainersField(forms.CharField):
    """People by their e-mail address, one per line: a list of everybody would be too long to choose from."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(person.email for person in value)

    def clean(self, value: Any) -> list[User]:
        wanted = list(dict.fromkeys(line.strip().lower() for line in super().clean(value).splitlines() if line.strip()))
        found = {person.email: person for person in User.objects.filter(email__in=wanted, is_active=True)}
        if missing := [email for email in wanted if email not in found]:
            raise forms.ValidationError(_("Nobody here has this address: %(emails)s") % {"emails": ", ".join(missing)})
        return [found[email] for email in wanted]


class RunForm(WagtailAdminModelForm):
    """`seen` travels with the form: the run as it was when the editor opened it, in words."""

    trainers = TrainersField(
        label=gettext_lazy("Trainers"),
        required=False,
        help_text=gettext_lazy("E-mail addresses, one per line. They record attendance and outcomes."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["course"].disabled = True
            self.initial["trainers"] = list(self.instance.trainers.order_by("email"))
            self.initial["seen"] = json.dumps(snapshot(self.instance))
        else:
            mine = roles_of(self.for_user).organisations(Role.COURSE_MANAGER)
            self.fields["course"].queryset = Course.objects.filter(owners__in=mine).distinct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        course, organisation = cleaned.get("course"), cleaned.get("organisation")
        if course and organisation and organisation not in course.owners.all():
            self.add_error("organisation", _("Choose an owner of the course: a run is held there."))
        return cleaned

    def columns(self) -> dict[str, Any]:
        """What the services take as columns of the run."""
        return {name: self.cleaned_data[name] for name in COLUMNS}

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """What the services take as sessions and allotments: the whole lists, known rows with their id."""
        return {
            "sessions": _rows(self.formsets["sessions"], SESSION_COLUMNS),
            "allotments": _rows(self.formsets["allotments"], ALLOTMENT_COLUMNS),
        }

    def changed_meanwhile(self, run: CourseRun) -> list[str]:
        """What somebody else made different from what the editor saw, in words; not what the editor wants, too."""
        try:
            before = dict(json.loads(self.cleaned_data["seen"] or "{}"))
        except (TypeError, ValueError):
            before = {}
        now = snapshot(run)
        different = {label for label in now if label in before and before[label] != now[label]}
        different -= {_label(name) for name in COLUMNS if self.cleaned_data[name] == getattr(run, name)}
        return [f"{label}: {before[label]} → {now[label]}" for label in now if label in different]

    def show_current(self, run: CourseRun) -> None:
        """Let the next save start from the run as it is now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = json.dumps(snapshot(run))


def _rows(formset: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    kept = [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    kept = [form for form in kept if form.instance.pk or form.has_changed()]
    rows = [{name: form.cleaned_data[name] for name in columns} for form in kept]
    for form, row in zip(kept, rows, strict=True):
        if form.instance.pk:
            row["id"] = form.instance.pk
    return rows


def snapshot(run: CourseRun) -> dict[str, str]:
    """The run in words, by label, to be compared and shown."""
    fresh = CourseRun.objects.select_related("organisation").get(pk=run.pk)
    words = {_label(name): _word(fresh, name) for name in COLUMNS}
    words[str(_("Trainers"))] = _joined(person.email for person in fresh.trainers.order_by("email"))
    words[str(_("Sessions"))] = _joined(_session(session) for session in fresh.sessions.all())
    words[str(_("Allotments"))] = _joined(
        f"{row} ({row.release_on})" for row in fresh.allotments.select_related("organisation").order_by("pk")
    )
    return words


def _label(name: str) -> str:
    return str(capfirst(CourseRun._meta.get_field(name).verbose_name))


def _word(run: CourseRun, name: str) -> str:
    display = getattr(run, f"get_{name}_display", None)
    value = display() if display else getattr(run, name)
    return "–" if value in (None, "") else str(value)


def _session(session: Any) -> str:
    starts, ends = (moment.astimezone(clock.AMSTERDAM) for moment in (session.starts_at, session.ends_at))
    return " ".join(filter(None, (f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}", session.title_nl, session.place)))


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts) or "–"
