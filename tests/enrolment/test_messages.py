"""What is written to people: every kind in both languages, with the invitation; once, and never lost."""

import pytest
from django.core import mail as outbox
from icalendar import Calendar

from academy.core import clock, mail
from academy.core.models import Message
from courses.enrolment import messages, services
from tests import factories as f

pytestmark = pytest.mark.django_db
KINDS = (*messages.INVITING, *messages.CANCELLING, *messages.OTHERS)


def calendar_of(sent) -> Calendar:
    [part] = [part for part in sent.attachments if part.filename.endswith(".ics")]
    assert "method=" in part.mimetype
    return Calendar.from_ical(part.content)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_whole_in_both_languages(kind, language):
    person = f.member(given_name="<b>Noor</b>")
    course = f.course(title_nl="Drukken & tellen", title_en="Press & count")
    enrolment = services.enrol(person=person, run=f.run(course))
    Message.objects.all().delete()
    mail.write(
        kind=kind,
        to=person.email,
        language=language,
        event_key="test",
        context={
            "enrolment": enrolment.pk,
            "given_name": person.given_name,
            "position": 3,
            "reason": "ziek <i>thuis</i>",
            "participant": "Gerben te Lintelo",
        },
    )
    assert mail.send_waiting() == 1
    [sent] = outbox.outbox
    title = course.title_nl if language == "nl" else course.title_en
    html = sent.alternatives[0].content
    assert title in sent.subject
    assert title in sent.body
    assert not [mark for mark in ("\n", "&amp;") if mark in sent.subject]
    assert "&amp;" not in sent.body
    assert "&lt;b&gt;Noor&lt;/b&gt;" in html
    assert "<b>Noor</b>" in sent.body
    assert f'lang="{language}"' in html
    assert f"/{language}/" in sent.body
    assert "Enschede" in sent.body
    assert "None" not in sent.body


def test_the_invitation_and_its_cancellation_are_the_same_appointment():
    run, person = f.run(sessions=2), f.member()
    enrolment = services.enrol(person=person, run=run)
    mail.send_waiting()
    services.cancel(enrolment=enrolment, actor=person)
    mail.send_waiting()
    invitation, cancellation = (calendar_of(sent) for sent in outbox.outbox)
    assert (invitation["method"], cancellation["method"]) == ("REQUEST", "CANCEL")
    assert [e["uid"] for e in invitation.walk("VEVENT")] == [e["uid"] for e in cancellation.walk("VEVENT")]
    for before, after in zip(invitation.walk("VEVENT"), cancellation.walk("VEVENT"), strict=True):
        assert after["sequence"] > before["sequence"]
        assert after["status"] == "CANCELLED"


def test_enrolling_again_makes_a_new_appointment():
    run, person = f.run(), f.member()
    first = services.enrol(person=person, run=run)
    mail.send_waiting()
    services.cancel(enrolment=first, actor=person)
    services.enrol(person=person, run=run)
    mail.send_waiting()
    uids = {str(e["uid"]) for sent in outbox.outbox for e in calendar_of(sent).walk("VEVENT")}
    assert len(uids) == 2


def test_the_invitation_says_what_holds_when_it_is_sent():
    run, person = f.run(), f.member()
    services.enrol(person=person, run=run)
    session = run.sessions.get()
    session.location = "Hengelo"
    session.save()
    mail.send_waiting()
    [event] = calendar_of(outbox.outbox[0]).walk("VEVENT")
    assert "Hengelo" in event["location"]
    assert event["dtstart"].dt == session.starts_at.astimezone(clock.AMSTERDAM)


def test_a_mail_that_leaves_late_invites_nobody_who_cancelled_meanwhile():
    run, person = f.run(), f.member()
    enrolment = services.enrol(person=person, run=run)
    services.cancel(enrolment=enrolment, actor=person)
    mail.send_waiting()
    confirmation, cancellation = outbox.outbox
    assert confirmation.attachments == []
    assert calendar_of(cancellation)["method"] == "CANCEL"


def test_who_only_waited_has_no_appointment_to_take_back():
    run, person = f.run(seats=1), f.member()
    services.enrol(person=f.member(), run=run)
    waiting = services.enrol(person=person, run=run)
    services.cancel(enrolment=waiting, actor=person)
    mail.send_waiting()
    assert [sent.attachments for sent in outbox.outbox if sent.to == [person.email]] == [[], []]


def test_a_session_that_is_taken_out_leaves_the_calendars():
    run, person = f.run(sessions=2), f.member()
    services.enrol(person=person, run=run)
    mail.send_waiting()
    [invitation] = outbox.outbox
    kept, gone = run.sessions.all()
    services.change_run(
        run=run, actor=None, sessions=[{"id": kept.pk, "starts_at": kept.starts_at, "ends_at": kept.ends_at}]
    )
    mail.send_waiting()
    parts = {part.filename: Calendar.from_ical(part.content) for part in outbox.outbox[1].attachments}
    [before] = [e for e in calendar_of(invitation).walk("VEVENT") if f"session-{gone.pk}@" in e["uid"]]
    [taken_back] = parts["cancel.ics"].walk("VEVENT")
    assert (taken_back["uid"], taken_back["status"]) == (before["uid"], "CANCELLED")
    assert taken_back["sequence"] > before["sequence"]
    assert [e["uid"] for e in parts["invite.ics"].walk("VEVENT")] != [before["uid"]]


def test_times_of_an_invitation_need_no_time_zone():
    services.enrol(person=f.member(), run=f.run())
    mail.send_waiting()
    [part] = outbox.outbox[0].attachments
    assert "TZID" not in part.content
    assert outbox.outbox[0].message().as_string().count('text/calendar; method="REQUEST"; charset="utf-8"\n') == 1


def test_an_online_run_has_no_invitation():
    person = f.member()
    services.enrol(person=person, run=f.run(sessions=0))
    mail.send_waiting()
    assert outbox.outbox[0].attachments == []


def test_a_mail_server_that_is_down_loses_nothing_and_sends_nothing_twice(monkeypatch, settings):
    from django.core.mail.backends.locmem import EmailBackend

    person = f.member()
    services.enrol(person=person, run=f.run())
    works = EmailBackend.send_messages

    def refuses(self, mails):
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    assert mail.send_waiting() == 0
    message = Message.objects.get()
    assert (message.attempts, message.sent_at) == (1, None)
    monkeypatch.setattr(EmailBackend, "send_messages", works)
    assert mail.send_waiting() == 0  # it waits a little first
    with clock.at(message.not_before):
        assert (mail.send_waiting(), mail.send_waiting()) == (1, 0)
    assert len(outbox.outbox) == 1
