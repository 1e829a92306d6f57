"""Stages and outcomes of an innovation, the results of a gate, and the publication of the record."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """In order; forward one at a time, back by a decision."""

    IDEA = "idea", pgettext_lazy("stage of an innovation", "Idea")
    EXPLORATION = "exploration", pgettext_lazy("stage of an innovation", "Exploration")
    DEVELOPMENT = "development", pgettext_lazy("stage of an innovation", "Development")
    PILOT_A = "pilot_a", pgettext_lazy("stage of an innovation", "Pilot A (small)")
    PILOT_B = "pilot_b", pgettext_lazy("stage of an innovation", "Pilot B (wider)")
    IMPLEMENTATION = "implementation", pgettext_lazy("stage of an innovation", "Implementation")
    IN_USE = "in_use", pgettext_lazy("stage of an innovation", "In use")

    @property
    def place(self) -> int:
        """1 for the first stage."""
        return _ORDER.index(self) + 1

    @property
    def next(self) -> "Stage | None":
        """The stage that the next gate leads to; None in the last one."""
        return _ORDER[self.place] if self.place < len(_ORDER) else None


_ORDER = list(Stage)


class Outcome(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("outcome of an innovation", "Active")
    ON_HOLD = "on_hold", pgettext_lazy("outcome of an innovation", "On hold")
    STOPPED = "stopped", pgettext_lazy("outcome of an innovation", "Stopped")
    SCALED = "scaled", pgettext_lazy("outcome of an innovation", "Scaled up")
    WITHDRAWN = "withdrawn", pgettext_lazy("outcome of an innovation", "Withdrawn")

    @classmethod
    def ended(cls) -> tuple["Outcome", ...]:
        """Nobody works on it any more."""
        return cls.STOPPED, cls.WITHDRAWN


NEXT_OUTCOME: dict[str, set[str]] = {
    Outcome.ACTIVE: {Outcome.ON_HOLD, Outcome.STOPPED, Outcome.SCALED, Outcome.WITHDRAWN},
    Outcome.ON_HOLD: {Outcome.ACTIVE, Outcome.STOPPED, Outcome.WITHDRAWN},
    Outcome.STOPPED: {Outcome.ACTIVE},
    Outcome.SCALED: {Outcome.ACTIVE, Outcome.STOPPED},
    Outcome.WITHDRAWN: {Outcome.ACTIVE},
}


class Result(models.TextChoices):
    """What a body says at a gate; `open` until it has."""

    OPEN = "open", pgettext_lazy("result of a gate", "Still open")
    GO = "go", pgettext_lazy("result of a gate", "Go")
    GO_WITH_CONDITIONS = "go_with_conditions", pgettext_lazy("result of a gate", "Go, with conditions")
    NO_GO = "no_go", pgettext_lazy("result of a gate", "Not yet")
    HOLD = "hold", pgettext_lazy("result of a gate", "On hold")
    STOP = "stop", pgettext_lazy("result of a gate", "Stop")
    BACK = "back", pgettext_lazy("result of a gate", "Back")

    @classmethod
    def onward(cls) -> tuple["Result", ...]:
        """The stage of the gate begins."""
        return cls.GO, cls.GO_WITH_CONDITIONS

    @classmethod
    def given(cls) -> tuple["Result", ...]:
        """What can be decided."""
        return tuple(result for result in cls if result != cls.OPEN)


class PublicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("publication of an innovation", "draft")
    SUBMITTED = "submitted", pgettext_lazy("publication of an innovation", "with the innovation manager")
    PUBLISHED = "published", pgettext_lazy("publication of an innovation", "in the portfolio")
    OFFLINE = "offline", pgettext_lazy("publication of an innovation", "taken out of the portfolio")


NEXT_PUBLICATION: dict[str, set[str]] = {
    PublicationState.DRAFT: {PublicationState.SUBMITTED, PublicationState.PUBLISHED},
    PublicationState.SUBMITTED: {PublicationState.DRAFT, PublicationState.PUBLISHED},
    PublicationState.PUBLISHED: {PublicationState.OFFLINE},
    PublicationState.OFFLINE: {PublicationState.PUBLISHED},
}
