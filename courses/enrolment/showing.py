"""What this room leaves with others: dates on a course's page, entries of the desk, addresses, personal data."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.accounts.models import Role, User
from academy.accounts.permissions import managed_units, roles_of
from academy.core import clock, registries, wording
from academy.core.registries import Door, Section, Todo
from academy.core.translation import pick
from courses.catalogue.models import Course
from courses.catalogue.sections import Section as CourseSection
from courses.catalogue.sections import course_sections

from . import rows
from .models import CourseRun, Enrolment
from .permissions import open_to
from .selectors import current_of, past_of, runs_for_page, waiting_for_approval_by
from .states import EnrolmentState


@course_sections.register("runs")
def runs_on_page(course: Course, user: Any) -> CourseSection:
    """The dates of a course, and the way to the first that is open."""
    found = rows.run_rows(runs_for_page(course), user) if course.pk else []
    for row in found:
        row.run.course = course
    first = next((row for row in found if row.enrol_url), None)
    context: dict[str, Any] = {"rows": found, "for_others": bool(user.is_authenticated and managed_units(user))}
    if first:
        context |= {"bar_title": first.when, "bar_text": first.badge.text}
    return CourseSection(
        template="enrolment/parts/runs.html",
        context=context,
        after_main="enrolment/parts/enrol_bar.html" if first else "",
        action="#dates" if found else "",
        action_text=_("Choose a date"),
    )


@registries.desk_sections.register("enrolments")
def my_enrolments(person: User) -> Section:
    """What the person takes part in, and what is behind."""
    current = sorted(rows.enrolment_rows(current_of(person)), key=lambda row: row.day)
    context = {"rows": current, "past": rows.enrolment_rows(past_of(person)[:50])}
    return Section("enrolment/parts/my_enrolments.html", context, rank=10)


@registries.todo_sources.register("enrolments")
def todo_of_enrolments(person: User) -> list[Todo]:
    """The next session of everything somebody takes part in, and every place on a waiting list."""
    return [_todo(row) for row in rows.enrolment_rows(current_of(person)) if row.enrolment.state in _SHOWN]


_SHOWN = (EnrolmentState.ASSOCIATED, EnrolmentState.QUEUED, EnrolmentState.PENDING)


def _todo(row: rows.EnrolmentRow) -> Todo:
    title = pick(row.enrolment.run.course, "title")
    common = {"title": title, "url": row.url, "due": row.day, "action": _("See it")}
    if row.enrolment.state != EnrolmentState.ASSOCIATED:
        badge = row.badge
        hint = _("First day: %(day)s") % {"day": wording.long_date(row.day)}
        return Todo(**common, hint=hint, status=str(badge.text), tone=badge.tone, icon=badge.icon)
    if row.session:
        hours = wording.time_range(row.session.starts_at, row.session.ends_at)
        hint = ", ".join(filter(None, (hours, row.session.place)))
        return Todo(**common, hint=hint, status=wording.row_date(row.day), icon="calendar")
    status = _("Until %(day)s") if row.under_way else _("From %(day)s")
    return Todo(**common, hint=_("Online"), status=status % {"day": wording.row_date(row.day)}, icon="clock")


@registries.todo_sources.register("approvals")
def todo_of_approvals(person: User) -> list[Todo]:
    """One entry per enrolment that waits for this person's decision."""
    if not _may_have_approvals(person):
        return []
    return [
        Todo(
            title=_("Approve: %(person)s, %(course)s")
            % {"person": enrolment.person.full_name, "course": pick(enrolment.run.course, "title")},
            url=reverse("enrolment:decide", kwargs={"pk": enrolment.pk}),
            action=_("Decide"),
            hint=_("Asked on %(day)s") % {"day": wording.long_date(enrolment.requested_at)},
            status=_("Waits for you"),
            tone="warning",
            icon="clock",
            due=enrolment.requested_at.date(),
        )
        for enrolment in waiting_for_approval_by(person)
    ]


def _may_have_approvals(person: User) -> bool:
    roles = roles_of(person)
    return roles.has(Role.TEAM_MANAGER) or roles.has(Role.COURSE_MANAGER)


@registries.todo_sources.register("attendance")
def todo_of_trainers(person: User) -> list[Todo]:
    """Runs that are over and still have somebody without an outcome."""
    today = clock.today()
    open_runs = (
        CourseRun.objects.taught_by(person)
        .filter(ends_on__lt=today, cancelled_at=None, enrolments__state=EnrolmentState.ASSOCIATED)
        .select_related("course")
        .distinct()
    )
    return [
        Todo(
            title=_("Record attendance and outcome: %(course)s") % {"course": pick(run.course, "title")},
            url=run.get_desk_url(),
            action=_("Record"),
            hint=run.number,
            status=wording.row_date(run.ends_on),
            tone="warning",
            icon="clock",
            due=run.ends_on,
        )
        for run in open_runs
    ]


@registries.doors.register("enrolment")
def doors(person: User) -> list[Door]:
    """The run desk for trainers, course managers and auditors; approvals for managers."""
    found = []
    roles = roles_of(person)
    works = roles.has(Role.COURSE_MANAGER) or roles.has(Role.AUDITOR) or CourseRun.objects.taught_by(person).exists()
    if works:
        found.append(Door(gettext_lazy("My runs"), reverse("enrolment:runs"), "users"))
    if _may_have_approvals(person):
        found.append(Door(gettext_lazy("Approvals"), reverse("enrolment:approvals"), "circle-check"))
    return found


@registries.addresses.register("run")
def run_address(number: str, user: Any) -> str | None:
    """The permanent address of a run leads to its row on the course's page."""
    runs = CourseRun.objects.select_related("course").prefetch_related("course__owners")
    run = runs.filter(number=number).first()
    return run.get_absolute_url() if run and open_to(user, run) else None


@registries.personal_data.register("enrolments")
def personal_data(person: User) -> dict[str, Any]:
    """Every enrolment with attendance, for "export my data"."""
    enrolments = Enrolment.objects.filter(person=person).select_related("run__course").prefetch_related("attendance")
    return {
        "enrolments": [
            {
                "run": enrolment.run.number,
                "course": pick(enrolment.run.course, "title"),
                "state": enrolment.state,
                "outcome": enrolment.outcome,
                "score": enrolment.score,
                "requested_at": enrolment.requested_at.isoformat(),
                "reason": enrolment.reason,
                "attendance": {str(mark.session_id): mark.state for mark in enrolment.attendance.all()},
            }
            for enrolment in enrolments
        ]
    }
