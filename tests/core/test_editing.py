"""What every form of a record does: conditions, figures as people write them, the way through the steps."""

import pytest
from django.utils import translation

from academy.core.cleaning import Unfit
from academy.core.editing import when
from academy.core.editing.controls import Amount, Decimal, Number, Tick
from academy.core.editing.progress import knot, next_to


def test_conditions_of_parts():
    assert when.holds("", {})
    assert when.holds("a=true&b=false;c=X,Y", {"a": True, "b": False})
    assert when.holds("a=true&b=false;c=X,Y", {"c": "Y"})
    assert not when.holds("a=true&b=false;c=X,Y", {"a": True, "b": None, "c": "Z"})
    assert when.holds("a=", {"a": None})
    assert when.names("a=true&b=false;c=X,Y") == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("typed", "euros"),
    [("", None), ("12500", "12500.00"), ("€ 12.500,50", "12500.50"), ("12,500.5", "12500.50"), ("1.200", "1200.00")],
)
def test_amounts_as_people_write_them(typed, euros):
    assert Amount().read(typed) == euros


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("nl", "1.234,5", "1234.5"), ("nl", "1.234", "1234"), ("nl", "16.5", "16.5"), ("nl", "−3,25", "-3.25"),
        ("en", "1,234.5", "1234.5"), ("en", "1,234", "1234"), ("en", "16,5", "16.5"), ("en", "", None),
    ],
)  # fmt: skip
def test_figures_as_people_write_them(language, typed, value):
    with translation.override(language):
        assert Decimal().read(typed) == value


@pytest.mark.parametrize(("language", "shown"), [("nl", "1234,125"), ("en", "1234.125")])
def test_a_figure_stands_as_in_the_language_of_the_page(language, shown):
    with translation.override(language):
        assert Decimal().fill("1234.125") == shown
        assert Decimal().read(shown) == "1234.125"


@pytest.mark.parametrize("typed", ["42000", "42.000", "42,000", "42 000"])
def test_whole_numbers_as_people_write_them(typed):
    assert Number().read(typed) == 42000


@pytest.mark.parametrize("typed", ["4.2", "4,20", "1.23.4", "veel", "-1"])
def test_what_is_no_whole_number_is_said(typed):
    with pytest.raises(Unfit):
        Number().read(typed)


def test_a_tick():
    assert [Tick().read(Tick().fill(value)) for value in (True, False, None)] == [True, False, False]


def test_the_way_through_the_steps():
    assert [next_to(["a", "b"], "a", by) for by in (1, -1)] == ["b", ""]
    with translation.override("en"):
        done = knot("a", "A", "/a", current=False, done=True)
        wrong = knot("a", "A", "/a", current=False, done=False, problems=2)
        later = knot("a", "A", "/a", current=False, done=False, otherwise="Later")
        here = knot("a", "A", "/a", current=True, done=False)
    assert [one.state for one in (done, wrong, later, here)] == ["Done", "2 things do not fit", "Later", "You are here"]
    assert [(one.done, one.wrong) for one in (done, wrong, later)] == [(True, False), (False, True), (False, False)]
