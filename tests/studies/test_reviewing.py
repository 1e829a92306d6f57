"""The way of a review: who may do what when, what bodies say, what follows from it."""

from datetime import date, timedelta

import pytest

from academy.core import clock, events
from academy.core.errors import InvalidInput, NotAllowed, Unknown
from academy.core.models import Message
from research.studies import permissions
from research.studies.errors import ChangedMeanwhile, Incomplete, NoSuchStep, OpenApprovals
from research.studies.models import Decision, Remark, Review, ReviewRoute, RouteStep, Study
from research.studies.selectors import revisions_of
from research.studies.services import documents, reviewing, saving
from research.studies.states import PublicationState, ReviewState
from tests.factories import people, studies

pytestmark = pytest.mark.django_db


def route(hospital, *bodies: tuple[int, str], kind: str = "main_review", days: int = 30) -> ReviewRoute:
    made = ReviewRoute.objects.create(organisation=hospital, kind=kind, days=days)
    for order, body in bodies:
        RouteStep.objects.create(route=made, order=order, kind=body, body_nl=f"Orgaan {body}", body_en=f"Body {body}")
    return made


def review_of(study: Study, hospital) -> Review:
    return (
        Review.objects.select_related("site__study", "site__organisation")
        .filter(site__study=study, site__organisation=hospital)
        .latest("pk")
    )


