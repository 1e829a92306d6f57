"""Dates, times, numbers and sizes as people read them, in the language of the request.

Dutch and English differ in more than words (9.00 uur, 1.284, 37 %), so each language has its own patterns here;
the names of days and months come from Django.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format

from .translation import current

LONG = "l j F Y"
ROW = "D j F Y"
NBSP = "\N{NO-BREAK SPACE}"

CLOCK = {"nl": "G.i", "en": "G:i"}
RANGE = {"nl": "{start}–{end} uur", "en": "{start}–{end}"}
MOMENT = {"nl": "{date} om {time} uur", "en": "{date} at {time}"}
SPAN = {"nl": "{first} tot en met {last}", "en": "{first} to {last}"}
AND = {"nl": "en", "en": "and"}
DAYS = {"nl": "{span} ({count} dagen)", "en": "{span} ({count} days)"}
HOURS = {"nl": ("uur", "uur"), "en": ("hour", "hours")}
PERCENT = {"nl": f"{{number}}{NBSP}%", "en": "{number}%"}
# More dates than this are told as a span: a row of dates is read, a column of them is not.
MOST_DATES = 4


def long_date(day: date | datetime) -> str:
    """`dinsdag 6 oktober 2026`, `Tuesday 6 October 2026`; a moment counts in local time."""
    return format_date(_local(day), LONG)


def row_date(day: date | datetime) -> str:
    """`di 6 oktober 2026`, `Tue 6 October 2026`, for rows and cards."""
    return format_date(_local(day), ROW)


def plain_date(day: date | datetime) -> str:
    """`6 oktober 2026`, where the weekday does not matter."""
    return format_date(_local(day), "j F Y")


def short_month(day: date | datetime) -> str:
    """`okt`, `Oct`: Dutch writes months small."""
    return format_date(_local(day), "b" if current() == "nl" else "M")


def clock_time(moment: datetime | time) -> str:
    """`9.00` or `9:00`, in local time."""
    local = _local(moment) if isinstance(moment, datetime) else moment
    return format_date(datetime.combine(date.min, local.time() if isinstance(local, datetime) else local), _in(CLOCK))


def long_moment(moment: datetime) -> str:
    """`dinsdag 6 oktober 2026 om 14.03 uur`."""
    return _in(MOMENT).format(date=long_date(moment), time=clock_time(moment))


def time_range(start: datetime | time, end: datetime | time) -> str:
    """`9.00–12.30 uur`, `9:00–12:30`."""
    return _in(RANGE).format(start=clock_time(start), end=clock_time(end))


def day_list(days: Sequence[date | datetime]) -> str:
    """`wo 14 en 28 oktober 2026`; more than four days become a span with their number."""
    dates = sorted({_day(day) for day in days})
    if not dates:
        return ""
    if len(dates) > MOST_DATES:
        span = _in(SPAN).format(first=_without_year(dates[0], dates[-1]), last=row_date(dates[-1]))
        return _in(DAYS).format(span=span, count=len(dates))
    return _joined([_month(list(group), dates[-1]) for _key, group in groupby(dates, key=lambda d: (d.year, d.month))])


def capital(text: Any) -> str:
    """The words as they begin a line: the first letter large, the others as they are."""
    words = str(text)
    return words[:1].upper() + words[1:]


def number(value: Any) -> str:
    """`1.284` and `12,5`, or `1,284` and `12.5`; decimals only where there are any. Words pass."""
    if not isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value = value.normalize()
        value = value.quantize(Decimal(1)) if value == value.to_integral() else value
    return number_format(value, use_l10n=True, force_grouping=True)


def hours(value: Any) -> str:
    """`1 uur`, `3,5 uur`, `3.5 hours`; the number and its unit stay on one line."""
    one, more = _in(HOURS)
    return f"{number(value)}{NBSP}{one if value == 1 else more}"


def percent(value: Any) -> str:
    """`37 %` in Dutch, `37%` in English; the value is in hundredths (37 is 37 %)."""
    return _in(PERCENT).format(number=number(value))


def file_size(octets: int) -> str:
    """Size of a file in steps of 1,000: `87 kB`, `1,2 MB`."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6)):
        if octets >= factor:
            return f"{number(round(Decimal(octets) / factor, 1))}{NBSP}{unit}"
    return f"{number(max(1, round(octets / 1000)))}{NBSP}kB"


def number_token(token: str) -> str:
    """A certificate's token in groups of four, so that it can be read aloud: `7Q4M-2KXD-P9TR-W6HB`."""
    return "-".join(token[at : at + 4] for at in range(0, len(token), 4))


def _in(patterns: dict[str, Any]) -> Any:
    return patterns[current()]


def _local(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def _day(moment: date | datetime) -> date:
    local = _local(moment)
    return local.date() if isinstance(local, datetime) else local


def _without_year(day: date, other: date) -> str:
    return format_date(day, "D j F" if day.year == other.year else ROW)


def _month(dates: list[date], last: date) -> str:
    """The days of one month: the weekday once when it is the same, the year only where it ends or changes."""
    tail = format_date(dates[0], "F" if dates[0].year == last.year and dates[-1] != last else "F Y")
    if len({day.weekday() for day in dates}) == 1:
        return f"{format_date(dates[0], 'D')} {_joined([str(day.day) for day in dates])} {tail}"
    return f"{_joined([format_date(day, 'D j') for day in dates])} {tail}"


def _joined(parts: list[str]) -> str:
    return f" {_in(AND)} ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
