"""Innovations as their team sees them: how far each is, what is missing and who looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core.badges import Badge
from academy.core.translation import Text, pick

from . import badges, gates
from . import record as records
from .models import Decision, Innovation
from .permissions import own
from .record import IDEA
from .services.gates import assessed_of
from .states import Outcome, PublicationState, Result, Stage

_PUBLICATION: dict[str, tuple[str, str]] = {
    PublicationState.DRAFT: ("neutral", "pencil"),
    PublicationState.SUBMITTED: ("info", "clock"),
    PublicationState.PUBLISHED: ("positive", "circle-check"),
    PublicationState.OFFLINE: ("warning", "lock"),
}
SHOWN = 4  # missing things that a row names


@dataclass(frozen=True)
class Row:
    """An innovation of which the reader is owner or team."""

    innovation: Innovation

    @property
    def title(self) -> Text | str:
        return pick(self.innovation, "title") or _("Untitled innovation")

    @property
    def publication(self) -> Badge:
        state = self.innovation.publication_state
        return Badge(str(PublicationState(state).label), *_PUBLICATION[state])

    @property
    def outcome(self) -> Badge | None:
        """Where it is not simply going on."""
        return None if self.innovation.outcome == Outcome.ACTIVE else badges.of_outcome(self.innovation.outcome)

    @property
    def stage(self) -> str:
        return str(Stage(self.innovation.stage).label)

    @property
    def days(self) -> str:
        """How long it is in its stage."""
        count = self.innovation.days_in_stage
        return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}

    @property
    def stillness(self) -> Badge | None:
        return badges.of_stillness(self.innovation)

    @cached_property
    def missing(self) -> list[gates.Item]:
        facts = gates.Facts(records.read(self.innovation), assessed_of(self.innovation))
        return gates.missing(facts, gates.gate_of(self.innovation.stage))

    @property
    def missing_words(self) -> str:
        """The first things that the next gate misses, and how many more."""
        names = ", ".join(str(item.label) for item in self.missing[:SHOWN])
        more = len(self.missing) - SHOWN
        return _("%(names)s and %(n)s more") % {"names": names, "n": more} if more > 0 else names

    @property
    def open_gate(self) -> Decision | None:
        """The gate that a body still has to decide on, with its day."""
        return next(iter(self.innovation.open_gates), None)

    @property
    def edit_words(self) -> str:
        return _("Continue") if self.innovation.publication_state == PublicationState.DRAFT else _("Change")

    @property
    def edit_url(self) -> str:
        """The first step in which something is missing."""
        steps = [item.step for item in self.missing if item.step != gates.ASSESSMENTS]
        return reverse(
            "innovations:step", kwargs={"number": self.innovation.number, "step": steps[0] if steps else IDEA}
        )


def of_person(person: Any) -> QuerySet[Innovation]:
    """What the person owns or is in the team of: drafts first, then the last changed, what has ended at the end."""
    place = Case(
        When(publication_state=PublicationState.DRAFT, then=Value(0)),
        When(outcome__in=Outcome.ended(), then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return own(person).order_by(place, "-changed_at", "-pk")


def for_rows(innovations: QuerySet[Innovation]) -> QuerySet[Innovation]:
    """With what a row shows, in a fixed number of queries."""
    waiting = Decision.objects.filter(result=Result.OPEN).select_related("body")
    return records.with_everything(innovations).prefetch_related(
        Prefetch("decisions", waiting, to_attr="open_gates"),
    )


def rows_of(innovations: Iterable[Innovation]) -> list[Row]:
    """Rows for innovations that `for_rows` prepared."""
    return [Row(innovation) for innovation in innovations]