class Case:
    """A study at two hospitals, its editor and both bureaus."""

    def __init__(self) -> None:
        self.mst, self.zgt = people.organisation("mst"), people.organisation("zgt")
        self.editor = studies.researcher(self.mst)
        self.bureau, self.other = studies.bureau(self.mst), studies.bureau(self.zgt)
        self.study = studies.study(self.mst, self.zgt, editor=self.editor)

    def review(self, hospital=None) -> Review:
        return review_of(self.study, hospital or self.mst)

    def submitted(self, *keys: str) -> Review:
        reviewing.submit(study=self.study, actor=self.editor, sites=keys or None)
        return self.review()

    def taken_up(self) -> Review:
        return reviewing.take_up(review=self.submitted(), actor=self.bureau)

    def ready(self) -> Review:
        review = self.taken_up()
        for approval in review.approvals.all():
            reviewing.record_approval(approval=approval, actor=self.bureau, state="approved")
        return review

    def verbs(self) -> list[str]:
        return list(events.of(self.study).order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def case() -> Case:
    return Case()


def test_submitting_sends_every_waiting_site_and_tells_the_bureaus(case):
    route(case.mst, (1, "metc"), days=10)
    reviews = reviewing.submit(study=case.study, actor=case.editor)
    assert [review.state for review in reviews] == ["submitted", "submitted"]
    assert case.review().due_on == clock.today() + timedelta(days=10)
    assert case.review(case.zgt).due_on == clock.today() + timedelta(days=42)
    case.study.refresh_from_db()
    assert case.study.publication_state == PublicationState.IN_REVIEW
    assert case.verbs() == ["register", "submit", "submit", "submit"]
    told = Message.objects.filter(kind="study_submitted").values_list("to", flat=True)
    assert sorted(told) == sorted([case.bureau.email, case.other.email])


def test_one_site_can_be_ahead_of_the_other(case):
    case.submitted("mst")
    assert (case.review().state, case.review(case.zgt).state) == ("submitted", "draft")
    case.submitted("zgt")
    assert case.review(case.zgt).state == "submitted"
    with pytest.raises(NoSuchStep):
        case.submitted()


@pytest.mark.parametrize("sites", [[], ["elsewhere"]])
def test_only_hospitals_that_take_part_can_be_chosen(case, sites):
    with pytest.raises(InvalidInput) as refusal:
        reviewing.submit(study=case.study, actor=case.editor, sites=sites)
    assert list(refusal.value.fields) == ["sites"]


def test_who_does_not_edit_cannot_submit(case):
    with pytest.raises(NotAllowed):
        reviewing.submit(study=case.study, actor=studies.viewer(case.study))
    with pytest.raises(NotAllowed):
        reviewing.submit(study=case.study, actor=case.bureau)
    with pytest.raises(Unknown):
        reviewing.submit(study=case.study, actor=studies.researcher(case.mst))


def test_what_is_missing_or_wrong_comes_back_by_field(case):
    wrong = {"legal_regime": "", "contact_email": "", "completion": "2020"}
    saving.save(study=case.study, actor=case.editor, base_version=1, values=wrong)
    with pytest.raises(Incomplete) as refusal:
        case.submitted()
    assert set(refusal.value.fields) == {"legal_regime", "contact_email", "completion"}
    assert case.review().state == "draft"


def test_a_study_without_hospitals_says_so(case):
    draft = studies.study(case.mst, editor=case.editor, sites=[])
    with pytest.raises(Incomplete) as refusal:
        reviewing.submit(study=draft, actor=case.editor)
    assert "sites" in refusal.value.fields


def test_the_route_asks_bodies_in_order_and_beside_each_other(case):
    route(case.mst, (1, "metc"), (1, "privacy_dpia"), (2, "board"))
    review = case.taken_up()
    metc, privacy, board = review.approvals.all()
    assert [row.state for row in (metc, privacy, board)] == ["requested", "requested", "planned"]
    assert metc.requested_on == clock.today()
    reviewing.record_approval(approval=metc, actor=case.bureau, state="approved")
    board.refresh_from_db()
    assert board.state == "planned"
    with pytest.raises(NoSuchStep):
        reviewing.record_approval(approval=board, actor=case.bureau, state="approved")
    reviewing.record_approval(approval=privacy, actor=case.bureau, state="not_needed")
    board.refresh_from_db()
    assert (board.state, board.requested_on) == ("requested", clock.today())


def test_without_a_route_the_bureau_is_the_only_body(case):
    approval = case.taken_up().approvals.get()
    assert (approval.kind, approval.state) == ("bureau", "requested")
    assert (approval.body_nl, approval.body_en) == ("Wetenschapsbureau MST", "Science bureau MST")


def test_each_hospital_decides_on_its_own(case):
    case.submitted()
    for act in (
        lambda: reviewing.take_up(review=case.review(case.zgt), actor=case.bureau),
        lambda: reviewing.assign(review=case.review(case.zgt), actor=case.bureau, to=case.bureau),
        lambda: reviewing.decide(review=case.review(case.zgt), actor=case.bureau, outcome="rejected", reason="nee"),
        lambda: reviewing.take_up(review=case.review(), actor=case.editor),
        lambda: reviewing.add_remark(review=case.review(case.zgt), actor=case.bureau, text="?"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_remarks_need_an_answer_or_a_change_before_the_study_comes_back(case):
    review = case.submitted()
    asked = [{"field": "summary_nl", "text": "Schrijf korter"}, {"field": "acronym", "text": "Klopt dit?"}]
    reviewing.return_to_researcher(
        review=review, actor=case.bureau, remarks=[*asked, {"field": "", "text": "Waar is het protocol?"}]
    )
    assert (case.review().state, case.review().due_on) == ("returned", None)
    assert Message.objects.get(kind="study_returned").context["remarks"] == 3
    with pytest.raises(Incomplete) as refusal:
        case.submitted("mst")
    assert set(refusal.value.fields) == {"summary_nl", "acronym", "remarks"}
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"summary_nl": "Kort."})
    for remark in Remark.objects.exclude(field="summary_nl"):
        reviewing.answer_remark(remark=remark, actor=case.editor, text=" Ja, zie bijlage ")
    assert case.submitted("mst").state == "submitted"
    assert set(Remark.objects.values_list("answer", flat=True)) == {"", "Ja, zie bijlage"}


def test_a_return_says_what_to_do(case):
    review = case.submitted()
    with pytest.raises(InvalidInput) as refusal:
        reviewing.return_to_researcher(review=review, actor=case.bureau)
    assert list(refusal.value.fields) == ["text"]
    reviewing.add_remark(review=review, actor=case.bureau, field="acronym", text="Te lang")
    reviewing.return_to_researcher(review=review, actor=case.bureau)
    assert case.review().state == "returned"


@pytest.mark.parametrize(("field", "text", "where"), [("nonsense", "x", "field"), ("", "  ", "text")])
def test_a_remark_needs_words_and_a_field_that_exists(case, field, text, where):
    review = case.submitted()
    with pytest.raises(InvalidInput) as refusal:
        reviewing.add_remark(review=review, actor=case.bureau, field=field, text=text)
    assert list(refusal.value.fields) == [where]


def test_answers_are_given_only_while_the_study_is_with_the_researcher(case):
    review = case.submitted()
    remark = reviewing.add_remark(review=review, actor=case.bureau, text="Waarom?")
    with pytest.raises(NoSuchStep):
        reviewing.answer_remark(remark=remark, actor=case.editor, text="Daarom")
    reviewing.return_to_researcher(review=review, actor=case.bureau)
    with pytest.raises(NotAllowed):
        reviewing.answer_remark(remark=remark, actor=studies.viewer(case.study), text="Daarom")
    reviewing.answer_remark(remark=remark, actor=case.editor, text="Daarom")
    case.submitted("mst")
    reviewing.resolve_remark(remark=remark, actor=case.bureau)
    reviewing.resolve_remark(remark=remark, actor=case.bureau)
    assert case.verbs().count("resolve_remark") == 1


def test_a_reopened_remark_asks_for_a_new_answer(case):
    review = case.submitted()
    reviewing.return_to_researcher(review=review, actor=case.bureau, remarks=[{"field": "", "text": "Waarom?"}])
    remark = Remark.objects.get()
    reviewing.answer_remark(remark=remark, actor=case.editor, text="Zomaar")
    case.submitted("mst")
    reviewing.reopen_remark(remark=remark, actor=case.bureau)
    reviewing.return_to_researcher(review=case.review(), actor=case.bureau)
    with pytest.raises(Incomplete):
        case.submitted("mst")
    assert events.of(case.study).get(verb="reopen_remark").data["answer"] == "Zomaar"


def test_what_bodies_said_stays_when_the_study_comes_back(case):
    route(case.mst, (1, "metc"), (2, "board"))
    review = case.taken_up()
    reviewing.record_approval(approval=review.approvals.all()[0], actor=case.bureau, state="approved")
    reviewing.return_to_researcher(review=review, actor=case.bureau, remarks=[{"field": "acronym", "text": "?"}])
    reviewing.answer_remark(remark=Remark.objects.get(), actor=case.editor, text="Zo heet het")
    reviewing.take_up(review=case.submitted("mst"), actor=case.bureau)
    assert list(review.approvals.values_list("state", flat=True)) == ["approved", "requested"]


def test_conditions_of_a_body_are_written_met_and_kept_after_the_decision(case):
    approval = case.taken_up().approvals.get()
    with pytest.raises(InvalidInput) as refusal:
        reviewing.record_approval(approval=approval, actor=case.bureau, state="approved_with_conditions")
    assert list(refusal.value.fields) == ["conditions_nl"]
    reviewing.record_approval(
        approval=approval, actor=case.bureau, state="approved_with_conditions", conditions_nl="Eerst scholing"
    )
    reviewing.decide(review=case.review(), actor=case.bureau, outcome="approved")
    with pytest.raises(NoSuchStep):
        reviewing.record_approval(approval=approval, actor=case.bureau, state="rejected")
    met = reviewing.meet_conditions(approval=approval, actor=case.bureau)
    assert met.conditions_met_on == clock.today()
    with pytest.raises(NoSuchStep):
        reviewing.meet_conditions(approval=approval, actor=case.bureau)


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"state": "planned"}, "state"),
        ({"state": "nonsense"}, "state"),
        ({"state": "approved", "decided_on": timedelta(days=1)}, "decided_on"),
        ({"state": "approved", "valid_until": timedelta(days=-1)}, "valid_until"),
    ],
)
def test_an_approval_that_cannot_be_is_refused(case, values, where):
    approval = case.taken_up().approvals.get()
    days = {name: clock.today() + value for name, value in values.items() if isinstance(value, timedelta)}
    with pytest.raises(InvalidInput) as refusal:
        reviewing.record_approval(approval=approval, actor=case.bureau, **{**values, **days})
    assert list(refusal.value.fields) == [where]


