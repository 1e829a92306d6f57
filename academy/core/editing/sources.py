"""The lists that a form offers, by the name that a control gives as its source."""

from typing import Any

Choices = list[tuple[str, Any]]


class Sources:
    """A subclass has a property for each list: the (key, name) pairs."""

    def choices(self, source: str) -> Choices:
        """The (key, name) pairs of this list; none for no list."""
        return list(getattr(self, source)) if source else []
