"""Studies from files of ClinicalTrials.gov, for the machinery of imports."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Organisation
from academy.core.imports import reading
from academy.core.imports.contract import Context, Importer, Plan, Raw, register

from . import ctgov, facts
from .permissions import bureaus_of
from .record import FIELDS
from .services.importing import import_records
from .services.matching import match


class OptionsForm(forms.Form):
    """Where the studies go."""

    organisation = forms.ChoiceField(
        label=_("Hospital that leads the studies"),
        help_text=_("For studies in which no hospital of ours is named."),
    )
    publish = forms.BooleanField(
        label=_("These records are public at ClinicalTrials.gov: publish them here at once"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, user: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        hospitals = Organisation.objects.filter(pk__in=bureaus_of(user), kind="hospital").order_by("name_nl")
        self.fields["organisation"].choices = [(one.key, str(one)) for one in hospitals]


class StudyImporter(Importer):
    """Records of ClinicalTrials.gov, API v2: one, a list, or the answer to a search there."""

    kind = "studies"
    label = _("Import studies")
    help = _("Download studies from ClinicalTrials.gov as JSON. One study, many, or a ZIP of them: all can be used.")

    def may(self, user: Any) -> bool:
        return user.has_perm("studies.import")

    def read(self, file: BinaryIO, name: str) -> Iterator[Raw]:
        return reading.json_records(file, name, inside=("studies",))

    def plan(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return [found.plan for found in match([ctgov.convert(raw.data) for raw in batch], context)]

    def apply(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return import_records(converted=[ctgov.convert(raw.data) for raw in batch], context=context)

    def label_of(self, field: str) -> str:
        return FIELDS[field].label if field in FIELDS else field

    def show(self, field: str, value: Any) -> str:
        return facts.in_words(field, value) if field in FIELDS else str(value)

    def address_of(self, number: str) -> str:
        return reverse("studies:study", kwargs={"number": number})

    def options_form(self, data: Any = None, *, user: Any = None) -> forms.Form:
        return OptionsForm(data, user=user)


register(StudyImporter())