def test_an_approval_taken_back_loses_what_belonged_to_it(case):
    approval = case.taken_up().approvals.get()
    until = clock.today() + timedelta(days=90)
    reviewing.record_approval(
        approval=approval, actor=case.bureau, state="approved_with_conditions", conditions_nl="Ja", valid_until=until
    )
    back = reviewing.record_approval(approval=approval, actor=case.bureau, state="in_review")
    assert (back.decided_on, back.valid_until, back.conditions_nl) == (None, None, "")
    with pytest.raises(OpenApprovals):
        reviewing.decide(review=case.review(), actor=case.bureau, outcome="approved")


def test_a_decision_keeps_the_version_and_tells_the_editors(case):
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"acronym": "NIEUW"})
    review = case.ready()
    decision = reviewing.decide(
        review=review, actor=case.bureau, outcome="approved_with_conditions", conditions_en="Train first"
    )
    assert (decision.study_version, decision.outcome) == (2, "approved_with_conditions")
    assert (case.review().state, case.review().decided_at is None) == ("approved_with_conditions", False)
    assert Message.objects.get(kind="study_decided").to == case.editor.email


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"outcome": "approved_with_conditions"}, "conditions_nl"),
        ({"outcome": "rejected", "reason": "  "}, "reason"),
        ({"outcome": "withdrawn"}, "outcome"),
        ({"outcome": "approved", "decided_on": timedelta(days=1)}, "decided_on"),
    ],
)
def test_a_decision_without_its_grounds_is_refused(case, values, where):
    review = case.ready()
    days = {name: clock.today() + value for name, value in values.items() if isinstance(value, timedelta)}
    with pytest.raises(InvalidInput) as refusal:
        reviewing.decide(review=review, actor=case.bureau, **{**values, **days})
    assert list(refusal.value.fields) == [where]
    assert not Decision.objects.exists()


