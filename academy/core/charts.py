"""Pictures of numbers as SVG: only their geometry, ready for attributes; colours come from `charts.css`.

The same numbers stand in a table beside each picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from . import wording

WIDTH, HEIGHT = 520, 250
LEFT, RIGHT, TOP, BOTTOM = 32, 515, 31, 205
STEPS, MOST_NAMES = 3, 12


@dataclass(frozen=True)
class Mark:
    """Words at a place."""

    x: str
    y: str
    text: str


@dataclass(frozen=True)
class LineChart:
    """A line from 0 on, with a dashed one to compare it with; `target` is empty where there is none.

    Geometry is text, since numbers in templates are written as people read them.
    """

    box: str
    grid: list[tuple[str, Mark]]
    names: list[Mark]
    line: str
    target: str
    end: Mark
    label: Mark


def line_chart(values: Sequence[int], names: Sequence[str], *, last: str, target: float | None = None) -> LineChart:
    """The values one after the other, evenly; `names` stand below, as many as there is room for.

    `last` are the words at the end of the line; `target` is the value that the dashed line reaches there.
    """
    top = _round_up(max(*values, target or 0, 1))
    places = [_between(LEFT, RIGHT, (index + 1) / len(values)) for index in range(len(values))]
    points = [
        (float(LEFT), float(BOTTOM)),
        *((x, _height(value, top)) for x, value in zip(places, values, strict=True)),
    ]
    every = ceil(len(names) / MOST_NAMES)
    x, y = points[-1]
    return LineChart(
        box=f"0 0 {WIDTH} {HEIGHT}",
        grid=[_grid(top * step / STEPS, top) for step in range(STEPS + 1)],
        names=[
            Mark(_at(place), "229", name)
            for index, (place, name) in enumerate(zip(places, names, strict=True))
            if (len(names) - 1 - index) % every == 0
        ],
        line="M" + "L".join(f"{_at(px)} {_at(py)}" for px, py in points),
        target=f"M{LEFT} {BOTTOM}L{RIGHT} {_at(_height(target, top))}" if target else "",
        end=Mark(_at(x), _at(y), ""),
        label=Mark(_at(x), _at(y - 14), last),
    )


def _between(start: float, end: float, part: float) -> float:
    return start + (end - start) * part


def _height(value: float, top: float) -> float:
    return _between(BOTTOM, TOP, value / top)


def _at(place: float) -> str:
    return f"{place:.0f}"


def _grid(value: float, top: float) -> tuple[str, Mark]:
    y = _height(value, top)
    return f"M{LEFT} {_at(y)}H{RIGHT}", Mark("24", _at(y + 5), wording.number(round(value)))


def _round_up(value: float) -> int:
    """The next number that is three equal whole steps of 1, 2, 4, 5 or 10 times a power of ten."""
    step = value / STEPS
    power = 10 ** max(0, ceil(log10(step)) - 1) if step > 1 else 1
    return STEPS * next(power * factor for factor in (1, 2, 4, 5, 10) if power * factor >= step)
