"""Any order of submitting, returning, deciding, withdrawing and publishing by anybody keeps the records right."""

from contextlib import suppress
from typing import ClassVar
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from academy.core import events
from academy.core.errors import DomainError
from academy.core.models import Message
from research.studies.models import Approval, Decision, Remark, Review, ReviewRoute, RouteStep, Study
from research.studies.permissions import bureaus_of
from research.studies.services import publishing, reviewing, saving
from research.studies.states import NEXT, NEXT_PUBLICATION, ApprovalState, PublicationState, ReviewState
from research.studies.vocabularies import ReviewKind
from tests.factories import people, studies

pytestmark = pytest.mark.django_db

HOSPITALS = ("mst", "zgt", "third")
#: verbs that move a review; everything else about it leaves its state alone
MOVES = {"submit", "take_up", "return", "decide", "withdraw", "start_again"}
where = st.sampled_from(HOSPITALS)
#: mostly who may do it, sometimes anybody
who = st.sampled_from(["right"] * 20 + ["editor", "viewer", "stranger", *HOSPITALS])
nth = st.integers(0, 3)


class Reviews(RuleBasedStateMachine):
    """A study at three hospitals with routes of one, two and three bodies, and everybody who might touch it."""

    #: every state that some story came to, so that the test knows that it saw something
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.hospitals = {key: people.organisation(key) for key in HOSPITALS}
        for kind in ReviewKind.values:
            for length, hospital in enumerate(self.hospitals.values()):
                self.route(hospital, kind, length)
        editor = studies.researcher(self.hospitals["mst"])
        self.study = studies.study(*self.hospitals.values(), editor=editor)
        self.people = {
            "editor": editor,
            "viewer": studies.viewer(self.study),
            "stranger": studies.researcher(self.hospitals["zgt"]),
            **{key: studies.bureau(hospital) for key, hospital in self.hospitals.items()},
        }
        self.seen = self.states()
        self.counted = self.moves()
        self.publication = self.study.publication_state
        self.decided: dict[int, dict] = {}

    def route(self, hospital, kind, length) -> None:
        made = ReviewRoute.objects.create(organisation=hospital, kind=kind, days=30)
        for order, body in ((1, "metc"), (1, "privacy_dpia"), (2, "board"))[: length + 1]:
            RouteStep.objects.create(route=made, order=order, kind=body, body_nl=f"{body} {kind}")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def attempt(self, service, **arguments) -> None:
        """A refusal is an answer; anything else that goes wrong is a fault."""
        with suppress(DomainError):
            service(**arguments)

    def actor(self, who: str, right: str):
        return self.people[right if who == "right" else who]

    def review(self, key: str) -> Review:
        reviews = Review.objects.select_related("site__study", "site__organisation", "assigned_to")
        return reviews.filter(site__study=self.study, site__organisation__key=key).latest("pk")

    def states(self) -> dict[int, str]:
        return dict(Review.objects.filter(site__study=self.study).values_list("pk", "state"))

    def moves(self) -> dict[int, int]:
        counted: dict[int, int] = {}
        for event in events.of(self.study).filter(verb__in=MOVES):
            if review := event.data.get("review"):
                counted[review] = counted.get(review, 0) + 1
        return counted

    @rule(who=who, sites=st.one_of(st.none(), st.sets(where)))
    def submit(self, who, sites):
        self.attempt(reviewing.submit, study=self.study, actor=self.actor(who, "editor"), sites=sites)

    @rule(who=who, at=where)
    def take_up(self, who, at):
        self.attempt(reviewing.take_up, review=self.review(at), actor=self.actor(who, at))

    @rule(who=who, at=where, field=st.sampled_from(["", "acronym", "summary_nl", "nonsense"]))
    def give_back(self, who, at, field):
        self.attempt(
            reviewing.return_to_researcher,
            review=self.review(at),
            actor=self.actor(who, at),
            remarks=[{"field": field, "text": "Waarom?"}],
        )

    @rule(who=who)
    def answer_everything(self, who):
        for remark in Remark.objects.filter(review__site__study=self.study, answer=""):
            self.attempt(reviewing.answer_remark, remark=remark, actor=self.actor(who, "editor"), text="Daarom")

    @rule(who=who, text=st.sampled_from(["Kort", "Lang", ""]))
    def change(self, who, text):
        version = Study.objects.get(pk=self.study.pk).version
        values = {"summary_nl": text}
        self.attempt(
            saving.save, study=self.study, actor=self.actor(who, "editor"), base_version=version, values=values
        )

    @rule(who=who, at=where, n=nth, state=st.sampled_from([*["approved"] * 3, *ApprovalState.values]))
    def record(self, who, at, n, state):
        rows = list(self.review(at).approvals.select_related("review__site"))
        if n < len(rows):
            self.attempt(
                reviewing.record_approval,
                approval=rows[n],
                actor=self.actor(who, at),
                state=state,
                conditions_nl="Eerst scholing",
            )

    @rule(who=who, at=where, n=nth)
    def meet(self, who, at, n):
        rows = list(self.review(at).approvals.select_related("review__site"))
        if n < len(rows):
            self.attempt(reviewing.meet_conditions, approval=rows[n], actor=self.actor(who, at))

    @rule(who=who, at=where, outcome=st.sampled_from([*ReviewState.decided(), *ReviewState]))
    def decide(self, who, at, outcome):
        self.attempt(
            reviewing.decide,
            review=self.review(at),
            actor=self.actor(who, at),
            outcome=outcome,
            reason="Zo is het",
            conditions_nl="Eerst scholing",
        )

    @rule(at=where, outcome=st.sampled_from(ReviewState.decided()))
    def go_on(self, at, outcome):
        """The step that usually comes next, so that stories get somewhere."""
        review, actor = self.review(at), self.people[at]
        if review.state in ReviewState.with_researcher():
            self.attempt(reviewing.submit, study=self.study, actor=self.people["editor"], sites=[at])
        elif review.state == ReviewState.SUBMITTED:
            self.attempt(reviewing.take_up, review=review, actor=actor)
        elif review.state == ReviewState.IN_REVIEW:
            for row in review.approvals.select_related("review__site").order_by("order"):
                self.attempt(reviewing.record_approval, approval=row, actor=actor, state="approved")
            words = {"reason": "Zo is het", "conditions_nl": "Eerst scholing"}
            self.attempt(reviewing.decide, review=review, actor=actor, outcome=outcome, **words)

    @rule(online=st.booleans())
    def go_online_or_off(self, online):
        actor = self.people[self.study.sites.get(leading=True).organisation.key]
        if online:
            self.attempt(publishing.publish, study=self.study, actor=actor)
        else:
            self.attempt(publishing.unpublish, study=self.study, actor=actor, reason="Fout")

    @rule(who=who, at=where)
    def withdraw(self, who, at):
        self.attempt(reviewing.withdraw_review, review=self.review(at), actor=self.actor(who, "editor"), reason="Nee")

    @rule(who=who, at=where)
    def again(self, who, at):
        self.attempt(reviewing.start_again, site=self.review(at).site, actor=self.actor(who, "editor"))

    @rule(who=who, at=where, kind=st.sampled_from(ReviewKind.values))
    def change_kind(self, who, at, kind):
        self.attempt(reviewing.change_kind, review=self.review(at), actor=self.actor(who, at), kind=kind)

    @rule(who=who, at=where, to=st.sampled_from([*HOSPITALS, "editor", None]))
    def assign(self, who, at, to):
        self.attempt(reviewing.assign, review=self.review(at), actor=self.actor(who, at), to=self.people.get(to))

    @rule(who=who, at=where)
    def publish(self, who, at):
        self.attempt(publishing.publish, study=self.study, actor=self.actor(who, at))

    @rule(who=who, at=where)
    def unpublish(self, who, at):
        self.attempt(publishing.unpublish, study=self.study, actor=self.actor(who, at), reason="Fout")

    @rule(who=who, at=where, to=where)
    def transfer(self, who, at, to):
        self.attempt(publishing.transfer, study=self.study, actor=self.actor(who, at), to=self.hospitals[to])

    @invariant()
    def every_change_of_a_review_follows_the_table_and_has_one_event(self):
        states, moves = self.states(), self.moves()
        for pk, state in states.items():
            new_events = moves.get(pk, 0) - self.counted.get(pk, 0)
            if pk not in self.seen:  # begun again: its first event says that it is a draft
                assert (state, new_events) == (ReviewState.DRAFT, 1)
            elif state == self.seen[pk]:
                assert new_events == 0
            else:
                assert new_events == 1
                assert state in NEXT[self.seen[pk]]
        self.seen, self.counted = states, moves
        self.reached.update(states.values())

    @invariant()
    def every_state_is_where_its_events_lead(self):
        told = dict.fromkeys(self.states(), ReviewState.DRAFT.value)
        for event in events.of(self.study).filter(verb__in=MOVES).order_by("pk"):
            if (pk := event.data.get("review")) and event.verb != "start_again":
                assert event.from_state == told[pk]
                assert event.to_state in NEXT[told[pk]]
                told[pk] = event.to_state
        assert told == self.states()

    @invariant()
    def what_was_decided_never_changes(self):
        for review in Review.objects.filter(site__study=self.study, state__in=ReviewState.decided()):
            decision = Decision.objects.filter(review=review).values().get()
            assert decision["outcome"] == review.state
            now = {**decision, "kind": review.kind, "assigned": review.assigned_to_id, "at": review.decided_at}
            assert self.decided.setdefault(review.pk, now) == now
        assert Decision.objects.filter(review__site__study=self.study).count() == len(self.decided)

    @invariant()
    def only_the_hospitals_own_bureau_decided_and_was_given_work(self):
        for decision in Decision.objects.select_related("made_by", "review__site"):
            assert decision.review.site.organisation_id in bureaus_of(decision.made_by)
        for review in Review.objects.exclude(assigned_to=None).select_related("assigned_to", "site"):
            assert review.site.organisation_id in bureaus_of(review.assigned_to)

    @invariant()
    def nothing_is_approved_while_a_body_is_open(self):
        approved = Review.objects.filter(site__study=self.study, state__in=ReviewState.positive())
        assert not Approval.objects.filter(review__in=approved).exclude(state__in=ApprovalState.settled()).exists()

    @invariant()
    def those_whose_turn_it_is_have_been_asked(self):
        for review in Review.objects.filter(state=ReviewState.IN_REVIEW).prefetch_related("approvals"):
            rows = list(review.approvals.all())
            assert rows
            turn = min((row.order for row in rows if row.state not in ApprovalState.settled()), default=None)
            assert not [row for row in rows if row.order == turn and row.state == ApprovalState.PLANNED]

    @invariant()
    def a_study_comes_online_only_when_its_leading_hospital_said_yes(self):
        study = Study.objects.get(pk=self.study.pk)
        if study.publication_state != self.publication:
            assert study.publication_state in NEXT_PUBLICATION[self.publication]
            if study.publication_state == PublicationState.PUBLISHED:
                leading = study.sites.get(leading=True)
                assert leading.reviews.filter(state__in=ReviewState.positive()).exists()
        self.publication = study.publication_state
        self.reached.add(f"study {study.publication_state}")

    @invariant()
    def one_hospital_leads(self):
        assert self.study.sites.filter(leading=True).count() == 1

    @invariant()
    def what_the_researcher_gets_back_has_an_open_remark_to_begin_with(self):
        for review in Review.objects.filter(state=ReviewState.RETURNED):
            assert review.remarks.exists()

    @invariant()
    def every_step_was_told_once(self):
        told = list(Message.objects.values_list("kind", "to", "event_key"))
        assert len(told) == len(set(told))


STORY = settings(
    max_examples=14,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_reviews_stay_right():
    Reviews.reached.clear()
    run_state_machine_as_test(Reviews, settings=STORY)
    assert Reviews.reached == {*ReviewState, *(f"study {state}" for state in PublicationState)}


def test_twin_without_the_table_breaks_a_rule():
    """Proof that the machine would notice: the same services when every step is allowed from everywhere."""
    anything = {state: set(ReviewState) for state in ReviewState}
    once = settings(STORY, phases=[Phase.generate], report_multiple_bugs=False)
    with (
        patch("research.studies.services.steps.NEXT", anything),
        patch("research.studies.services.reviewing.NEXT", anything),
        pytest.raises(AssertionError),
    ):
        run_state_machine_as_test(Reviews, settings=once)


def test_the_tables_know_every_state_and_no_other():
    assert set(NEXT) == set(ReviewState)
    assert set().union(*NEXT.values()) <= set(ReviewState)
    assert all(NEXT[state] == set() for state in ReviewState.final())
    assert set(NEXT_PUBLICATION) == set(PublicationState)


@pytest.mark.long
def test_reviews_stay_right_for_long():
    """Two hundred stories of fifty steps; run by `make test-long`."""
    story = settings(max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Reviews, settings=story)
