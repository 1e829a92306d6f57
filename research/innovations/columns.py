"""What a list of innovations can show, column by column, and what has to be read for it."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.accounts.models import Role, Unit
from academy.accounts.permissions import member_of, roles_of
from academy.core import clock, wording
from academy.core.translation import Text, pick

from . import badges, vocabularies
from .cells import Cell, ListColumn, Row
from .models import Decision, Dependency, Innovation, Money
from .states import Outcome, Result, Stage

# Values --------------------------------------------------------------------------------------------------------------


def title_of(innovation: Innovation) -> Text:
    """The title in the reader's language, else in the other one; the number of one that has none."""
    return pick(innovation, "title") or Text(innovation.number, "nl")


def named(record: Model | None) -> Any:
    """The name of a term, a programme, a line …; "" of none."""
    if record is None:
        return ""
    return pick(record, "title" if hasattr(record, "title_nl") else "name")


def horizon_of(innovation: Innovation) -> Any:
    """From one horizon to another, or the only one."""
    first, last = innovation.horizon_from, innovation.horizon_to
    if first is None or last is None or first == last:
        return named(first or last)
    return _("%(first)s to %(last)s") % {"first": named(first), "last": named(last)}


def person(user: Any) -> str:
    """The name of somebody, or nothing."""
    return user.full_name if user else ""


def gate_of(innovation: Innovation) -> Decision | None:
    """The gate that waits for a decision; reads `open_gates`. What has ended waits for none."""
    if innovation.outcome in Outcome.ended():
        return None
    return next(iter(innovation.open_gates), None)


def _title(row: Row) -> Cell:
    one = row.innovation
    return Cell(title_of(one), note=one.number, url=one.get_absolute_url())


def _stage(row: Row) -> Cell:
    return Cell(Stage(row.innovation.stage).label)


def _outcome(row: Row) -> Cell:
    one = row.innovation
    until = _("until %(day)s") % {"day": wording.plain_date(one.wake_up_on)} if one.wake_up_on else ""
    return Cell(badge=badges.of_outcome(one.outcome), note=until)


def _pillar(row: Row) -> Cell:
    pillar = row.innovation.pillar
    return Cell(pick(pillar, "short"), pillar=f"pillar-{pillar.number}") if pillar else Cell()


def due_cell(day: date | None) -> Cell:
    """A day, and how late it is."""
    return Cell(wording.plain_date(day), badge=badges.of_due(day)) if day else Cell()


def _gate_body(row: Row) -> Any:
    gate = gate_of(row.innovation)
    return named(gate.body) if gate else ""


def _gate_due(row: Row) -> date | None:
    gate = gate_of(row.innovation)
    return gate.due_on if gate else None


def _dependency(one: Dependency) -> str:
    """Which kind, of whom, and how far."""
    kind = f"{one.get_kind_display()}, {one.name}" if one.name else one.get_kind_display()
    return f"{kind}: {one.get_state_display()}"


def _choice(choices: type, column: str) -> Callable[[Row], Any]:
    def value(row: Row) -> str:
        code = getattr(row.innovation, column)
        return str(choices(code).label) if code else ""

    return value


def _many(name: str) -> Callable[[Row], list[Any]]:
    return lambda row: [named(one) for one in getattr(row.innovation, name).all()]


def _fte(measure: str) -> Callable[[Row], Any]:
    def value(row: Row) -> Decimal | None:
        rows = row.innovation.fte_figures.all()
        return next((figure.fte.quantize(Decimal("0.01")) for figure in rows if figure.measure == measure), None)

    return value


def _euros(column: str) -> Callable[[Row], Any]:
    def value(row: Row) -> Decimal | None:
        amounts = [amount for entry in row.innovation.money.all() if (amount := getattr(entry, column)) is not None]
        return sum(amounts, Decimal(0)) if amounts else None

    return value


