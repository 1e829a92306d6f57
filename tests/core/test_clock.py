"""One clock; a day as a limit lasts until the next midnight in Europe/Amsterdam, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from academy.core import clock


def test_the_clock_can_be_set_and_goes_back():
    moment = datetime(2026, 1, 2, 3, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        with clock.at(moment + timedelta(days=1)):
            assert clock.today() == date(2026, 1, 3)
        assert clock.now() == moment
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_today_is_that_of_amsterdam():
    with clock.at(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 6), 24)])
def test_a_day_lasts_from_midnight_to_midnight(day, hours):
    start, end = clock.start_of(day), clock.end_of(day)
    assert (end.astimezone(UTC) - start.astimezone(UTC)) == timedelta(hours=hours)
    with clock.at(end - timedelta(microseconds=1)):
        assert clock.today() == day
    with clock.at(end):
        assert clock.today() == day + timedelta(days=1)
