"""When things of the demo happen."""

from datetime import date, datetime, timedelta

import pytest

from academy.cms.loading.content import Calendar, both, paragraphs
from academy.cms.loading.dates import RunDates, decided_on, out_of_weekend
from academy.core import clock

WEDNESDAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 12, tzinfo=clock.AMSTERDAM)


def calendar(day=WEDNESDAY, now=NOON):
    return Calendar(load_day=day, now=now)


@pytest.mark.parametrize(
    ("load_day", "offset", "expected"),
    [
        (WEDNESDAY, 3, date(2026, 11, 30)),  # Saturday → Monday
        (WEDNESDAY, 4, date(2026, 11, 30)),
        (WEDNESDAY, 5, date(2026, 11, 30)),  # Monday stays
        (WEDNESDAY, -3, date(2026, 11, 23)),  # last Sunday → last Monday
        (date(2026, 11, 23), -1, date(2026, 11, 22)),  # moving would carry it to the load day itself
        (date(2026, 11, 22), -1, date(2026, 11, 21)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),  # today stays today
    ],
)
def test_out_of_weekend(load_day, offset, expected):
    assert out_of_weekend(offset, calendar(load_day)) == expected


def test_a_run_follows_its_sessions():
    session = {"key": "s", "start_offset_days": 3, "start_time": "09:00", "end_time": "11:30"}
    window = {"enrolment_opens_offset_days": -10, "enrolment_closes_offset_days": 1}
    run = RunDates.of({"sessions": [session], "starts_offset_days": 3, "ends_offset_days": 3, **window}, calendar())
    assert (run.starts, run.ends) == (date(2026, 11, 30), date(2026, 11, 30))
    assert run.sessions["s"][0] == datetime(2026, 11, 30, 9, tzinfo=clock.AMSTERDAM)


def test_moments_of_a_past_day_lie_in_working_hours():
    moment = calendar().at(WEDNESDAY - timedelta(days=1), 0.5)
    assert moment == datetime(2026, 11, 24, 13, tzinfo=clock.AMSTERDAM)


@pytest.mark.parametrize("hour", [0, 3, 9, 17, 23])
def test_moments_of_today_keep_their_order_and_are_not_in_the_future(hour):
    now = datetime(2026, 11, 25, hour, 1, tzinfo=clock.AMSTERDAM)
    moments = [calendar(now=now).at(WEDNESDAY, part) for part in (0, 0.2, 0.9, 1)]
    assert moments == sorted(moments)
    assert moments[0] >= clock.start_of(WEDNESDAY)
    assert moments[-1] <= now


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(-10, -10), (-30, -20), (0, -7)],
    ids=["as given", "not before the request", "before it would lapse"],
)
def test_decisions_fall_within_their_time(offset, expected):
    requested = WEDNESDAY - timedelta(days=20)
    assert decided_on({"offset_days": offset}, requested, calendar()) == WEDNESDAY + timedelta(days=expected)


def test_text_becomes_escaped_paragraphs():
    assert paragraphs("Eén <b>regel</b>\nverder.\n\nTwee & drie.") == [
        "<p>Eén &lt;b&gt;regel&lt;/b&gt; verder.</p>",
        "<p>Twee &amp; drie.</p>",
    ]


def test_a_missing_language_is_empty():
    assert both({"nl": " Naam "}, "title") == {"title_nl": "Naam", "title_en": ""}
