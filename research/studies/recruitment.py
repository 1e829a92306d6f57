"""How many people were screened, took part and stopped: per hospital, together, and month by month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.core import wording
from academy.core.charts import LineChart, line_chart

from .dates import earliest, latest
from .models import Site
from .record import Record


@dataclass(frozen=True)
class Figures:
    """One row of the table; `target` is None where nothing is planned, or where it may not be seen."""

    name: str
    screened: int = 0
    included: int = 0
    withdrawn: int = 0
    target: int | None = None

    @property
    def reached(self) -> str:
        """The part of the target, such as 37 %."""
        return wording.percent(round(100 * self.included / self.target)) if self.target else ""


@dataclass(frozen=True)
class Month:
    """How many take part since the start, at the end of a month."""

    first: date
    name: str
    included: int


@dataclass(frozen=True)
class Recruitment:
    """What the part of the page about participants shows."""

    rows: list[Figures]
    total: Figures
    months: list[Month]
    chart: LineChart
    words: str
    plan: str

    @property
    def has_targets(self) -> bool:
        """Whether something was planned that may be seen."""
        return any(row.target is not None for row in (*self.rows, self.total))

    @property
    def until(self) -> str:
        """The last month of which there are figures."""
        last = self.months[-1].first
        return wording.plain_date(last).partition(" ")[2]


def recruitment(sites: Sequence[Site], record: Record) -> Recruitment | None:
    """The figures of these sites, their counts prefetched; None while there are none.

    Targets and the planned end come from `record`, which has only what may be seen.
    """
    counts = [count for site in sites for count in site.counts.all()]
    if not counts:
        return None
    rows = [_row(site, record) for site in sites]
    months = _months(counts)
    total = _together(rows, record)
    target = _planned(total, months[-1].first, record)
    included = ngettext("%(n)s participant", "%(n)s participants", total.included)
    words = included % {"n": wording.number(total.included)}
    chart = line_chart(
        [month.included for month in months],
        [_short(month.first) for month in months],
        last=words,
        target=target,
    )
    return Recruitment(rows, total, months, chart, words, _plan(total, record) if target else "")


def _row(site: Site, record: Record) -> Figures:
    planned = {row["organisation"]: row["planned_inclusions"] for row in record.get("sites", ())}
    return _sum(site.organisation.short_name, site.counts.all(), planned.get(site.organisation.key))


def _sum(name: str, rows, target: int | None) -> Figures:
    return Figures(
        name,
        sum(row.screened for row in rows),
        sum(row.included for row in rows),
        sum(row.withdrawn for row in rows),
        target,
    )


def _together(rows: list[Figures], record: Record) -> Figures:
    """The target of the whole study, or the sum of those of the hospitals when every one has one."""
    planned = [row.target for row in rows if row.target is not None]
    summed = sum(planned) if planned and len(planned) == len(rows) else None
    return _sum(_("Together"), rows, record.get("sample_size_target") or summed)


def _months(counts) -> list[Month]:
    """Every month from the first figures to the last, those without any as well."""
    by_month: dict[date, int] = defaultdict(int)
    for count in counts:
        by_month[count.on.replace(day=1)] += count.included
    months, first, total = [], min(by_month), 0
    while first <= max(by_month):
        total += by_month[first]
        months.append(Month(first, wording.plain_date(first).partition(" ")[2], total))
        first = _next(first)
    return months


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _short(month: date) -> str:
    """The name of the month; the year in January and where the line begins is told by the caption."""
    return f"’{month:%y}" if month.month == 1 else wording.short_month(month)


def _planned(total: Figures, last: date, record: Record) -> float | None:
    """How many should take part by the end of the last month, when they come evenly until the end of the study."""
    start, end = earliest(record.get("first_enrolment") or ""), latest(record.get("completion") or "")
    if not total.target or not start or not end or end <= start:
        return None
    passed = (min(_next(last), end) - start).days / (end - start).days
    return max(0.0, total.target * passed)


def _plan(total: Figures, record: Record) -> str:
    end = latest(record["completion"])
    shown = {"n": wording.number(total.target), "date": wording.plain_date(end)}
    return _("The dashed line is the plan: %(n)s on %(date)s.") % shown
