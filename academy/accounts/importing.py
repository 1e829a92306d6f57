"""People from the list of a personnel system (CSV, XLSX), for the machinery of imports."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from academy.core.imports.contract import Context, Plan, Raw, register
from academy.core.imports.tables import Column, TableImporter, names_of, of_records
from academy.taxonomy.models import FunctionFamily

from .models import Membership, Organisation, Role, Unit, User
from .services.importing import import_rows, plan_rows


def _own(name: str, kind: Any, **more: Any) -> Column:
    return Column(name, User._meta.get_field(name).verbose_name, kind, **more)


def _languages() -> dict[str, tuple[str, ...]]:
    return {"nl": ("Nederlands", "Dutch"), "en": ("Engels", "English")}


class PersonImporter(TableImporter):
    """One row per appointment of a person; matched on the e-mail address."""

    kind = "people"
    label = _("Import people")
    help = _(
        "A list of people with their unit and roles, from Excel or as CSV. Who left gets a last day: the roles end on"
        " it, and everything of the person stays."
    )
    needs = ("email",)

    def may(self, user: Any) -> bool:
        return user.has_perm("accounts.import_people")

    def columns(self) -> Sequence[Column]:
        return [
            _own("email", "text", required=True, example="a.jansen@example.org"),
            _own("given_name", "text", example="Anna"),
            _own("infix", "text"),
            _own("family_name", "text", example="Jansen"),
            _own("job_title_nl", "text"),
            _own("job_title_en", "text"),
            _own("function_family", "code", choices=of_records(FunctionFamily.objects.all)),
            _own("preferred_language", "code", choices=_languages, help=_("Only for a new person.")),
            Column(
                "organisation",
                Membership._meta.get_field("organisation").verbose_name,
                "code",
                _("Empty: your own."),
                choices=of_records(Organisation.objects.all, names=("name_nl", "name_en", "short_name")),
            ),
            Column(
                "unit", Membership._meta.get_field("unit").verbose_name, "code", choices=of_records(Unit.objects.all)
            ),
            Column(
                "roles",
                _("roles"),
                "codes",
                _("Beside member. Several: put a semicolon between them."),
                choices=partial(names_of, Role),
            ),
            Column("starts_on", _("first day"), "date"),
            Column("ends_on", _("last day of these roles"), "date"),
            Column("left_on", _("left the organisation on"), "date", _("All roles there end on this day.")),
        ]

    def plan(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return [found.plan for found in plan_rows(rows=[raw.data for raw in batch], context=context)]

    def apply(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return import_rows(rows=[raw.data for raw in batch], context=context)


register(PersonImporter())
