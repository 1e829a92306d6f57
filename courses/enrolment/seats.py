"""The arithmetic of seats: shared ones, and those kept for one organisation until a date."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Seats:
    """Seats of one run: `total`, `taken` per organisation (None: external), `kept` by unreleased allotments.

    A person takes from the own organisation's allotment first, then from what is shared;
    unreleased seats of others never. Nothing is stored about which seat somebody sits on, so that the
    fullest possible seating always holds, also after a cancellation.
    """

    total: int
    taken: dict[int | None, int] = field(default_factory=dict)
    kept: Mapping[int, int] = field(default_factory=dict)

    def free_for(self, organisation: int | None) -> int:
        """How many more persons of this organisation (None: external) can sit down; never below 0."""
        beyond = sum(max(0, n - self.kept.get(owner, 0)) for owner, n in self.taken.items())
        shared = self.total - sum(self.kept.values()) - beyond
        own = max(0, self.kept.get(organisation, 0) - self.taken.get(organisation, 0))
        return max(0, min(own + max(0, shared), self.total - self.taken_in_all))

    def take(self, organisation: int | None) -> None:
        """Count one more person."""
        self.taken[organisation] = self.taken.get(organisation, 0) + 1

    @property
    def taken_in_all(self) -> int:
        return sum(self.taken.values())
