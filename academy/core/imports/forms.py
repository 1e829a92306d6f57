"""The file to import, and the answers to what an import asks."""

import re

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .contract import Importer
from .limits import USUAL, too_large
from .models import ImportJob
from .reading import base_name

ANSWER = re.compile(r"q-(\d{1,9})-(\d{1,4})")


class UploadForm(forms.Form):
    """One file of a kind that the importer reads."""

    file = forms.FileField(label=_("File"), max_length=None)

    def __init__(self, *args, importer: Importer, cut_short: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._cut_short = cut_short
        self.fields["file"].help_text = _("%(kinds)s, at most %(size)s MB") % {
            "kinds": ", ".join(importer.extensions),
            "size": USUAL.file // 10**6,
        }
        self.fields["file"].widget.attrs["accept"] = ",".join(importer.extensions)
        self.fields["file"].error_messages["required"] = _("Choose a file.")

    def clean(self) -> dict:
        if self._cut_short:
            self.errors.pop("file", None)
            self.add_error("file", str(too_large(_("The file"), USUAL)))
        return self.cleaned_data

    def clean_file(self):
        file = self.cleaned_data["file"]
        file.name = base_name(file.name)
        return file


def answers_of(job: ImportJob, data: QueryDict) -> dict[int, dict[str, str]]:
    """The answers in a sent page, by ordinal and field; `name_of_answer` gives the names that they come under."""
    chosen = {}
    for name, value in data.items():
        if match := ANSWER.fullmatch(name):
            chosen.setdefault(int(match[1]), {})[int(match[2])] = value
    answers = {}
    for row in job.rows.with_questions().filter(ordinal__in=chosen):
        fields = sorted(row.questions)
        given = chosen[row.ordinal].items()
        answers[row.ordinal] = {fields[n]: value for n, value in given if n < len(fields)}
    return answers


def name_of_answer(ordinal: int, place: int) -> str:
    """The name of the choice for the question at this place among the record's, in order of their field names."""
    return f"q-{ordinal}-{place}"
