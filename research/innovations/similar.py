"""Innovations that are like what somebody types, stopped ones included: why they stopped and what was learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from academy.core.badges import Badge
from academy.core.translation import Text, current, pick
from search import facade
from search.contract import SearchQuery

from . import badges
from .models import Innovation
from .selectors import portfolio
from .states import Outcome, Stage

MOST = 5
LONGEST = 400  # characters that are looked at
FAR = 0.15  # of the score of the nearest one: what lies below shares a word by chance


@dataclass(frozen=True)
class Similar:
    """One of them, as the reader may know it."""

    innovation: Innovation

    @property
    def title(self) -> Text:
        return pick(self.innovation, "title")

    @property
    def url(self) -> str:
        return self.innovation.get_absolute_url()

    @property
    def stage(self) -> str:
        return str(Stage(self.innovation.stage).label)

    @property
    def badge(self) -> Badge | None:
        """How it ended or that it rests; nothing for one that goes on."""
        return None if self.innovation.outcome == Outcome.ACTIVE else badges.of_outcome(self.innovation.outcome)

    @property
    def reason(self) -> Text:
        """Why it stopped or rests."""
        return pick(self.innovation, "outcome_reason")

    @property
    def lessons(self) -> Text:
        """What was learned from it."""
        return pick(self.innovation, "lessons")


def similar_to(text: str, user: Any, besides: str = "") -> list[Similar]:
    """Those of the portfolio of this reader that share words with the text, the nearest first; never drafts.

    `besides` is the number of the one that is being written. Nothing where search does not answer.
    """
    order = _nearest(text, user)
    found = portfolio(user).in_bulk(order)  # as it is now, whatever the index still says
    return [Similar(found[pk]) for pk in order if pk in found and found[pk].number != besides][:MOST]


def similar_to_each(texts: Mapping[str, str], user: Any) -> dict[str, list[Similar]]:
    """The same for several that are being written, by their number, in one query."""
    orders = {number: _nearest(text, user) for number, text in texts.items()}
    found = portfolio(user).in_bulk({pk for order in orders.values() for pk in order})
    return {
        number: [Similar(found[pk]) for pk in order if pk in found and found[pk].number != number][:MOST]
        for number, order in orders.items()
    }


def _nearest(text: str, user: Any) -> list[int]:
    """What search finds, the nearest first; nothing where it does not answer."""
    words = text.strip()[:LONGEST]
    if not words:
        return []
    query = SearchQuery(
        text=words, language=current(), types=("innovation",), size=MOST + 1, highlight=False, match="any"
    )
    try:
        hits = facade.search(query, facade.viewer_for(user)).hits
    except facade.SearchUnavailable:
        return []
    return [int(hit.pk) for hit in hits if hit.score >= FAR * hits[0].score]
