"""Award, make, revoke: everything that changes a certificate, each with its event and its message."""

import hashlib
from collections.abc import Iterable

import rules
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from academy.accounts.models import User
from academy.core import clock, events, mail, pdf, work
from academy.core.errors import InvalidInput, NotAllowed
from courses.catalogue.permissions import manages_record
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentState, Outcome

from . import facts, render
from .errors import AlreadyRevoked, CertificateHolds, NotCompleted
from .models import Certificate, CertificateFile
from .states import NEXT, CertificateState
from .tokens import new_token

URGENT = 10
REASON_LENGTH = 500


@transaction.atomic
def award(*, enrolment: Enrolment, actor: User | None = None, reason: str = "") -> Certificate:
    """The certificate of a completed enrolment; asking twice gives the same one.

    Without an actor it is awarded by rule. By hand only a course manager of an owner awards, and says why: that is
    for what the rule leaves alone, an enrolment whose certificate was revoked. Raises NotAllowed, InvalidInput,
    NotCompleted.
    """
    enrolment = _locked(Enrolment.objects.select_related("run__course", "person"), enrolment.pk)
    if actor is not None:
        _check_manager(actor, enrolment, reason)
        if actor.pk == enrolment.person_id:
            raise NotAllowed(_("Somebody else has to award your own certificate."))
    if (enrolment.state, enrolment.outcome) != (EnrolmentState.FINISHED, Outcome.COMPLETED):
        raise NotCompleted
    if current := enrolment.certificates.current().first():
        return current
    return _start(enrolment, actor, reason.strip())


def follow_outcome(*, enrolment: Enrolment, actor: User | None, before: str, **_signal) -> None:
    """The rule, called inside the transaction that records an outcome.

    `completed` awards the first certificate. Once one was revoked the rule is silent: else a trainer who records the
    outcome again would undo the decision of a course manager. For the same reason an outcome with a certificate that
    holds cannot become another one: CertificateHolds undoes the whole correction until it is revoked.
    """
    if enrolment.outcome == Outcome.COMPLETED:
        if not enrolment.certificates.exists():
            award(enrolment=enrolment)
    elif enrolment.certificates.current().exists():
        raise CertificateHolds


@transaction.atomic
def make(certificate: Certificate, rendered: bytes | None = None) -> None:
    """Render the file, unless it was `rendered` before, and keep its exact bytes; it is made once, then only served.

    Raises work.NotYet where this machine cannot make PDFs, and academy.core.pdf.PdfError when this one fails.
    """
    certificate = _locked(Certificate.objects.select_related("person"), certificate.pk)
    if certificate.state != CertificateState.PENDING:
        return
    possible, why_not = pdf.available()
    if not possible:
        raise work.NotYet(why_not)
    content = rendered or render.render(facts=certificate.facts, token=certificate.token)
    digest = hashlib.sha256(content).hexdigest()
    CertificateFile.objects.create(certificate=certificate, content=content, sha256=digest, size=len(content))
    _move(certificate, CertificateState.PUBLISHED, actor=None, verb="publish", sha256=digest)
    _tell(certificate, "certificate_awarded")


def make_waiting(limit: int = 100) -> int:
    """Make what is waiting, the urgent ones first; returns how many files were made."""
    if pdf.available()[0] and Certificate.due().exists():
        render.press.warm_up()
    return work.drain(Certificate, make, limit, prepare=_rendered)


def _rendered(certificate: Certificate) -> bytes | None:
    """The bytes of the file; None when there is no means to make it now, of which `make` tells."""
    return render.render(facts=certificate.facts, token=certificate.token) if pdf.available()[0] else None


@transaction.atomic
def revoke(*, certificate: Certificate, actor: User, reason: str) -> Certificate:
    """It no longer holds, from this moment; the holder is told why. Raises NotAllowed, InvalidInput, AlreadyRevoked."""
    certificate = _locked(Certificate.objects.with_subject(), certificate.pk)
    _check_manager(actor, certificate.enrolment, reason)
    if certificate.state == CertificateState.REVOKED:
        raise AlreadyRevoked
    certificate.revoked_at = clock.now()
    certificate.revoked_by = actor
    certificate.revoke_reason = reason.strip()
    # Nothing is left to be made.
    certificate.done_at = certificate.done_at or clock.now()
    certificate.save(update_fields=["revoked_at", "revoked_by", "revoke_reason", "done_at"])
    _move(certificate, CertificateState.REVOKED, actor=actor, verb="revoke", reason=reason.strip())
    _tell(certificate, "certificate_revoked", reason=reason.strip())
    return certificate


