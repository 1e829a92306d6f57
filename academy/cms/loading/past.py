"""Runs and enrolments: every step through the service that people's clicks go through."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import ClassVar

from academy.accounts.models import Role, User
from academy.core import clock
from academy.core.errors import Unknown
from courses.catalogue.models import Course
from courses.enrolment import services
from courses.enrolment.models import CompletedBefore, CourseRun, Enrolment
from courses.enrolment.states import EnrolmentState

from .agenda import Agenda
from .content import Calendar, Row, read
from .dates import A_DAY, Request, Requests, RunDates, completed_on, decided_on
from .people import People
from .reference import Reference
from .report import Report

MADE_BEFORE_OPENING = timedelta(days=14)
# Parts of a working day: seats are released, people ask, managers decide, somebody drops out, trainers conclude.
RELEASES, ASKS, DECIDES, LEAVES, CONCLUDES = 0.05, 0.1, 0.6, 0.75, 0.9
STEP = 0.1  # the share of the day over which each of these is spread, in the order of the file
NOTED_AFTER = timedelta(minutes=10)
LET_IN = {"nl": "Rondt de verplichte cursus af voor de start.", "en": "Finishes the required course before the start."}


@dataclass
class Past:
    """The runs and enrolments of the demo, while they are replayed."""

    what: ClassVar[str] = "runs and enrolments"
    replayed: ClassVar[str] = "demo_replayed"  # the event that says that it is done

    reference: Reference
    people: People
    courses: dict[str, Course]
    calendar: Calendar
    agenda: Agenda = field(init=False)
    runs: dict[str, CourseRun] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run_rows = {row["key"]: row for row in read("runs")["runs"]}
        self.rows = read("runs")["enrolments"]
        self.course_managers = _course_managers(self.people)
        self.dates = {key: RunDates.of(row, self.calendar) for key, row in self.run_rows.items()}
        self.requests = Requests(self.calendar, self.dates, {row["code"]: row for row in read("courses")["courses"]})

    @property
    def size(self) -> int:
        return len(self.run_rows) + len(self.rows)

    @staticmethod
    def is_mixed() -> bool:
        """Whether people enrolled before the demo was complete."""
        return Enrolment.objects.exists()

    def plan(self, agenda: Agenda) -> None:
        """Write down what was finished before this registry, then put everything on the agenda."""
        self.agenda = agenda
        self._completed_before()
        for key, row in self.run_rows.items():
            self._plan_run(key, row)
        self._plan_releases()
        for place, row in enumerate(self.rows):
            self._plan_enrolment(row, STEP * place / len(self.rows))
        self._plan_attendance()

    def finish(self, report: Report) -> None:
        report.count(new=len(self.runs) + len(self.enrolments))

    def _completed_before(self) -> None:
        """What people finished elsewhere or earlier; the first time counts."""
        found: dict[tuple[str, str], CompletedBefore] = {}
        for row in self.rows:
            for entry in row.get("prerequisite_evidence", []):
                day = self.calendar.day(entry["completed_offset_days"])
                before = found.get((row["person"], entry["course"]))
                found[row["person"], entry["course"]] = CompletedBefore(
                    person=self.people[row["person"]],
                    course=self.courses[entry["course"]],
                    completed_on=min(day, before.completed_on) if before else day,
                    source=entry["source"],
                )
        CompletedBefore.objects.bulk_create(found.values(), ignore_conflicts=True)

    # Runs ------------------------------------------------------------------------------------------------------------

    def _plan_run(self, key: str, row: Row) -> None:
        dates, add = self.dates[key], self.agenda.add
        made = min(dates.opens - MADE_BEFORE_OPENING, self.calendar.day(-1))
        add(self.calendar.at(made, 0), f"run {key}", partial(self._create_run, key, row, dates))
        if away := row.get("cancelled"):
            moment = self.calendar.at(self.calendar.day(away["offset_days"]), LEAVES)
            add(moment, f"cancel run {key}", partial(self._cancel_run, key, away))

    def _plan_releases(self) -> None:
        """What the schedule does on each day on which kept seats become shared."""
        offsets = {entry["release_offset_days"] for row in self.run_rows.values() for entry in row["seat_allotments"]}
        for offset in sorted(offset for offset in offsets if offset <= 0):
            moment = self.calendar.at(self.calendar.day(offset), RELEASES)
            self.agenda.add(moment, f"release of {offset}", services.release_allotments)

    def _create_run(self, key: str, row: Row, dates: RunDates) -> None:
        organisations = self.reference.organisations
        self.runs[key] = services.create_run(
            course=self.courses[row["course"]],
            actor=None,
            sequence=row["sequence"],
            trainers=[self.people[trainer] for trainer in row["trainers"]],
            allotments=[
                {
                    "organisation": organisations[allotment["organisation"]],
                    "seats": allotment["seats"],
                    "release_on": self.calendar.day(allotment["release_offset_days"]),
                }
                for allotment in row["seat_allotments"]
            ],
            sessions=[_session(session, *dates.sessions[session["key"]]) for session in row["sessions"]],
            organisation=organisations[row["organisation"]],
            language=row["language"],
            delivery_mode=row["delivery_mode"],
            seats=row["capacity_max"],
            seats_min=row["capacity_min"],
            waiting_list=row["waiting_list"],
            enrolment_opens_on=dates.opens,
            enrolment_closes_on=dates.closes,
            starts_on=dates.starts,
            ends_on=dates.ends,
            note_nl=row.get("note", {}).get("nl", ""),
            note_en=row.get("note", {}).get("en", ""),
        )

    def _cancel_run(self, key: str, away: Row) -> None:
        reason = away["reason"]
        services.cancel_run(
            run=self.runs[key], actor=self.people[away["by"]], reason_nl=reason["nl"], reason_en=reason["en"]
        )

    # Enrolments ------------------------------------------------------------------------------------------------------

    def _plan_enrolment(self, row: Row, later: float) -> None:
        """`later` keeps the order of the file among those of one day."""
        key, at, add = row["key"], self.calendar.at, self.agenda.add
        request = self.requests.by_key[row["key"]]
        asked = request.day
        approval = row.get("approval", {})
        by = self._by(row, request)
        add(at(asked, ASKS + later), f"enrol {key}", partial(self._enrol, row, by, request.let_in))
        if by is None and approval.get("state") in ("approved", "denied"):
            moment = at(decided_on(approval, asked, self.calendar), DECIDES + later)
            add(moment, f"decide {key}", partial(self._decide, row, approval))
        away = row.get("cancelled")
        if away and "cancelled" not in self.run_rows[row["run"]]:
            day = max(self.calendar.day(away["offset_days"]), asked)
            add(at(day, LEAVES + later), f"cancel {key}", partial(self._cancel, row, away))
        if row["state"] == "finished":
            day = self._finished_on(row)
            add(at(day, CONCLUDES + later), f"finish {key}", partial(self._finish, row, day))

    def _by(self, row: Row, request: Request) -> User | None:
        """Who enrols somebody else: the manager who agrees with waiting, a course manager who makes an exception."""
        approval = row.get("approval", {})
        if row["state"] == "queued" and approval.get("state") == "approved":
            return self.people[approval["by"]]
        if request.let_in or request.day > self.dates[row["run"]].closes:
            return self.course_managers[self.run_rows[row["run"]]["organisation"]]
        return None

    def _finished_on(self, row: Row) -> date:
        run = self.dates[row["run"]]
        return completed_on(row, run, self.calendar) if row["outcome"] == "completed" else run.ends

    def _enrol(self, row: Row, actor: User | None, let_in: bool) -> None:
        reason, person = self._words(row, LET_IN) if let_in else "", self.people[row["person"]]
        self.enrolments[row["key"]] = services.enrol(
            person=person, run=self.runs[row["run"]], actor=actor or person, over=let_in, reason=reason
        )

    def _enrolment(self, row: Row) -> Enrolment:
        """The enrolment of this row; Unknown when it was refused before."""
        try:
            return self.enrolments[row["key"]]
        except KeyError:
            raise Unknown from None

    def _decide(self, row: Row, approval: Row) -> None:
        """Nobody is asked about somebody who waits: then the manager decides once there is a seat."""
        enrolment, actor = self._enrolment(row), self.people[approval["by"]]
        enrolment.refresh_from_db(fields=["state"])
        if enrolment.state == EnrolmentState.QUEUED and clock.now() + A_DAY < self.calendar.now:
            again = partial(self._decide, row, approval)
            self.agenda.add(clock.now() + A_DAY, f"decide {row['key']}", again)
        elif approval["state"] == "denied":
            services.deny(enrolment=enrolment, actor=actor, reason=self._words(row, approval["reason"]))
        else:
            services.approve(enrolment=enrolment, actor=actor)

    def _cancel(self, row: Row, away: Row) -> None:
        reason = self._words(row, away["reason"])
        services.cancel(enrolment=self._enrolment(row), actor=self.people[away["by"]], reason=reason)

    def _words(self, row: Row, text: Row) -> str:
        """In the language of the person who reads it."""
        return text[self.people[row["person"]].preferred_language]

    def _finish(self, row: Row, day: date) -> None:
        """By who kept the sheet; what ends online is concluded by the system."""
        services.record_outcome(
            enrolment=self._enrolment(row),
            outcome=row["outcome"],
            actor=self._recorder(row) if self.run_rows[row["run"]]["sessions"] else None,
            completed_on=day if row["outcome"] == "completed" else None,
            score=row.get("score"),
        )

    # Attendance ------------------------------------------------------------------------------------------------------

    def _recorder(self, row: Row) -> User:
        return self.people[row.get("attendance_recorded_by") or self.run_rows[row["run"]]["trainers"][0]]

    def _plan_attendance(self) -> None:
        """One sheet per session and recorder, noted when the session is over."""
        marks = [
            (mark["session"], self._recorder(row).pk, row, mark["state"])
            for row in self.rows
            for mark in row.get("attendance", [])
            if mark["state"] != "unknown"
        ]
        marks.sort(key=lambda mark: mark[:2])
        for (session, _recorder), sheet in groupby(marks, key=lambda mark: mark[:2]):
            rows = [(row, state) for _session, _by, row, state in sheet]
            _start, end = self.dates[rows[0][0]["run"]].sessions[session]
            moment = min(end + NOTED_AFTER, self.calendar.now)
            self.agenda.add(moment, f"attendance {session}", partial(self._note, rows, _start))

    def _note(self, sheet: list[tuple[Row, str]], start: datetime) -> None:
        first = sheet[0][0]
        services.record_attendance(
            session=self.runs[first["run"]].sessions.get(starts_at=start),
            marks={self._enrolment(row).pk: state for row, state in sheet},
            actor=self._recorder(first),
        )


def _course_managers(people: People) -> dict[str, User]:
    """One of each hospital, by the hospital's key."""
    return {
        entry["organisation"]: people[row["key"]]
        for row in read("people")["people"]
        for entry in row["memberships"]
        if entry["role"] == Role.COURSE_MANAGER
    }


def _session(row: Row, start: datetime, end: datetime) -> dict:
    return {
        "starts_at": start,
        "ends_at": end,
        "location": row["location"],
        "room_nl": row["room"]["nl"],
        "room_en": row["room"]["en"],
    }
