"""What an innovation brings, costs and saves, as tables: benefits, time and FTE, money."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from academy.core import wording
from academy.core.translation import Text, pick
from research.studies.facts import euros

from .deciding_showing import money_of
from .models import Benefit, FteFigure, Innovation, Money
from .vocabularies import Measure

FIGURES = ("baseline", "target", "estimate", "validated", "actual")


@dataclass(frozen=True)
class BenefitRow:
    """What it should bring, or cost."""

    benefit: Benefit

    @property
    def name(self) -> Text | str:
        return pick(self.benefit, "kpi") or str(self.benefit.get_category_display())

    @property
    def notes(self) -> list[str]:
        """What kind it is, in which unit, and when it was measured."""
        one = self.benefit
        kind = str(one.get_category_display()) if pick(one, "kpi") else ""
        unit = _("in %(unit)s") % {"unit": one.unit} if one.unit else ""
        measured = _("measured on %(day)s") % {"day": wording.plain_date(one.measured_on)} if one.measured_on else ""
        estimated = ""
        if one.estimated_on and not measured:
            estimated = _("estimated on %(day)s") % {"day": wording.plain_date(one.estimated_on)}
        return [note for note in (kind, unit, measured, estimated) if note]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Name and figure, in the order of `FIGURES`; a dash where there is none."""
        return [(label, _figure(getattr(self.benefit, name))) for name, label in figure_labels().items()]

    @property
    def owner(self) -> str:
        return self.benefit.owner.full_name if self.benefit.owner else ""


def figure_labels() -> dict[str, str]:
    """What the figures are called."""
    return {name: wording.capital(Benefit._meta.get_field(name).verbose_name) for name in FIGURES}


def benefits(innovation: Innovation) -> list[BenefitRow]:
    """What it brings first, then what it costs; reads `benefits` with their owner."""
    rows = [BenefitRow(benefit) for benefit in innovation.benefits.all()]
    return sorted(rows, key=lambda row: row.benefit.disbenefit)


def _figure(value: Decimal | None) -> str:
    return "–" if value is None else wording.number(value)


@dataclass(frozen=True)
class FteRow:
    """A figure with what it is made of."""

    measure: str
    before: str
    after: str
    cases: str
    hours: str
    fte: str


def time_and_fte(innovation: Innovation) -> list[FteRow]:
    """From estimated to realised; reads `fte_figures`."""
    rows = {figure.measure: figure for figure in innovation.fte_figures.all()}
    return [_fte_row(rows[measure]) for measure in Measure.values if measure in rows]


def _fte_row(figure: FteFigure) -> FteRow:
    return FteRow(
        str(figure.get_measure_display()),
        wording.number(figure.minutes_before),
        wording.number(figure.minutes_after),
        wording.number(figure.cases_per_year),
        wording.number(round(figure.hours_per_year)),
        wording.number(round(figure.fte, 2)),
    )


@dataclass(frozen=True)
class MoneyRow:
    """The money of a funder in a year."""

    year: str
    funder: str
    kind: str
    budget: str
    spent: str


@dataclass(frozen=True)
class MoneyTable:
    """By year and funder, with what it adds up to, in euros."""

    rows: list[MoneyRow]
    budget: str
    spent: str


def money(innovation: Innovation) -> MoneyTable | None:
    """Reads `money` with its funder; None where nothing is filled in."""
    rows = list(innovation.money.all())
    if not rows:
        return None
    budget, spent = money_of(innovation)
    return MoneyTable([_money_row(row) for row in rows], _amount(budget), _amount(spent))


def _money_row(row: Money) -> MoneyRow:
    funder = str(pick(row.funder, "name")) if row.funder else row.funder_name
    kind = str(row.get_kind_display())
    return MoneyRow(str(row.year), funder or "–", kind, _amount(row.budget_eur), _amount(row.spent_eur))


def _amount(amount: Decimal | None) -> str:
    return euros(amount) or "–"
