"""What happens to strategy records beyond an edit."""

from academy.core import numbers


def next_programme_number() -> str:
    """The number of a new programme, such as P-07; given once."""
    return f"P-{numbers.next_number('programme'):02d}"
