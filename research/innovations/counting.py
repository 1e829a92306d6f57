"""The statements behind the totals of the portfolio: the database counts, however many innovations there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    FloatField,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Round, RowNumber

from academy.core import clock

from .models import STALLED_AFTER, Benefit, Decision, FteFigure, Innovation, Money
from .permissions import members_level
from .states import Outcome, Stage
from .vocabularies import Measure

Columns = tuple[Any, ...]

#: value and complexity are shown of this many innovations, those with the most estimated FTE
MOST_POINTS = 40
HAS_FTE = Q(pk__in=FteFigure.objects.order_by().values("innovation"))
HAS_BENEFITS = Q(pk__in=Benefit.objects.order_by().values("innovation"))


@dataclass(frozen=True)
class Spot:
    """How many innovations share outcome, stage, pillar and horizons, and how many of them have what is counted."""

    outcome: str
    stage: str
    pillar: int | None
    horizon_from: int | None
    horizon_to: int | None
    n: int
    long: int
    without_value: int
    without_complexity: int
    placed: int
    with_fte: int
    with_benefits: int
    with_money_seen: int

    @property
    def is_active(self) -> bool:
        return self.outcome == Outcome.ACTIVE

    @property
    def stalled(self) -> int:
        """Those that somebody should look at: active, not in use, and long in their stage."""
        return self.long if self.is_active and self.stage != Stage.IN_USE else 0


def spots(innovations: QuerySet[Innovation], user: Any) -> list[Spot]:
    """These innovations, counted once by all that they are sorted by."""
    places = ("outcome", "stage", "pillar", "horizon_from", "horizon_to")
    before = clock.today() - timedelta(days=STALLED_AFTER)
    rows = (
        innovations.order_by()
        .values(*places)
        .annotate(
            n=Count("pk"),
            long=_count(Q(stage_since__lt=before)),
            without_value=_count(Q(value_score=None)),
            without_complexity=_count(Q(complexity=None)),
            placed=_count(Q(value_score__isnull=False, complexity__isnull=False)),
            with_fte=_count(HAS_FTE),
            with_benefits=_count(HAS_BENEFITS),
            with_money_seen=_money_seen(user),
        )
    )
    return [Spot(**row) for row in rows]


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition)


def _money_seen(user: Any) -> Any:
    """Those whose money this person may see."""
    if not getattr(user, "is_authenticated", False):
        return Value(0)
    return _count(Q(pk__in=members_level(Innovation.objects.order_by(), user).values("pk")))


def with_fte(innovations: QuerySet[Innovation]) -> tuple[int, int]:
    """How many these are, and how many of them have an FTE figure."""
    found = innovations.order_by().aggregate(n=Count("pk"), some=_count(HAS_FTE))
    return found["n"], found["some"]


def middles(innovations: QuerySet[Innovation]) -> dict[str, float]:
    """The median of the days in each stage of the active ones that are not in use yet; under "" of them all."""
    in_order = {"order_by": "stage_since"}
    found = (
        innovations.active()
        .exclude(stage=Stage.IN_USE)
        .order_by()
        .annotate(
            place=Window(RowNumber(), partition_by="stage", **in_order),
            of=Window(Count("pk"), partition_by="stage"),
            place_in_all=Window(RowNumber(), **in_order),
            of_all=Window(Count("pk")),
        )
        .filter(_in_the_middle("place", "of") | _in_the_middle("place_in_all", "of_all"))
        .values_list("stage", "stage_since", "place", "of", "place_in_all", "of_all")
    )
    days: dict[str, list[int]] = {}
    for stage, since, place, of, place_in_all, of_all in found:
        passed = (clock.today() - since).days
        for name, here, number in ((stage, place, of), ("", place_in_all, of_all)):
            if number <= 2 * here <= number + 2:
                days.setdefault(name, []).append(passed)
    return {name: sum(some) / len(some) for name, some in days.items()}


def _in_the_middle(place: str, of: str) -> Q:
    """The one in the middle, or the two beside it."""
    return Q(**{f"{of}__lte": F(place) * 2, f"{of}__gte": F(place) * 2 - 2})


def points(innovations: QuerySet[Innovation]) -> list[dict[str, Any]]:
    """Active innovations with value and complexity, those with the most estimated FTE first."""
    found = by_estimate(innovations.active().filter(value_score__isnull=False, complexity__isnull=False))
    columns = ("number", "title_nl", "title_en", "stage", "pillar", "value_score", "complexity")
    return list(found.values(*columns, fte=F("estimated__fte"))[:MOST_POINTS])


def by_estimate(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Those with the most estimated FTE first, those without an estimate last."""
    estimate = FilteredRelation("fte_figures", condition=Q(fte_figures__measure=Measure.ESTIMATE))
    found = innovations.annotate(estimated=estimate)
    return found.order_by(F("estimated__fte").desc(nulls_last=True), "number")


