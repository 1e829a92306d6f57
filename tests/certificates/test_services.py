"""Award, make, revoke: who may, what follows, what is refused, and that nothing happens twice."""

import hashlib
from datetime import date, timedelta

import pytest

from academy.accounts.models import Role
from academy.core import clock, events, pdf, work
from academy.core.errors import InvalidInput, NotAllowed
from academy.core.models import Message
from courses.certificates import facts, services
from courses.certificates.errors import AlreadyRevoked, CertificateHolds, NotCompleted
from courses.certificates.models import Certificate, CertificateFile
from courses.certificates.states import CertificateState, Standing
from courses.enrolment.services import record_outcome
from courses.enrolment.states import Outcome

from . import building

pytestmark = pytest.mark.django_db


def awarded(**details):
    return services.award(enrolment=building.completed(**details))


def made(**details):
    certificate = awarded(**details)
    services.make(certificate)
    certificate.refresh_from_db()
    return certificate


def verbs(certificate):
    return [event.verb for event in events.of(certificate)]


def messages(kind):
    return list(Message.objects.filter(kind=kind))


class TestRule:
    def test_completing_awards_once(self):
        enrolment = building.participating()
        for score in (70, 80):
            record_outcome(enrolment=enrolment, outcome=Outcome.COMPLETED, actor=None, score=score)
        certificate = Certificate.objects.get()
        assert (certificate.enrolment, certificate.state, certificate.awarded_by) == (enrolment, "pending", None)
        assert verbs(certificate) == ["award"]

    @pytest.mark.parametrize("outcome", [Outcome.NOT_PASSED, Outcome.NO_SHOW, Outcome.INCOMPLETE])
    def test_another_outcome_awards_nothing(self, outcome):
        record_outcome(enrolment=building.participating(), outcome=outcome, actor=None)
        assert not Certificate.objects.exists()

    def test_a_correction_waits_until_the_certificate_is_revoked(self):
        enrolment = building.participating()
        record_outcome(enrolment=enrolment, outcome=Outcome.COMPLETED, actor=None)
        with pytest.raises(CertificateHolds):
            record_outcome(enrolment=enrolment, outcome=Outcome.NOT_PASSED, actor=None)
        enrolment.refresh_from_db()
        assert enrolment.outcome == Outcome.COMPLETED
        revoke(Certificate.objects.get())
        record_outcome(enrolment=enrolment, outcome=Outcome.NOT_PASSED, actor=None)
        enrolment.refresh_from_db()
        assert enrolment.outcome == Outcome.NOT_PASSED

    def test_after_a_revocation_the_rule_is_silent(self):
        enrolment = building.participating()
        record_outcome(enrolment=enrolment, outcome=Outcome.COMPLETED, actor=None)
        revoke(Certificate.objects.get())
        for outcome in (Outcome.INCOMPLETE, Outcome.COMPLETED):
            record_outcome(enrolment=enrolment, outcome=outcome, actor=None)
        assert Certificate.objects.count() == 1


class TestByHand:
    def test_the_course_manager_awards_again_after_a_revocation(self):
        enrolment, manager = building.completed(), building.manager()
        revoke(services.award(enrolment=enrolment))
        second = services.award(enrolment=enrolment, actor=manager, reason="Name corrected")
        assert (second.sequence, second.awarded_by) == (2, manager)
        assert events.of(second).get().reason == "Name corrected"
        assert services.award(enrolment=enrolment, actor=manager, reason="Again") == second

    def test_a_reason_is_needed(self):
        with pytest.raises(InvalidInput) as refusal:
            services.award(enrolment=building.completed(), actor=building.manager(), reason="  ")
        assert list(refusal.value.fields) == ["reason"]

    def test_only_for_the_outcome_completed(self):
        with pytest.raises(NotCompleted):
            services.award(enrolment=building.participating(), actor=building.manager(), reason="x")


class TestFacts:
    def test_they_are_frozen(self):
        run = building.run(building.course(points="4.5", validity_months=24), ends_on=date(2026, 3, 12))
        enrolment = building.completed(run, who=building.person(infix="van der", preferred_language="en"))
        certificate = services.award(enrolment=enrolment)
        before = dict(certificate.facts)
        assert before["name"].startswith("Noor van der Meulen")
        assert (before["completed_on"], before["valid_until"]) == ("2026-03-12", "2028-03-12")
        assert (before["issued_on"], before["language"]) == (clock.today().isoformat(), "en")
        assert (before["points"][0]["points"], before["organisations"][0]["short_name"]) == ("4.5", "MST")
        enrolment.person.given_name = "Other"
        enrolment.person.save()
        run.course.title_nl = "Other"
        run.course.save()
        certificate.refresh_from_db()
        assert certificate.facts == before

    @pytest.mark.parametrize(
        ("day", "months", "later"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2026, 12, 1), 12, date(2027, 12, 1)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
        ],
    )
    def test_months_later(self, day, months, later):
        assert facts.months_later(day, months) == later

    def test_without_a_period_it_holds_for_ever(self):
        assert awarded().facts["valid_until"] is None

    @pytest.mark.parametrize(("days", "standing"), [(0, Standing.VALID), (1, Standing.EXPIRED)])
    def test_the_last_day_counts(self, days, standing):
        certificate = Certificate(state="published", facts={"valid_until": "2026-03-12"})
        with clock.at(clock.start_of(date(2026, 3, 12) + timedelta(days=days))):
            assert certificate.standing == standing


