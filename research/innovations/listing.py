"""The rows of the lists: which innovations, decisions and dependencies, in which order."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.core import clock
from academy.core.translation import LANGUAGES, current

from .models import Decision, Dependency, FteFigure, Innovation
from .states import Outcome, Result, Stage
from .vocabularies import DependencyKind, DependencyState, Measure

MOST_WORDS = 8  # of a search in a list


def in_list(column: str, values: Iterable[str]) -> Case:
    """The place of a code in its list, from 1: databases know no order of codes but the alphabet."""
    places = (When(**{column: value}, then=Value(place)) for place, value in enumerate(values, 1))
    return Case(*places, default=Value(0), output_field=IntegerField())


def title(prefix: str = "") -> Lower:
    """The title as the reader sees it, for sorting."""
    wanted = current()
    other = next(code for code in LANGUAGES if code != wanted)
    return Lower(Coalesce(NullIf(f"{prefix}title_{wanted}", Value("")), f"{prefix}title_{other}"))


def days_in_stage() -> ExpressionWrapper:
    """`Innovation.days_in_stage` as the database counts it."""
    has_ended = Q(outcome__in=Outcome.ended(), outcome_since__isnull=False)
    until = Case(When(has_ended, then="outcome_since"), default=Value(clock.today()), output_field=DateField())
    return ExpressionWrapper(until - F("stage_since"), output_field=DurationField())


def _fte() -> Subquery:
    figures = FteFigure.objects.filter(innovation=OuterRef("pk"), measure=Measure.ESTIMATE)
    return Subquery(figures.values("fte")[:1])


#: name of an order → what it is called, and by what it sorts
ORDERS: dict[str, tuple[str | Promise, Callable[[], Any]]] = {
    "number": (pgettext_lazy("order of a list", "Number"), lambda: F("number")),
    "title": (pgettext_lazy("order of a list", "Title"), title),
    "stage": (pgettext_lazy("order of a list", "Stage"), lambda: in_list("stage", Stage.values)),
    "days": (pgettext_lazy("order of a list", "Days in stage"), days_in_stage),
    "value": (pgettext_lazy("order of a list", "Value"), lambda: F("value_score")),
    "complexity": (pgettext_lazy("order of a list", "Complexity"), lambda: F("complexity")),
    "fte": (_("Estimated FTE"), _fte),
    "changed": (pgettext_lazy("order of a list", "Last changed"), lambda: F("changed_at")),
}
#: orders that begin with the most, or the last
DOWN = ("number", "days", "value", "fte", "changed")
STANDARD_ORDER = "-number"


def known_order(given: str) -> str:
    """An order that exists; a minus before its name turns it round."""
    return given if given.removeprefix("-") in ORDERS else STANDARD_ORDER


def first_order(name: str) -> str:
    """Which way round people want it first."""
    return f"-{name}" if name in DOWN else name


def ordered(innovations: QuerySet[Innovation], order: str) -> QuerySet[Innovation]:
    """In this order, what has no value last; equal ones by number."""
    name = order.removeprefix("-")
    _label, by = ORDERS[name]
    expression = by().desc(nulls_last=True) if order.startswith("-") else by().asc(nulls_last=True)
    return innovations.order_by(expression, "-number")


# The managers' questions ---------------------------------------------------------------------------------------------


def stalled(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """Active, not in use, more than 90 days in its stage; the longest first."""
    return innovations.stalled().order_by("stage_since", "number")


def open_gates(innovations: QuerySet[Innovation]) -> QuerySet[Decision]:
    """Decisions that a body still has to take about these innovations, the earliest day first."""
    waiting = Decision.objects.open().filter(innovation__in=innovations.order_by().values("pk"))
    return waiting.select_related("body", "owner").order_by("due_on", "pk")


def ended(innovations: QuerySet[Innovation], words: str = "") -> QuerySet[Innovation]:
    """Stopped and withdrawn ones, the latest first; with these words in their texts or in what was decided."""
    found = innovations.filter(outcome__in=Outcome.ended())
    if parts := words.replace("\x00", " ").split()[:MOST_WORDS]:  # PostgreSQL keeps no NUL
        found = found.filter(reduce(and_, (_has(part) for part in parts)))
    return found.order_by(F("outcome_since").desc(nulls_last=True), "number")


_TEXTS = ("title", "summary", "problem", "how_it_works", "outcome_reason", "lessons")


def _has(word: str) -> Q:
    own = [Q(**{f"{name}_{code}__icontains": word}) for name in _TEXTS for code in LANGUAGES]
    decided = stops().filter(innovation=OuterRef("pk"))
    reasons = reduce(or_, (Q(**{f"rationale_{code}__icontains": word}) for code in LANGUAGES))
    return reduce(or_, own, Q(number__iexact=word) | Q(Exists(decided.filter(reasons))))


def stops() -> QuerySet[Decision]:
    """Decisions to stop, the last one first."""
    return Decision.objects.filter(result=Result.STOP).order_by("-decided_on", "-pk")


def with_stops(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """With `stop_decisions`, the decisions to stop of each."""
    return innovations.prefetch_related(
        Prefetch("decisions", stops().select_related("body", "owner"), to_attr="stop_decisions")
    )


def stopped_by(innovation: Innovation) -> Decision | None:
    """The decision that ended it; None for one that its owner withdrew. Reads `stop_decisions`."""
    return next(iter(innovation.stop_decisions), None) if innovation.outcome == Outcome.STOPPED else None


def dependencies(innovations: QuerySet[Innovation], kinds: Iterable[str] = ()) -> QuerySet[Dependency]:
    """What these innovations depend on, of these kinds: by kind, what still has to happen first, then by title."""
    found = Dependency.objects.filter(innovation__in=innovations.order_by().values("pk"))
    if wanted := [kind for kind in kinds if kind in DependencyKind.values]:
        found = found.filter(kind__in=wanted)
    return found.order_by(
        in_list("kind", DependencyKind.values), in_list("state", DependencyState.values), title("innovation__"), "pk"
    )


def late(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those whose day is past."""
    return decisions.filter(due_on__lt=clock.today())
