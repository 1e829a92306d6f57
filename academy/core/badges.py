"""The state of one thing, ready to show: words, tone and icon."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Badge:
    """One to four words; `tone` is neutral, positive, warning, negative or info; without `icon` the tone's own."""

    text: str | Promise
    tone: str = "neutral"
    icon: str = ""
