"""The studies of the demo: what the replay leaves is what the files say and what real use would leave."""

import io
from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import OutputWrapper
from django.db import transaction

from academy.accounts.models import User
from academy.cms.loading.agenda import Agenda
from academy.cms.loading.content import Calendar, Row, read
from academy.cms.loading.letters import letter
from academy.cms.loading.people import load_people
from academy.cms.loading.reference import load_reference
from academy.cms.loading.report import Report
from academy.cms.loading.routes import load_routes
from academy.cms.loading.studies import StudyPast
from academy.cms.loading.study_records import editors_of
from academy.core import clock, events
from academy.core.models import Event
from research.studies import checks, record
from research.studies.models import (
    Access,
    Approval,
    Decision,
    Document,
    RecruitmentCount,
    Review,
    ReviewRoute,
    Site,
    Study,
)
from research.studies.permissions import visible_to
from research.studies.selectors import revisions_of
from research.studies.services.saving import new_number
from tests.factories import people as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
ROWS = {row["key"]: row for row in read("studies")["studies"]}
REVIEWS = [(key, review) for key, row in ROWS.items() for review in row["reviews"]]


@dataclass(frozen=True)
class Loaded:
    """The studies by the key of the file, and the days they were loaded relative to."""

    studies: dict[str, Study]
    calendar: Calendar
    report: Report

    def study(self, key: str) -> Study:
        return Study.objects.get(pk=self.studies[key].pk)

    def review(self, key: str, row: Row) -> Review:
        return Review.objects.get(site__study=self.study(key), site__organisation__key=row["site"])

    def day(self, offset: int | None) -> date | None:
        return None if offset is None else self.calendar.day(offset)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Studies with what they need of the demo, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        report, calendar = Report(OutputWrapper(io.StringIO())), Calendar(load_day=clock.today())
        reference = load_reference(report)
        people = load_people(reference, report)
        load_routes(reference, report)
        past, agenda = StudyPast(reference, people, calendar), Agenda()
        past.plan(agenda)
        agenda.replay(report)
        past.finish(report)
        yield Loaded(past.studies, calendar, report)
        transaction.set_rollback(True)


def test_nothing_is_refused(loaded):
    assert loaded.report.refused == []


def test_numbers_are_of_the_year_of_registration_and_go_on_after_the_last(loaded):
    for key, row in ROWS.items():
        study = loaded.study(key)
        year = clock.day_of(study.created_at).year
        assert study.number == f"S-{year}-{row['sequence']:04d}"
    taken = [int(study.number[-4:]) for study in Study.objects.filter(number__startswith=f"S-{clock.today().year}-")]
    assert int(new_number()[-4:]) == max(taken, default=0) + 1


def test_studies_stand_where_the_file_says(loaded):
    plain = ("acronym", "legal_regime", "publication_state", "visibility", "recruitment_status")
    found = {key: {name: getattr(loaded.study(key), name) for name in plain} for key in ROWS}
    assert found == {key: {name: row[name] for name in plain} for key, row in ROWS.items()}
    dates = {key: loaded.study(key).embargo_until for key in ROWS}
    assert dates == {key: loaded.day(row["embargo_offset_days"]) for key, row in ROWS.items()}
    for key, row in ROWS.items():
        study = loaded.study(key)
        for name in ("first_enrolment", "completion"):
            written = row["dates"][name]
            found = getattr(study, name), getattr(study, f"{name}_type")
            assert found == (loaded.day(written["offset_days"]).isoformat(), written["type"]), (key, name)
        assert (study.sample_size_actual or 0) == (row["sample_size"]["actual"] or 0), key


def test_nothing_waits_for_a_bureau_and_nothing_contradicts_itself(loaded):
    for key in ROWS:
        study = record.with_everything(Study.objects.all()).get(pk=loaded.studies[key].pk)
        assert study.proposed == {}
        assert checks.problems(record.read(study)) == {}, key
        if study.publication_state == "published":
            assert checks.completeness(record.read(study)).needed == (), key


