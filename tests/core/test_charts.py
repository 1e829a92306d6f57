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