# What rows of innovations add up to ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum4:
    """One row of `sums`: what is counted, for which key, four numbers and four amounts; each list says which."""

    what: str
    key: str
    flag: int
    n: int
    n2: int
    n3: int
    n4: int
    a: Any
    b: Any
    c: Any
    d: Any


def sums(innovations: QuerySet[Innovation], user: Any, *, wanted: tuple[str, ...] = ()) -> dict[str, list[Sum4]]:
    """Benefits, FTE, goals, gates and money of these innovations in one statement; `wanted` takes some of them only.

    - benefits: category, flag 1 for disbenefits; how many, and how many have an estimated, validated, realised figure
    - fte: measure; how many, hours, FTE; n2, c and d the same of innovations that have both estimate and realised
    - goals: key; how many innovations, n2 how many active ones
    - gates: late or waiting; how many are open
    - money: year; of how many innovations, budget and spent, as far as this person may see it
    """
    ids = innovations.order_by().values("pk")
    makers = {"benefits": _benefits, "fte": _fte, "goals": _goals, "gates": _gates}
    parts = [make(ids) for name, make in makers.items() if not wanted or name in wanted]
    if getattr(user, "is_authenticated", False) and (not wanted or "money" in wanted):
        parts.append(_money(members_level(innovations, user).order_by().values("pk")))
    first, *others = parts
    found: dict[str, list[Sum4]] = {}
    for row in _rows(first.union(*others, all=True) if others else first):
        found.setdefault(row.what, []).append(row)
    return found


def _rows(found: QuerySet) -> Iterator[Sum4]:
    return (Sum4(*row) for row in found)


_ZERO = Value(0, output_field=IntegerField())
_NOTHING = Value(0.0, output_field=FloatField())  # of amounts: the first part of a union says what its columns are


def _row(what: str, found: QuerySet, key: str, *, numbers: Columns, amounts: Columns = (), **more: Any) -> QuerySet:
    """One part of the union: every part has the same columns, zeros where it has nothing to say; `flag` may be one."""
    counted = (*numbers, *(_ZERO,) * (4 - len(numbers)))
    added = (*amounts, *(_NOTHING,) * (4 - len(amounts)))
    flag = more.get("flag", _ZERO)
    return found.values_list(Value(what, output_field=CharField()), F(key), flag, *counted, *added)


def _benefits(ids: QuerySet) -> QuerySet:
    bad = Case(When(disbenefit=True, then=Value(1)), default=_ZERO, output_field=IntegerField())
    found = Benefit.objects.filter(innovation__in=ids).order_by().annotate(bad=bad).values("category", "bad")
    found = found.annotate(
        number=Count("pk"), estimated=Count("estimate"), sure=Count("validated"), measured=Count("actual")
    )
    numbers = ("number", "estimated", "sure", "measured")
    return _row("benefits", found, "category", flag=F("bad"), numbers=numbers)


def _fte(ids: QuerySet) -> QuerySet:
    figures = FteFigure.objects.order_by()
    estimated = figures.filter(measure=Measure.ESTIMATE).values("innovation")
    both = Q(innovation__in=figures.filter(measure=Measure.ACTUAL, innovation__in=estimated).values("innovation"))
    whole = Round("hours_per_year")  # as each is shown, so that people who add up find the same
    found = (
        figures.filter(innovation__in=ids)
        .values("measure")
        .annotate(
            number=Count("pk"),
            both=Count("pk", filter=both),
            hours=Sum(whole),
            jobs=Sum("fte"),
            hours_both=Sum(whole, filter=both, default=0),
            jobs_both=Sum("fte", filter=both, default=0),
        )
    )
    amounts = ("hours", "jobs", "hours_both", "jobs_both")
    return _row("fte", found, "measure", numbers=("number", "both"), amounts=amounts)


def _goals(ids: QuerySet) -> QuerySet:
    links = Innovation.goals.through.objects.filter(innovation__in=ids).order_by()
    active = Count("pk", filter=Q(innovation__outcome=Outcome.ACTIVE))
    found = links.values("goal__key").annotate(number=Count("pk"), active=active)
    return _row("goals", found, "goal__key", numbers=("number", "active"))


def _gates(ids: QuerySet) -> QuerySet:
    late = When(due_on__lt=clock.today(), then=Value("late"))
    state = Case(late, default=Value("waiting"), output_field=CharField())
    found = Decision.objects.open().filter(innovation__in=ids).order_by().annotate(when=state).values("when")
    return _row("gates", found.annotate(number=Count("pk")), "when", numbers=("number",))


def _money(ids: QuerySet) -> QuerySet:
    found = Money.objects.filter(innovation__in=ids).order_by().values("year")
    found = found.annotate(
        number=Count("innovation", distinct=True),
        budget=Sum("budget_eur", default=0),
        spent=Sum("spent_eur", default=0),
        text=Cast(Max("year"), CharField()),
    )
    return _row("money", found, "text", numbers=("number",), amounts=("budget", "spent"))
