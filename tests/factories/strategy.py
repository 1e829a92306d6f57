"""Programmes and what they add to."""

from datetime import timedelta
from itertools import count

from academy.accounts.models import Organisation
from academy.core import clock
from academy.strategy.models import Milestone, Programme, RoadmapLine

from . import innovations

_number = count(1)


def programme(*organisations: Organisation, **columns) -> Programme:
    """A programme of these organisations with a number of its own."""
    n = next(_number)
    defaults = {"key": f"prog{n}", "number": f"P-{n + 20:02d}", "title_nl": f"Programma {n}", "type": "programme"}
    made = Programme.objects.create(**{**defaults, **columns})
    made.organisations.set(organisations)
    return made


def milestone(of: Programme, *, planned: int, actual: int | None = None, **columns) -> Milestone:
    """A milestone planned for so many days from now, and done on such a day."""
    today = clock.today()
    return Milestone.objects.create(
        **{
            "programme": of,
            "title_nl": "Mijlpaal",
            "planned_on": today + timedelta(days=planned),
            "actual_on": None if actual is None else today + timedelta(days=actual),
            **columns,
        }
    )


def line(pillar: int = 3, **columns) -> RoadmapLine:
    """A line of the roadmap under this pillar."""
    n = next(_number)
    defaults = {"key": f"rl_{n:02d}", "order": n, "title_nl": f"Lijn {n}"}
    return RoadmapLine.objects.create(pillar=innovations.pillar(pillar), **{**defaults, **columns})
