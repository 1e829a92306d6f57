"""The admin's forms of strategy records: what the models alone cannot check, rows of others, the number."""

import hashlib
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Role
from academy.accounts.permissions import roles_of
from academy.taxonomy.forms import RecordForm

from .permissions import HOSPITAL, owner_ids
from .services import next_programme_number


class RowsForm(RecordForm):
    """A record with rows of its own: another change to those is shown before anything is saved, too."""

    rows: str  # the name of the relation

    def _digest(self) -> str:
        stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
        rows = [str(sorted(row.items())) for row in getattr(stored, self.rows).values()]
        return hashlib.sha256("\n".join([super()._digest(), *rows]).encode()).hexdigest()[:16]


class DocumentForm(RowsForm):
    rows = "versions"


class OwnOrganisationForm(RecordForm):
    """A record stays with the hospitals whose it is: only its own innovation managers take one off."""

    def own(self) -> frozenset[int]:
        """Ids of the organisations whose innovation manager is at work."""
        return roles_of(self.for_user).organisations(Role.INNOVATION_MANAGER)


class BodyForm(OwnOrganisationForm):
    def clean_organisation(self) -> Any:
        organisation = self.cleaned_data["organisation"]
        if organisation and organisation.kind == HOSPITAL and organisation.pk not in self.own():
            raise forms.ValidationError(_("Choose your own hospital, or none for a joint body."))
        return organisation


class ProgrammeForm(OwnOrganisationForm, RowsForm):
    rows = "milestones"

    def clean_organisations(self) -> Any:
        chosen, own = self.cleaned_data["organisations"], self.own()
        if not own & {organisation.pk for organisation in chosen}:
            raise forms.ValidationError(_("Your own organisation has to be among the organisations."))
        before = owner_ids(self.instance) if self.instance.pk else frozenset()
        if before - {organisation.pk for organisation in chosen} - own:
            raise forms.ValidationError(_("Only another organisation itself can withdraw."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("horizon_from"), cleaned.get("horizon_to")
        if first and last and first.order > last.order:
            self.add_error("horizon_to", _("This horizon comes before the first one."))
        if cleaned.get("pillar") in (cleaned.get("other_pillars") or ()):
            self.add_error("other_pillars", _("The primary pillar is not one of the others."))
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        if not self.instance.number:
            self.instance.number = next_programme_number()
        return super().save(commit)
