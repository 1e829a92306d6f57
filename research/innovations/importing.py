"""Innovations from people's own lists (CSV, XLSX), for the machinery of imports."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import Organisation, Unit
from academy.core.imports.contract import Context, Plan, Raw, register
from academy.core.imports.tables import Column, TableImporter, names_of, of_records
from academy.strategy.models import Challenge, Concern, Goal, Horizon, Need, Pillar, Programme, RoadmapLine
from academy.taxonomy.models import Specialty

from . import vocabularies as words
from .models import FteFigure, Innovation
from .record import FIELDS
from .services.importing import import_rows
from .services.matching import FTE_PARTS, fte_column, match
from .services.writing import OWNER
from .states import Outcome, Stage

LISTED = _("Several: put a semicolon between them.")
_TITLED = ("title_nl", "title_en")
_NAMED = ("name_nl", "name_en")


def _all(model: type[Model], *names: str) -> Callable[[], Any]:
    return of_records(model._default_manager.all, names=names or _NAMED)


def _organisations(*, owners: bool | None = None) -> Callable[[], Any]:
    def found() -> list[Organisation]:
        return [one for one in Organisation.objects.all() if owners is None or (OWNER in one.roles) is owners]

    return of_records(found, names=("name_nl", "name_en", "short_name"))


def _field(name: str, kind: Any, **more: Any) -> Column:
    return Column(name, FIELDS[name].label, kind, **more)


def _pair(name: str, kind: Any, **more: Any) -> list[Column]:
    return [_field(f"{name}_nl", kind, **more), _field(f"{name}_en", kind)]


def _several(name: str, choices: Any, **more: Any) -> Column:
    return _field(name, "codes", choices=choices, help=LISTED, **more)


def _own(name: str, kind: Any, **more: Any) -> Column:
    """A column that services own."""
    return Column(name, Innovation._meta.get_field(name).verbose_name, kind, **more)


def _fte() -> list[Column]:
    labels = {part: FteFigure._meta.get_field(part).verbose_name for part in FTE_PARTS}
    return [
        Column(fte_column(measure.value, part), format_lazy("{} ({})", labels[part], measure.label), "number")
        for measure in words.Measure
        for part in FTE_PARTS
    ]


_PERSON = _("The e-mail address of an account.")
_HISTORY = _("Only for a new one; later a decision changes it.")


class InnovationImporter(TableImporter):
    """Rows of a portfolio that was kept elsewhere: matched on the number, else on the title."""

    kind = "innovations"
    label = _("Import innovations")
    help = _(
        "A list of innovations from Excel or as CSV. New ones come into the portfolio of your hospital at once; a row"
        " with the number or title of one that you have changes that one."
    )

    def may(self, user: Any) -> bool:
        return user.has_perm("innovations.import")

    def columns(self) -> Sequence[Column]:
        return [
            Column("number", _("number"), "text", _("Empty for a new innovation."), example="I-2026-0031"),
            *_pair("title", "text", example="Thuismonitoring hartfalen"),
            *_pair("summary", "long"),
            *_pair("problem", "long"),
            *_pair("how_it_works", "long"),
            _field("owner", "text", help=_PERSON, example="a.jansen@example.org"),
            _field("sponsor", "text", help=_PERSON),
            _several("organisations", _organisations(owners=True)),
            _several("partners", _organisations(owners=False)),
            _several("units", _all(Unit)),
            _several("specialties", _all(Specialty)),
            _field("contact_email", "text"),
            _field("pillar", "code", choices=_all(Pillar, "name_nl", "name_en", "short_nl", "short_en")),
            _several("other_pillars", _all(Pillar, "name_nl", "name_en", "short_nl", "short_en")),
            _field("horizon_from", "code", choices=_all(Horizon)),
            _field("horizon_to", "code", choices=_all(Horizon)),
            _field("roadmap_line", "code", choices=_all(RoadmapLine, *_TITLED)),
            _several("programmes", _all(Programme, *_TITLED, "number")),
            _several("goals", _all(Goal)),
            _several("needs", _all(Need)),
            _several("concerns", _all(Concern)),
            _several("challenges", _all(Challenge)),
            _field("urgent", "yes_no"),
            _several("aims", partial(names_of, words.Aim)),
            _field("evidence_tier", "code", choices=partial(names_of, words.EvidenceTier)),
            *_pair("evidence_design", "text"),
            _field("evidence_doi", "text"),
            _several("dependencies", partial(names_of, words.DependencyKind)),
            _several("courses", None, example="HF-01; DIG-01"),
            _several("studies", None, example="S-2026-0001"),
            *_pair("reuse", "long"),
            _field("catalogue_url", "text"),
            *_pair("lessons", "long"),
            _field("visibility", "code", choices=partial(names_of, words.Visibility)),
            _own("stage", "code", choices=partial(names_of, Stage), help=_HISTORY),
            _own("stage_since", "date", help=_HISTORY),
            _own("outcome", "code", choices=partial(names_of, Outcome), help=_HISTORY),
            Column("outcome_since", _("outcome since"), "date", _HISTORY),
            _own("wake_up_on", "date", help=_HISTORY),
            Column("outcome_reason_nl", _("reason of the outcome, in Dutch"), "long", _HISTORY),
            Column("outcome_reason_en", _("reason of the outcome, in English"), "long", _HISTORY),
            _own("trl", "number"),
            Column("value", _("value from 1 to 10"), "number"),
            _own("device", "code", choices=partial(names_of, words.DeviceClass)),
            _own("ai", "code", choices=partial(names_of, words.AiClass)),
            *_fte(),
            *_pair("fte_method", "long"),
            Column("budget_year", _("year of the budget"), "number", example="2026"),
            Column("budget_funder", _("funder"), "code", choices=_organisations()),
            Column("budget_kind", _("kind of budget"), "code", choices=partial(names_of, words.MoneyKind)),
            Column("budget_eur", _("budget in euros"), "money"),
            Column("spent_eur", _("spent in euros"), "money"),
        ]

    def plan(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return [found.plan for found in match([raw.data for raw in batch], context)]

    def apply(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return import_rows(rows=[raw.data for raw in batch], context=context)

    def address_of(self, number: str) -> str:
        return reverse("innovations:innovation", kwargs={"number": number})


register(InnovationImporter())
