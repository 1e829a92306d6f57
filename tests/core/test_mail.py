"""Messages: written with the state, sent once; a mail server that is down loses nothing."""

from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core import mail as outbox
from django.db import transaction

from academy.core import clock, mail
from academy.core.models import Message
from tests import factories as f

pytestmark = pytest.mark.django_db
SEND = "django.core.mail.backends.locmem.EmailBackend.send_messages"


def write(event_key: str = "k", to: str = "p@example.org", **changes) -> None:
    columns = {"kind": "account_unknown_account", "language": "nl", "context": {}}
    mail.write(to=to, event_key=event_key, **{**columns, **changes})


def test_the_same_message_is_written_once():
    for _again in range(2):
        write()
    write(event_key="other")
    write(to="q@example.org")
    assert Message.objects.count() == 3


def test_a_message_goes_with_its_transaction():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_message_has_text_design_language_and_a_number_of_its_own():
    write(language="en")
    assert mail.send_waiting() == 1
    sent, message = outbox.outbox[0], Message.objects.get()
    assert sent.to == ["p@example.org"]
    assert sent.subject == "There is no account for this address"
    assert sent.alternatives[0][1] == "text/html"
    assert sent.extra_headers["Message-ID"].startswith(f"<message.{message.pk}.")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.sent_at
    assert mail.send_waiting() == 0


def test_attachments_travel():
    write(attachments=[{"name": "a.ics", "content": "BEGIN:VCALENDAR", "mime": "text/calendar; method=REQUEST"}])
    mail.send_waiting()
    name, content, kind = outbox.outbox[0].attachments[0]
    assert (name, content) == ("a.ics", "BEGIN:VCALENDAR")
    assert kind.startswith("text/calendar")


def test_a_server_that_is_down_loses_nothing_and_sends_nothing_twice():
    for n in range(3):
        write(to=f"p{n}@example.org")
    moment = clock.now()
    with patch(SEND, side_effect=ConnectionRefusedError("down")), clock.at(moment):
        assert mail.send_waiting() == 0
    assert outbox.outbox == []
    assert set(Message.objects.values_list("attempts", "sent_at")) == {(1, None)}
    with clock.at(Message.objects.latest("not_before").not_before):
        assert mail.send_waiting() == 3
        assert mail.send_waiting() == 0
    assert sorted(sent.to[0] for sent in outbox.outbox) == ["p0@example.org", "p1@example.org", "p2@example.org"]


def test_one_refused_address_holds_up_nobody():
    write(to="bad@example.org")
    write(to="good@example.org")

    def send(_self, messages):
        if messages[0].to == ["bad@example.org"]:
            raise SMTPServerDisconnected("550")
        outbox.outbox.extend(messages)
        return len(messages)

    with patch(SEND, send):
        assert mail.send_waiting() == 1
    assert [sent.to for sent in outbox.outbox] == [["good@example.org"]]


def test_a_delivery_repeated_after_a_crash_can_be_recognised():
    """Killed between the server's yes and our own note: the second delivery bears the same number."""
    write()

    class Killed(BaseException):
        pass

    with patch("academy.core.models.Message.save", side_effect=Killed), pytest.raises(Killed):
        mail.send_waiting()
    mail.send_waiting()
    assert len({sent.extra_headers["Message-ID"] for sent in outbox.outbox}) == 1
    assert len(outbox.outbox) == 2


@pytest.mark.parametrize("name", ["Zoë <script>", "a\nBcc: x@example.org", "ب" * 300, "x" * 10_000])
def test_hostile_names_stay_words(name):
    person = f.person(given_name="A", family_name="B")
    mail.write(
        kind="account_notice",
        to=person.email,
        language="nl",
        event_key=name[:100],
        context={"notice": "password_changed", "name": name},
    )
    assert mail.send_waiting() == 1
    assert "<script>" not in outbox.outbox[0].alternatives[0][0]
    assert "\n" not in outbox.outbox[0].subject
