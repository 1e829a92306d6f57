"""Geometry of pictures."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.core import charts


def points(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"(-?\d+) (-?\d+)", path)]


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=200), st.none() | st.floats(0, 1e7))
def test_everything_lies_inside(values, target):
    chart = charts.line_chart(values, [str(n) for n in range(len(values))], last="", target=target)
    for x, y in points(chart.line) + points(chart.target):
        assert charts.LEFT <= x <= charts.RIGHT
        assert charts.TOP <= y <= charts.BOTTOM
    assert len(chart.names) <= charts.MOST_NAMES
    assert len(points(chart.line)) == len(values) + 1


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, ["0", "1", "2", "3"]), (90, ["0", "40", "80", "120"]), (1_000, ["0", "400", "800", "1.200"])],
)
def test_the_scale_has_round_numbers(most, marks):
    assert [mark.text for _path, mark in charts.line_chart([most], ["x"], last="").grid] == marks


def test_the_last_name_is_always_there():
    names = [str(n) for n in range(25)]
    assert charts.line_chart([1] * 25, names, last="").names[-1].text == "24"


@given(st.lists(st.integers(0, 1_000_000), max_size=12))
def test_bars_are_as_long_as_their_part_of_the_largest(values):
    chart = charts.bar_chart(values, ["Pilot A"] * len(values))
    width = float(chart.box.split()[2])
    for value, bar in zip(values, chart.bars, strict=True):
        assert float(bar.x) + float(bar.width) <= width - charts.BAR_ROOM
        assert float(bar.width) == pytest.approx(
            (width - charts.BAR_ROOM - float(bar.x)) * value / max(*values, 1), abs=1
        )


def test_bars_have_room_for_their_names():
    short, long = (charts.bar_chart([1], [name]).bars[0] for name in ("Idee", "Pilot B (breder)"))
    assert float(long.x) > float(short.x)
    assert charts.bar_chart([], []).bars == []


BAND = st.none() | st.just((500.0, 1_000.0))


@given(st.lists(st.floats(-2_000, 5_000), min_size=1, max_size=5), BAND)
def test_a_scale_holds_its_bars_and_its_range(values, band):
    chart = charts.scale([(value, "x", "bar") for value in values], band=band, words=["a", "b"], unit="FTE")
    for bar in chart.bars:
        assert float(bar.x) >= -0.1
        assert float(bar.x) + float(bar.width) <= charts.SCALE_RIGHT + 2.1
    assert (chart.band is None) == (band is None) == (chart.words == [])
    if chart.band:
        assert float(chart.band[0]) + float(chart.band[1]) <= charts.SCALE_RIGHT + 1
    assert "0" in [mark.text for _path, mark in chart.ticks]
    assert len(chart.ticks) <= 7


def test_a_scale_tells_how_little_it_is():
    chart = charts.scale([(41.5, "41,5", "bar")], band=(500, 1_000), words=[], unit="FTE")
    assert [mark.text for _path, mark in chart.ticks] == ["0", "250", "500", "750", "1.000"]
    assert chart.band == ("228", "228")
    assert chart.bars[0].width == "19.0"


POINT = st.tuples(st.integers(0, 7), st.integers(1, 10), st.none() | st.floats(-5, 1_000))


@given(st.lists(POINT, max_size=60))
def test_every_point_is_in_one_bubble_whose_label_nothing_covers(points):
    chart = charts.bubble_chart(points, across=range(8), up=range(1, 11))
    assert sorted(index for bubble in chart.bubbles for index in bubble.indices) == list(range(len(points)))
    radii = [float(bubble.radius) for bubble in chart.bubbles]
    assert radii == sorted(radii, reverse=True)
    assert all(charts.SMALLEST <= radius <= charts.LARGEST for radius in radii)
    places = [(float(bubble.x), float(bubble.y), points[bubble.indices[0]][:2]) for bubble in chart.bubbles]
    for number, (x, y, cell) in enumerate(places):
        for other_x, other_y, other in places[number + 1 :]:
            assert cell != other or (x - other_x) ** 2 + (y - other_y) ** 2 >= charts.PITCH**2


def test_the_area_of_a_bubble_is_its_part():
    large, small, none = charts.bubble_chart(
        [(0, 1, 4.0), (1, 1, 2.0), (2, 1, None)], across=range(4), up=range(1, 3)
    ).bubbles
    assert float(large.radius) == charts.LARGEST
    assert float(small.radius) ** 2 == pytest.approx(charts.LARGEST**2 / 2, rel=0.01)
    assert float(none.radius) == charts.SMALLEST
    assert [bubble.label.text for bubble in (large, small, none)] == ["1", "2", "3"]


def test_where_too_many_meet_one_bubble_tells_how_many():
    chart = charts.bubble_chart([(0, 1, 1.0)] * 30, across=range(8), up=range(1, 11))
    assert [bubble.label.text for bubble in chart.bubbles] == ["30×"]
