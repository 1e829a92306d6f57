"""Which deadlines follow from a study and from what was decided on it; met by people; reminded of once per stage."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from academy.cms import loading
from academy.core import clock, events, periodic
from academy.core.errors import InvalidInput, NotAllowed, Refused, Unknown
from academy.core.models import Message
from research.studies import deadlines as rules
from research.studies.deadlines import Case, derive, stage_of, years_after
from research.studies.errors import NoSuchStep
from research.studies.models import Access, Approval, Contributor, Deadline, Document, Review, ReviewRoute, Site, Study
from research.studies.services import deadlines, publishing, saving
from tests.factories import people, studies

pytestmark = pytest.mark.django_db
#: No 29 February lies near enough to it to make a year of 366 days: the file counts years as 365.
TODAY = date(2026, 10, 6)
DEMO = yaml.safe_load((Path(loading.__file__).parent.parent / "demo" / "studies.yaml").read_text())["studies"]


@pytest.fixture(autouse=True)
def _today():
    with clock.at(on(TODAY)):
        yield


def on(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=10)


def day(offset: int | None) -> date | None:
    return None if offset is None else TODAY + timedelta(days=offset)


def iso(offset: int | None) -> str:
    return "" if offset is None else day(offset).isoformat()


def refreshed(study: Study) -> list[tuple]:
    deadlines.refresh(study)
    return rows(study)


def rows(study: Study) -> list[tuple]:
    """(kind, days from today, hospital, state) of every deadline."""
    return sorted(
        (
            row.kind,
            (row.due_on - TODAY).days,
            row.site.organisation.key if row.site else None,
            "done" if row.done_on else "overdue" if row.due_on < clock.today() else "open",
        )
        for row in Deadline.objects.filter(study=study).select_related("site__organisation")
    )


# The demo ------------------------------------------------------------------------------------------------------------


def built(row: dict) -> Study:
    """The study of the file with everything that the rules look at, as of `TODAY`."""
    hospitals = {key: people.organisation(key) for key in row["organisations"]}
    dates = row["dates"]
    study = Study.objects.create(
        number=f"S-2026-{row['sequence']:04d}",
        legal_regime=row["legal_regime"],
        recruitment_status=row["recruitment_status"],
        publication_state=row["publication_state"],
        first_enrolment=iso(dates["first_enrolment"]["offset_days"]),
        first_enrolment_type=dates["first_enrolment"]["type"],
        completion=iso(dates["completion"]["offset_days"]),
        completion_type=dates["completion"]["type"],
        embargo_until=day(row["embargo_offset_days"]),
        visibility="members" if row["embargo_offset_days"] else row["visibility"],
        results_summary_given_on=day(row["results"]["summary_given_offset_days"]),
    )
    for key in row["organisations"]:
        leading = key == row["leading_organisation"]
        Site.objects.create(study=study, organisation=hospitals[key], leading=leading)
    for entry in row["reviews"]:
        review = Review.objects.create(
            site=study.sites.get(organisation=hospitals[entry["site"]]), kind=entry["kind"], state=entry["state"]
        )
        for body in entry["approvals"]:
            Approval.objects.create(
                review=review,
                kind=body["kind"],
                state=body["state"],
                decided_on=day(body.get("decision_offset_days")),
                valid_until=day(body.get("valid_until_offset_days")),
            )
    until = {entry["person"]: day(entry["expires_offset_days"]) for entry in row["certificates"]}
    for entry in row["principal_investigators"]:
        Contributor.objects.create(
            study=study,
            name=entry["person"],
            role="principal_investigator",
            site=hospitals[entry["site"]],
            certificate_expires_on=until.get(entry["person"]),
        )
    return study


def test_the_demo_has_every_study():
    assert [row["sequence"] for row in DEMO] == list(range(1, 25))


@pytest.mark.parametrize("row", DEMO, ids=lambda row: row["key"])
def test_deadlines_of_the_demo_are_those_of_its_file(row):
    study = built(row)
    deadlines.refresh(study)
    for entry in row["deadlines"]:
        found = Deadline.objects.get(study=study, kind=entry["kind"], due_on=day(entry["due_offset_days"]))
        if entry["done_offset_days"] is not None and found.done_on is None:
            deadlines.meet(deadline=found, actor=None, on=day(entry["done_offset_days"]))
        found.refresh_from_db()
        assert found.done_on == day(entry["done_offset_days"])
    expected = [(e["kind"], e["due_offset_days"], e["site"], e["state"]) for e in row["deadlines"]]
    assert refreshed(study) == sorted(expected)


# The rules -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mst():
    return people.organisation("mst")


@pytest.fixture
def zgt():
    return people.organisation("zgt")


def approved(study: Study, hospital, *bodies: tuple, kind: str = "main_review", state: str = "approved") -> Review:
    """The review of this hospital with its bodies, each as (kind, state, decided on)."""
    review = Review.objects.get(site__study=study, site__organisation=hospital)
    review.kind, review.state = kind, state
    review.save()
    for name, verdict, decided_on in bodies:
        Approval.objects.create(review=review, kind=name, state=verdict, decided_on=decided_on)
    return review


def ended(study: Study, completion: str, status: str = "COMPLETED") -> None:
    Study.objects.filter(pk=study.pk).update(
        first_enrolment="2025-01",
        first_enrolment_type="ACTUAL",
        completion=completion,
        completion_type="ACTUAL",
        recruitment_status=status,
    )


def kinds(study: Study) -> list[tuple]:
    return [(kind, due) for kind, due, _site, _state in refreshed(study)]


def test_without_an_approval_nothing_follows(mst):
    assert refreshed(studies.study(mst)) == []


@pytest.mark.parametrize(
    ("bodies", "days"),
    [
        ((("metc", "approved", day(-100)), ("board", "approved", day(-50))), [265]),
        ((("metc", "rejected", day(-100)), ("board", "approved", day(-50))), [315]),
        ((("feasibility", "approved", day(-90)), ("board", "approved_with_conditions", day(-95))), [270]),
        ((("privacy_dpia", "approved", day(-90)), ("feasibility", "approved", day(-80))), [285]),
        ((("feasibility", "in_review", None),), []),
    ],
    ids=["metc", "no metc", "board", "last", "nobody yet"],
)
def test_an_approval_lapses_a_year_after_the_body_that_counts(mst, bodies, days):
    study = studies.study(mst, legal_regime="nwmo", subjected_to_acts_or_rules=False)
    approved(study, mst, *bodies, kind="nwmo_approval")
    assert kinds(study) == [("approval_lapses", due) for due in days]


def test_only_the_metc_counts_before_the_hospital_has_decided(mst, zgt):
    study = studies.study(mst, zgt)
    approved(study, mst, ("metc", "approved", day(-10)), ("board", "in_review", None), state="in_review")
    approved(study, zgt, ("feasibility", "approved", day(-10)), kind="feasibility_review", state="in_review")
    assert refreshed(study) == [("approval_lapses", 355, "mst", "open"), ("progress_report", 355, "mst", "open")]


def test_a_limit_that_the_body_wrote_goes_before_the_year(mst):
    study = studies.study(mst)
    review = approved(study, mst, ("metc", "approved", day(-100)))
    review.approvals.update(valid_until=day(20))
    assert ("approval_lapses", 20) in kinds(study)


def test_the_decision_counts_where_no_body_had_to_say_anything(mst):
    study = studies.study(mst, legal_regime="nwmo", subjected_to_acts_or_rules=False)
    review = approved(study, mst, kind="nwmo_approval")
    Review.objects.filter(pk=review.pk).update(decided_at=on(day(-1)))
    assert kinds(study) == [("approval_lapses", 364)]


@pytest.mark.parametrize(
    "columns",
    [
        {"first_enrolment": iso(-1), "first_enrolment_type": "ACTUAL"},
        {"recruitment_status": "RECRUITING"},
        {"recruitment_status": "WITHDRAWN"},
        {"completion": iso(-1), "completion_type": "ACTUAL"},
    ],
    ids=["first participant", "status", "withdrawn", "completed"],
)
def test_a_lapse_goes_once_the_study_has_started_or_will_never(mst, columns):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", day(-100)))
    assert ("approval_lapses", 265) in kinds(study)
    Study.objects.filter(pk=study.pk).update(**columns)
    assert "approval_lapses" not in dict(kinds(study))


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_a_review_that_was_lost_asks_for_nothing(mst, state):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", day(-100)), state=state)
    assert refreshed(study) == []


def reports(study: Study) -> list[tuple]:
    return [row[1:] for row in refreshed(study) if row[0] == "progress_report"]


def test_progress_is_reported_every_year_that_has_come_and_the_next(mst):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", date(2024, 2, 29)))
    dues = [TODAY + timedelta(days=offset) for offset, _site, _state in reports(study)]
    assert dues == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28)]


@pytest.mark.parametrize(("decided_on", "days"), [(date(2025, 10, 6), [0]), (date(2025, 10, 5), [-1, 364])])
def test_the_day_itself_is_still_to_come(mst, decided_on, days):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", decided_on))
    assert [offset for offset, _site, _state in reports(study)] == days


def test_no_progress_after_the_end_nor_outside_the_wmo(mst):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", date(2024, 5, 1)))
    assert len(reports(study)) == 3
    ended(study, "2026-03")
    assert [offset for offset, _site, _state in reports(study)] == [(date(2025, 5, 1) - TODAY).days]
    Study.objects.filter(pk=study.pk).update(legal_regime="nwmo")
    assert reports(study) == []


def test_local_feasibility_reports_only_where_the_route_says_so(mst, zgt):
    study = studies.study(mst, zgt)
    approved(study, mst, ("metc", "approved", day(-40)))
    approved(study, zgt, ("board", "approved", day(-10)), kind="feasibility_review")
    assert reports(study) == [(325, "mst", "open")]
    route = ReviewRoute.objects.create(organisation=zgt, kind="feasibility_review", yearly_progress_report=True)
    assert reports(study) == [(325, "mst", "open"), (325, "zgt", "open")]
    route.kind = "nwmo_approval"
    route.save()
    assert reports(study) == [(325, "mst", "open")]


def test_where_the_main_review_is_elsewhere_the_own_approval_counts(zgt):
    study = studies.study(zgt)
    approved(study, zgt, ("feasibility", "approved", day(-12)), ("board", "approved", day(-10)),
             kind="feasibility_review")  # fmt: skip
    assert reports(study) == []
    ReviewRoute.objects.create(organisation=zgt, kind="feasibility_review", yearly_progress_report=True)
    assert reports(study) == [(355, "zgt", "open")]


@pytest.mark.parametrize(
    ("regime", "status", "report", "days"),
    [
        ("wmo", "COMPLETED", "end_of_study_report", 56),
        ("nwmo", "COMPLETED", "end_of_study_report", 56),
        ("mdr_82", "COMPLETED", "end_of_study_report", 56),
        ("ctr", "COMPLETED", "end_of_study_report", 15),
        ("mdr_62_74", "COMPLETED", "end_of_study_report", 15),
        ("wmo", "TERMINATED", "premature_end_report", 15),
        ("ctr", "TERMINATED", "premature_end_report", 15),
    ],
)
def test_an_end_is_reported_at_the_leading_hospital(mst, zgt, regime, status, report, days):
    study = studies.study(mst, zgt, legal_regime=regime)
    for hospital in (mst, zgt):
        approved(study, hospital, ("board", "approved", day(-300)), kind="feasibility_review")
    ended(study, "2026-09", status)
    last = (date(2026, 9, 30) - TODAY).days
    assert refreshed(study) == sorted(
        [(report, last + days, "mst", "open"), ("results_summary", last + 365, "mst", "open")]
    )


def test_who_never_approved_is_told_nothing_of_the_end(mst, zgt):
    """Such as studies of the past that came in by an import."""
    study = studies.study(mst, zgt)
    approved(study, zgt, ("board", "approved", day(-300)), kind="feasibility_review")
    ended(study, "2012")
    assert refreshed(study) == []


def test_a_summary_that_was_given_is_done_and_one_taken_back_is_open_again(mst):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", day(-300)))
    ended(study, "2026-09-01")
    summary = ("results_summary", 330, "mst")
    for given_on, state in ((None, "open"), (day(-2), "done"), (day(-3), "done"), (None, "open")):
        Study.objects.filter(pk=study.pk).update(results_summary_given_on=given_on)
        assert (*summary, state) in refreshed(study)
        assert Deadline.objects.get(kind="results_summary").done_on == given_on


def person(hospital, until: str | None, **changed) -> dict:
    row = studies.values(hospital)["contributors"][0]
    return {**row, "certificate": "brok", "certificate_expires_on": until, **changed}


@pytest.mark.parametrize(
    ("contributors", "due"),
    [
        ([("2027-02-28", {})], [(date(2027, 3, 1), "mst")]),
        ([("2027-03-01", {})], []),
        ([(None, {})], []),
        ([("2027-02-28", {"role": "sub_investigator"})], []),
        ([("2027-02-28", {}), ("2027-06-01", {"role": "sub_investigator"})], []),
        ([("2027-02-28", {"site": ""})], [(date(2027, 3, 1), "mst")]),
        ([("2027-02-28", {}), ("2027-02-27", {"name": "Tweede"})], [(date(2027, 3, 1), "mst")]),
    ],
    ids=["expires before", "valid on the day", "not stored", "another role", "renewed", "no hospital", "two people"],
)
def test_a_certificate_must_be_valid_at_the_start(mst, zgt, contributors, due):
    rows_ = [person(mst, until, **changed) for until, changed in contributors]
    study = studies.study(mst, zgt, contributors=rows_, first_enrolment="2027-03")
    assert [(row.due_on, row.site.organisation.key) for row in Deadline.objects.filter(study=study)] == due
    assert {row.kind for row in Deadline.objects.filter(study=study)} <= {"certificate_at_start"}


def test_a_certificate_of_the_other_hospital_stands_there_and_goes_at_the_start(mst, zgt):
    study = studies.study(mst, zgt, contributors=[person(mst, None), person(zgt, "2026-12-31")])
    assert refreshed(study) == [("certificate_at_start", (date(2027, 2, 1) - TODAY).days, "zgt", "open")]
    Study.objects.filter(pk=study.pk).update(recruitment_status="RECRUITING")
    assert refreshed(study) == []


def test_an_embargo_is_done_by_itself_on_its_day(mst):
    study = studies.study(mst, visibility="members", embargo_until=iso(40))
    assert rows(study) == [("embargo_lift", 40, None, "open")]
    with clock.at(on(day(40))):
        assert refreshed(study) == [("embargo_lift", 40, None, "done")]


def test_every_rule_says_where_it_is_written_and_every_kind_has_one():
    assert set(rules.RULES) == set(Deadline.Kind.values)
    assert all(rule.source for rule in rules.RULES.values())


def test_years():
    assert years_after(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(date(2026, 10, 6), 2) == date(2028, 10, 6)


# Keeping them in step -------------------------------------------------------------------------------------------------


def test_saving_derives_them_and_what_no_longer_follows_goes(mst):
    editor = studies.researcher(mst)
    study = studies.study(mst, editor=editor, contributors=[person(mst, "2026-12-31")])
    assert [row[0] for row in rows(study)] == ["certificate_at_start"]
    saving.save(study=study, actor=editor, base_version=1, values={"contributors": [person(mst, "2027-12-31")]})
    assert rows(study) == []


def test_proposed_changes_count_once_they_are_published(mst):
    editor, bureau = studies.researcher(mst), studies.bureau(mst)
    study = studies.published(mst, editor=editor)
    approved(study, mst, ("metc", "approved", day(-300)))
    saving.save(
        study=study,
        actor=editor,
        base_version=study.version,
        values={"completion": iso(-6), "completion_type": "ACTUAL", "first_enrolment": iso(-90),
                "first_enrolment_type": "ACTUAL"},
    )  # fmt: skip
    deadlines.refresh(study)
    assert "end_of_study_report" not in dict(kinds(study))
    publishing.publish_changes(study=Study.objects.get(pk=study.pk), actor=bureau)
    assert ("end_of_study_report", 50, "mst", "open") in rows(study)


def test_another_leading_hospital_owes_the_report(mst, zgt):
    study = studies.study(mst, zgt)
    for hospital in (mst, zgt):
        approved(study, hospital, ("board", "approved", day(-300)), kind="feasibility_review")
    ended(study, iso(-1))
    assert {site for _kind, _due, site, _state in refreshed(study)} == {"mst"}
    publishing.transfer(study=study, actor=studies.bureau(mst), to=zgt)
    assert {site for _kind, _due, site, _state in rows(study)} == {"zgt"}


def test_what_was_done_stays_and_a_date_put_right_does_not_ask_again(mst):
    study = studies.study(mst)
    review = approved(study, mst, ("metc", "approved", day(-400)))
    ended(study, iso(-30))
    deadlines.refresh(study)
    for row in Deadline.objects.filter(kind__in=["progress_report", "end_of_study_report"]):
        deadlines.meet(deadline=row, actor=None, note="sent")
    before = [row for row in rows(study) if row[-1] == "done"]
    assert len(before) == 2
    review.approvals.update(decided_on=day(-396))
    ended(study, iso(-20))
    after = refreshed(study)
    assert [row for row in after if row[-1] == "done"] == before
    assert [row[0] for row in after if row[-1] != "done"] == ["results_summary"]


def test_refreshing_again_writes_nothing_and_asks_the_same_whatever_the_number(mst, zgt, django_assert_num_queries):
    one = studies.study(mst, first_enrolment="2027-02", contributors=[person(mst, "2026-12-31")])
    approved(one, mst, ("metc", "approved", day(-30)))
    more = studies.study(mst, zgt, contributors=[person(mst, "2026-12-31"), person(zgt, "2026-11-30")])
    for hospital in (mst, zgt):
        approved(more, hospital, *[("metc", "approved", day(-1000)), ("board", "approved", day(-900))] * 2)
    for study in (one, more):
        assert deadlines.refresh(study)
        with django_assert_num_queries(7):
            assert not deadlines.refresh(study)


def test_a_new_day_brings_the_next_one(mst):
    study = studies.study(mst)
    approved(study, mst, ("metc", "approved", day(-300)))
    Study.objects.filter(pk=study.pk).update(recruitment_status="RECRUITING")
    assert refreshed(study) == [("progress_report", 65, "mst", "open")]
    with clock.at(on(day(66))):
        summary = deadlines.follow_time()
    assert (summary.read, summary.changed, summary.failed) == (1, 1, [])
    assert [row[:3] for row in rows(study)] == [("progress_report", 65, "mst"), ("progress_report", 430, "mst")]


def test_a_quiet_night_asks_the_same_whatever_the_number(mst, django_assert_num_queries):
    for _turn in range(3):
        studies.study(mst, contributors=[person(mst, "2026-12-31")])
    with django_assert_num_queries(9):
        summary = deadlines.refresh_all()
    assert (summary.read, summary.changed) == (3, 0)


def test_one_study_that_fails_does_not_stop_the_others(mst, monkeypatch, capsys):
    wrong, right = studies.study(mst), studies.study(mst)
    approved(right, mst, ("metc", "approved", day(-30)))

    def failing(case):
        if case.study.pk == wrong.pk:
            raise ZeroDivisionError
        return derive(case)

    monkeypatch.setattr(deadlines, "derive", failing)
    with pytest.raises(CommandError, match=wrong.number):
        call_command("send_reminders")
    assert "studies: read 2, changed 1, unchanged 0, refused 1; reminders: 0" in capsys.readouterr().out
    assert len(rows(right)) == 2


# Meeting them --------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(mst):
    return studies.researcher(mst)


@pytest.fixture
def deadline(mst, zgt, editor):
    study = studies.study(mst, zgt, editor=editor)
    approved(study, mst, ("metc", "approved", day(-370)))
    Study.objects.filter(pk=study.pk).update(recruitment_status="RECRUITING")
    deadlines.refresh(study)
    return Deadline.objects.get(study=study, due_on=day(-5))


def test_an_editor_and_the_bureaus_involved_may_meet_it(deadline, editor, mst, zgt):
    for actor in (editor, studies.bureau(mst), studies.bureau(zgt)):
        met = deadlines.meet(deadline=deadline, actor=actor, on=day(-1), note=" sent by mail ")
        assert (met.done_on, met.done_by, met.note) == (day(-1), actor, "sent by mail")
        deadlines.reopen(deadline=deadline, actor=actor)
    assert [event.verb for event in events.of(deadline.study).filter(verb__endswith="deadline")] == [
        "reopen_deadline",
        "meet_deadline",
    ] * 3
    last = events.of(deadline.study).filter(verb="meet_deadline").first()
    assert last.data == {
        "deadline": deadline.pk,
        "kind": "progress_report",
        "due_on": iso(-5),
        "site": "mst",
        "on": iso(-1),
    }


def test_nobody_else_may(deadline):
    viewer = studies.viewer(deadline.study)
    with pytest.raises(NotAllowed):
        deadlines.meet(deadline=deadline, actor=viewer)
    for stranger in (studies.researcher(), studies.bureau(people.organisation()), people.person()):
        with pytest.raises(Unknown):
            deadlines.meet(deadline=deadline, actor=stranger)
    assert Deadline.objects.filter(done_on=None).count() == 2


def test_it_is_met_once_and_undone_on_the_same_day_only(deadline, editor):
    deadlines.meet(deadline=deadline, actor=editor, on=day(-30))
    with pytest.raises(NoSuchStep):
        deadlines.meet(deadline=deadline, actor=editor)
    with clock.at(on(day(1))), pytest.raises(NoSuchStep):
        deadlines.reopen(deadline=deadline, actor=editor)
    deadlines.reopen(deadline=deadline, actor=editor)
    with pytest.raises(NoSuchStep):
        deadlines.reopen(deadline=deadline, actor=editor)
    deadline.refresh_from_db()
    assert (deadline.done_on, deadline.done_by, deadline.note) == (None, None, "")


def test_a_day_to_come_and_a_document_of_another_study_are_refused_together(deadline, editor, mst):
    other = Document.objects.create(study=studies.study(mst), name="brief.pdf", size=1)
    with pytest.raises(InvalidInput) as refused:
        deadlines.meet(deadline=deadline, actor=editor, on=day(1), document=other)
    assert set(refused.value.fields) == {"on", "document"}


def test_what_follows_from_the_record_is_not_met_by_hand(mst, editor):
    study = studies.study(mst, editor=editor, visibility="members", embargo_until=iso(40))
    with pytest.raises(Refused):
        deadlines.meet(deadline=study.deadlines.get(), actor=editor)


# Reminders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "stage"),
    [(31, None), (30, "month"), (8, "month"), (7, "week"), (0, "week"), (-1, "overdue"), (-29, "overdue"),
     (-30, "long_overdue"), (-900, "long_overdue")],
)  # fmt: skip
def test_which_stage_has_come(days, stage):
    found = stage_of(day(days))
    assert (found.name if found else None) == stage


def told() -> list[tuple[str, str, bool]]:
    """(recipient, stage, for the bureau) of every reminder."""
    sent = Message.objects.filter(kind="study_deadline").order_by("pk")
    return [(message.to, message.context["stage"], message.context.get("for_bureau", False)) for message in sent]


def test_each_stage_is_told_once_to_the_editors_and_late_ones_to_the_bureau(mst, zgt):
    editor, bureau = studies.researcher(mst), studies.bureau(mst)
    studies.bureau(zgt)
    study = studies.study(mst, zgt, editor=editor)
    studies.viewer(study)
    approved(study, mst, ("metc", "approved", day(-300)))
    Study.objects.filter(pk=study.pk).update(recruitment_status="RECRUITING")
    deadlines.refresh(study)
    expected = []
    for offset, more in (
        (0, []),
        (35, [(editor.email, "month", False)]),
        (36, []),
        (58, [(editor.email, "week", False)]),
        (65, []),
        (66, [(editor.email, "overdue", False), (bureau.email, "overdue", True)]),
        (80, []),
        (95, [(editor.email, "long_overdue", False), (bureau.email, "long_overdue", True)]),
        (200, []),
    ):
        with clock.at(on(day(offset))):
            deadlines.follow_time()
        expected += more
        assert told() == expected


def test_stages_that_were_missed_are_not_told_afterwards(deadline, editor):
    assert deadlines.remind() == 1
    assert told() == [(editor.email, "overdue", False)]
    assert deadlines.remind() == 0


def test_who_edits_and_is_of_the_bureau_is_told_once(deadline, mst):
    bureau = studies.bureau(mst)
    Access.objects.create(study=deadline.study, person=bureau, email=bureau.email, level="editor")
    deadlines.remind()
    assert [to for to, _stage, _for_bureau in told()].count(bureau.email) == 1


@pytest.mark.parametrize("columns", [{"recruitment_status": "WITHDRAWN"}, {"publication_state": "withdrawn"}])
def test_studies_that_were_withdrawn_or_taken_offline_are_left_in_peace(deadline, columns):
    Study.objects.filter(pk=deadline.study_id).update(**columns)
    assert deadlines.remind() == 0
    assert told() == []


def test_nothing_is_told_of_what_is_done(deadline, editor):
    deadlines.meet(deadline=deadline, actor=editor)
    assert deadlines.remind() == 0


def test_a_reminder_that_fails_half_way_leaves_no_trace(deadline, monkeypatch):
    def fail(*_args, **_details):
        raise ZeroDivisionError

    monkeypatch.setattr(deadlines.messages, "reminded", fail)
    with pytest.raises(ZeroDivisionError):
        deadlines.remind()
    deadline.refresh_from_db()
    assert (deadline.reminded, told()) == ("", [])


def test_the_command_says_what_it_did(deadline, capsys):
    call_command("send_reminders")
    assert "studies: read 1, changed 0, unchanged 1, refused 0; reminders: 1\n" in capsys.readouterr().out
    call_command("send_reminders")
    assert "studies: read 1, changed 0, unchanged 1, refused 0; reminders: 0\n" in capsys.readouterr().out


def test_a_case_needs_no_query_beyond_what_is_prefetched(deadline, django_assert_num_queries):
    [case] = deadlines._cases([deadline.study_id])
    with django_assert_num_queries(0):
        assert len(derive(Case(case.study, case.asking))) == 2


def test_the_worker_knows_the_job():
    assert "study deadlines" in periodic._jobs
