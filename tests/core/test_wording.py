"""Dates, times, numbers and sizes in both languages."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from academy.core import wording
from academy.core.translation import Text

TUESDAY = date(2026, 10, 6)


@pytest.fixture(params=["nl", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def days(*pairs, year=2026):
    return [date(year, month, day) for month, day in pairs]


@pytest.mark.parametrize(
    ("function", "arguments", "dutch", "english"),
    [
        (wording.long_date, [TUESDAY], "dinsdag 6 oktober 2026", "Tuesday 6 October 2026"),
        (wording.row_date, [TUESDAY], "di 6 oktober 2026", "Tue 6 October 2026"),
        (wording.plain_date, [TUESDAY], "6 oktober 2026", "6 October 2026"),
        (wording.short_month, [TUESDAY], "okt", "Oct"),
        (wording.clock_time, [time(9)], "9.00", "9:00"),
        (wording.time_range, [time(9), time(12, 30)], "9.00–12.30 uur", "9:00–12:30"),
        (wording.day_list, [[]], "", ""),
        (wording.day_list, [days((10, 28), (10, 14))], "wo 14 en 28 oktober 2026", "Wed 14 and 28 October 2026"),
        (wording.day_list, [days((10, 14), (10, 15))], "wo 14 en do 15 oktober 2026", "Wed 14 and Thu 15 October 2026"),
        (
            wording.day_list,
            [days((10, 14), (11, 3))],
            "wo 14 oktober en di 3 november 2026",
            "Wed 14 October and Tue 3 November 2026",
        ),
        (
            wording.day_list,
            [[*days((12, 14)), *days((1, 3), year=2027)]],
            "ma 14 december 2026 en zo 3 januari 2027",
            "Mon 14 December 2026 and Sun 3 January 2027",
        ),
        (
            wording.day_list,
            [[date(2026, 10, day) for day in range(5, 10)]],
            "ma 5 oktober tot en met vr 9 oktober 2026 (5 dagen)",
            "Mon 5 October to Fri 9 October 2026 (5 days)",
        ),
        (wording.number, [1284], "1.284", "1,284"),
        (wording.number, [Decimal("12.50")], "12,5", "12.5"),
        (wording.number, [Decimal("100.00")], "100", "100"),
        (wording.number, [3.5], "3,5", "3.5"),
        (wording.number, ["63 %"], "63 %", "63 %"),
        (wording.hours, [1], "1\xa0uur", "1\xa0hour"),
        (wording.hours, [Decimal("3.5")], "3,5\xa0uur", "3.5\xa0hours"),
        (wording.percent, [37], "37\xa0%", "37%"),
        (wording.file_size, [87_272], "87\xa0kB", "87\xa0kB"),
        (wording.file_size, [1_234_567], "1,2\xa0MB", "1.2\xa0MB"),
        (wording.file_size, [0], "1\xa0kB", "1\xa0kB"),
        (wording.number_token, ["7Q4M2KXDP9TRW6HB"], "7Q4M-2KXD-P9TR-W6HB", "7Q4M-2KXD-P9TR-W6HB"),
    ],
)
def test_words(language, function, arguments, dutch, english):
    assert function(*arguments) == (dutch if language == "nl" else english)


def test_moments_are_told_in_local_time():
    with translation.override("nl"):
        assert wording.long_moment(datetime(2026, 10, 6, 22, 30, tzinfo=UTC)) == "woensdag 7 oktober 2026 om 0.30 uur"


def test_filters_and_tags_give_the_same_words():
    source = "{{ day|row_date }} {% time_range start end %} {{ 1284|num }}"
    with translation.override("nl"):
        html = Template(source).render(Context({"day": TUESDAY, "start": time(9), "end": time(12)}))
    assert html == "di 6 oktober 2026 9.00–12.00 uur 1.284"


class Record:
    title_nl = "Triage & zorg"
    title_en = ""


def test_text_marks_the_other_language_and_escapes():
    with translation.override("en"):
        assert Template('{% text record "title" %}').render(Context({"record": Record()})) == (
            '<span lang="nl">Triage &amp; zorg</span>'
        )
    with translation.override("nl"):
        assert Template('{% text record "title" %}').render(Context({"record": Record()})) == "Triage &amp; zorg"


def test_marked_leaves_ordinary_words_alone():
    assert Template("{{ a|marked }}").render(Context({"a": Text("<b>", "nl")})) == "&lt;b&gt;"


def test_query_with_changes_repeats_and_takes_away():
    request = RequestFactory().get("/", {"q": "a b", "page": "3", "type": ["course", "track"]})
    html = Template("{% query_with page=None type=types %}").render(Context({"request": request, "types": ["x", "y"]}))
    assert html == "?q=a+b&amp;type=x&amp;type=y"
