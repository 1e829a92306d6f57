"""Pictures of numbers as SVG: only their geometry, ready for attributes; colours come from `charts.css`.

The same numbers stand in a table beside each picture.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt

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


# Bars ----------------------------------------------------------------------------------------------------------------

BAR_WIDTH, BAR_STEP, BAR_HEIGHT, BAR_PITCH = 480, 8, 26, 36
BAR_ROOM = 50  # beside the longest bar, for its number


@dataclass(frozen=True)
class Bar:
    """One bar with its name before it and its value behind it; `kind` is a class of `charts.css`."""

    name: Mark
    x: str
    y: str
    width: str
    value: Mark
    kind: str = "bar"


@dataclass(frozen=True)
class BarChart:
    """Bars under each other from one axis on."""

    box: str
    bars: list[Bar]
    axis: str
    height: str


def bar_chart(values: Sequence[float], names: Sequence[str]) -> BarChart:
    """One bar per value, none of them negative, each as long as its part of the largest."""
    left = 12 + BAR_STEP * max(map(len, names), default=0)
    room, most = BAR_WIDTH - left - BAR_ROOM, max([*values, 1])
    bars = []
    for row, (value, name) in enumerate(zip(values, names, strict=True)):
        y, width = 5 + row * BAR_PITCH, room * value / most
        said = Mark(_at(left + width + 10), _at(y + 18), wording.number(value))
        bars.append(Bar(Mark("0", _at(y + 18), name), _at(left), _at(y), _at(width), said))
    height = len(bars) * BAR_PITCH + 6
    return BarChart(f"0 0 {BAR_WIDTH} {height}", bars, f"M{left} 0V{height}", _at(BAR_HEIGHT))


# Bars against a range ------------------------------------------------------------------------------------------------

SCALE_RIGHT, SCALE_TOP, TICKS = 457, 50, 4


@dataclass(frozen=True)
class Scale:
    """Bars on a scale with a range to hold them against; `band` is (x, width) of that range, or None."""

    box: str
    bars: list[Bar]
    band: tuple[str, str] | None
    edges: str
    words: list[Mark]
    ticks: list[tuple[str, Mark]]
    axis: str
    unit: Mark
    height: str
    bottom: str


def scale(
    values: Sequence[tuple[float, str, str]], *, band: tuple[float, float] | None, words: Sequence[str], unit: str
) -> Scale:
    """Values as (number, words behind the bar, class), on one scale with the range `band`; `words` stand above it.

    A negative value goes to the left of 0.
    """
    low = min([0.0, *(value for value, _words, _kind in values)])
    high = max([*(value for value, _words, _kind in values), band[1] if band else 1.0, low + 1.0])
    step = _step((high - low) / TICKS)
    first, last = floor(low / step), ceil(high / step)

    def place(value: float) -> float:
        return _between(0, SCALE_RIGHT, (value / step - first) / (last - first))

    top = SCALE_TOP if band else 0
    bars = [
        _scale_bar(place, value, top + 6 + row * (BAR_PITCH + 2), said, kind)
        for row, (value, said, kind) in enumerate(values)
    ]
    bottom = top + len(values) * (BAR_PITCH + 2) + 4
    ticks = [(f"M{_at(place(n * step))} {bottom}v6", _tick(place, n, step, bottom)) for n in range(first, last + 1)]
    ends = [place(value) for value in band] if band else []
    return Scale(
        box=f"0 0 480 {bottom + 56}",
        bars=bars,
        band=(_at(ends[0]), _at(ends[1] - ends[0])) if band else None,
        edges="".join(f"M{_at(x)} {SCALE_TOP}V{bottom}" for x in ends),
        words=[Mark(_at(SCALE_RIGHT), _at(16 + 22 * row), line) for row, line in enumerate(words)] if band else [],
        ticks=ticks,
        axis=f"M0 {bottom}H480",
        unit=Mark("0", _at(bottom + 50), unit),
        height=_at(bottom - SCALE_TOP),
        bottom=_at(bottom),
    )


def _scale_bar(place: Callable[[float], float], value: float, y: float, words: str, kind: str) -> Bar:
    start, end = sorted((place(0), place(value)))
    return Bar(
        Mark("", "", ""),
        f"{start:.1f}",
        _at(y),
        f"{max(end - start, 2):.1f}",
        Mark(_at(min(end + 10, SCALE_RIGHT - 8 * len(words))), _at(y + 18), words),
        kind,
    )


def _tick(place: Callable[[float], float], n: int, step: float, bottom: float) -> Mark:
    return Mark(_at(place(n * step)), _at(bottom + 24), wording.number(round(n * step, 6)))


def _step(least: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least * (1 - 1e-9))


# Bubbles -------------------------------------------------------------------------------------------------------------

BUBBLES_WIDTH, CELL_HEIGHT, BUBBLES_LEFT, BUBBLES_TOP = 464, 46, 36, 24
LARGEST, SMALLEST = 19.0, 8.0
PITCH = 19  # between the middles of bubbles that share a place, at least: smaller ones on top leave the label free


@dataclass(frozen=True)
class Bubble:
    """A circle with a number in it: `indices` are the points that it stands for, mostly one."""

    x: str
    y: str
    radius: str
    label: Mark
    indices: tuple[int, ...]


@dataclass(frozen=True)
class BubbleChart:
    """Points on a grid of whole numbers; those in the same place stand beside each other and stay readable.

    `right` and `foot` are where words about the axis across end.
    """

    box: str
    lines: list[tuple[str, Mark]]
    names: list[Mark]
    bubbles: list[Bubble]
    axis: str
    right: str
    foot: str


def bubble_chart(points: Sequence[tuple[int, int, float | None]], *, across: range, up: range) -> BubbleChart:
    """Points as (across, up, size); the area of a circle is its part of the largest size, the smallest without one.

    Labels are the places of the points in the sequence, from 1. Bubbles come in the order to draw them, the large ones
    first. Where more meet than there is room for, one bubble tells how many.
    """
    wide = BUBBLES_WIDTH / len(across)
    right, bottom = BUBBLES_LEFT + BUBBLES_WIDTH, BUBBLES_TOP + CELL_HEIGHT * len(up)

    def middle(x: int, y: int) -> tuple[float, float]:
        return BUBBLES_LEFT + wide * (x - across.start + 0.5), bottom - CELL_HEIGHT * (y - up.start + 0.5)

    def line(y: int) -> tuple[str, Mark]:
        at = middle(across.start, y)[1]
        return f"M{BUBBLES_LEFT} {_at(at)}H{right}", Mark(_at(BUBBLES_LEFT - 8), _at(at + 5), str(y))

    return BubbleChart(
        box=f"0 0 {right + 6} {bottom + 52}",
        lines=[line(y) for y in up],
        names=[Mark(_at(middle(x, up.start)[0]), _at(bottom + 20), str(x)) for x in across],
        bubbles=sorted(
            (bubble for place, here in _in_cells(points) for bubble in _bubbles(middle(*place), wide, here)),
            key=lambda bubble: (-float(bubble.radius), bubble.indices),
        ),
        axis=f"M{BUBBLES_LEFT} {BUBBLES_TOP}V{bottom}H{right}",
        right=_at(right),
        foot=_at(bottom + 44),
    )


def _in_cells(points: Sequence[tuple[int, int, float | None]]) -> Iterable[tuple[tuple[int, int], dict[int, float]]]:
    """Where points are, and of each one there its part of the largest radius."""
    largest = max((size for _x, _y, size in points if size and size > 0), default=1.0)
    cells: dict[tuple[int, int], dict[int, float]] = {}
    for index, (x, y, size) in enumerate(points):
        cells.setdefault((x, y), {})[index] = sqrt(size / largest) if size and size > 0 else 0.0
    return cells.items()


def _bubbles(middle: tuple[float, float], wide: float, parts: dict[int, float]) -> list[Bubble]:
    """In rows as even as they can be."""
    number = len(parts)
    rows = ceil(number * PITCH / (wide - PITCH))
    columns = ceil(number / rows)
    across, down = min(wide / columns, 2 * LARGEST), CELL_HEIGHT / rows
    if down < PITCH:
        return [_bubble(*middle, LARGEST, f"{number}×", tuple(parts))]
    found = []
    for place, (index, part) in enumerate(parts.items()):
        x = middle[0] + across * (place % columns - (columns - 1) / 2)
        y = middle[1] + down * (place // columns - (rows - 1) / 2)
        found.append(_bubble(x, y, max(SMALLEST, LARGEST * part), str(index + 1), (index,)))
    return found


def _bubble(x: float, y: float, radius: float, words: str, indices: tuple[int, ...]) -> Bubble:
    label = Mark(f"{x:.1f}", f"{y + 4.5:.1f}", words)
    return Bubble(f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", label, indices)
