"""Any order of enrolling, cancelling, deciding, finishing and changing seats keeps the books right."""

from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from academy.core import clock, events
from academy.core.errors import DomainError
from academy.core.models import Message
from courses.enrolment import services
from courses.enrolment.models import Enrolment
from courses.enrolment.selectors import position_of, seats_of
from courses.enrolment.states import NEXT, Outcome
from courses.enrolment.states import EnrolmentState as S
from tests import factories as f

pytestmark = pytest.mark.django_db
who = st.integers(0, 7)


class Books(RuleBasedStateMachine):
    """One run with kept seats, eight people of two organisations and from outside; some need approval."""

    approval = False

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        mst, zgt = f.organisation("mst"), f.organisation("zgt")
        self.run = f.run(f.course(owners=[mst, zgt], approval_required=self.approval), seats=4)
        f.allotment(self.run, zgt, 1)
        self.people = [f.member(mst) for _n in range(4)] + [f.member(zgt) for _n in range(2)]
        self.people += [f.person() for _n in range(2)]
        self.begun = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def now(self):
        return clock.start_of(self.run.starts_on) if self.begun else clock.now()

    def attempt(self, service, **arguments) -> None:
        """A refusal is an answer; anything else that goes wrong is a fault."""
        with clock.at(self.now()), suppress(DomainError):
            service(**arguments)

    def current(self, n: int) -> Enrolment | None:
        return Enrolment.objects.filter(run=self.run, person=self.people[n]).order_by("-pk").first()

    @rule(n=who)
    def enrol(self, n):
        self.attempt(services.enrol, person=self.people[n], run=self.run)

    @rule(n=who)
    def cancel(self, n):
        if enrolment := self.current(n):
            self.attempt(services.cancel, enrolment=enrolment, actor=None)

    @rule(n=who, yes=st.booleans())
    def decide(self, n, yes):
        if enrolment := self.current(n):
            if yes:
                self.attempt(services.approve, enrolment=enrolment, actor=None)
            else:
                self.attempt(services.deny, enrolment=enrolment, actor=None, reason="nee")

    @rule(seats=st.integers(4, 7))
    def change_seats(self, seats):
        self.run.refresh_from_db()
        taken = Enrolment.objects.filter(run=self.run).holding_a_seat().count()
        if seats >= taken:
            self.attempt(services.change_run, run=self.run, actor=None, seats=seats)

    @precondition(lambda self: not self.begun)
    @rule()
    def begin(self):
        self.begun = True

    @rule(n=who, outcome=st.sampled_from(Outcome.values))
    def finish(self, n, outcome):
        if enrolment := self.current(n):
            self.attempt(services.record_outcome, enrolment=enrolment, outcome=outcome, actor=None)

    @invariant()
    def no_seat_is_sold_twice(self):
        self.run.refresh_from_db()
        assert Enrolment.objects.filter(run=self.run).holding_a_seat().count() <= self.run.seats

    @invariant()
    def nobody_waits_for_a_seat_that_is_free_for_them(self):
        if self.begun:
            return
        seats, _waiting = seats_of(self.run)
        queued = Enrolment.objects.filter(run=self.run).queued()
        assert not [e for e in queued if seats.free_for(e.organisation_id)]

    @invariant()
    def the_waiting_list_has_no_gaps(self):
        queued = Enrolment.objects.filter(run=self.run).queued()
        assert [position_of(e) for e in queued] == list(range(1, len(queued) + 1))

    @invariant()
    def every_state_follows_from_its_events_along_the_table(self):
        for enrolment in Enrolment.objects.filter(run=self.run):
            state = ""
            for event in events.of(enrolment).order_by("pk"):
                assert event.from_state == state
                assert event.to_state in NEXT[state]
                state = event.to_state
            assert enrolment.state == state

    @invariant()
    def at_most_one_active_enrolment_each(self):
        active = Enrolment.objects.filter(run=self.run).active().values_list("person", flat=True)
        assert len(active) == len(set(active))

    @invariant()
    def every_step_was_told_once(self):
        told = Message.objects.filter(kind__startswith="enrolment_").values_list("event_key", flat=True)
        assert len(told) == len(set(told))


class BooksWithApproval(Books):
    approval = True


@pytest.mark.parametrize("machine", [Books, BooksWithApproval])
def test_books_stay_right(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_table_knows_every_state_and_no_other():
    assert set(NEXT) == {"", *S}
    assert set().union(*NEXT.values()) <= set(S)
    assert NEXT[S.DENIED] == NEXT[S.CANCELLED] == frozenset()


@pytest.mark.long
@pytest.mark.parametrize("machine", [Books, BooksWithApproval])
def test_books_stay_right_for_long(machine):
    """Two hundred stories of fifty steps; run by `make test-long`."""
    story = settings(max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=story)
