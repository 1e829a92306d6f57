from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse
from icalendar import Calendar

from academy.accounts.models import Role
from academy.core import clock, mail
from academy.core.models import Message
from courses.enrolment import services
from courses.enrolment.models import Attendance, Enrolment
from courses.enrolment.search_source import courses_with_runs, document
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_lapse_promoted():
    unit = f.unit(f.organisation("mst"))
    f.member(role=Role.TEAM_MANAGER, at=unit)
    course = f.course(approval_required=True)
    run = f.run(course, seats=1, days=60)
    first, second = f.member(at=unit), f.member(at=unit)
    services.enrol(person=first, run=run, actor=first)
    start = clock.now()
    e = services.enrol(person=first, run=run, actor=first)
    q = services.enrol(person=second, run=run, actor=second)
    assert q.state == "queued"
    with clock.at(start + timedelta(days=15)):
        services.cancel(enrolment=e, actor=first)
        q.refresh_from_db()
        assert q.state == "pending"
        services.lapse_pending()
        q.refresh_from_db()
        assert q.state == "pending"


def test_api_count(client):
    run = f.run(seats=5, sessions=3)
    for _ in range(2):
        services.enrol(person=f.member(f.organisation("mst")), run=run)
    found = client.get("/api/v1/runs/?location=Enschede").json()["results"]
    assert [r["enrolled_number_students"] for r in found] == [2]


def test_ics():
    run = f.run(seats=5, sessions=1)
    services.enrol(person=f.member(f.organisation("mst")), run=run)
    mail.send_waiting()
    sent = outbox.outbox[-1]
    raw = sent.message().as_string()
    import re
    print(re.findall(r"Content-Type: text/calendar[^\n]*\n(?:[ \t][^\n]*\n)*", raw))
    ics = sent.attachments[0].content
    print(ics)
    assert "VTIMEZONE" in ics or "TZID" not in ics


def test_late_invite():
    run = f.run(seats=5, sessions=1)
    p = f.member(f.organisation("mst"))
    e = services.enrol(person=p, run=run)
    services.cancel(enrolment=e, actor=p)
    mail.send_waiting()
    for s in outbox.outbox:
        print(s.subject, [a.filename for a in s.attachments])
    assert not any(a.filename == "invite.ics" for s in outbox.outbox for a in s.attachments)


def test_queue_cancel_ics():
    run = f.run(seats=1, sessions=1)
    services.enrol(person=f.member(f.organisation("mst")), run=run)
    p = f.member(f.organisation("mst"))
    e = services.enrol(person=p, run=run)
    services.cancel(enrolment=e, actor=p)
    mail.send_waiting()
    assert not any(a.filename == "cancel.ics" for s in outbox.outbox for a in s.attachments)


def test_removed_session():
    run = f.run(seats=5, sessions=2)
    p = f.member(f.organisation("mst"))
    services.enrol(person=p, run=run)
    mail.send_waiting()
    n = len(outbox.outbox)
    keep, gone = run.sessions.all()
    rows = [{"id": keep.pk, "starts_at": keep.starts_at, "ends_at": keep.ends_at}]
    services.change_run(run=run, actor=None, sessions=rows)
    mail.send_waiting()
    text = "".join(a.content for s in outbox.outbox[n:] for a in s.attachments)
    assert f"session-{gone.pk}@" in text


def test_changes_at():
    run = f.run(days=1, sessions=5, enrolment_closes_on=clock.today())
    with clock.at(clock.start_of(run.starts_on) + timedelta(hours=1)):
        doc = document(courses_with_runs().get(pk=run.course_id))
    print(doc.values, doc.changes_at)
    assert doc.changes_at == clock.end_of(run.starts_on)


def test_manager_cancels(client):
    mst = f.organisation("mst")
    manager = f.member(mst, role=Role.COURSE_MANAGER)
    run = f.run(days=-1, sessions=5, enrolment_closes_on=clock.today())
    p = f.member(mst)
    e = services.enrol(person=p, run=run)
    client.force_login(manager)
    desk = client.get(run.get_desk_url()).content.decode()
    detail = client.get(reverse("enrolment:detail", kwargs={"pk": e.pk})).content.decode()
    print("link on desk", reverse("enrolment:detail", kwargs={"pk": e.pk}) in desk, "form", reverse("enrolment:cancel", kwargs={"pk": e.pk}) in detail, "je bent" in detail.lower())
    assert reverse("enrolment:detail", kwargs={"pk": e.pk}) in desk
    assert reverse("enrolment:cancel", kwargs={"pk": e.pk}) in detail


def test_stale_sheet(client):
    mst = f.organisation("mst")
    manager = f.member(mst, role=Role.COURSE_MANAGER)
    run = f.run(days=0, sessions=1, enrolment_closes_on=clock.today())
    p = f.member(mst)
    e = services.enrol(person=p, run=run)
    s = run.sessions.first()
    services.record_attendance(session=s, marks={e.pk: "absent"}, actor=None)
    # tab B opened now: sees absent; A corrects
    services.record_attendance(session=s, marks={e.pk: "present"}, actor=None)
    client.force_login(manager)
    client.post(reverse("enrolment:attendance", kwargs={"number": run.number, "session": s.pk}), {f"p{e.pk}": "absent"})
    assert Attendance.objects.get().state == "present"


def test_auditor_sees(client):
    mst = f.organisation("mst")
    e = services.enrol(person=f.member(mst), run=f.run())
    client.force_login(f.member(mst, role=Role.AUDITOR))
    assert client.get(reverse("enrolment:detail", kwargs={"pk": e.pk})).status_code == 200


def test_team_manager_cancels_others():
    unit = f.unit(f.organisation("mst"))
    boss = f.member(role=Role.TEAM_MANAGER, at=unit)
    e = services.enrol(person=f.member(at=unit), run=f.run())
    services.cancel(enrolment=e, actor=boss)


def test_trainer_self():
    mst = f.organisation("mst")
    p = f.member(mst)
    run = f.run(days=0, sessions=1, enrolment_closes_on=clock.today())
    run.trainers.add(p)
    e = services.enrol(person=p, run=run, actor=p)
    services.record_outcome(enrolment=e, outcome="completed", actor=p)
    assert not e.certificates.exists()


def test_session_outside_run():
    from academy.core.errors import InvalidInput
    run = f.run(days=10, sessions=0)
    st = clock.start_of(run.ends_on + timedelta(days=30))
    with pytest.raises(InvalidInput):
        services.change_run(run=run, actor=None, sessions=[{"starts_at": st, "ends_at": st + timedelta(hours=1)}])


def test_seats_below_allotments():
    from academy.core.errors import InvalidInput
    run = f.run(seats=3)
    with pytest.raises(InvalidInput):
        services.change_run(run=run, actor=None, allotments=[{"organisation": f.organisation("mst"), "seats": 9, "release_on": clock.today() + timedelta(days=3)}])
