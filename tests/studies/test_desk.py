"""What researchers and bureaus find on their desk, the pages behind it, and what "export my data" says."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from academy.accounts.models import Role
from academy.core import clock, events
from academy.core.errors import NotAllowed
from academy.desk.selectors import todo_list
from research.studies import desk_items
from research.studies.models import Access, Approval, Deadline, Remark, Review, Study
from research.studies.services import deadlines, inviting, saving
from tests.factories import people, studies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def mst():
    return people.organisation("mst")


@pytest.fixture
def zgt():
    return people.organisation("zgt")


@pytest.fixture
def editor(mst):
    return studies.researcher(mst)


def todos(person) -> list[tuple[str, str, bool]]:
    return [(todo.title, todo.status, todo.overdue) for todo in todo_list(type(person).objects.get(pk=person.pk))]


def due(study: Study, days: int, kind: str = "progress_report", **columns) -> Deadline:
    site = None if kind == "embargo_lift" else study.sites.first()
    day = clock.today() + timedelta(days=days)
    return Deadline.objects.create(study=study, site=site, kind=kind, due_on=day, **columns)


def submitted(study: Study, due_in: int, *hospitals) -> None:
    reviews = Review.objects.filter(site__study=study, site__organisation__in=hospitals)
    reviews.update(state="submitted", submitted_at=clock.now(), due_on=clock.today() + timedelta(days=due_in))
    Study.objects.filter(pk=study.pk).update(publication_state="in_review")


# What waits for a researcher ------------------------------------------------------------------------------------------


def test_overdue_deadlines_come_first_then_what_comes_soon(editor, mst):
    study = studies.published(mst, editor=editor)
    due(study, 31)
    due(study, 20, "results_summary")
    due(study, -3, "end_of_study_report")
    due(study, -9, "approval_lapses", done_on=clock.today())
    found = todos(editor)
    assert found[0] == ("Report the end of the study: HARTTHUIS", "3 days late", True)
    assert [title for title, _status, _late in found] == [
        "Report the end of the study: HARTTHUIS",
        "Summary of the results: HARTTHUIS",
    ]


def test_a_draft_says_how_complete_it_is(editor, mst):
    studies.study(mst, editor=editor, acronym="AF", countries=[], sample_size_target=None)
    studies.study(mst, editor=editor, acronym="HEEL")
    found = {todo.title: todo for todo in todo_list(editor)}
    assert found["Fill in: AF"].status == "16 of 24"
    assert found["Fill in: AF"].hint == "Still needed to publish: Countries, Number of participants"
    assert found["Fill in: AF"].url.endswith("/edit/hospitals/")
    assert found["Submit: HEEL"].status == "18 of 24"
    assert found["Submit: HEEL"].url.endswith("/edit/check/")


def test_a_returned_review_says_how_many_remarks_wait(editor, mst, zgt):
    study = studies.reviewed(studies.study(mst, zgt, editor=editor), "returned", zgt)
    Study.objects.filter(pk=study.pk).update(publication_state="in_review")
    review = Review.objects.get(state="returned")
    for answer, resolved_at in (("", None), ("", None), ("ja", None), ("", clock.now())):
        Remark.objects.create(review=review, text="Waarom?", answer=answer, resolved_at=resolved_at)
    assert todos(editor) == [("Answer the bureau: HARTTHUIS", "2 remarks without an answer", False)]


def test_conditions_wait_until_they_are_met(editor, mst):
    study = studies.published(mst, editor=editor)
    approval = Approval.objects.create(
        review=Review.objects.get(site__study=study), kind="metc", body_nl="METC", state="approved_with_conditions"
    )
    assert todos(editor) == [("Meet the conditions: HARTTHUIS", "Positive with conditions", False)]
    approval.conditions_met_on = clock.today()
    approval.save()
    assert todos(editor) == []


def test_an_invitation_is_shown_for_a_while_and_becomes_theirs_at_login(editor, mst, client):
    study = studies.published(mst, editor=editor)
    inviting.invite(study=study, actor=editor, email="nieuw@example.org", level="viewer")
    person = people.person("nieuw@example.org")
    assert todos(person) == []
    client.force_login(person)
    assert todos(person) == [("You are invited: HARTTHUIS", "May read", False)]
    Access.objects.filter(person=person).update(invited_at=clock.now() - timedelta(days=15))
    assert todos(person) == []


def test_a_viewer_has_nothing_to_do(mst):
    study = studies.study(mst)
    due(study, -3)
    assert todos(studies.viewer(study)) == []


def test_a_long_list_ends_behind_a_link(editor, mst):
    study = studies.published(mst, editor=editor)
    for days in range(1, 12):
        due(study, -days)
    found = todo_list(editor)
    assert len(found) == desk_items.MOST + 1
    assert {"More deadlines"} <= {todo.title for todo in found}


# What waits for a bureau ----------------------------------------------------------------------------------------------


def test_a_bureau_finds_new_files_late_ones_proposals_and_overdue_deadlines(mst, zgt):
    bureau, editor = studies.bureau(mst), studies.researcher(mst)
    new, late = studies.study(mst, acronym="NIEUW"), studies.study(mst, zgt, acronym="LAAT")
    submitted(new, 5, mst)
    submitted(late, -2, mst, zgt)
    Review.objects.filter(site__study=late).update(state="in_review")
    changed = studies.published(mst, editor=editor, acronym="ANDERS")
    saving.save(study=changed, actor=editor, base_version=1, values={"summary_en": "Other", "summary_nl": "Anders"})
    due(changed, -4)
    due(changed, 3, "results_summary")
    assert todos(bureau) == [
        ("Progress report: ANDERS", "4 days late", True),
        ("Review: LAAT", "2 days late", True),
        ("Review: NIEUW", "Submitted", False),
        ("Changes of a published study: ANDERS", "2 fields wait", False),
    ]


def test_another_hospital_and_what_a_colleague_has_are_left_out(mst, zgt):
    bureau, colleague = studies.bureau(mst), studies.bureau(mst)
    study = studies.study(mst, zgt, acronym="DEEL")
    submitted(study, 5, mst, zgt)
    due(study, -1)
    Review.objects.filter(site__organisation=mst).update(assigned_to=colleague)
    assert [title for title, *_rest in todos(bureau)] == ["Progress report: DEEL"]
    assert [title for title, *_rest in todos(colleague)] == ["Progress report: DEEL", "Review: DEEL"]
    assert [title for title, *_rest in todos(studies.bureau(zgt))] == ["Review: DEEL"]
    assert todos(studies.bureau(people.organisation())) == []


def test_what_is_about_the_whole_study_is_watched_where_it_is_led(mst, zgt):
    study = studies.study(mst, zgt, acronym="DEEL")
    due(study, -1, "embargo_lift")
    assert [title for title, *_rest in todos(studies.bureau(mst))] == ["The embargo ends: DEEL"]
    assert todos(studies.bureau(zgt)) == []


# Doors and sections ---------------------------------------------------------------------------------------------------


def doors(person) -> list[tuple[str, int | None]]:
    return [(str(door.label), door.count) for door in desk_items.doors(person)]


def test_doors_follow_the_roles(mst, editor):
    submitted(studies.study(mst), 5, mst)
    assert doors(people.member(mst)) == []
    assert doors(editor) == [("My studies", None), ("Register a study", None)]
    assert doors(studies.bureau(mst)) == [("Reviews", 1), ("Deadlines of studies", None)]
    assert doors(people.member(mst, role=Role.AUDITOR)) == [("Reviews", None)]


def test_the_section_shows_the_last_changed_and_is_left_out_for_others(mst, editor, client):
    assert desk_items.my_studies(people.member(mst)) is None
    client.force_login(editor)
    assert "You have no studies yet." in client.get(reverse("desk:home")).content.decode()
    for name in "ABCDEF":
        studies.study(mst, editor=editor, acronym=name)
    section = desk_items.my_studies(editor)
    assert [study.acronym for study, _title, _badge in section.context["rows"]] == list("FEDCB")
    page = client.get(reverse("desk:home")).content.decode()
    assert page.count('<h2 id="studies">') == 1


# Pages ----------------------------------------------------------------------------------------------------------------


def queries(client, url: str) -> int:
    """Queries of a second request: the first fills caches."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_pages_do_not_grow(client, mst, zgt, rows):
    editor = studies.researcher(mst)
    for _turn in range(rows):
        study = studies.study(mst, zgt, editor=editor)
        due(study, -2)
        due(study, 2)
        submitted(study, 2, zgt)
        studies.study(mst, editor=editor, acronym="DRAFT")
    client.force_login(editor)
    assert queries(client, reverse("studies:mine")) == 15
    assert queries(client, reverse("studies:deadlines")) == 7
    assert queries(client, reverse("studies:study-deadlines", kwargs={"number": study.number})) == 8
    assert queries(client, reverse("desk:home")) == 31
    client.force_login(studies.bureau(mst))
    assert queries(client, reverse("studies:deadlines")) == 7
    assert queries(client, reverse("desk:home")) == 22


