"""Courses from people's own tables, for the machinery of imports."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, BinaryIO

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.accounts.models import Organisation, Role
from academy.accounts.permissions import roles_of
from academy.core import wording
from academy.core.imports.contract import Context, Plan, Raw, register
from academy.core.imports.tables import Column, TableImporter
from academy.core.imports.tables.cells import Coded, Unfit

from . import table
from .models import Course, code_format
from .services.importing import import_courses
from .services.matching import IN_FILE, match

SEPARATOR = re.compile(r"[;|\n]")
PAIR = re.compile(r"(.+?)\s*[:=]\s*(\d{1,4}(?:[.,]\d+)?)\D*")
MOST_POINTS, MOST_MONTHS, MOST_EUROS = 9_999, 1_200, 999_999
MOST_HOURS, MOST_MINUTES = 9_999, 600_000


class OptionsForm(forms.Form):
    """Whose the new courses are, for who manages courses of more than one hospital."""

    organisation = forms.ChoiceField(
        label=gettext_lazy("Hospital of the new courses"),
        help_text=gettext_lazy("For courses whose row names no hospital."),
    )

    def __init__(self, *args: Any, hospitals: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].choices = [(one.key, str(one)) for one in hospitals]


class CourseImporter(TableImporter):
    """A row is a course; it is found again by its code."""

    kind = "courses"
    label = gettext_lazy("Import courses")
    help = gettext_lazy("From your own list, as CSV or as an Excel workbook. Each row is a course.")
    needs = ("code",)

    def may(self, user: Any) -> bool:
        return user.has_perm("catalogue.change_record")

    def columns(self) -> list[Column]:
        return table.columns()

    def read(self, file: BinaryIO, name: str) -> Iterator[Raw]:
        """Rows in the order of the file, but for courses that are needed before others: those come first."""
        coded = {one.name: Coded.of(one.choices()) for one in self.columns() if one.name in table.PAIRS}
        codes = _codes_in(super().read(file, name))
        return _needed_first((_checked(raw, coded) for raw in super().read(file, name)), codes)

    def plan(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return [found.plan for found in match(batch, context)]

    def apply(self, batch: Sequence[Raw], context: Context) -> list[Plan]:
        return import_courses(rows=batch, context=context)

    def show(self, field: str, value: Any) -> str:
        if field not in table.PAIRS or not value:
            return super().show(field, value)
        column = self._column(field)
        return "; ".join(
            f"{self._name(column, key)}: {wording.number(count)}" if count is not None else self._name(column, key)
            for key, count in value
        )

    def address_of(self, number: str) -> str:
        """The page of a published course; a draft is found in the editor."""
        if self._places is None:
            self._places = {}
        if not self._places and self._kept is not None:
            self._places = {code: (pk, live) for code, pk, live in Course.objects.values_list("code", "pk", "live")}
        pk, live = self._places.get(number, (None, True))
        if live:
            return reverse("catalogue:course", kwargs={"code": number})
        return reverse("wagtailsnippets_catalogue_course:edit", args=[pk])

    _places: dict[str, tuple[int, bool]] | None = None

    def options_form(self, data: Any = None, *, user: Any = None) -> forms.Form | None:
        hospitals = list(Organisation.objects.filter(pk__in=roles_of(user).organisations(Role.COURSE_MANAGER)))
        return OptionsForm(data, hospitals=hospitals) if len(hospitals) > 1 else None


def _codes_in(raws: Iterable[Raw]) -> frozenset[str]:
    """The codes of the table, when a row of it may name another one."""
    raws = iter(raws)
    first = next(raws, None)
    if first is None or "prerequisites" not in (first.data or {}):
        return frozenset()
    return frozenset(_code(raw) for raw in chain([first], raws))


def _code(raw: Raw) -> str:
    return str(raw.data.get("code") or "").upper()


def _needed_first(raws: Iterable[Raw], codes: frozenset[str]) -> Iterator[Raw]:
    """Each row after those of the same table that it needs; in a circle, they come as they stand.

    The order depends on the table alone: the worker counts rows to find the place where it stopped.
    """
    done: set[str] = set()
    waiting: list[Raw] = []

    def is_ready(raw: Raw) -> bool:
        return all(code in done for code in raw.data.get(IN_FILE, ()))

    for raw in raws:
        needed = [code for code in raw.data.get("prerequisites", ()) if code in codes and code != _code(raw)]
        row = replace(raw, data={**raw.data, IN_FILE: needed}) if needed else raw
        if not is_ready(row):
            waiting.append(row)
            continue
        yield row
        done.add(_code(row))
    while waiting:
        ready = [row for row in waiting if is_ready(row)] or waiting
        yield from ready
        done.update(map(_code, ready))
        waiting = [row for row in waiting if row not in ready]


def _checked(raw: Raw, coded: dict[str, Coded]) -> Raw:
    """The row with its codes in capitals and its pairs read; what is wrong in cells is added to its problems."""
    data, problems = dict(raw.data), raw.problem.splitlines()
    for name, check in _CHECKS.items():
        if name in data:
            try:
                data[name] = check(data[name])
            except Unfit as problem:
                problems.append(CourseImporter.problem_in(data, name, str(problem)))
    for name, most in (("accreditation", MOST_POINTS), ("competences", MOST_MONTHS)):
        if name in data:
            try:
                data[name] = _pairs(data[name], coded[name], months=name == "competences", most=most)
            except Unfit as problem:
                problems.append(CourseImporter.problem_in(data, name, str(problem)))
    if data.get("code") in data.get("prerequisites", ()):
        problems.append(CourseImporter.problem_in(data, "prerequisites", _("a course cannot be needed before itself")))
    return replace(raw, data=data, problem="\n".join(problems))


def _tidy_code(text: str) -> str:
    code = text.upper()
    try:
        code_format(code)
    except ValidationError:
        raise Unfit(_("write capitals, digits and hyphens, such as BLS-01")) from None
    return code


def _at_most(limit: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > limit:
            raise Unfit(_("at most %(limit)s characters; these are %(n)s") % {"limit": limit, "n": len(text)})
        return text

    return check


def _between(most: int, decimals: int) -> Callable[[Any], Any]:
    """A number from 0 on, or an amount as text; not more decimals than are kept."""

    def check(value: Any) -> Any:
        if value is None:
            return None
        amount = float(value)
        if not 0 <= amount <= most:
            raise Unfit(_("write a number from 0 to %(most)s") % {"most": wording.number(most)})
        if round(amount, decimals) != amount:
            raise Unfit(_("write at most %(n)s decimals") % {"n": decimals} if decimals else _("write a whole number"))
        return value

    return check


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "code": _tidy_code,
    **{name: _at_most(Course._meta.get_field(name).max_length) for name in ("title_nl", "title_en")},
    **{name: _at_most(Course._meta.get_field(name).max_length) for name in ("summary_nl", "summary_en")},
    "hours": _between(MOST_HOURS, 2),
    "classroom_hours": _between(MOST_HOURS, 2),
    "online_norm_minutes": _between(MOST_MINUTES, 0),
    "cost_price_eur": _between(MOST_EUROS, 2),
    "prerequisites": lambda codes: sorted({code.upper() for code in codes}),
    **dict.fromkeys(("organisations", "audience", "specialties", "care_domains", "programmes", "languages"), sorted),
}


def _pairs(text: str, coded: Coded, *, months: bool, most: int) -> list[list[Any]]:
    """`GAIA: 4; V&VN: 3,5` as [code, number]; months may be left out, points may not."""
    found: dict[str, Any] = {}
    for part in filter(None, map(str.strip, SEPARATOR.split(text))):
        match = PAIR.fullmatch(part)
        if not match and not months:
            raise Unfit(_("write a register, a colon and its points, such as GAIA: 4"))
        code = coded.code(match[1] if match else part)
        count = table.number(match[2].replace(",", ".")) if match else None
        if count is not None and (not 0 < count <= most or round(count * (1 if months else 10), 6) % 1):
            raise Unfit(_("%(count)s cannot be right") % {"count": match[2]})
        if code in found:
            raise Unfit(_("%(name)s stands there twice") % {"name": match[1] if match else part})
        found[code] = count
    return sorted([code, count] for code, count in found.items())


register(CourseImporter())