@transaction.atomic
def show_initials(*, certificate: Certificate, actor: User, initials: bool) -> Certificate:
    """The holder decides whether strangers who check it see the name or only initials. Raises NotAllowed."""
    certificate = _locked(Certificate.objects, certificate.pk)
    if not rules.has_perm("certificates.reduce_name", actor, certificate):
        raise NotAllowed
    if certificate.show_initials != initials:
        certificate.show_initials = initials
        certificate.save(update_fields=["show_initials"])
        verb = "reduce_name" if initials else "show_name"
        events.record(actor=actor, object=certificate, verb=verb)
    return certificate


def hurry(*, people: Iterable[User]) -> int:
    """Let the waiting certificates of these people be made first; returns how many."""
    waiting = Certificate.objects.filter(person__in=people, state=CertificateState.PENDING)
    return waiting.update(priority=URGENT)


def tell_awarded(*, certificate: Certificate) -> None:
    """Write the message of the award now; making the file writes the same one, which exists once."""
    _tell(certificate, "certificate_awarded")


def record_reading(*, certificate: Certificate, actor: User, verb: str) -> None:
    """Somebody else than the holder saw the personal data of a certificate (NEN 7513)."""
    if actor.pk != certificate.person_id:
        events.record(actor=actor, object=certificate, verb=verb)


def record_listing(*, certificates: Iterable[Certificate], actor: User) -> None:
    """Somebody saw a list with the names of other people: one event, which says whose."""
    read = [certificate.pk for certificate in certificates if certificate.person_id != actor.pk]
    if read:
        events.record(actor=actor, object=actor, verb="list_certificates", certificates=read)


def _locked(rows, pk: int):
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _check_manager(actor: User, enrolment: Enrolment, reason: str) -> None:
    if not manages_record(actor, enrolment.run.course):
        raise NotAllowed
    if not reason.strip():
        raise InvalidInput(fields={"reason": [_("Say why. The holder reads this.")]})
    if len(reason.strip()) > REASON_LENGTH:
        raise InvalidInput(fields={"reason": [_("Use at most 500 characters.")]})


def _start(enrolment: Enrolment, actor: User | None, reason: str) -> Certificate:
    last = enrolment.certificates.aggregate(last=Max("sequence"))["last"] or 0
    certificate = Certificate.objects.create(
        enrolment=enrolment,
        person=enrolment.person,
        sequence=last + 1,
        token=new_token(),
        language=enrolment.person.preferred_language,
        facts=facts.freeze(enrolment),
        awarded_by=actor,
    )
    events.record(
        actor=actor,
        object=certificate,
        verb="award",
        to_state=certificate.state,
        reason=reason,
        by="hand" if actor else "rule",
    )
    return certificate


def _move(certificate: Certificate, state: CertificateState, *, actor: User | None, verb: str, **details) -> None:
    before = certificate.state
    if state not in NEXT[before]:
        raise ValueError(f"A certificate cannot go from {before} to {state}")
    certificate.state = state
    certificate.save(update_fields=["state"])
    events.record(actor=actor, object=certificate, verb=verb, from_state=before, to_state=state, **details)


def _tell(certificate: Certificate, kind: str, **more: str) -> None:
    language = certificate.person.preferred_language
    title, title_language = render.title_of(certificate.facts, language)
    with translation.override(language):
        mine = settings.SITE_URL + reverse("certificates:mine")
    mail.write(
        kind=kind,
        to=certificate.person.email,
        person=certificate.person,
        language=language,
        event_key=f"certificate:{certificate.pk}",
        context={
            "given_name": certificate.person.given_name,
            "title": title,
            "title_language": title_language,
            "token": certificate.token,
            "verify_url": render.verify_url(certificate.token),
            "mine_url": mine,
            **more,
        },
    )


work.register("certificates", make_waiting)