def test_my_studies_say_how_each_hospital_stands(client, mst, zgt, editor):
    study = studies.study(mst, zgt, editor=editor, countries=[])
    studies.reviewed(study, "approved", zgt)
    due(study, -3)
    client.force_login(editor)
    page = client.get(reverse("studies:mine")).content.decode()
    for words in ("Measuring at home with heart failure", study.number, "Not yet submitted", "Approved", "17 of 24",
                  "Still needed to publish: Countries", "3 days late", "Register a study"):  # fmt: skip
        assert words in page
    number = {"number": study.number}
    for address in (
        reverse("studies:step", kwargs={**number, "step": "hospitals"}),
        reverse("studies:preview", kwargs=number),
        reverse("studies:copy", kwargs=number),
        study.get_absolute_url(),
    ):
        assert f'"{address}"' in page


def test_a_viewer_reads_and_nothing_more(client, mst):
    study = studies.study(mst)
    client.force_login(studies.viewer(study))
    page = client.get(reverse("studies:mine")).content.decode()
    assert study.number in page
    assert "Continue" not in page
    assert "Copy" not in page


def test_an_empty_desk_says_what_to_do(client, editor):
    client.force_login(editor)
    page = client.get(reverse("studies:mine")).content.decode()
    assert f'href="{reverse("studies:register")}"' in page
    client.force_login(people.person())
    page = client.get(reverse("studies:mine")).content.decode()
    assert reverse("studies:register") not in page
    assert f'href="{reverse("studies:list")}"' in page
    assert "Reports, certificates" in client.get(reverse("studies:deadlines")).content.decode()


