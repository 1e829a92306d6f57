"""An editor writes and submits, a second editor approves; nobody publishes alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from academy.cms.models import StandardPage
from tests.cms.building import colleague, home, page_form, signed_in, standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return colleague("editor")


@pytest.fixture
def second():
    return colleague("editor", "zgt")


def write(editor, title="Over ons", **more) -> StandardPage:
    """A new page through the editor's form."""
    address = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", home().pk])
    response = signed_in(editor).post(address, page_form(title, **more))
    assert response.status_code == 302, response.context["form"].errors
    return StandardPage.objects.get(title=title)


def submit(editor, page, **more):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return signed_in(editor).post(address, page_form(page.title, **more, **{"action-submit": "1"}))


def act(editor, page, action="approve"):
    state = WorkflowState.objects.get(object_id=str(page.pk)).current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return signed_in(editor).post(address, {"comment": ""})


def live(page) -> bool:
    return StandardPage.objects.get(pk=page.pk).live


def test_the_form_makes_a_draft_and_nothing_goes_live(first):
    page = write(first, **{"action-publish": "1"})
    assert not page.live
    assert signed_in(first).get("/nl/over-ons/").status_code == 404


def test_a_second_editor_approves_what_the_first_submitted(first, second, client):
    page = write(first)
    submit(first, page)
    assert act(second, page).status_code == 302
    assert live(page)
    assert "Tekst" in client.get("/nl/over-ons/").content.decode()


def test_submitting_at_once_when_writing(first, second):
    page = write(first, **{"action-submit": "1"})
    act(second, page)
    assert live(page)


def test_the_submitter_cannot_approve(first):
    page = write(first)
    submit(first, page)
    act(first, page)
    assert not live(page)
    assert WorkflowState.objects.get(object_id=str(page.pk)).status == "in_progress"


def test_the_submitter_cannot_approve_in_the_editor(first):
    page = write(first)
    submit(first, page)
    more = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    signed_in(first).post(address, page_form(page.title, **more))
    assert not live(page)


def test_the_submitter_cannot_change_what_is_being_read(first):
    page = write(first)
    submit(first, page)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    signed_in(first).post(address, page_form("Iets anders"))
    assert page.get_latest_revision_as_object().title == "Over ons"


def test_who_changes_a_submitted_page_does_not_approve_that_change(first, second):
    page = write(first)
    submit(first, page)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    signed_in(second).post(address, page_form("Over ons", text="<p>Van de tweede</p>"))
    act(second, page)
    assert not live(page)


def test_saving_without_a_change_makes_nobody_an_author(first, second):
    page = write(first)
    submit(first, page)
    body = StandardPage.objects.get(pk=page.pk).get_latest_revision_as_object().body
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = page_form("Over ons") | {"body-0-id": body[0].id}
    signed_in(second).post(address, data)
    assert page.revisions.order_by("-pk").first().user == second
    act(second, page)
    assert live(page)


def test_approving_is_the_main_button(first, second):
    page = write(first)
    submit(first, page)
    menu = signed_in(second).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["action_menu"]
    assert menu.default_item.name == "approve"
    menu = signed_in(first).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["action_menu"]
    assert "approve" not in [item.name for item in [menu.default_item, *menu.menu_items]]


def test_who_changes_and_approves_in_one_go_is_refused(first, second):
    page = write(first)
    submit(first, page)
    more = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = signed_in(second).post(address, page_form("Over ons", text="<p>Stiekem</p>", **more))
    assert response.status_code in (302, 403)
    assert not live(page)


def test_the_door_of_the_task_itself_is_shut_for_the_submitter(first):
    page = write(first)
    submit(first, page)
    state = WorkflowState.objects.get(object_id=str(page.pk)).current_task_state
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, first, "approve")


def test_submitting_somebody_elses_text_does_not_let_the_writer_approve(first, second):
    page = write(first)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    # The second editor submits without a change of their own; the text is still the first's.
    page.get_workflow().start(page, second)
    act(first, page)
    assert not live(page)
    assert signed_in(first).get(address).status_code == 200


def test_asking_for_changes_and_submitting_again(first, second):
    page = write(first)
    submit(first, page)
    act(second, page, "reject")
    assert WorkflowState.objects.get(object_id=str(page.pk)).status == "needs_changes"
    submit(first, page, text="<p>Beter</p>")
    act(second, page)
    assert live(page)


def test_both_editors_see_what_waits(first, second):
    page = write(first)
    submit(first, page)
    assert list(TaskState.objects.reviewable_by(second).values_list("workflow_state__object_id", flat=True)) == [
        str(page.pk)
    ]
    assert "Over ons" in signed_in(second).get(reverse("wagtailadmin_home")).content.decode()
    assert not TaskState.objects.reviewable_by(first).exists()
    assert "Over ons" in signed_in(first).get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("name", ["unpublish", "delete", "set_privacy"])
def test_editors_do_not_take_pages_off_the_site_alone(first, name):
    page = standard("Contact")
    address = {"set_privacy": "wagtailadmin_pages:set_privacy"}.get(name, f"wagtailadmin_pages:{name}")
    signed_in(first).post(reverse(address, args=[page.pk]))
    page.refresh_from_db()
    assert page.live
    assert not page.view_restrictions.exists()


def test_an_approved_page_waits_for_its_moment(first, second, client):
    moment = timezone.localtime() + timedelta(days=2)
    page = write(first, go_live_at=moment.strftime("%Y-%m-%d %H:%M"))
    submit(first, page, go_live_at=moment.strftime("%Y-%m-%d %H:%M"))
    act(second, page)
    assert not live(page)
    revision = StandardPage.objects.get(pk=page.pk).get_latest_revision()
    assert revision.approved_go_live_at is not None
    past = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    assert live(page)
    assert client.get("/nl/over-ons/").status_code == 200


def test_what_waits_for_its_moment_can_be_held_back(first, second):
    moment = timezone.localtime() + timedelta(days=2)
    page = write(first)
    submit(first, page, go_live_at=moment.strftime("%Y-%m-%d %H:%M"))
    act(second, page)
    revision = StandardPage.objects.get(pk=page.pk).scheduled_revision
    signed_in(first).post(reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, revision.pk]))
    assert StandardPage.objects.get(pk=page.pk).scheduled_revision is None


def test_a_page_expires(client):
    page = standard("Tijdelijk")
    StandardPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled", verbosity=0)
    assert client.get("/nl/tijdelijk/").status_code == 404


def test_the_schedule_publishes(monkeypatch):
    from academy.cms import schedule
    from academy.core import periodic

    called = []
    monkeypatch.setattr(schedule, "call_command", lambda name, **options: called.append(name))
    periodic.run_due()
    assert called == ["publish_scheduled"]
