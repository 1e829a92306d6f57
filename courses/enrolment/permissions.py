"""Who may enrol, approve, record and manage; a run belongs to the owners of its course."""

import rules

from academy.accounts.permissions import is_auditor, managers_of, manages, member_of
from courses.catalogue.models import Visibility
from courses.catalogue.permissions import manages_record, owner_ids

from .models import CourseRun, Enrolment


@rules.predicate
def manages_run(user, run: CourseRun) -> bool:
    """Course manager of an owner of the run's course."""
    return run is not None and manages_record(user, run.course)


@rules.predicate
def trains_run(user, run: CourseRun) -> bool:
    return run is not None and user.pk is not None and any(trainer.pk == user.pk for trainer in run.trainers.all())


@rules.predicate
def is_own(user, enrolment: Enrolment) -> bool:
    return enrolment is not None and enrolment.person_id == user.pk


@rules.predicate
def manages_person(user, enrolment: Enrolment) -> bool:
    return enrolment is not None and manages(user, enrolment.person)


@rules.predicate
def manages_run_of(user, enrolment: Enrolment) -> bool:
    return enrolment is not None and manages_run(user, enrolment.run)


@rules.predicate
def has_no_manager(user, enrolment: Enrolment) -> bool:
    """Then the course manager stands in for the team manager."""
    return not managers_of(enrolment.person).exists()


rules.add_perm("enrolment.manage_run", manages_run)
rules.add_perm("enrolment.record_attendance", trains_run | manages_run)
rules.add_perm("enrolment.see_participants", trains_run | manages_run | is_auditor)
rules.add_perm("enrolment.see", is_own | manages_person | manages_run_of | is_auditor)
rules.add_perm("enrolment.cancel", is_own | manages_person | manages_run_of)
rules.add_perm("enrolment.approve", ~is_own & (manages_person | (manages_run_of & has_no_manager)))


def may_enrol_other(user, person, run: CourseRun) -> bool:
    """A team manager enrols the own team, a course manager of the owner anybody."""
    return manages(user, person) or manages_run(user, run)


def open_to(person, run: CourseRun) -> bool:
    """Whether the course of the run is there for this person: published, and public or of the own organisation."""
    course = run.course
    if not course.live:
        return False
    return course.visibility == Visibility.PUBLIC or bool(member_of(person) & owner_ids(course))
