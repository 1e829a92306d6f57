"""The bureau's queue and the page of a review: who sees what, filters, bulk, forms, and how many queries."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from academy.accounts.models import Role
from academy.core import clock
from academy.core.models import Event
from research.studies.models import Approval, Deadline, Decision, Document, Remark, Review
from research.studies.services import publishing, reviewing, saving
from research.studies.services.documents import add_document
from research.studies.states import ReviewState
from search import engines, facade
from tests.factories import people, studies

from .test_reviewing import Case, route

pytestmark = pytest.mark.django_db
QUEUE_QUERIES = 9
PAGE_QUERIES = 23


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture
def index(settings, tmp_path):
    """An embedded index of its own behind the facade."""
    settings.DATA_DIR = tmp_path
    engines._engine.cache_clear()
    yield
    engines._engine.cache_clear()


def page(case: Case, hospital=None) -> str:
    key = (hospital or case.mst).key
    return reverse("studies:review", kwargs={"number": case.study.number, "site": key})


def send(client, case: Case, action: str, hospital=None, **data):
    return client.post(page(case, hospital), {"action": action, **data})


def test_the_queue_is_for_bureaus_and_auditors(client, case):
    case.submitted()
    assert client.get(reverse("studies:queue")).status_code == 302
    client.force_login(case.editor)
    assert client.get(reverse("studies:queue")).status_code == 404
    client.force_login(case.bureau)
    response = client.get(reverse("studies:queue"))
    assert [row["review"].site.organisation for row in response.context["rows"]] == [case.mst]
    assert response.context["may_act"]
    client.force_login(people.member(role=Role.AUDITOR))
    response = client.get(reverse("studies:queue"))
    assert {row["review"].site.organisation for row in response.context["rows"]} == {case.mst, case.zgt}
    assert not response.context["may_act"]


def test_nothing_of_another_hospital_is_in_the_queue_its_counts_or_its_file(client, case):
    case.submitted("zgt")
    client.force_login(case.bureau)
    response = client.get(reverse("studies:queue"))
    assert response.context["counts"] == {"open": 0, "researcher": 0, "body": 0, "done": 0, "overdue": 0}
    file = b"".join(client.get(reverse("studies:queue-export")).streaming_content).decode()
    assert case.study.number not in file


def test_drafts_are_no_work(client, case):
    client.force_login(case.bureau)
    assert client.get(reverse("studies:queue")).context["rows"] == []


def test_page_of_a_draft_is_for_the_team_and_involved_bureaus(client, case):
    stranger = studies.bureau(people.organisation("elsewhere"))
    for user, status in ((case.editor, 200), (case.bureau, 200), (case.other, 200), (stranger, 404)):
        client.force_login(user)
        assert client.get(page(case)).status_code == status
    assert client.get(reverse("studies:review", kwargs={"number": "S-1999-0001", "site": "mst"})).status_code == 404
    client.force_login(case.bureau)
    nowhere = reverse("studies:review", kwargs={"number": case.study.number, "site": "elsewhere"})
    assert client.get(nowhere).status_code == 404


def numbers(response) -> list[str]:
    return [row["study"].number for row in response.context["rows"]]


def queue(client, **filters):
    return client.get(reverse("studies:queue"), filters)


def test_what_is_overdue_comes_first_and_is_counted(client, case):
    case.submitted("mst")
    late = studies.study(case.mst, editor=case.editor)
    reviewing.submit(study=late, actor=case.editor)
    Review.objects.filter(site__study=late).update(due_on=clock.today() - timedelta(days=9))
    client.force_login(case.bureau)
    response = queue(client)
    assert numbers(response) == [late.number, case.study.number]
    assert response.context["rows"][0]["late"].text.startswith("9 ")
    assert response.context["counts"]["overdue"] == 1
    assert numbers(queue(client, due="overdue")) == [late.number]
    assert numbers(queue(client, due="week")) == [late.number]


def test_an_open_deadline_of_the_study_counts_when_it_comes_first(client, case):
    review = case.ready()
    reviewing.decide(review=review, actor=case.bureau, outcome="approved")
    Deadline.objects.all().delete()
    day = clock.today() - timedelta(days=2)
    Deadline.objects.create(study=case.study, site=review.site, kind="progress_report", due_on=day)
    Deadline.objects.create(
        study=case.study, site=case.review(case.zgt).site, kind="results_summary", due_on="2020-01-01"
    )
    client.force_login(case.bureau)
    (row,) = queue(client, tab="done").context["rows"]
    assert (row["due"], row["due_kind"]) == (day, Deadline.Kind.PROGRESS_REPORT.label)
    assert row["late"].text.startswith("2 ")


def test_tabs_follow_who_has_to_do_something(client, case):
    route(case.mst, (1, "metc"))
    client.force_login(case.bureau)

    def where() -> list[str]:
        return [tab for tab, count in queue(client).context["counts"].items() if count]

    case.submitted("mst")
    assert where() == ["open"]
    reviewing.take_up(review=case.review(), actor=case.bureau)
    assert where() == ["body"]
    reviewing.record_approval(approval=case.review().approvals.get(), actor=case.bureau, state="approved")
    assert where() == ["open"]
    reviewing.return_to_researcher(review=case.review(), actor=case.bureau, remarks=[{"field": "", "text": "?"}])
    assert where() == ["researcher"]
    reviewing.withdraw_review(review=case.review(), actor=case.editor, reason="Geen geld")
    assert where() == ["done"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"kind": "main_review"}, 2),
        ({"kind": "nwmo_approval"}, 0),
        ({"kind": "nonsense"}, 2),
        ({"assigned": "me"}, 1),
        ({"assigned": "nobody"}, 1),
        ({"tab": "done"}, 0),
        ({"tab": "nonsense", "page": "99"}, 2),
    ],
)
def test_filters_of_the_toolbar(client, case, filters, found):
    case.submitted("mst")
    reviewing.assign(review=case.review(), actor=case.bureau, to=case.bureau)
    other = studies.study(case.mst, editor=case.editor)
    reviewing.submit(study=other, actor=case.editor)
    client.force_login(case.bureau)
    response = queue(client, **filters)
    assert len(response.context["rows"]) == found
    assert response.status_code == 200


def test_words_find_studies_through_the_search_index(client, case, index):
    case.submitted("mst")
    other = studies.study(case.mst, editor=case.editor, acronym="BLAASRUST")
    reviewing.submit(study=other, actor=case.editor)
    facade.rebuild()
    client.force_login(case.bureau)
    assert numbers(queue(client, q="blaasrust")) == [other.number]
    assert numbers(queue(client, q=other.number)) == [other.number]
    assert numbers(queue(client, q="xyzzy")) == []


def test_number_of_queries_does_not_grow_with_the_rows(client, case, django_assert_num_queries):
    def more() -> None:
        one = studies.study(case.mst, editor=case.editor)
        reviewing.submit(study=one, actor=case.editor)
        review = Review.objects.select_related("site__study").get(site__study=one)
        reviewing.assign(review=review, actor=case.bureau, to=case.bureau)

    more()
    client.force_login(case.bureau)
    queue(client)
    with django_assert_num_queries(QUEUE_QUERIES):
        queue(client)
    more()
    more()
    with django_assert_num_queries(QUEUE_QUERIES):
        assert len(numbers(queue(client))) == 3


def act(client, action: str, *reviews: Review, **data):
    return client.post(
        reverse("studies:queue-act"), {"action": action, "row": [one.pk for one in reviews], **data}, follow=True
    )


def test_assigning_many_can_be_undone(client, case):
    review = case.submitted()
    colleague = studies.bureau(case.mst)
    reviewing.assign(review=review, actor=case.bureau, to=colleague)
    client.force_login(case.bureau)
    response = act(client, "assign", review)
    assert case.review().assigned_to == case.bureau
    undo = response.context["undo"]
    assert undo["before"] == [[review.pk, colleague.pk]]
    assert queue(client).context["undo"] is None
    client.post(reverse("studies:queue-undo"), {"before": [f"{review.pk}-{colleague.pk}"]})
    assert case.review().assigned_to == colleague


def test_asking_many_for_more_takes_one_remark(client, case):
    first = case.submitted("mst")
    other = studies.study(case.mst, editor=case.editor)
    reviewing.submit(study=other, actor=case.editor)
    second = Review.objects.get(site__study=other)
    client.force_login(case.bureau)
    response = act(client, "return", first, second)
    assert response.status_code == 400
    assert response.context["chosen"] == {first.pk, second.pk}
    act(client, "return", first, second, text="Stuur het protocol mee")
    assert set(Review.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == {"returned"}
    assert Remark.objects.filter(text="Stuur het protocol mee").count() == 2


def test_one_refusal_does_not_stop_the_others(client, case):
    taken = case.taken_up()
    other = studies.study(case.mst, editor=case.editor)
    reviewing.submit(study=other, actor=case.editor)
    fresh = Review.objects.get(site__study=other)
    client.force_login(case.bureau)
    response = act(client, "take_up", taken, fresh, case.review(case.zgt))
    said = [str(message) for message in response.context["messages"]]
    assert len(said) == 2
    assert case.study.number in said[1]
    fresh.refresh_from_db()
    assert (fresh.state, case.review(case.zgt).state) == ("in_review", "submitted")


def test_bulk_without_a_choice_says_so_and_changes_nothing(client, case):
    case.submitted()
    client.force_login(case.bureau)
    response = act(client, "take_up")
    assert response.status_code == 400
    assert act(client, "nonsense", case.review()).status_code == 400
    client.force_login(case.editor)
    assert act(client, "take_up", case.review()).status_code == 404
    assert case.review().state == "submitted"


def test_the_download_has_the_rows_of_the_screen_and_is_logged(client, case):
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"acronym": "=1+1"})
    case.submitted("mst")
    client.force_login(case.bureau)
    response = client.get(queue(client).context["download_url"])
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert len(lines) == 2
    assert lines[1].startswith(f"{case.study.number};'=1+1;MST;")
    assert Event.objects.filter(verb="export_reviews", actor_id=str(case.bureau.pk)).count() == 1


def test_whole_way_of_a_review_through_the_page(client, case):
    case.submitted("mst")
    client.force_login(case.bureau)
    assert send(client, case, "take_up").status_code == 302
    send(client, case, "assign", assigned_to=case.bureau.pk)
    send(client, case, "remark", field="summary_nl", text="Schrijf korter")
    send(client, case, "return")
    assert case.review().state == "returned"
    client.force_login(case.editor)
    remark = Remark.objects.get()
    send(client, case, "answer", target=remark.pk, **{f"r{remark.pk}-answer": "Is gedaan"})
    case.submitted("mst")
    client.force_login(case.bureau)
    assert "Is gedaan" in client.get(page(case)).content.decode()
    send(client, case, "resolve", target=remark.pk)
    send(client, case, "take_up")
    approval = case.review().approvals.get()
    letter = SimpleUploadedFile("brief.pdf", b"%PDF-1.7 letter")
    fields = {"state": "approved_with_conditions", "decided_on": clock.today(), "conditions_nl": "Scholing"}
    prefixed = {f"a{approval.pk}-{name}": value for name, value in {**fields, "document": letter}.items()}
    send(client, case, "approval", target=approval.pk, **prefixed)
    approval.refresh_from_db()
    assert (approval.state, approval.document.name) == ("approved_with_conditions", "brief.pdf")
    assert approval.document.site == case.review().site
    send(client, case, "decide", **{"decision-outcome": "approved", "decision-decided_on": clock.today()})
    assert Decision.objects.get().made_by == case.bureau
    send(client, case, "met", target=approval.pk, **{f"m{approval.pk}-on": clock.today()})
    approval.refresh_from_db()
    assert approval.conditions_met_on == clock.today()
    send(client, case, "publish")
    case.study.refresh_from_db()
    assert case.study.publication_state == "published"


def test_what_is_refused_stands_in_the_form_with_what_was_typed(client, case):
    case.taken_up()
    client.force_login(case.bureau)
    approval = case.review().approvals.get()
    prefix = f"a{approval.pk}-"
    response = send(
        client,
        case,
        "approval",
        target=approval.pk,
        **{f"{prefix}state": "approved_with_conditions", f"{prefix}decided_on": clock.today()},
    )
    assert response.status_code == 400
    assert f'href="#id_{prefix}conditions_nl"' in response.content.decode()
    letter = SimpleUploadedFile("brief.pdf", b"%PDF-1.7 letter")
    fields = {"outcome": "approved", "decided_on": clock.today(), "reason": "Omdat het kan", "document": letter}
    response = send(client, case, "decide", **{f"decision-{name}": value for name, value in fields.items()})
    assert response.status_code == 400
    assert "Omdat het kan" in response.content.decode()
    assert not Document.objects.exists()  # the letter went with the decision


def test_a_letter_that_is_none_stops_the_decision(client, case):
    case.ready()
    client.force_login(case.bureau)
    letter = SimpleUploadedFile("brief.pdf", b"MZ this is a program")
    fields = {"outcome": "approved", "decided_on": clock.today(), "document": letter}
    response = send(client, case, "decide", **{f"decision-{name}": value for name, value in fields.items()})
    assert response.status_code == 400
    assert response.context["sent"].errors["document"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["other", "editor", "auditor"])
def test_others_read_and_cannot_act(client, case, who):
    review = case.taken_up()
    user = people.member(role=Role.AUDITOR) if who == "auditor" else getattr(case, who)
    client.force_login(user)
    assert b'name="action" value="decide"' not in client.get(page(case)).content
    fields = {"decision-outcome": "rejected", "decision-decided_on": clock.today(), "decision-reason": "nee"}
    assert send(client, case, "decide", **fields).status_code == 400
    send(client, case, "take_up")
    approval = review.approvals.get()
    send(client, case, "approval", target=approval.pk, **{f"a{approval.pk}-state": "approved"})
    assert (case.review().state, case.review().approvals.get().state) == ("in_review", "requested")


@pytest.mark.parametrize("data", [{"action": "nonsense"}, {"action": "met"}, {"action": "resolve", "target": "999999"}])
def test_what_the_page_never_sends_is_not_found(client, case, data):
    case.taken_up()
    client.force_login(case.bureau)
    assert client.post(page(case), data).status_code == 404


def test_an_approval_of_another_review_cannot_be_meant(client, case):
    case.taken_up()
    elsewhere = reviewing.take_up(review=case.review(case.zgt), actor=case.other).approvals.get()
    client.force_login(case.bureau)
    assert send(client, case, "approval", target=elsewhere.pk).status_code == 404


def test_the_team_withdraws_and_begins_again(client, case):
    case.submitted("mst")
    client.force_login(case.editor)
    assert send(client, case, "withdraw").status_code == 400
    send(client, case, "withdraw", **{"withdraw-reason": "Geen geld"})
    assert case.review().state == "withdrawn"
    send(client, case, "again")
    assert case.review().state == "draft"
    client.force_login(studies.viewer(case.study))
    assert b'name="action"' not in client.get(page(case)).content


def test_the_leading_bureau_decides_on_proposed_changes(client, case):
    reviewing.decide(review=case.ready(), actor=case.bureau, outcome="approved")
    publishing.publish(study=case.study, actor=case.bureau)
    changes = {"acronym": "NIEUW", "summary_nl": "Andere samenvatting", "keywords": ["een", "twee"]}
    saving.save(study=case.study, actor=case.editor, base_version=1, values=changes)
    client.force_login(case.other)
    assert b'value="publish_changes"' not in client.get(page(case, case.zgt)).content
    client.force_login(case.bureau)
    text = client.get(page(case)).content.decode()
    assert "Andere samenvatting" in text
    assert send(client, case, "publish_changes").status_code == 400
    send(client, case, "publish_changes", fields_chosen=["acronym"])
    case.study.refresh_from_db()
    assert (case.study.acronym, set(case.study.proposed)) == ("NIEUW", {"summary_nl", "keywords"})
    assert send(client, case, "refuse_changes").status_code == 400
    send(client, case, "refuse_changes", **{"refuse-reason": "Niet nodig"})
    case.study.refresh_from_db()
    assert case.study.proposed == {}
    studies.reviewed(case.study, ReviewState.APPROVED, case.zgt)
    send(client, case, "transfer", to="zgt")
    assert case.study.sites.get(leading=True).organisation == case.zgt


def test_publishing_says_what_is_still_needed(client, case):
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"countries": []})
    reviewing.decide(review=case.ready(), actor=case.bureau, outcome="approved")
    client.force_login(case.bureau)
    response = client.post(page(case), {"action": "publish"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    case.study.refresh_from_db()
    assert case.study.publication_state == "in_review"


def test_changes_since_the_last_submission_are_shown(client, case):
    review = case.submitted()
    reviewing.return_to_researcher(review=review, actor=case.bureau, remarks=[{"field": "acronym", "text": "Korter"}])
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"acronym": "KORT"})
    case.submitted("mst")
    client.force_login(case.bureau)
    since = client.get(page(case)).context["since"]
    assert since.again
    assert [(change.old, change.new) for change in since.changes] == [("HARTTHUIS", "KORT")]


def test_a_number_that_stands_elsewhere_too_is_shown_to_who_may_know_it(client, case):
    same = [{"authority": "clinicaltrials_gov", "number": "NCT01234567"}]
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"identifiers": same})
    known = studies.study(case.mst, editor=case.editor, identifiers=same)
    elsewhere = people.organisation("elsewhere")
    studies.study(elsewhere, editor=studies.researcher(elsewhere), identifiers=same)
    client.force_login(case.bureau)
    assert client.get(page(case)).context["duplicates"] == {"NCT01234567": known}


def test_the_page_of_a_review_costs_a_fixed_number_of_queries(client, case, django_assert_num_queries):
    review = case.taken_up()
    client.force_login(case.bureau)
    client.get(page(case))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page(case))
    for _n in range(3):
        reviewing.add_remark(review=review, actor=case.bureau, field="acronym", text="?")
        Approval.objects.create(review=review, kind="board", body_nl="Raad van bestuur")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(page(case))


def test_remarks_are_the_bureaus_own_until_the_study_goes_back(client, case):
    review = case.taken_up()
    reviewing.add_remark(review=review, actor=case.bureau, field="acronym", text="Nog overleggen met de METC")
    client.force_login(case.editor)
    assert "Nog overleggen" not in client.get(page(case)).content.decode()
    client.force_login(case.bureau)
    assert "Nog overleggen" in client.get(page(case)).content.decode()
    reviewing.return_to_researcher(review=case.review(), actor=case.bureau)
    client.force_login(case.editor)
    assert "Nog overleggen" in client.get(page(case)).content.decode()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "٣"])
def test_numbers_that_no_row_has_are_no_error(client, case, number):
    case.submitted()
    client.force_login(case.bureau)
    sent = {"row": number, "action": "assign"}
    assert client.post(reverse("studies:queue-act"), sent).status_code == 400
    assert client.post(reverse("studies:queue-undo"), {"before": f"{number}-{number}"}).status_code == 302
    assert client.post(reverse("studies:queue-undo"), {"before": f"{case.review().pk}-{number}"}).status_code == 302
    assert send(client, case, "resolve", target=number).status_code == 404


def test_the_bureau_reads_again_what_changed_while_its_page_was_open(client, case):
    case.ready()
    saving.save(study=case.study, actor=case.editor, base_version=1, values={"acronym": "ANDERS"})
    client.force_login(case.bureau)
    given = {"decision-outcome": "approved", "decision-decided_on": clock.today().isoformat()}
    refused = send(client, case, "decide", seen="1", **given)
    assert refused.status_code == 400
    assert refused.context["study"].version == 2
    assert send(client, case, "decide", seen="2", **given).status_code == 302


def test_choosing_all_holds_for_one_action(client, case):
    case.submitted()
    client.force_login(case.bureau)
    address = f"{reverse('studies:queue')}?tab=open&choose=all"
    assert b" checked" in client.get(address).content
    sent = {"row": case.review().pk, "action": "assign", "next": address}
    done = client.post(reverse("studies:queue-act"), sent, follow=True)
    assert done.request["QUERY_STRING"] == "tab=open"
    assert b" checked" not in done.content


def test_a_document_is_gone_for_who_is_off_the_team(client, case):
    viewer = studies.viewer(case.study)
    kept = add_document(study=case.study, actor=case.editor, upload=SimpleUploadedFile("a.txt", b"protocol"))
    address = reverse("studies:document", kwargs={"number": case.study.number, "pk": kept.pk})
    client.force_login(viewer)
    assert b"".join(client.get(address).streaming_content) == b"protocol"
    case.study.access.filter(person=viewer).delete()
    assert client.get(address).status_code == 404
    Document.objects.filter(pk=kept.pk).update(file="studies/gone")
    client.force_login(case.editor)
    assert client.get(address).status_code == 404


def test_queue_opens_with_the_first_tab_in_which_there_is_something(client):
    mst = people.organisation("mst")
    study = studies.reviewed(studies.study(mst), ReviewState.APPROVED)
    Review.objects.update(submitted_at=clock.now())
    client.force_login(studies.bureau(mst))
    response = client.get(reverse("studies:queue"))
    assert response.context["tab"] == "done"
    assert study.number in response.content.decode()
    assert "tab=done" in response.context["download_url"]
