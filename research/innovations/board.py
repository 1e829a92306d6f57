"""The board: what somebody works on, in columns by stage. Innovations on hold stand among them, marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.badges import Badge
from academy.core.translation import Text, pick

from . import badges
from .columns import NEXT_GATE, OWNER, PILLAR, gate_of, named, person, title_of, with_columns
from .models import Innovation
from .permissions import managed, manager_of
from .states import Outcome, Result, Stage

MOST = 20  # cards of a stage; the others are in the list
SHOWN = (Outcome.ACTIVE, Outcome.ON_HOLD)
#: what a card reads, and no long texts
OF_CARD = (
    *("number", "title_nl", "title_en", "stage", "stage_since", "outcome", "outcome_since", "wake_up_on", "urgent"),
    *("owner__given_name", "owner__infix", "owner__family_name", "pillar__number", "pillar__short_nl"),
    "pillar__short_en",
)


@dataclass(frozen=True)
class Move:
    """Somewhere to go from here: a stage, or what else a body may say; `value` is what the form sends."""

    value: str
    label: str


@dataclass(frozen=True)
class Card:
    """One innovation on the board, read with what the board needs; its words are made when they are shown."""

    innovation: Innovation
    may_move: bool

    @property
    def url(self) -> str:
        return self.innovation.get_absolute_url()

    @property
    def title(self) -> Text:
        return title_of(self.innovation)

    @property
    def pillar(self) -> Any:
        return pick(self.innovation.pillar, "short") if self.innovation.pillar else ""

    @property
    def pillar_class(self) -> str:
        return f"pillar-{self.innovation.pillar.number}" if self.innovation.pillar else ""

    @property
    def owner(self) -> str:
        return person(self.innovation.owner)

    @property
    def days(self) -> str:
        return _days(self.innovation)

    @property
    def gate(self) -> str:
        return _gate(gate_of(self.innovation))

    @cached_property
    def badges(self) -> list[Badge]:
        one, gate = self.innovation, gate_of(self.innovation)
        signs = [badges.of_urgency(one), _hold(one), badges.of_stillness(one), gate and badges.of_due(gate.due_on)]
        return [sign for sign in signs if sign]

    @property
    def moves(self) -> list[Move]:
        """Empty for whoever may not decide about it."""
        return moves_from(self.innovation) if self.may_move else []


@dataclass(frozen=True)
class Lane:
    """One stage: how many are active and on hold, the first cards, and how many more there are."""

    stage: Stage
    active: int
    on_hold: int
    cards: list[Card]

    @property
    def more(self) -> int:
        return self.active + self.on_hold - len(self.cards)


def lanes(innovations: QuerySet[Innovation], user: Any) -> list[Lane]:
    """Every stage in order, empty ones too; in each the one that has been in it longest first."""
    shown = innovations.filter(outcome__in=SHOWN).order_by()
    counts = {
        (stage, outcome): n for stage, outcome, n in shown.values_list("stage", "outcome").annotate(n=Count("pk"))
    }
    cards: dict[str, list[Card]] = {}
    first = list(_first(shown))
    movable = _managed(user, first)
    for one in first:
        cards.setdefault(one.stage, []).append(Card(one, may_move=one.pk in movable))
    return [
        Lane(
            stage, counts.get((stage, Outcome.ACTIVE), 0), counts.get((stage, Outcome.ON_HOLD), 0), cards.get(stage, [])
        )
        for stage in Stage
    ]


def _managed(user: Any, innovations: Iterable[Innovation]) -> set[int]:
    """The primary keys of those about which this person records what a body decides."""
    if not manager_of(user):
        return set()
    return set(managed(user).filter(pk__in=[one.pk for one in innovations]).values_list("pk", flat=True))


def _first(shown: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """The first cards of each stage."""
    place = Window(RowNumber(), partition_by="stage", order_by=["stage_since", "number"])
    ranked = shown.annotate(place=place).filter(place__lte=MOST)
    found = Innovation.objects.filter(pk__in=ranked.values("pk"))
    return with_columns(found, (OWNER, PILLAR, NEXT_GATE)).only(*OF_CARD).order_by("stage_since", "number")


def _days(innovation: Innovation) -> str:
    """How long it has been in its stage; a badge tells of what is too long."""
    if badges.of_stillness(innovation):
        return ""
    days = innovation.days_in_stage
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": wording.number(days)} if days else _("since today")


def _hold(innovation: Innovation) -> Badge | None:
    if innovation.outcome != Outcome.ON_HOLD:
        return None
    day = wording.plain_date(innovation.wake_up_on)
    return Badge(_("On hold until %(day)s") % {"day": day}, "warning", "pause")


def _gate(gate: Any) -> str:
    """Who decides about what, before when."""
    if gate is None:
        return ""
    told = {"gate": Stage(gate.gate).label, "body": named(gate.body), "day": wording.plain_date(gate.due_on)}
    return _("%(gate)s: %(body)s, before %(day)s") % told


def moves_from(innovation: Innovation) -> list[Move]:
    """The next stage first, then what else a body may say, then earlier stages."""
    stage = Stage(innovation.stage)
    found = [Move(stage.next, str(stage.next.label))] if stage.next else []
    if innovation.outcome != Outcome.ON_HOLD:
        found.append(Move(Result.HOLD, str(Result.HOLD.label)))
    found.append(Move(Result.STOP, str(Result.STOP.label)))
    earlier = [other for other in Stage if other.place < stage.place]
    return found + [Move(other, _("Back to %(stage)s") % {"stage": other.label}) for other in reversed(earlier)]


def decision_of(innovation: Innovation, to: str) -> dict[str, str]:
    """What the decision form is filled in with for this move; empty when it leads nowhere."""
    if to not in {move.value for move in moves_from(innovation)}:
        return {}
    if to in Result.values:
        return {"result": to}
    back = Stage(to).place < Stage(innovation.stage).place
    return {"result": Result.BACK, "back_to": to} if back else {"result": Result.GO}
