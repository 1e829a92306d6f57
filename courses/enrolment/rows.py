"""Runs and enrolments shaped for a page: what a row says and which button it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.accounts.permissions import home_organisation
from academy.core import clock, wording
from academy.core.badges import Badge

from . import badges
from .models import CourseRun, Enrolment, Session
from .seats import Seats
from .selectors import position_of, seats_of_many
from .states import EnrolmentState, RunState


@dataclass(frozen=True)
class RunRow:
    """A run as a row: `enrolment` is the person's own, if any; `free` counts places for this person."""

    run: CourseRun
    badge: Badge
    note: str
    free: int
    enrolment: Enrolment | None
    enrol_url: str = ""

    @property
    def days(self) -> list[date]:
        sessions = self.run.sessions.all()
        return [session.starts_at for session in sessions] or [self.run.starts_on]

    @property
    def first(self):
        return next(iter(self.run.sessions.all()), None)

    @property
    def places(self) -> str:
        """Every place of the sessions once, in order."""
        found = list(dict.fromkeys(session.place for session in self.run.sessions.all() if session.place))
        return "; ".join(found) or _("Online")

    @property
    def when(self) -> str:
        """Dates in words, for the hidden ending of a link."""
        return wording.day_list(self.days)


def run_rows(runs: Iterable[CourseRun], user) -> list[RunRow]:
    """Rows for runs whose sessions and allotments are prefetched; two queries whatever their number."""
    runs = list(runs)
    seats = seats_of_many(runs)
    own: dict[int, Enrolment] = {}
    if user.is_authenticated and runs:
        for enrolment in Enrolment.objects.filter(person=user, run__in=runs).active():
            own[enrolment.run_id] = enrolment
    organisation = home_organisation(user) if user.is_authenticated else None
    return [_row(run, *seats[run.pk], own.get(run.pk), organisation) for run in runs]


def _row(run: CourseRun, seats: Seats, waiting: int, enrolment: Enrolment | None, organisation: int | None) -> RunRow:
    free = seats.free_for(organisation)
    if enrolment is not None:
        position = position_of(enrolment)
        return RunRow(run, badges.of_enrolment(enrolment, position), "", free, enrolment)
    may = run.is_open and (free or run.waiting_list)
    url = reverse("enrolment:enrol", kwargs={"number": run.number}) if may else ""
    return RunRow(
        run, badges.of_run(run, seats, waiting, organisation), _note(run, seats, free, waiting), free, None, url
    )


def _note(run: CourseRun, seats: Seats, free: int, waiting: int) -> str:
    if run.state in RunState.open():
        if not free and run.waiting_list:
            return _("You move up by yourself when a place comes free.")
        return _("Enrol until %(day)s") % {"day": wording.plain_date(run.enrolment_closes_on)}
    if run.state == RunState.UPCOMING and seats.kept:
        kept = sum(seats.kept.values())
        return ngettext(
            "%(n)s of %(all)s places is kept for an organisation",
            "%(n)s of %(all)s places are kept for organisations",
            kept,
        ) % {"n": kept, "all": run.seats}
    return ""


@dataclass(frozen=True)
class EnrolmentRow:
    """An enrolment as an entry of "My enrolments"."""

    enrolment: Enrolment
    badge: Badge
    url: str
    may_cancel: bool

    @property
    def day(self) -> date:
        """The next session; without one the first day of the run, or its last once it is under way."""
        if self.session:
            return clock.day_of(self.session.starts_at)
        return self.enrolment.run.ends_on if self.under_way else self.enrolment.run.starts_on

    @property
    def session(self) -> Session | None:
        """The next session that is not over."""
        return next((s for s in self.enrolment.run.sessions.all() if s.ends_at > clock.now()), None)

    @property
    def under_way(self) -> bool:
        return self.enrolment.run.starts_on <= clock.today()


def enrolment_rows(enrolments: Iterable[Enrolment]) -> list[EnrolmentRow]:
    """Entries for enrolments with run, course and sessions loaded; one query per place on a waiting list."""
    return [_enrolment_row(enrolment) for enrolment in enrolments]


def _enrolment_row(enrolment: Enrolment) -> EnrolmentRow:
    url = reverse("enrolment:detail", kwargs={"pk": enrolment.pk})
    badge = badges.of_enrolment(enrolment, position_of(enrolment))
    return EnrolmentRow(enrolment, badge, url, may_cancel(enrolment))


def may_cancel(enrolment: Enrolment) -> bool:
    """Whether the person can still step back without asking anybody."""
    if enrolment.state == EnrolmentState.ASSOCIATED:
        return enrolment.run.starts_on > clock.today()
    return enrolment.state in EnrolmentState.active()
