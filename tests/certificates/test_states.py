"""Whatever people do in whatever order, a certificate keeps to its table and its promises."""

from contextlib import suppress
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from academy.core import events
from academy.core.errors import DomainError
from academy.core.models import Message
from courses.certificates import services
from courses.certificates.models import Certificate
from courses.certificates.states import NEXT, CertificateState
from courses.enrolment.services import record_outcome
from courses.enrolment.states import Outcome

from . import building


class Life(RuleBasedStateMachine):
    """Outcomes, awards, files and revocations of one enrolment."""

    @initialize()
    def begin(self):
        self.enrolment = building.participating()
        self.manager = building.manager()
        self.seen = {}

    @rule(outcome=st.sampled_from(Outcome.values))
    def outcome(self, outcome):
        self.attempt(record_outcome, enrolment=self.enrolment, outcome=outcome, actor=None)

    @rule(by_hand=st.booleans())
    def award(self, by_hand):
        by = {"actor": self.manager, "reason": "x"} if by_hand else {}
        self.attempt(services.award, enrolment=self.enrolment, **by)

    @rule(reason=st.sampled_from(["", "Mistake"]))
    def revoke(self, reason):
        for certificate in self.certificates():
            self.attempt(services.revoke, certificate=certificate, actor=self.manager, reason=reason)

    @rule()
    def make(self):
        services.make_waiting()

    def attempt(self, service, **arguments):
        with suppress(DomainError):
            service(**arguments)

    def certificates(self):
        if not hasattr(self, "enrolment"):
            return []
        return list(Certificate.objects.filter(enrolment=self.enrolment).order_by("sequence"))

    @invariant()
    def at_most_one_holds_and_only_for_completed(self):
        holding = [each for each in self.certificates() if each.revoked_at is None]
        assert len(holding) <= 1
        if holding:
            self.enrolment.refresh_from_db()
            assert self.enrolment.outcome == Outcome.COMPLETED

    @invariant()
    def numbers_have_no_gaps(self):
        sequences = [each.sequence for each in self.certificates()]
        assert sequences == list(range(1, len(sequences) + 1))

    @invariant()
    def every_step_is_in_the_table_and_in_the_log(self):
        for certificate in self.certificates():
            before = self.seen.get(certificate.pk, "")
            steps = [event for event in reversed(events.of(certificate)) if event.to_state]
            path = ["", *(event.to_state for event in steps)]
            assert all(later in NEXT[earlier] for earlier, later in pairwise(path))
            assert path[-1] == certificate.state
            assert not (before == CertificateState.REVOKED and certificate.state != before)
            self.seen[certificate.pk] = certificate.state

    @invariant()
    def a_file_exists_exactly_when_it_was_published(self):
        for certificate in self.certificates():
            published = any(event.verb == "publish" for event in events.of(certificate))
            assert hasattr(certificate, "file") == published
            assert (certificate.revoked_at is None) == (certificate.state != CertificateState.REVOKED)

    @invariant()
    def everybody_is_told_once(self):
        for certificate in self.certificates():
            told = Message.objects.filter(event_key=f"certificate:{certificate.pk}")
            expected = hasattr(certificate, "file") + (certificate.revoked_at is not None)
            assert told.count() == expected


@pytest.mark.django_db
def test_states(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")

    class Undone(Life):
        """Each run of the machine is undone, so that runs do not see each other."""

        def __init__(self):
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    machine = Undone.TestCase
    machine.settings = settings(
        max_examples=25, stateful_step_count=15, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    machine("runTest").runTest()