def test_approving_waits_for_every_body_and_rejecting_does_not(case):
    review = case.taken_up()
    with pytest.raises(OpenApprovals):
        reviewing.decide(review=review, actor=case.bureau, outcome="approved")
    reviewing.decide(review=review, actor=case.bureau, outcome="rejected", reason="Niet haalbaar")
    assert case.review().state == "rejected"


def test_a_decision_is_never_changed_nor_deleted(case):
    decision = reviewing.decide(review=case.ready(), actor=case.bureau, outcome="approved")
    decision.reason = "anders"
    with pytest.raises(TypeError):
        decision.save()
    with pytest.raises(TypeError):
        decision.delete()
    with pytest.raises(TypeError):
        Decision.objects.all().delete()
    with pytest.raises(TypeError):
        Decision.objects.update(reason="anders")


def test_nothing_follows_a_decision(case):
    review = case.ready()
    reviewing.decide(review=review, actor=case.bureau, outcome="approved")
    for act in (
        lambda: reviewing.decide(review=review, actor=case.bureau, outcome="rejected", reason="toch niet"),
        lambda: reviewing.return_to_researcher(review=review, actor=case.bureau, remarks=[{"field": "", "text": "?"}]),
        lambda: reviewing.withdraw_review(review=review, actor=case.editor, reason="laat maar"),
        lambda: reviewing.assign(review=review, actor=case.bureau, to=None),
        lambda: reviewing.change_kind(review=review, actor=case.bureau, kind="nwmo_approval"),
        lambda: reviewing.start_again(site=review.site, actor=case.editor),
    ):
        with pytest.raises(NoSuchStep):
            act()
    assert not Remark.objects.exists()


def test_withdrawing_needs_a_reason_and_tells_the_bureau(case):
    review = case.submitted("mst")
    with pytest.raises(InvalidInput):
        reviewing.withdraw_review(review=review, actor=case.editor, reason=" ")
    reviewing.withdraw_review(review=review, actor=case.editor, reason="Geen geld")
    assert case.review().state == "withdrawn"
    case.study.refresh_from_db()
    assert case.study.publication_state == PublicationState.DRAFT
    assert Message.objects.get(kind="study_review_withdrawn").to == case.bureau.email


