"""When things of the demo happen: the days of runs, and of what people do in them.

The files give whole days. Two things move them: sessions stay out of weekends, and a request waits for the first
day on which the rules of enrolment allow it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from .content import Calendar, Row, local, read

SATURDAY = 5
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RunDates:
    """The days of one run; `sessions` holds start and end of each session by its key."""

    opens: date
    closes: date
    starts: date
    ends: date
    sessions: dict[str, tuple[datetime, datetime]]

    @classmethod
    def of(cls, run: Row, calendar: Calendar) -> "RunDates":
        sessions = {session["key"]: _session(session, calendar) for session in run["sessions"]}
        days = sorted(start.date() for start, _end in sessions.values())
        return cls(
            opens=calendar.day(run["enrolment_opens_offset_days"]),
            closes=calendar.day(run["enrolment_closes_offset_days"]),
            starts=days[0] if days else calendar.day(run["starts_offset_days"]),
            ends=days[-1] if days else calendar.day(run["ends_offset_days"]),
            sessions=sessions,
        )


def _session(session: Row, calendar: Calendar) -> tuple[datetime, datetime]:
    day = out_of_weekend(session["start_offset_days"], calendar)
    return local(day, session["start_time"]), local(day, session["end_time"])


def out_of_weekend(offset: int, calendar: Calendar) -> date:
    """The next Monday for a day in a weekend; what is behind us, or today, stays so: the run's state hangs on it."""
    day = calendar.day(offset)
    if day.weekday() < SATURDAY or offset == 0:
        return day
    monday = day + timedelta(days=7 - day.weekday())
    return monday if offset > 0 or monday < calendar.load_day else day


@dataclass(frozen=True)
class Request:
    """When somebody asks for a place; `let_in`: a course manager does not wait for the required course."""

    day: date
    let_in: bool = False


class Requests:
    """The day on which each person asks."""

    def __init__(self, calendar: Calendar, runs: dict[str, RunDates], courses: dict[str, Row]) -> None:
        self.calendar, self.runs, self.courses = calendar, runs, courses
        self.course_of = {run["key"]: run["course"] for run in read("runs")["runs"]}
        self.finished: dict[tuple[str, str], list[date]] = {}
        self.left: dict[tuple[str, str], list[tuple[date, date]]] = {}
        enrolments = read("runs")["enrolments"]
        for enrolment in enrolments:
            self._learn(enrolment)
        self.last_in_line: dict[str, date] = {}
        line = [enrolment for enrolment in enrolments if enrolment["state"] == "queued"]
        self.first_in_line = {enrolment["run"]: self._asked(enrolment) for enrolment in reversed(line)}
        others = [enrolment for enrolment in enrolments if enrolment["state"] != "queued"]
        self.by_key = {enrolment["key"]: self._in_line(enrolment) for enrolment in line}
        self.by_key |= {enrolment["key"]: self._of(enrolment) for enrolment in others}

    def _learn(self, enrolment: Row) -> None:
        """When the person has the course, and from when on another run of it is possible."""
        person_and_course = enrolment["person"], self.course_of[enrolment["run"]]
        run = self.runs[enrolment["run"]]
        if enrolment.get("outcome") == "completed":
            self.finished.setdefault(person_and_course, []).append(completed_on(enrolment, run, self.calendar))
        for entry in enrolment.get("prerequisite_evidence", []):
            before = self.calendar.day(entry["completed_offset_days"])
            self.finished.setdefault((enrolment["person"], entry["course"]), []).append(before)
        away = enrolment.get("cancelled")
        gone = self.calendar.day(away["offset_days"]) if away else run.ends
        self.left.setdefault(person_and_course, []).append((run.starts, gone))

    def _asked(self, enrolment: Row) -> date:
        return self.calendar.day(enrolment["requested_offset_days"])

    def _allowed(self, enrolment: Row) -> date:
        """The day in the file, or the day after each required course and after other runs of the same course."""
        person, code = enrolment["person"], self.course_of[enrolment["run"]]
        after = [min(self.finished.get((person, course), [date.min])) for course in self.courses[code]["prerequisites"]]
        starts = self.runs[enrolment["run"]].starts
        after += [gone for other, gone in self.left[person, code] if other < starts]
        return max([self._asked(enrolment), *(day + A_DAY for day in after)])

    def _in_line(self, enrolment: Row) -> Request:
        """On a waiting list nobody comes before those whom the file has in front."""
        day = max(self._allowed(enrolment), self.last_in_line.get(enrolment["run"], date.min))
        self.last_in_line[enrolment["run"]] = day
        return Request(day)

    def _of(self, enrolment: Row) -> Request:
        """Who would come after people on the waiting list, whom the file puts behind, is let in on the day itself."""
        asked, allowed = self._asked(enrolment), self._allowed(enrolment)
        first = self.first_in_line.get(enrolment["run"])
        overtaken = first is not None and asked <= first < allowed
        return Request(asked, let_in=True) if overtaken else Request(allowed)


def completed_on(enrolment: Row, run: RunDates, calendar: Calendar) -> date:
    """The day of completing: not before the run's last session, which may have moved out of a weekend."""
    day = calendar.day(enrolment["completed_offset_days"])
    return max(day, run.ends) if run.sessions else day


def decided_on(approval: Row, requested: date, calendar: Calendar) -> date:
    """The day of approving or denying: after the request, and before it would lapse."""
    latest = requested + timedelta(days=settings.PENDING_LAPSES_AFTER_DAYS - 1)
    return min(max(calendar.day(approval["offset_days"]), requested), latest)