def test_visitors_are_asked_to_log_in(client, mst):
    deadline = due(studies.study(mst), 3)
    for url in (reverse("studies:mine"), reverse("studies:deadlines"), address(deadline)):
        assert client.get(url).status_code == 302


def address(deadline: Deadline) -> str:
    return reverse("studies:meet", kwargs={"number": deadline.study.number, "pk": deadline.pk})


@pytest.fixture
def deadline(editor, mst):
    study = studies.study(mst, editor=editor)
    review = Review.objects.get(site__study=study)
    review.state = "approved"
    review.save()
    decided_on = clock.today() - timedelta(days=380)
    Approval.objects.create(review=review, kind="metc", body_nl="METC", state="approved", decided_on=decided_on)
    Study.objects.filter(pk=study.pk).update(recruitment_status="RECRUITING")
    deadlines.refresh(study)
    return study.deadlines.order_by("due_on").first()


def test_somebody_says_that_it_is_done_with_a_file_and_takes_it_back(client, editor, deadline):
    client.force_login(editor)
    page = client.get(address(deadline)).content.decode()
    assert "Send the report to the committee" in page
    assert "days late" in page
    upload = SimpleUploadedFile("verslag.pdf", b"%PDF-1.7 verslag")
    answer = client.post(address(deadline), {"on": clock.today(), "note": "Per post", "document": upload}, follow=True)
    page = answer.content.decode()
    deadline.refresh_from_db()
    assert (deadline.done_on, deadline.note, deadline.document.name) == (clock.today(), "Per post", "verslag.pdf")
    assert deadline.document.site == deadline.site
    assert "Per post" in page
    assert "verslag.pdf" in page
    assert "It is done" not in page
    client.post(address(deadline), {"undo": "1"})
    deadline.refresh_from_db()
    assert deadline.done_on is None
    assert [event.verb for event in events.of(deadline.study)][:2] == ["reopen_deadline", "meet_deadline"]


