"""The way through the steps of a form, and how far each of them is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Step:
    """One knot of the stepper."""

    name: str
    label: Any
    url: str
    state: str
    done: bool
    wrong: bool
    current: bool


def knot(name: str, label: Any, url: str, *, current: bool, done: bool, problems: int = 0, otherwise: str = "") -> Step:
    """A step with its state in words: here, so many things that do not fit, done, or not yet (or `otherwise`)."""
    return Step(name, label, url, _state(problems, done, current, otherwise), done, bool(problems), current)


def _state(problems: int, done: bool, current: bool, otherwise: str) -> str:
    if current:
        return _("You are here")
    if problems:
        return ngettext("%(n)s thing does not fit", "%(n)s things do not fit", problems) % {"n": problems}
    return _("Done") if done else otherwise or _("Not yet")


def next_to(steps: Iterable[str], step: str, direction: int) -> str:
    """The step after (1) or before (-1) this one; empty at the ends."""
    order = list(steps)
    place = order.index(step) + direction
    return order[place] if 0 <= place < len(order) else ""
