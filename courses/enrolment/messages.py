"""What this room writes to people; every message is a row in the transaction of the state that it tells of.

The key of a message is the enrolment and its version, so that each state is told once.
Dates, place and invitation are read when the message is sent: a session may have moved since.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from academy.accounts.models import Membership, Role, User
from academy.accounts.permissions import managers_of
from academy.core import events, mail
from academy.core.translation import pick

from . import calendar
from .models import Enrolment, Session
from .states import EnrolmentState


def enrolled(enrolment: Enrolment, *, position: int) -> None:
    """Tell the person where they stand after enrolling, and the manager when there is something to approve."""
    kinds = {
        EnrolmentState.ASSOCIATED: "enrolment_confirmed",
        EnrolmentState.QUEUED: "enrolment_queued",
        EnrolmentState.PENDING: "enrolment_pending",
    }
    _tell(kinds[EnrolmentState(enrolment.state)], enrolment, position=position)
    if enrolment.state == EnrolmentState.PENDING:
        _ask_approval(enrolment)


def promoted(enrolment: Enrolment) -> None:
    """A place came free and is theirs, or is theirs once the manager agrees."""
    pending = enrolment.state == EnrolmentState.PENDING
    _tell("enrolment_promoted_pending" if pending else "enrolment_promoted", enrolment)
    if pending:
        _ask_approval(enrolment)


def approved(enrolment: Enrolment) -> None:
    _tell("enrolment_approved", enrolment)


def denied(enrolment: Enrolment) -> None:
    _tell("enrolment_denied", enrolment, reason=enrolment.reason)


def cancelled(enrolment: Enrolment) -> None:
    _tell("enrolment_cancelled", enrolment)


def run_cancelled(enrolment: Enrolment) -> None:
    _tell("run_cancelled", enrolment, reason=enrolment.reason)


def session_moved(enrolment: Enrolment, *, gone: Sequence[Session] = ()) -> None:
    """A new invitation for what is left; sessions that are `gone` are taken back, since no row of theirs is left."""
    parts = []
    if gone:
        with override(enrolment.person.preferred_language):
            parts.append(calendar.attachment(enrolment, method=calendar.CANCEL, sessions=gone))
    _tell("session_moved", enrolment, attachments=parts)


def _tell(kind: str, enrolment: Enrolment, *, attachments: Sequence[dict[str, str]] = (), **more: Any) -> None:
    person = enrolment.person
    mail.write(
        kind=kind,
        to=person.email,
        person=person,
        language=person.preferred_language,
        event_key=f"enrolment:{enrolment.pk}:{enrolment.version}",
        context={"enrolment": enrolment.pk, "given_name": person.given_name, **more},
        attachments=attachments,
    )


def _ask_approval(enrolment: Enrolment) -> None:
    """To every team manager above the person; where there is none, to the course managers of the owners."""
    for manager in _deciders(enrolment):
        mail.write(
            kind="approval_requested",
            to=manager.email,
            person=manager,
            language=manager.preferred_language,
            event_key=f"enrolment:{enrolment.pk}:{enrolment.version}",
            context={
                "enrolment": enrolment.pk,
                "given_name": manager.given_name,
                "participant": enrolment.person.full_name,
            },
        )


def _deciders(enrolment: Enrolment) -> list[User]:
    managers = {membership.person for membership in managers_of(enrolment.person)}
    if not managers:
        owners = enrolment.run.course.owners.all()
        rows = Membership.objects.in_force().filter(role=Role.COURSE_MANAGER, organisation__in=owners)
        managers = {membership.person for membership in rows.select_related("person")} - {enrolment.person}
    return sorted(managers, key=lambda manager: manager.pk)


INVITING = ("enrolment_confirmed", "enrolment_promoted", "enrolment_approved", "session_moved")
CANCELLING = ("enrolment_cancelled", "run_cancelled", "enrolment_denied")
OTHERS = ("enrolment_queued", "enrolment_pending", "enrolment_promoted_pending", "approval_requested")


def _facts(context: dict[str, Any], method: str | None) -> mail.Parts:
    rows = Enrolment.objects.select_related("run__course", "run__organisation", "person")
    enrolment = rows.prefetch_related("run__sessions").get(pk=context["enrolment"])
    run = enrolment.run
    facts = {
        "course": pick(run.course, "title"),
        "run": run,
        "sessions": list(run.sessions.all()),
        "url": settings.SITE_URL + reverse("enrolment:detail", kwargs={"pk": enrolment.pk}),
        "course_url": settings.SITE_URL + run.course.get_absolute_url(),
        "approvals_url": settings.SITE_URL + reverse("enrolment:approvals"),
    }
    invite = method and facts["sessions"] and _belongs(enrolment, method)
    return facts, [calendar.attachment(enrolment, method=method)] if invite else []


def _belongs(enrolment: Enrolment, method: str) -> bool:
    """Whether the appointment may be made, or is there to be taken back: a mail may leave after the next change."""
    if method == calendar.REQUEST:
        return enrolment.state == EnrolmentState.ASSOCIATED
    return events.of(enrolment).filter(to_state=EnrolmentState.ASSOCIATED).exists()


for _kinds, _method in ((INVITING, calendar.REQUEST), (CANCELLING, calendar.CANCEL), (OTHERS, None)):
    for _kind in _kinds:
        mail.enrich(_kind, partial(_facts, method=_method))
