"""The whole demo: what it leaves is what the files say and what real use would leave."""

import io
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core import mail as outbox
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Page, Revision

from academy.accounts.models import Membership, Organisation, RegisterNumber, Role, Unit, User
from academy.cms.loading.content import LANGUAGES, read
from academy.cms.models import HomePage, NewsPage, StandardPage
from academy.core import clock, events, mail, pdf
from academy.core.models import Event, Message
from academy.strategy.models import Document, Programme, RoadmapLine, Statement
from courses.catalogue.models import Competence, Course, Track
from courses.certificates import render
from courses.certificates import services as certificates
from courses.certificates.models import Certificate
from courses.enrolment.models import Allotment, Attendance, CompletedBefore, CourseRun, Enrolment, Session
from courses.enrolment.selectors import position_of, seats_of
from courses.enrolment.states import EnrolmentState, Outcome
from research.studies.models import ReviewRoute, Study
from search import facade

pytestmark = pytest.mark.usefixtures("_as_before")


@pytest.fixture
def _as_before(demo):
    """What a test writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_says_what_it_did(demo):
    assert demo.output.splitlines()[-1] == "977 read, 977 new, 0 changed, 0 unchanged, 0 refused"


def test_loads_everything_that_has_a_room():
    expected = {
        User: 84,
        Organisation: 24,
        Unit: 28,
        RegisterNumber: sum(len(row["register_numbers"]) for row in read("people")["people"]),
        Programme: 6,
        RoadmapLine: 12,
        Document: 5,
        Statement: 3,
        Competence: 26,
        Course: 31,
        Track: 6,
        CourseRun: 79,
        Session: sum(len(row["sessions"]) for row in read("runs")["runs"]),
        Allotment: sum(len(row["seat_allotments"]) for row in read("runs")["runs"]),
        Enrolment: 403,
        StandardPage: 10,
        NewsPage: 16,
        ReviewRoute: 8,
        Study: 24,
    }
    assert {model: model.objects.count() for model in expected} == expected


def test_a_second_load_changes_nothing(demo):
    tables = [model for model in apps.get_models() if model._meta.managed]
    before = {model: model._base_manager.count() for model in tables}
    said = io.StringIO()
    call_command("load_demo", stdout=said)
    assert {model: model._base_manager.count() for model in tables} == before
    assert said.getvalue().splitlines() == [
        "977 read, 0 new, 0 changed, 977 unchanged, 0 refused",
        "The demo is there already; nothing was changed.",
    ]


def test_a_second_load_leaves_edits_alone(demo):
    Course.objects.filter(code="BLS-01").update(title_nl="Anders")
    call_command("load_demo", stdout=io.StringIO())
    assert Course.objects.get(code="BLS-01").title_nl == "Anders"


def test_runs_are_in_the_state_that_the_file_expects(demo):
    runs = demo.runs()
    assert {key: run.state.value for key, run in runs.items()} == {
        row["key"]: row["expected_state"] for row in read("runs")["runs"]
    }


def test_enrolments_end_as_in_the_file(demo):
    """Offers come later: the first in line has the seat that the file still offers."""
    has_the_seat = {EnrolmentState.OFFERED: EnrolmentState.ASSOCIATED}
    expected = {
        row["key"]: (has_the_seat.get(row["state"], row["state"]), row.get("outcome", ""), row.get("score"))
        for row in read("runs")["enrolments"]
    }
    assert {key: (e.state, e.outcome, e.score) for key, e in demo.enrolments().items()} == expected


def test_waiting_lists_are_in_order(demo):
    expected = {row["key"]: row["queue_position"] for row in read("runs")["enrolments"] if "queue_position" in row}
    assert {key: position_of(e) for key, e in demo.enrolments().items() if e.state == EnrolmentState.QUEUED} == expected


def test_nobody_waits_while_there_is_a_seat(demo):
    for run in CourseRun.objects.filter(enrolments__state=EnrolmentState.QUEUED).distinct():
        seats, _waiting = seats_of(run)
        assert seats.taken_in_all == run.seats, run


def test_nothing_is_oversold(demo):
    held = Counter(Enrolment.objects.holding_a_seat().values_list("run", flat=True))
    assert [run for run in CourseRun.objects.all() if held[run.pk] > run.seats] == []
    assert not Enrolment.objects.filter(over_enrolled=True).exists()


def test_attendance_is_as_in_the_file(demo):
    rows = read("runs")["enrolments"]
    marks = [mark["state"] for row in rows for mark in row.get("attendance", [])]
    expected = Counter(mark for mark in marks if mark != "unknown")
    assert Counter(Attendance.objects.values_list("state", flat=True)) == expected
    assert not Attendance.objects.filter(recorded_at__gt=demo.after).exists()


def test_every_change_of_state_is_an_event(demo):
    for enrolment in Enrolment.objects.all():
        history = list(events.of(enrolment).order_by("pk").values_list("from_state", "to_state"))
        assert history[0][0] == ""
        assert [to for _from, to in history[:-1]] == [before for before, _to in history[1:]]
        assert history[-1][1] == enrolment.state


def test_the_log_is_in_order_and_ends_at_the_load(demo):
    replayed = Event.objects.exclude(verb="demo_began").order_by("pk").values_list("at", flat=True)
    assert list(replayed) == sorted(replayed)
    assert max(replayed) <= demo.after


def test_no_pending_enrolment_has_lapsed(demo):
    call_command("load_demo", stdout=io.StringIO())
    from courses.enrolment.services import lapse_pending, release_allotments

    assert (lapse_pending(), release_allotments()) == (0, 0)


def test_what_was_completed_before_counts_once(demo):
    pairs = {
        (row["person"], entry["course"])
        for row in read("runs")["enrolments"]
        for entry in row.get("prerequisite_evidence", [])
    }
    assert CompletedBefore.objects.count() == len(pairs)


def test_every_completion_has_one_waiting_certificate(demo):
    completed = Enrolment.objects.filter(outcome=Outcome.COMPLETED)
    assert completed.count() == 199
    certified = Certificate.objects.values_list("enrolment", flat=True)
    assert sorted(certified) == sorted(completed.values_list("pk", flat=True))
    assert set(Certificate.objects.values_list("state", "done_at")) == {("pending", None)}
    assert not Certificate.objects.filter(awarded_at__gt=demo.after).exists()


def test_certificates_of_the_demo_logins_are_made_first(demo):
    logins = {row["email"] for row in read("people")["people"] if row.get("login")}
    order = [certificate.person.email in logins for certificate in Certificate.due().select_related("person")]
    assert len(order) == 199
    assert order == sorted(order, reverse=True)
    assert any(order)


def test_no_mail_leaves(demo, monkeypatch):
    monkeypatch.setattr(pdf, "available", lambda: (True, ""))
    monkeypatch.setattr(render, "render", lambda **_facts: b"%PDF-")
    assert Message.objects.filter(kind="certificate_awarded").count() == 199
    assert certificates.make_waiting(limit=3) == 3
    assert mail.send_waiting() == 0
    assert outbox.outbox == []


def test_messages_of_the_past_count_as_sent_on_their_day(demo):
    assert Message.objects.filter(kind="enrolment_queued").exists()
    assert {(m.sent_at, m.done_at) == (m.written_at, m.written_at) for m in Message.objects.all()} == {True}


def test_fourteen_people_can_log_in(demo, settings):
    rows = read("people")["people"]
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(rows)
    logins = {row["email"] for row in rows if row.get("login")}
    assert len(logins) == 14
    can = {u.email for u in User.objects.all() if u.has_usable_password() and u.check_password(settings.DEMO_PASSWORD)}
    assert can == logins
    assert authenticate(username="trainee@example.org", password=settings.DEMO_PASSWORD) is not None


def test_nobody_is_superuser(demo):
    assert not User.objects.filter(is_superuser=True).exists()


def test_memberships_are_as_in_the_file(demo):
    gerben = User.objects.get(email="team-manager@example.org")
    held = Membership.objects.filter(person=gerben).values_list("role", "organisation__key", "unit__key", "source")
    assert sorted(held) == [
        (Role.MEMBER, "mst", "mst_seh", "confirmed"),
        (Role.TEAM_MANAGER, "mst", "mst_seh", "confirmed"),
    ]


def test_hospitals_have_a_mail_domain(demo):
    domains = Organisation.objects.exclude(mail_domains=[]).values_list("key", "mail_domains")
    assert dict(domains) == {"mst": ["mst.example.org"], "zgt": ["zgt.example.org"]}


def test_courses_are_live_with_a_revision_that_says_the_same(demo):
    for record in (*Course.objects.all(), *Track.objects.all()):
        assert record.live
        assert not record.has_unpublished_changes
        assert record.latest_revision_id == record.live_revision_id
        assert record.get_latest_revision_as_object().title_nl == record.title_nl
    assert Revision.objects.for_instance(Course.objects.get(code="BLS-01")).count() == 1


def test_a_course_is_complete(demo):
    course = Course.objects.get(code="ALS-01")
    assert [owner.key for owner in course.owners.order_by("key")] == ["mst", "zgt"]
    assert [required.code for required in course.prerequisites.all()] == ["BLS-01"]
    assert course.body_nl[0].block_type == "paragraph"
    assert len(course.outcomes_en.splitlines()) == len(course.outcomes_nl.splitlines()) >= 3
    assert course.approval_required


def test_pages_are_linked_translations(demo):
    for row in read("pages")["pages"]:
        pages = [Page.objects.get(slug=row["slug"][code], locale__language_code=code) for code in LANGUAGES]
        assert pages[0].translation_key == pages[1].translation_key
        assert all(page.live and not page.has_unpublished_changes for page in pages)
        assert [page.title for page in pages] == [row["title"][code] for code in LANGUAGES]


def test_pages_have_all_their_blocks(demo):
    page = StandardPage.objects.get(slug="veelgestelde-vragen")
    (questions,) = [block for block in page.body if block.block_type == "faq"]
    assert len(questions.value["questions"]) == 8
    news = NewsPage.objects.get(slug="competence-passport-launched")
    (records,) = [block for block in news.body if block.block_type == "records"]
    assert [course.code for course in records.value["courses"]] == ["VBH-INF", "BLS-01"]


def test_home_pages_show_a_programme(demo):
    assert {home.programme.number for home in HomePage.objects.all()} == {"P-01"}


def test_programmes_have_numbers(demo):
    assert list(Programme.objects.values_list("number", flat=True)) == [f"P-{n:02d}" for n in range(1, 7)]


def test_the_index_is_full(demo):
    health = facade.health()
    assert health.ok
    assert not health.needs_rebuild
    assert health.documents >= Course.objects.count() + Track.objects.count()
    assert facade.lag().waiting == 0


def test_no_coming_session_is_in_a_weekend(demo):
    coming = Session.objects.filter(starts_at__gt=clock.end_of(demo.load_day))
    assert {session.starts_at.astimezone(clock.AMSTERDAM).weekday() for session in coming} <= set(range(5))