def test_what_does_not_fit_stands_at_its_field_and_leaves_nothing_behind(client, editor, deadline):
    client.force_login(editor)
    tomorrow = clock.today() + timedelta(days=1)
    upload = SimpleUploadedFile("verslag.pdf", b"%PDF-1.7 verslag")
    answer = client.post(address(deadline), {"on": tomorrow, "document": upload})
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"on": ["This day is still to come."]}
    assert deadline.study.documents.count() == 0
    upload = SimpleUploadedFile("verslag.exe", b"MZ")
    answer = client.post(address(deadline), {"on": clock.today(), "document": upload})
    assert set(answer.context["form"].errors) == {"document"}
    answer = client.post(address(deadline), {"on": ""})
    assert set(answer.context["form"].errors) == {"on"}
    deadline.refresh_from_db()
    assert deadline.done_on is None


def test_who_may_not_say_so_reads_or_finds_nothing(client, deadline):
    viewer = studies.viewer(deadline.study)
    client.force_login(viewer)
    assert "It is done" not in client.get(address(deadline)).content.decode()
    answer = client.post(address(deadline), {"on": clock.today()})
    assert "It is done" not in answer.content.decode()
    assert str(NotAllowed.message) in answer.content.decode()
    deadline.refresh_from_db()
    assert deadline.done_on is None
    client.force_login(studies.bureau(people.organisation()))
    for url in (address(deadline), reverse("studies:study-deadlines", kwargs={"number": deadline.study.number})):
        assert client.get(url).status_code == 404


def test_a_deadline_that_no_longer_follows_leads_to_the_others(client, editor, deadline):
    url = address(deadline)
    Deadline.objects.all().delete()
    client.force_login(editor)
    answer = client.get(url, follow=True)
    assert answer.redirect_chain[0][0] == reverse("studies:study-deadlines", kwargs={"number": deadline.study.number})
    assert "This deadline is no longer there" in answer.content.decode()


def test_what_follows_from_the_study_leads_to_its_form(client, editor, mst):
    day = (clock.today() + timedelta(days=20)).isoformat()
    study = studies.study(mst, editor=editor, visibility="members", embargo_until=day)
    client.force_login(editor)
    page = client.get(address(study.deadlines.get())).content.decode()
    assert "It is done" not in page
    assert f'href="{reverse("studies:step", kwargs={"number": study.number, "step": "access"})}"' in page


def test_the_list_of_a_study_shows_also_what_is_done(client, editor, deadline):
    deadlines.meet(deadline=deadline, actor=editor, note="Per post")
    client.force_login(editor)
    page = client.get(reverse("studies:study-deadlines", kwargs={"number": deadline.study.number})).content.decode()
    assert page.count("Progress report") >= 2
    assert "Per post" in page


# Export my data -------------------------------------------------------------------------------------------------------


def test_export_of_personal_data(mst, editor):
    row = {**studies.values(mst)["contributors"][0], "person": editor.pk, "affiliation": "MST"}
    study = studies.study(mst, editor=editor, contributors=[row])
    met = due(study, -3)
    deadlines.meet(deadline=met, actor=editor, note="Per post")
    review = Review.objects.get(site__study=study)
    Remark.objects.create(review=review, text="Waarom?", answer="Daarom", answered_by=editor)
    found = desk_items.personal_data(editor)
    assert [entry["number"] for entry in found["registered_studies"]] == [study.number]
    assert [(entry["study"], entry["level"]) for entry in found["access_to_studies"]] == [(study.number, "editor")]
    assert [(entry["role"], entry["hospital"]) for entry in found["contributions_to_studies"]] == [
        ("principal_investigator", "mst")
    ]
    assert found["remarks_in_reviews"] == [{"study": study.number, "remark": "", "answer": "Daarom"}]
    assert [entry["note"] for entry in found["deadlines_met"]] == ["Per post"]
    assert not any(desk_items.personal_data(people.person()).values())