class TestMake:
    def test_the_exact_bytes_are_kept(self):
        certificate = made()
        file = certificate.file
        assert bytes(file.content).startswith(b"%PDF-1.7")
        assert (file.sha256, file.size) == (hashlib.sha256(file.content).hexdigest(), len(file.content))
        assert certificate.state == CertificateState.PUBLISHED
        assert verbs(certificate) == ["publish", "award"]

    def test_it_is_made_once(self, monkeypatch):
        certificate = made()
        monkeypatch.setattr(services.render, "render", lambda **_facts: pytest.fail("rendered again"))
        services.make(certificate)
        assert CertificateFile.objects.count() == 1

    def test_the_holder_gets_one_message(self):
        certificate = made(who=building.person(preferred_language="en"))
        message = messages("certificate_awarded")[0]
        assert (message.to, message.language) == (certificate.person.email, "en")
        assert message.context["title"] == "Heart failure: the basics"
        assert message.context["mine_url"].startswith("http://testserver/en/")

    def test_the_drain_takes_the_urgent_ones_first(self, monkeypatch):
        order = []
        monkeypatch.setattr(services.render, "render", lambda facts, token: order.append(facts["name"]) or b"%PDF")
        first, second = building.person(family_name="First"), building.person(family_name="Second")
        awarded(who=first), awarded(who=second)
        assert services.hurry(people=[second]) == 1
        assert services.make_waiting() == 2
        assert [name.split()[-1] for name in order] == ["Second", "First"]

    def test_without_pango_it_waits_unparked(self, monkeypatch):
        monkeypatch.setattr(pdf, "available", lambda: (False, "missing Debian packages libpango-1.0-0"))
        certificate = awarded()
        for hours in range(20):
            with clock.at(clock.now() + timedelta(hours=hours)):
                assert services.make_waiting() == 0
        certificate.refresh_from_db()
        assert (certificate.state, certificate.attempts, certificate.parked_at) == ("pending", 0, None)
        assert "libpango-1.0-0" in certificate.last_error
        monkeypatch.undo()
        with clock.at(clock.now() + timedelta(days=1)):
            assert services.make_waiting() == 1

    def test_a_failure_is_retried_and_then_parked_with_its_cause(self):
        certificate = awarded(who=building.person(given_name="\ue123"))
        other = awarded()
        moment = clock.now()
        for _attempt in range(work.PARKED_AFTER):
            with clock.at(moment):
                services.make_waiting()
            moment += timedelta(hours=5)
        certificate.refresh_from_db()
        other.refresh_from_db()
        assert (certificate.state, certificate.attempts) == ("pending", work.PARKED_AFTER)
        assert certificate.parked_at
        assert "U+E123" in certificate.last_error
        assert other.state == "published"
        assert not messages("certificate_awarded")[1:]


def revoke(certificate, actor=None, reason="Given by mistake"):
    return services.revoke(certificate=certificate, actor=actor or building.manager(), reason=reason)


class TestRevoke:
    def test_it_no_longer_holds_and_the_holder_reads_why(self):
        certificate, manager = made(), building.manager()
        revoked = revoke(certificate, manager, " Wrong person ")
        assert (revoked.standing, revoked.revoked_by, revoked.revoke_reason) == ("revoked", manager, "Wrong person")
        event = events.of(certificate).first()
        assert (event.verb, event.from_state, event.to_state, event.reason) == (
            "revoke", "published", "revoked", "Wrong person",
        )  # fmt: skip
        assert event.actor_id == str(manager.pk)
        assert messages("certificate_revoked")[0].context["reason"] == "Wrong person"

    def test_what_waits_is_not_made_any_more(self):
        certificate = revoke(awarded())
        assert services.make_waiting() == 0
        services.make(certificate)
        assert not CertificateFile.objects.exists()

    def test_twice_is_refused(self):
        certificate = revoke(made())
        with pytest.raises(AlreadyRevoked):
            revoke(certificate)
        assert len(messages("certificate_revoked")) == 1

    @pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
    def test_a_reason_of_some_length(self, reason):
        with pytest.raises(InvalidInput):
            revoke(made(), reason=reason)
        assert Certificate.objects.get().revoked_at is None


class TestInitials:
    def test_the_holder_decides(self):
        certificate = awarded()
        services.show_initials(certificate=certificate, actor=certificate.person, initials=True)
        services.show_initials(certificate=certificate, actor=certificate.person, initials=True)
        certificate.refresh_from_db()
        assert certificate.shown_name == "N.M."
        assert verbs(certificate) == ["reduce_name", "award"]

    def test_nobody_else(self):
        with pytest.raises(NotAllowed):
            services.show_initials(certificate=awarded(), actor=building.manager(), initials=True)


class TestPermissions:
    """Role × action: what is not listed is refused."""

    ACTORS = {
        "holder": lambda certificate: certificate.person,
        "other": lambda _certificate: building.person(Role.MEMBER),
        "course_manager": lambda _certificate: building.manager("mst"),
        "course_manager_elsewhere": lambda _certificate: building.manager("zgt"),
        "auditor": lambda _certificate: building.person(Role.AUDITOR),
        "administrator": lambda _certificate: building.person(Role.ADMINISTRATOR),
        "editor": lambda _certificate: building.person(Role.EDITOR),
    }
    MAY = {
        "revoke": {"course_manager"},
        "award": {"course_manager"},
        "reduce_name": {"holder"},
    }

    @pytest.mark.parametrize("action", MAY)
    @pytest.mark.parametrize("who", ACTORS)
    def test_services(self, who, action):
        certificate = made()
        actor = self.ACTORS[who](certificate)
        act = {
            "revoke": lambda: revoke(certificate, actor),
            "award": lambda: services.award(enrolment=certificate.enrolment, actor=actor, reason="x"),
            "reduce_name": lambda: services.show_initials(certificate=certificate, actor=actor, initials=True),
        }[action]
        if who in self.MAY[action]:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
