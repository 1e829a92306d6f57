"""What the rows of each list ask for."""

import decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.core import wording
from academy.core.cleaning import Unfit
from academy.core.editing.controls import Amount, Choice, Day, Decimal, Line, Long, Number, Tick
from academy.core.editing.elements import RowsElement
from academy.core.editing.rows import Row
from academy.core.editing.subject import Record

from .. import vocabularies as words
from ..models import FteFigure
from ..record import FIELDS
from .people import Person


class DocumentChoice(Choice):
    """A file of the innovation; the value is its primary key."""

    def read(self, typed: Any) -> int | None:
        return int(typed) if typed and typed.isascii() and typed.isdigit() else None


class ComplianceRow(Row):
    """One of the five things to have; which of them is fixed."""

    kind = Line()
    state = Choice(gettext_lazy("State"), choices=words.ComplianceState, empty=gettext_lazy("Not filled in"))
    on = Day(gettext_lazy("Since"))
    document = DocumentChoice(gettext_lazy("Document"), source="documents", empty=gettext_lazy("None"))
    offered_part = "kind"
    template = "innovations/edit/row_compliance.html"

    @property
    def removable(self) -> bool:
        """The list is always whole."""
        return False

    @property
    def kind_code(self) -> str:
        return self.typed("kind") or ""

    @property
    def label(self) -> str:
        """What it is about."""
        kind = self.kind_code
        return str(words.ComplianceKind(kind).label) if kind in words.ComplianceKind.values else kind

    @property
    def has_documents(self) -> bool:
        """Whether there are files to choose from."""
        return len(self.fields["document"].widget.choices) > 1

    def is_blank(self) -> bool:
        """Without a state, a day or a document nothing is known of it."""
        return not any(self.typed(name) for name in ("state", "on", "document"))


class Checklist(RowsElement):
    """Every kind once, in the order of the list."""

    def begin(self) -> None:
        super().begin()
        order = words.ComplianceKind.values
        self.rows.forms.sort(key=lambda row: order.index(row.typed("kind")) if row.typed("kind") in order else 99)


class DependencyRow(Row):
    kind = Choice(gettext_lazy("It depends on"), choices=words.DependencyKind)
    name = Line(gettext_lazy("Which one"), gettext_lazy("The supplier or the standard"))
    state = Choice(gettext_lazy("State"), choices=words.DependencyState, empty=gettext_lazy("Not filled in"))
    note_nl = Long(gettext_lazy("What has to happen, in Dutch"), rows=2)
    note_en = Long(gettext_lazy("What has to happen, in English"), rows=2)
    layout = (("kind", "name", "state"), ("note_nl", "note_en"))


class BenefitRow(Row):
    """Figures from what it was to what was measured; what an innovation manager validated is only shown to others."""

    category = Choice(gettext_lazy("Benefit for"), choices=words.Aim)
    owner = Person(gettext_lazy("Who watches over it"))
    kpi_nl = Line(gettext_lazy("Measured by, in Dutch"))
    kpi_en = Line(gettext_lazy("Measured by, in English"))
    unit = Line(pgettext_lazy("of a figure", "Unit"), gettext_lazy("Such as % or days"), short=True)
    baseline = Decimal(gettext_lazy("Baseline"), gettext_lazy("How it was before"))
    target = Decimal(gettext_lazy("Target"))
    estimate = Decimal(gettext_lazy("Estimated"))
    validated = Decimal(gettext_lazy("Validated"))
    actual = Decimal(gettext_lazy("Realised"))
    estimated_on = Day(gettext_lazy("Estimated on"))
    measured_on = Day(gettext_lazy("Measured on"))
    disbenefit = Tick(gettext_lazy("This is a disbenefit: it costs something"))
    key = Line()
    layout = (
        ("category", "owner"),
        ("kpi_nl", "kpi_en"),
        ("unit", "baseline", "target"),
        ("estimate", "validated", "actual"),
        ("estimated_on", "measured_on"),
        ("disbenefit",),
    )
    template = "innovations/edit/row_benefit.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_validate = kwargs["sources"].may_validate
        if not self.may_validate:
            control = self.fields["validated"]
            control.widget.attrs["readonly"] = True
            control.help_text = _("Filled in by an innovation manager")

    @property
    def removable(self) -> bool:
        """What somebody validated does not vanish with its row."""
        return self.may_validate or not self.typed("validated")

    @property
    def identity(self) -> str:
        """The key of the benefit, which stays the same for ever; empty for a new one."""
        return self.typed("key") or ""

    def is_blank(self) -> bool:
        """The key alone is nothing that somebody typed."""
        return not any(self.typed(name) for name in self.fields if name != "key")