def test_reviews_are_as_in_the_file(loaded):
    for key, row in REVIEWS:
        review = loaded.review(key, row)
        assert (review.kind, review.state) == (row["kind"], row["state"]), (key, row["site"])
        assert review.site.leading == (row["site"] == ROWS[key]["leading_organisation"])
        assert (review.submitted_at is None) == (row["state"] == "draft")
        assert (review.decided_at is None) == (not row["state"].startswith("approved"))
    assert Site.objects.count() == Review.objects.count() == len(REVIEWS)


def test_approvals_are_as_in_the_file(loaded):
    for key, row in REVIEWS:
        expected = {
            (
                entry["kind"],
                entry["body"]["nl"],
                entry["state"],
                loaded.day(entry["requested_offset_days"]),
                loaded.day(entry["decision_offset_days"]),
                loaded.day(entry.get("valid_until_offset_days")),
                entry.get("conditions", {}).get("en", ""),
                entry["document"],
            )
            for entry in row["approvals"]
            if row["state"] != "submitted"  # bodies are asked when the bureau takes the review up
        }
        columns = ("kind", "body_nl", "state", "requested_on", "decided_on", "valid_until", "conditions_en")
        assert set(loaded.review(key, row).approvals.values_list(*columns, "document__name")) == expected, key


def test_conditions_are_met_where_participants_take_part(loaded):
    met = Approval.objects.filter(state="approved_with_conditions").values_list(
        "review__site__study__acronym", "conditions_met_on"
    )
    assert {acronym: day is not None for acronym, day in met} == {
        "THUISHART": True,
        "PRAATUUR": True,
        "PLEISTER": False,
    }


def test_each_decision_is_that_of_its_last_body(loaded):
    for key, row in REVIEWS:
        decisions = Decision.objects.filter(review=loaded.review(key, row))
        if not row["state"].startswith("approved"):
            assert not decisions.exists()
            continue
        last = max(entry["decision_offset_days"] for entry in row["approvals"])
        (made,) = decisions
        assert (made.outcome, made.decided_on) == (row["state"], loaded.day(last)), key
        assert bool(made.conditions_nl) == (row["state"] == "approved_with_conditions")


def test_letters_are_pdfs_of_one_page(loaded):
    names = {entry["document"] for _key, row in REVIEWS for entry in row["approvals"]} - {None}
    assert set(Document.objects.values_list("name", flat=True)) == names
    for document in Document.objects.order_by("pk")[:3]:
        with document.file.open("rb") as stored:
            content = stored.read()
        assert content.startswith(b"%PDF-1.4")
        assert document.study.acronym.encode() in content


def test_a_letter_says_where_its_objects_are():
    content = letter(["Kop (één)", "regel – \\"])
    begins = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[begins:].startswith(b"xref\n0 6\n")
    offsets = [int(line[:10]) for line in content[begins:].split(b"\n")[3:8]]
    assert [content[at:].split(b" ")[0] for at in offsets] == [b"1", b"2", b"3", b"4", b"5"]
    assert "(Kop \\(één\\))".encode("cp1252") in content


def test_deadlines_are_as_the_file_expects_on_the_load_day(loaded):
    for key, row in ROWS.items():
        expected = Counter(
            (entry["kind"], loaded.day(entry["due_offset_days"]), entry["site"], entry["state"])
            for entry in row["deadlines"]
        )
        found = Counter(
            (entry.kind, entry.due_on, entry.site and entry.site.organisation.key, _state_of(entry))
            for entry in loaded.study(key).deadlines.select_related("site__organisation")
        )
        assert found == expected, key


def _state_of(deadline) -> str:
    if deadline.done_on:
        return "done"
    return "overdue" if deadline.due_on < clock.today() else "open"