def test_after_a_withdrawal_or_rejection_a_new_review_begins(case):
    review = case.submitted("mst")
    reviewing.withdraw_review(review=review, actor=case.editor, reason="Geen geld")
    again = reviewing.start_again(site=review.site, actor=case.editor)
    assert (again.state, again.kind, again.pk != review.pk) == ("draft", review.kind, True)
    assert case.submitted("mst").pk == again.pk
    with pytest.raises(NoSuchStep):
        reviewing.start_again(site=review.site, actor=case.editor)


def test_a_hospital_that_withdrew_may_leave_the_study(case):
    reviewing.withdraw_review(review=case.review(case.zgt), actor=case.editor, reason="Doet niet mee")
    sites = [{"organisation": "mst", "leading": True, "planned_inclusions": None, "signatory": ""}]
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"sites": sites})
    assert case.study.sites.get().organisation == case.mst


def test_another_kind_rebuilds_what_is_not_settled(case):
    route(case.mst, (1, "feasibility"), (2, "metc"), (3, "board"), days=40)
    route(case.mst, (1, "feasibility"), (2, "board"), kind="nwmo_approval", days=14)
    review = case.taken_up()
    reviewing.record_approval(approval=review.approvals.all()[0], actor=case.bureau, state="approved")
    changed = reviewing.change_kind(review=review, actor=case.bureau, kind="nwmo_approval")
    assert changed.due_on == clock.today() + timedelta(days=14)
    assert list(review.approvals.values_list("kind", "state")) == [("feasibility", "approved"), ("board", "requested")]
    events_before = len(case.verbs())
    reviewing.change_kind(review=review, actor=case.bureau, kind="nwmo_approval")
    assert len(case.verbs()) == events_before


def test_a_review_is_given_to_its_own_bureau_only(case):
    review = case.submitted()
    assert reviewing.assign(review=review, actor=case.bureau, to=case.bureau).assigned_to == case.bureau
    reviewing.assign(review=review, actor=case.bureau, to=case.bureau)
    assert case.verbs().count("assign") == 1
    for stranger in (case.other, case.editor):
        with pytest.raises(InvalidInput):
            reviewing.assign(review=review, actor=case.bureau, to=stranger)
    assert reviewing.assign(review=review, actor=case.bureau, to=None).assigned_to is None


def test_a_letter_of_another_study_is_refused(case):
    from django.core.files.base import ContentFile

    elsewhere = studies.study(case.mst, editor=case.editor)
    letter = documents.add_document(study=elsewhere, actor=None, upload=ContentFile(b"%PDF-1.7 x", "brief.pdf"))
    with pytest.raises(InvalidInput) as refusal:
        reviewing.record_approval(
            approval=case.taken_up().approvals.get(), actor=case.bureau, state="approved", document=letter
        )
    assert list(refusal.value.fields) == ["document"]


def test_the_system_may_replay_the_past(case):
    past = clock.today() - timedelta(days=400)
    route(case.mst, (1, "metc"), (2, "board"))
    with clock.at(clock.start_of(past)):
        reviewing.submit(study=case.study, actor=None, sites=["mst"])
        review = reviewing.take_up(review=case.review(), actor=None)
        metc, board = review.approvals.all()
        reviewing.record_approval(approval=board, actor=None, state="approved", decided_on=past)
        reviewing.record_approval(approval=metc, actor=None, state="approved", decided_on=past)
        decision = reviewing.decide(review=review, actor=None, outcome="approved", decided_on=past)
    assert (decision.decided_on, case.review().state) == (past, ReviewState.APPROVED)
    assert permissions.may_know(case.bureau, case.study)


def test_another_kind_does_not_wipe_out_a_no(case):
    """Only bodies that said nothing make way: a no stays, and the hospital cannot approve past it."""
    route(case.mst, (1, "metc"))
    route(case.mst, (1, "feasibility"), kind="feasibility_review")
    review = case.taken_up()
    reviewing.record_approval(approval=review.approvals.get(), actor=case.bureau, state="rejected")
    reviewing.change_kind(review=case.review(), actor=case.bureau, kind="feasibility_review")
    assert case.review().approvals.get(kind="metc").state == "rejected"
    with pytest.raises(OpenApprovals):
        reviewing.decide(review=case.review(), actor=case.bureau, outcome="approved")