def _column(name: str, value: Callable[[Row], Any] | None = None, **more: Any) -> ListColumn:
    """A column of the innovation itself, called what the model calls it."""
    words = Innovation._meta.get_field(name).verbose_name
    return ListColumn(name, words, value or (lambda row: getattr(row.innovation, name)), **more)


def _terms(name: str, group: str, **more: Any) -> ListColumn:
    return _column(name, _many(name), group=group, needs=(name,), **more)


TITLE = ListColumn(
    "title", pgettext_lazy("heading", "Innovation"), lambda row: title_of(row.innovation), show=_title, order="title"
)
NUMBER = _column("number", order="number")
STAGE = _column("stage", lambda row: Stage(row.innovation.stage).label, show=_stage, order="stage")
DAYS = ListColumn(
    "days", gettext_lazy("days in this stage"), lambda row: row.innovation.days_in_stage, number=True, order="days"
)
OUTCOME = _column("outcome", lambda row: Outcome(row.innovation.outcome).label, show=_outcome)
PILLAR = _column("pillar", lambda row: named(row.innovation.pillar), show=_pillar, group="strategy", joins=("pillar",))
OWNER = _column("owner", lambda row: person(row.innovation.owner), group="people", people=True, joins=("owner",))
HOSPITALS = _column(
    "organisations",
    lambda row: [one.short_name for one in row.innovation.organisations.all()],
    group="identity",
    needs=("organisations",),
)
NEXT_GATE = ListColumn(
    "next_gate",
    gettext_lazy("open gate"),
    lambda row: Stage(gate.gate).label if (gate := gate_of(row.innovation)) else "",
    needs=("open_gates",),
)
GATE_DUE = ListColumn(
    "gate_due",
    gettext_lazy("decide before"),
    _gate_due,
    show=lambda row: due_cell(_gate_due(row)),
    needs=("open_gates",),
)

#: everything that can be chosen, in the order in which the list shows it
COLUMNS: dict[str, ListColumn] = {
    column.name: column
    for column in (
        TITLE,
        NUMBER,
        STAGE,
        DAYS,
        _column("stage_since"),
        OUTCOME,
        _column("urgent", group="strategy"),
        PILLAR,
        _terms("other_pillars", "strategy"),
        ListColumn(
            "horizon",
            pgettext_lazy("heading", "Horizon"),
            lambda row: horizon_of(row.innovation),
            group="strategy",
            joins=("horizon_from", "horizon_to"),
        ),
        _column(
            "roadmap_line", lambda row: named(row.innovation.roadmap_line), group="strategy", joins=("roadmap_line",)
        ),
        _terms("programmes", "strategy"),
        _terms("goals", "strategy"),
        _terms("challenges", "strategy"),
        _terms("needs", "strategy"),
        _terms("concerns", "strategy"),
        OWNER,
        _column("sponsor", lambda row: person(row.innovation.sponsor), group="people", people=True, joins=("sponsor",)),
        HOSPITALS,
        _column(
            "partners",
            lambda row: [one.short_name for one in row.innovation.partners.all()],
            group="identity",
            needs=("partners",),
        ),
        _column(
            "units", lambda row: [str(unit) for unit in row.innovation.units.all()], group="identity", needs=("units",)
        ),
        _terms("specialties", "identity"),
        _column("value_score", number=True, order="value"),
        _column("complexity", number=True, order="complexity"),
        _column("trl", number=True),
        _column("device", _choice(vocabularies.DeviceClass, "device")),
        _column("ai", _choice(vocabularies.AiClass, "ai")),
        _column("evidence_tier", _choice(vocabularies.EvidenceTier, "evidence_tier"), group="aims"),
        ListColumn(
            "fte_estimate",
            gettext_lazy("FTE estimated"),
            _fte("estimate"),
            group="fte",
            number=True,
            needs=("fte_figures",),
            order="fte",
        ),
        ListColumn(
            "fte_validated",
            gettext_lazy("FTE validated"),
            _fte("validated"),
            group="fte",
            number=True,
            needs=("fte_figures",),
        ),
        ListColumn(
            "fte_actual", gettext_lazy("FTE realised"), _fte("actual"), group="fte", number=True, needs=("fte_figures",)
        ),
        ListColumn(
            "budget",
            gettext_lazy("budget in euros"),
            _euros("budget_eur"),
            group="money",
            number=True,
            needs=("money",),
        ),
        ListColumn(
            "spent",
            gettext_lazy("spent in euros"),
            _euros("spent_eur"),
            group="money",
            number=True,
            needs=("money",),
        ),
        NEXT_GATE,
        GATE_DUE,
        ListColumn(
            "gate_body",
            gettext_lazy("body that decides"),
            _gate_body,
            needs=("open_gates",),
        ),
        ListColumn(
            "next_review",
            gettext_lazy("next review"),
            lambda row: row.innovation.next_review_on,
            needs=("next_review",),
        ),
        ListColumn(
            "dependencies",
            gettext_lazy("depends on"),
            lambda row: [_dependency(one) for one in row.innovation.dependencies.all()],
            group="dependencies",
            needs=("dependencies",),
        ),
        _column(
            "visibility",
            lambda row: wording.capital(vocabularies.Visibility(row.innovation.visibility).label),
            group="access",
        ),
        ListColumn(
            "changed",
            pgettext_lazy("heading", "Last changed"),
            lambda row: clock.day_of(row.innovation.changed_at),
            order="changed",
        ),
    )
}
#: what the list shows to whoever chose nothing
STANDARD = (
    "title",
    "stage",
    "days",
    "outcome",
    "pillar",
    "owner",
    "value_score",
    "complexity",
    "fte_estimate",
    "gate_due",
)