def test_deadlines_were_met_on_their_day(loaded):
    for key, row in ROWS.items():
        expected = {loaded.day(entry["done_offset_days"]) for entry in row["deadlines"]} - {None}
        assert {entry.done_on for entry in loaded.study(key).deadlines.exclude(done_on=None)} == expected, key


def test_four_deadlines_are_overdue(loaded):
    overdue = [entry for key in ROWS for entry in loaded.study(key).deadlines.overdue()]
    assert len(overdue) == 4


def test_figures_of_recruitment(loaded):
    for key, row in ROWS.items():
        counts = RecruitmentCount.objects.filter(site__study=loaded.study(key))
        assert counts.count() == len(row["recruitment"])
        assert sum(count.included for count in counts) == sum(entry["included"] for entry in row["recruitment"])


def test_the_team_may_edit_or_read(loaded):
    emails = {row["key"]: row["email"] for row in read("people")["people"]}
    for key, row in ROWS.items():
        rows = Access.objects.filter(study=loaded.study(key))
        editors = {emails[person] for person in editors_of(row)}
        everybody = editors | {emails[entry["person"]] for entry in row["team"]}
        assert {access.email for access in rows if access.level == "editor"} == editors, key
        assert {access.email for access in rows} == everybody
        assert all(access.person for access in rows)


def test_certificates_are_written_once(loaded):
    for key, row in ROWS.items():
        held = loaded.study(key).contributors.exclude(certificate="")
        assert sorted(held.values_list("certificate", "certificate_expires_on")) == sorted(
            (entry["kind"], loaded.day(entry["expires_offset_days"])) for entry in row["certificates"]
        ), key


def test_who_finds_them(loaded):
    nobody, stranger = AnonymousUser(), f.person()
    public = {row["acronym"] for row in ROWS.values() if (row["publication_state"], row["visibility"]) == PUBLIC}
    for user in (nobody, stranger):
        assert set(visible_to(Study.objects.all(), user).values_list("acronym", flat=True)) == public
    member = f.member(f.organisation("zgt"))
    assert set(visible_to(Study.objects.all(), member).values_list("acronym", flat=True)) == public | {"PLEISTER"}
    assert len(public) == 20


PUBLIC = ("published", "public")


def test_outputs_appear_on_their_day(loaded):
    for key, row in ROWS.items():
        expected = {(entry["type"], entry["doi"] or "") for entry in row["results"]["outputs"]}
        assert set(loaded.study(key).outputs.values_list("type", "doi")) == expected, key


def test_every_version_has_its_revision_and_every_state_its_event(loaded):
    for key in ROWS:
        study = loaded.study(key)
        versions = [revision.content["version"] for revision in revisions_of(study)]
        assert sorted(versions) == list(range(1, study.version + 1)), key
        assert next(iter(revisions_of(study))).content["record"] == record.read(
            record.with_everything(Study.objects.all()).get(pk=study.pk)
        )
    published = Event.objects.filter(verb="publish").count()
    assert published == sum(row["publication_state"] == "published" for row in ROWS.values())
    bureaus = User.objects.filter(email__in=("science-bureau@example.org", "science-bureau-zgt@example.org"))
    deciding = set(Event.objects.filter(verb="decide").values_list("actor_id", flat=True))
    assert deciding == {str(person.pk) for person in bureaus}


def test_the_log_of_a_study_is_in_order(loaded):
    for key in ROWS:
        moments = list(events.of(loaded.study(key)).order_by("pk").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[-1] <= clock.now()


def test_routes_of_both_hospitals_for_every_kind_of_review(loaded):
    routes = {(route.organisation.key, route.kind): route for route in ReviewRoute.objects.all()}
    assert len(routes) == 8
    for (hospital, _kind), route in routes.items():
        steps = list(route.steps.values_list("order", "kind"))
        assert steps[-1][1] == "board"
        assert [order for order, _kind in steps] == sorted(order for order, _kind in steps)
        assert steps[0][1] == "bureau" if hospital == "mst" else "feasibility" in dict(map(reversed, steps))