def test_another_kind_asks_nobody_while_the_study_is_with_the_researcher(case):
    route(case.mst, (1, "feasibility"), kind="feasibility_review")
    review = reviewing.return_to_researcher(review=case.taken_up(), actor=case.bureau, remarks=[{"text": "Leg uit"}])
    reviewing.change_kind(review=review, actor=case.bureau, kind="feasibility_review")
    assert [row.state for row in case.review().approvals.all()] == ["planned"]
    reviewing.answer_remark(remark=case.review().remarks.get(), actor=case.editor, text="Zo zit het")
    reviewing.submit(study=case.study, actor=case.editor)
    reviewing.take_up(review=case.review(), actor=case.bureau)
    assert [row.state for row in case.review().approvals.all()] == ["requested"]


def test_other_conditions_are_not_met_yet(case):
    review = case.taken_up()
    asked = {"approval": review.approvals.get(), "actor": case.bureau, "state": "approved_with_conditions"}
    reviewing.record_approval(**asked, conditions_nl="Pas de brief aan")
    reviewing.meet_conditions(approval=review.approvals.get(), actor=case.bureau)
    reviewing.record_approval(**asked, conditions_nl="Pas de brief aan", valid_until=clock.today())
    assert review.approvals.get().conditions_met_on
    reviewing.record_approval(**asked, conditions_nl="Pas ook de folder aan")
    assert review.approvals.get().conditions_met_on is None


def test_a_colleague_who_left_the_bureau_gets_no_mail_and_the_others_do(case):
    leaver, stays = studies.bureau(case.mst), case.bureau
    review = case.submitted()
    reviewing.assign(review=review, actor=stays, to=leaver)
    leaver.memberships.update(ends_on=clock.today() - timedelta(days=1))
    Message.objects.all().delete()
    reviewing.withdraw_review(review=case.review(), actor=case.editor, reason="Geen geld")
    assert list(Message.objects.values_list("to", flat=True)) == [stays.email]
    again = reviewing.start_again(site=case.review().site, actor=case.editor)
    assert again.assigned_to is None


def test_a_field_that_is_newer_than_the_remark_counts_as_empty_then(case):
    """A version of before the field was there does not make it changed."""
    reviewing.return_to_researcher(
        review=case.submitted(), actor=case.bureau, remarks=[{"field": "acronym", "text": "Verzin er een"}]
    )
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"acronym": ""})
    for revision in revisions_of(case.study):
        del revision.content["record"]["acronym"]
        revision.save()
    Remark.objects.update(made_at=clock.now())
    with pytest.raises(Incomplete):
        reviewing.submit(study=case.study, actor=case.editor)


def test_nobody_decides_on_what_they_did_not_see(case):
    """The editor changed the study while the bureau had the page open."""
    review = case.ready()
    seen = Study.objects.get(pk=case.study.pk).version
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"acronym": "ANDERS"})
    with pytest.raises(ChangedMeanwhile):
        reviewing.decide(review=review, actor=case.bureau, outcome="approved", seen=seen)
    decision = reviewing.decide(review=review, actor=case.bureau, outcome="approved", seen=seen + 1)
    assert decision.study_version == seen + 1


@pytest.mark.parametrize("year", [26, 1026])
def test_a_slip_in_the_year_is_refused(case, year):
    """Otherwise a yearly report would be due for every year since."""
    review, day = case.ready(), date(year, 5, 1)
    with pytest.raises(InvalidInput) as refused:
        reviewing.record_approval(approval=review.approvals.get(), actor=case.bureau, state="approved", decided_on=day)
    assert set(refused.value.fields) == {"decided_on"}
    with pytest.raises(InvalidInput) as refused:
        reviewing.decide(review=review, actor=case.bureau, outcome="approved", decided_on=day)
    assert set(refused.value.fields) == {"decided_on"}