def offered(user: Any) -> list[ListColumn]:
    """The columns in which this viewer could read anything."""
    if member_of(user) or roles_of(user).has(Role.AUDITOR) or roles_of(user).has(Role.INNOVATION_MANAGER):
        return list(COLUMNS.values())
    return [column for column in COLUMNS.values() if not column.is_restricted]


def chosen(names: Iterable[str], user: Any) -> list[ListColumn]:
    """These columns in the order of the list; the standard ones when none is known. The title is always there."""
    wanted = set(names) & set(COLUMNS) or set(STANDARD)
    return [column for column in offered(user) if column.name in wanted or column is TITLE]


# Rows ----------------------------------------------------------------------------------------------------------------


def last_review() -> Subquery:
    """The day of the next review that the last decision set."""
    decided = Decision.objects.filter(innovation=OuterRef("pk")).exclude(result=Result.OPEN)
    return Subquery(decided.order_by("-decided_on", "-pk").values("next_review_on")[:1])


def _prefetches() -> dict[str, Any]:
    """Related records that need more than their name."""
    waiting = Decision.objects.filter(result=Result.OPEN).select_related("body", "owner")
    return {
        "units": Prefetch("units", Unit.objects.select_related("organisation")),
        "open_gates": Prefetch("decisions", waiting, to_attr="open_gates"),
        "money": Prefetch("money", Money.objects.all()),
    }


def with_columns(innovations: QuerySet[Innovation], columns: Iterable[ListColumn], *more: str) -> QuerySet[Innovation]:
    """These innovations with what the columns read and `more`, one query for each kind of related record."""
    columns = list(columns)
    joins = sorted({name for column in columns for name in column.joins})
    needs = {name for column in columns for name in column.needs} | set(more)
    if any(column.is_restricted for column in columns):
        needs |= {"organisations", "team"}  # what decides how near the viewer stands
    if "next_review" in needs:
        innovations = innovations.annotate(next_review_on=last_review())
    special = _prefetches()
    related = [special.get(name, name) for name in sorted(needs - {"next_review"})]
    return (innovations.select_related(*joins) if joins else innovations).prefetch_related(*related)