class FteRow(Row):
    """Minutes before and after, and how many cases; hours and FTE follow and stand below."""

    measure = Choice(gettext_lazy("This figure is"), source="measures")
    minutes_before = Decimal(gettext_lazy("Minutes per case before"))
    minutes_after = Decimal(gettext_lazy("Minutes per case after"))
    cases_per_year = Number(gettext_lazy("Cases a year"))
    layout = (("measure",), ("minutes_before", "minutes_after", "cases_per_year"))
    template = "innovations/edit/row_fte.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours_per_fte = kwargs["sources"].record.get("hours_per_fte") or FIELDS["hours_per_fte"].empty
        self.may_validate = kwargs["sources"].may_validate

    @property
    def locked(self) -> bool:
        """Whether the row is only shown: an innovation manager validated it, and the reader is none."""
        return self.typed("measure") == words.Measure.VALIDATED and not self.may_validate

    @property
    def removable(self) -> bool:
        return not self.locked

    @property
    def measure_words(self) -> str:
        """What the figure is, where it is only shown."""
        return str(words.Measure(self.typed("measure")).label)

    @property
    def worked_out(self) -> str:
        """`9 → 4 minutes × 42,000 cases = 3,500 hours = 2.26 FTE`; empty while something is missing."""
        try:
            before, after = self.controls["minutes_before"], self.controls["minutes_after"]
            minutes = [before.read(self.typed("minutes_before")), after.read(self.typed("minutes_after"))]
            cases = self.controls["cases_per_year"].read(self.typed("cases_per_year"))
            return fte_words(*minutes, cases, self.hours_per_fte) if None not in (*minutes, cases) else ""
        except (Unfit, ArithmeticError):
            return ""


def fte_words(before: str, after: str, cases: int, hours_per_fte: int) -> str:
    """How hours and FTE follow from minutes and cases; raises `ArithmeticError` for what is no number."""
    figure = FteFigure(
        minutes_before=decimal.Decimal(before), minutes_after=decimal.Decimal(after), cases_per_year=cases
    )
    figure.work_out(hours_per_fte)
    return _("%(before)s → %(after)s minutes × %(cases)s cases = %(hours)s hours = %(fte)s FTE") % {
        "before": wording.number(figure.minutes_before),
        "after": wording.number(figure.minutes_after),
        "cases": wording.number(cases),
        "hours": wording.number(round(figure.hours_per_year)),
        "fte": wording.number(round(figure.fte, 2)),
    }


class MoneyRow(Row):
    year = Number(gettext_lazy("Year"))
    kind = Choice(gettext_lazy("Kind"), choices=words.MoneyKind, empty=gettext_lazy("Not chosen"))
    funder = Choice(gettext_lazy("Funder"), source="organisations", empty=gettext_lazy("Not in this list"))
    funder_name = Line(gettext_lazy("Name, if it is not in the list"))
    budget_eur = Amount(gettext_lazy("Budget in euros"))
    spent_eur = Amount(gettext_lazy("Spent in euros"))
    layout = (("year", "kind"), ("funder", "funder_name"), ("budget_eur", "spent_eur"))


class TeamRow(Row):
    person = Person(gettext_lazy("Colleague"))
    function = Line(pgettext_lazy("in a team", "Role"), gettext_lazy("Such as nurse specialist"))
    layout = (("person", "function"),)

    def values(self) -> Record:
        """Somebody has to be named: a role alone is nobody."""
        row = super().values()
        if row["person"] is None:
            problem = _("Write the e-mail address of a colleague.")
            self.add_error("person", problem)
            raise Unfit(problem)
        return row
