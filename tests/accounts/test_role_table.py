"""The table of roles: who may do what, one row per action, one column per kind of person.

Everything that is not listed is refused. The participant works in the ward that the team manager manages.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from academy.accounts import services as accounts
from academy.accounts.models import Membership, Role
from academy.cms.models import HomePage
from academy.core import clock
from courses.catalogue.models import Course, Visibility
from courses.certificates import services as certificates
from courses.certificates.models import Certificate
from courses.enrolment import services as enrolment
from courses.enrolment.models import Enrolment
from courses.enrolment.permissions import may_enrol_other, open_to
from tests import factories as f

from .casting import EVERYBODY, MST, SIGNED_IN, carries_out, cast

pytestmark = pytest.mark.django_db

TABLE = {
    "see a published course": EVERYBODY,
    "see a members-only course": MST,
    "see a course that is not published": set(),
    "enrol oneself": SIGNED_IN,
    "enrol oneself for members only": MST,
    "enrol somebody of the ward": {"participant", "team_manager", "course_manager"},
    "enrol anybody": {"trainee", "course_manager"},
    "over-enrol with a reason": {"course_manager"},
    "approve somebody of the ward": {"team_manager"},
    "approve somebody without a manager": {"course_manager"},
    "see an enrolment": {"participant", "team_manager", "course_manager", "auditor"},
    "cancel an enrolment": {"participant", "team_manager", "course_manager"},
    "see the participants of a run": {"trainer", "course_manager", "auditor"},
    "record attendance": {"trainer", "course_manager"},
    "record an outcome": {"trainer", "course_manager"},
    "make a course": {"course_manager", "zgt_course_manager"},
    "change a course": {"course_manager"},
    "make a run": {"course_manager"},
    "cancel a run": {"course_manager"},
    "see a certificate of somebody": {"course_manager", "auditor"},
    "download a certificate": {"participant", "course_manager", "auditor"},
    "award a certificate by hand": {"course_manager"},
    "revoke a certificate": {"course_manager"},
    "write pages": {"editor"},
    "publish pages without a second editor": set(),
    "keep taxonomies": {"administrator", "zgt_administrator"},
    "see people": {"administrator", "zgt_administrator", "auditor"},
    "see a person of the hospital": {"administrator", "auditor"},
    "give a role": {"administrator"},
    "end a role": {"administrator"},
    "give oneself a role": set(),
    "end sessions of somebody": {"administrator"},
    "shut somebody out": {"administrator"},
    "change the organisation": {"administrator"},
    "read the message log": {"administrator", "zgt_administrator", "auditor"},
    "wake a parked message": {"administrator", "zgt_administrator"},
    "read the event log": {"auditor"},
    "reach the admin": {
        "course_manager",
        "zgt_course_manager",
        "science_bureau",
        "innovation_manager",
        "editor",
        "auditor",
        "administrator",
        "zgt_administrator",
    },
    "be superuser": set(),
}


@dataclass
class World:
    """Records that the actions are tried on."""

    people: dict
    mst: object
    course: Course
    closed: Course
    draft: Course
    run: object
    closed_run: object
    of_ward: Enrolment
    pending: Enrolment
    pending_alone: Enrolment
    certificate: Certificate


@pytest.fixture
def world() -> World:
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    ward = f.unit(mst)
    people = cast(mst, zgt, ward)
    course = f.course(owners=[mst])
    closed = f.course(owners=[mst], visibility=Visibility.MEMBERS)
    approved = f.course(owners=[mst], approval_required=True)
    run = f.run(course, trainers=[people["trainer"]])
    of_ward = enrolment.enrol(person=people["participant"], run=run)
    asked = f.run(approved)
    alone = f.person()
    return World(
        people=people,
        mst=mst,
        course=course,
        closed=closed,
        draft=f.course(owners=[mst], live=False),
        run=run,
        closed_run=f.run(closed),
        of_ward=of_ward,
        pending=enrolment.enrol(person=people["participant"], run=asked),
        pending_alone=enrolment.enrol(person=alone, run=asked),
        certificate=_certificate(f.course(owners=[mst]), people["participant"], people["trainer"]),
    )


def _certificate(course, person, trainer) -> Certificate:
    with clock.at(clock.now() - timedelta(days=10)):
        past = f.run(course, days=2, trainers=[trainer])
        done = enrolment.enrol(person=person, run=past)
    enrolment.record_outcome(enrolment=done, outcome="completed", actor=None)
    return Certificate.objects.get(enrolment=done)


def _may(action: str, user, w: World) -> bool:
    person, home = w.people["participant"], HomePage.objects.get(locale__language_code="nl")
    signed_in = user.is_authenticated
    checks = {
        "see a published course": lambda: user.has_perm("catalogue.see_record", w.course),
        "see a members-only course": lambda: user.has_perm("catalogue.see_record", w.closed),
        "see a course that is not published": lambda: user.has_perm("catalogue.see_record", w.draft),
        "enrol oneself": lambda: signed_in and open_to(user, w.run),
        "enrol oneself for members only": lambda: signed_in and open_to(user, w.closed_run),
        "enrol somebody of the ward": lambda: user == person or may_enrol_other(user, person, w.run),
        "enrol anybody": lambda: user == w.people["trainee"] or may_enrol_other(user, w.people["trainee"], w.run),
        "over-enrol with a reason": lambda: user.has_perm("enrolment.manage_run", w.run),
        "approve somebody of the ward": lambda: user.has_perm("enrolment.approve", w.pending),
        "approve somebody without a manager": lambda: user.has_perm("enrolment.approve", w.pending_alone),
        "see an enrolment": lambda: user.has_perm("enrolment.see", w.of_ward),
        "cancel an enrolment": lambda: user.has_perm("enrolment.cancel", w.of_ward),
        "see the participants of a run": lambda: user.has_perm("enrolment.see_participants", w.run),
        "record attendance": lambda: (
            signed_in
            and carries_out(
                enrolment.record_attendance,
                session=w.certificate.enrolment.run.sessions.get(),
                marks={w.certificate.enrolment_id: "present"},
                actor=user,
            )
        ),
        "record an outcome": lambda: user.has_perm("enrolment.record_attendance", w.run),
        "make a course": lambda: user.has_perm("catalogue.change_record", None),
        "change a course": lambda: user.has_perm("catalogue.change_record", w.course),
        "make a run": lambda: (
            signed_in
            and carries_out(
                enrolment.create_run,
                course=w.course,
                actor=user,
                organisation=w.mst,
                seats=3,
                enrolment_opens_on=clock.today(),
                enrolment_closes_on=clock.today(),
                starts_on=clock.today() + timedelta(days=2),
                ends_on=clock.today() + timedelta(days=2),
            )
        ),
        "cancel a run": lambda: (
            signed_in and carries_out(enrolment.cancel_run, run=w.run, actor=user, reason_nl="Ziek", reason_en="Ill")
        ),
        "see a certificate of somebody": lambda: user.has_perm("certificates.see", w.certificate),
        "download a certificate": lambda: user.has_perm("certificates.download", w.certificate),
        "award a certificate by hand": lambda: signed_in and _awards(user, w),
        "revoke a certificate": lambda: (
            signed_in and carries_out(certificates.revoke, certificate=w.certificate, actor=user, reason="Fout")
        ),
        "write pages": lambda: signed_in and home.permissions_for_user(user).can_add_subpage(),
        "publish pages without a second editor": lambda: signed_in and home.permissions_for_user(user).can_publish(),
        "keep taxonomies": lambda: user.has_perm("taxonomy.change_specialty"),
        "see people": lambda: user.has_perm("accounts.see_people"),
        "see a person of the hospital": lambda: user.has_perm("accounts.see_person", person),
        "give a role": lambda: (
            signed_in
            and carries_out(accounts.grant_role, person=person, organisation=w.mst, role=Role.EDITOR, actor=user)
        ),
        "end a role": lambda: (
            signed_in
            and carries_out(accounts.end_membership, membership=w.people["editor"].memberships.first(), actor=user)
        ),
        "give oneself a role": lambda: (
            signed_in
            and carries_out(accounts.grant_role, person=user, organisation=w.mst, role=Role.AUDITOR, actor=user)
        ),
        "end sessions of somebody": lambda: user.has_perm("accounts.end_sessions", person),
        "shut somebody out": lambda: (
            signed_in and carries_out(accounts.deactivate_person, person=person, actor=user, reason="x")
        ),
        "change the organisation": lambda: (
            signed_in and carries_out(accounts.change_organisation, organisation=w.mst, actor=user, city="Enschede")
        ),
        "read the message log": lambda: user.has_perm("accounts.see_work"),
        "wake a parked message": lambda: user.has_perm("accounts.wake_work"),
        "read the event log": lambda: user.has_perm("accounts.read_log"),
        "reach the admin": lambda: user.has_perm("wagtailadmin.access_admin"),
        "be superuser": lambda: user.is_superuser,
    }
    assert set(checks) == set(TABLE)
    return bool(checks[action]())


def _awards(user, w: World) -> bool:
    if not w.certificate.revoked_at:
        certificates.revoke(certificate=w.certificate, actor=w.people["course_manager"], reason="Fout")
        w.certificate.refresh_from_db()
    return carries_out(certificates.award, enrolment=w.certificate.enrolment, actor=user, reason="Hersteld")


def test_who_may_do_what(world):
    found = {
        action: {name for name, person in world.people.items() if _in_a_world_of_its_own(action, person, world)}
        for action in TABLE
    }
    assert found == TABLE


def _in_a_world_of_its_own(action: str, person, world: World) -> bool:
    """What one person did is taken back before the next one tries."""
    with transaction.atomic():
        answer = _may(action, person, world)
        transaction.set_rollback(True)
    for record in (world.certificate, world.run, world.mst, world.of_ward):
        record.refresh_from_db()
    return answer


def test_every_kind_of_person_of_the_table_exists(world):
    assert set(world.people) == EVERYBODY


def test_a_role_that_has_ended_or_not_begun_counts_for_nothing(world):
    manager = world.people["course_manager"]
    for dates in ({"ends_on": clock.today() - timedelta(days=1)}, {"starts_on": clock.today() + timedelta(days=1)}):
        Membership.objects.filter(person=manager, role=Role.COURSE_MANAGER).update(
            **{"starts_on": None, "ends_on": None, **dates}
        )
        fresh = type(manager).objects.get(pk=manager.pk)
        assert not fresh.has_perm("catalogue.change_record", world.course)
