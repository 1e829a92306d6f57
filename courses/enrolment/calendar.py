"""Invitations as iCalendar (RFC 5545, iTIP RFC 5546).

Calendars recognise a meeting by its UID and take the highest SEQUENCE: a cancellation or a move therefore
changes the appointment that is there and never adds a second one.
"""

from collections.abc import Iterable
from datetime import UTC

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from academy.core import clock
from academy.core.translation import pick

from .models import Enrolment, Session

REQUEST, CANCEL = "REQUEST", "CANCEL"


def invitation(enrolment: Enrolment, *, method: str = REQUEST, sessions: Iterable[Session] | None = None) -> str:
    """The sessions of the run (or these) as one calendar, to invite or to take back; text in the current language."""
    calendar = Calendar()
    calendar.add("prodid", "-//Joint academy//Enrolment//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for session in enrolment.run.sessions.all() if sessions is None else sessions:
        calendar.add_component(_event(enrolment, session, method))
    return calendar.to_ical().decode()


def _event(enrolment: Enrolment, session: Session, method: str) -> Event:
    course, person = enrolment.run.course, enrolment.person
    event = Event()
    event.add("uid", f"enrolment-{enrolment.pk}-session-{session.pk}@{_host()}")
    event.add("sequence", enrolment.version + session.calendar_sequence)
    event.add("dtstamp", clock.now())
    # In UTC: a zone that is only named, without its definition beside it, is refused by Outlook (RFC 5545, 3.2.19).
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    title = pick(session, "title")
    event.add("summary", f"{pick(course, 'title')}: {title}" if title else pick(course, "title"))
    event.add("location", session.place or _("online"))
    event.add("url", f"{settings.SITE_URL}/id/{enrolment.run.number}")
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event["organizer"] = _address(
        settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"), settings.WAGTAIL_SITE_NAME
    )
    event.add("attendee", _address(person.email, person.full_name))
    return event


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address


def _host() -> str:
    return settings.SITE_URL.partition("://")[2].partition(":")[0]


def attachment(
    enrolment: Enrolment, *, method: str = REQUEST, sessions: Iterable[Session] | None = None
) -> dict[str, str]:
    """The invitation as a part of a mail."""
    return {
        "name": "cancel.ics" if method == CANCEL else "invite.ics",
        "content": invitation(enrolment, method=method, sessions=sessions),
        "mime": f"text/calendar; method={method}",
    }
