"""Pages of enrolment: what people see, press and get back; and what nobody else sees."""

from datetime import timedelta

import pytest
from django.urls import reverse

from academy.accounts.models import Role
from academy.core import clock
from courses.enrolment import services
from courses.enrolment.errors import TooLateToCancel
from courses.enrolment.models import Enrolment
from courses.enrolment.states import EnrolmentState as S
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    """`signed_in(person)` gives the client of this person."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def enrol_url(run) -> str:
    return reverse("enrolment:enrol", kwargs={"number": run.number})


def test_a_visitor_is_sent_to_the_login_and_comes_back(client):
    answer = client.get(enrol_url(f.run()))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/nl/")


def test_one_press_on_the_course_page_enrols_and_confirms(signed_in):
    run, person = f.run(), f.member()
    client = signed_in(person)
    page = client.get(run.course.get_absolute_url()).content.decode()
    assert enrol_url(run) in page
    answer = client.post(enrol_url(run), {"person": person.pk}, follow=True)
    assert answer.status_code == 200
    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.state) == (person, S.ASSOCIATED)
    assert reverse("enrolment:invitation", kwargs={"pk": enrolment.pk}) in answer.content.decode()


def test_a_double_click_enrols_once(signed_in):
    run, person = f.run(), f.member()
    client = signed_in(person)
    for _click in range(2):
        client.post(enrol_url(run), {"person": person.pk})
    assert Enrolment.objects.count() == 1


def test_nobody_enrols_a_stranger_by_changing_the_form(signed_in):
    run, stranger = f.run(), f.member()
    answer = signed_in(f.member()).post(enrol_url(run), {"person": stranger.pk})
    assert answer.status_code == 200
    assert not Enrolment.objects.exists()


def test_a_team_manager_chooses_for_whom(signed_in):
    team = f.unit(f.organisation("mst"))
    lead, colleague = f.member(at=team, role=Role.TEAM_MANAGER), f.member(at=team)
    run = f.run()
    client = signed_in(lead)
    assert colleague.full_name in client.get(enrol_url(run)).content.decode()
    client.post(enrol_url(run), {"person": colleague.pk})
    assert Enrolment.objects.get().person == colleague


def test_the_waiting_list_tells_the_position(signed_in):
    run, person = f.run(seats=1), f.member(preferred_language="en")
    services.enrol(person=f.member(), run=run)
    services.enrol(person=f.member(), run=run)
    mine = services.enrol(person=person, run=run)
    page = signed_in(person).get(f"/en/enrolments/{mine.pk}/").content.decode()
    assert "You are number 2 on the waiting list" in page


def test_other_peoples_enrolments_do_not_exist(signed_in):
    enrolment = services.enrol(person=f.member(), run=f.run())
    client = signed_in(f.member())
    for name in ("detail", "invitation", "decide"):
        assert client.get(reverse(f"enrolment:{name}", kwargs={"pk": enrolment.pk})).status_code == 404
    assert client.post(reverse("enrolment:cancel", kwargs={"pk": enrolment.pk})).status_code == 404


def test_cancelling_frees_the_seat_and_offers_the_way_back(signed_in):
    run, person = f.run(), f.member()
    enrolment = services.enrol(person=person, run=run)
    url = reverse("enrolment:cancel", kwargs={"pk": enrolment.pk})
    answer = signed_in(person).post(url, {"reason": "ziek"}, follow=True)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == (S.CANCELLED, "ziek")
    assert enrol_url(run) in answer.content.decode()
    assert [str(message) for message in answer.context["messages"]] == [
        f"Je bent niet meer ingeschreven voor {run.course.title_nl}."
    ]


def test_a_refused_cancel_says_why(signed_in):
    run, person = f.run(days=1), f.member()
    enrolment = services.enrol(person=person, run=run)
    url = reverse("enrolment:cancel", kwargs={"pk": enrolment.pk})
    client = signed_in(person)
    with clock.at(clock.start_of(run.starts_on)):
        answer = client.post(url, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [str(TooLateToCancel.message)]


def test_the_invitation_is_a_calendar_with_every_session(signed_in):
    run, person = f.run(sessions=2), f.member()
    enrolment = services.enrol(person=person, run=run)
    answer = signed_in(person).get(reverse("enrolment:invitation", kwargs={"pk": enrolment.pk}))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert (text.count("BEGIN:VEVENT"), "METHOD:REQUEST" in text) == (2, True)


def test_a_course_for_members_hides_its_runs(signed_in):
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    run = f.run(f.course(owners=[mst], visibility="members"))
    client = signed_in(f.member(zgt))
    assert client.get(enrol_url(run)).status_code == 404
    assert client.get(run.course.get_absolute_url()).status_code == 404
    assert client.get(f"/id/{run.number}").status_code == 404


def test_approving_and_refusing(signed_in):
    team = f.unit(f.organisation("mst"))
    lead = f.member(at=team, role=Role.TEAM_MANAGER)
    run = f.run(f.course(approval_required=True))
    first, second = (services.enrol(person=f.member(at=team), run=run) for _n in range(2))
    client = signed_in(lead)
    assert client.get(reverse("enrolment:approvals")).content.decode().count('<form method="post" action="/nl/') == 2
    client.post(reverse("enrolment:decide", kwargs={"pk": first.pk}), {"decision": "approve"})
    refused = client.post(reverse("enrolment:decide", kwargs={"pk": second.pk}), {"decision": "deny", "reason": ""})
    assert (refused.status_code, 'aria-invalid="true"' in refused.content.decode()) == (200, True)
    client.post(reverse("enrolment:decide", kwargs={"pk": second.pk}), {"decision": "deny", "reason": "Later"})
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, second.state, second.reason) == (S.ASSOCIATED, S.DENIED, "Later")


@pytest.fixture
def taught():
    """A run that began today, its trainer, and a participant."""
    run = f.run(days=1)
    trainer, person = f.member(), f.member()
    run.trainers.add(trainer)
    enrolment = services.enrol(person=person, run=run)
    with clock.at(clock.start_of(run.starts_on) + timedelta(hours=14)):
        yield run, trainer, enrolment


def test_the_trainer_records_attendance_and_outcome(taught, signed_in):
    run, trainer, enrolment = taught
    client = signed_in(trainer)
    assert enrolment.person.full_name in client.get(run.get_desk_url()).content.decode()
    session = run.sessions.get()
    sheet = reverse("enrolment:attendance", kwargs={"number": run.number, "session": session.pk})
    client.post(sheet, {f"p{enrolment.pk}": "present"})
    assert enrolment.attendance.get().state == "present"
    outcome = reverse("enrolment:outcome", kwargs={"number": run.number, "pk": enrolment.pk})
    assert client.post(outcome, {"outcome": "completed", "score": "150"}).status_code == 200
    client.post(outcome, {"outcome": "completed", "score": "90"})
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.outcome, enrolment.score) == (S.FINISHED, "completed", 90)


def test_everybody_who_was_present_completes_with_one_press(taught, signed_in):
    run, trainer, enrolment = taught
    services.record_attendance(session=run.sessions.get(), marks={enrolment.pk: "present"}, actor=trainer)
    signed_in(trainer).post(reverse("enrolment:complete-present", kwargs={"number": run.number}))
    enrolment.refresh_from_db()
    assert enrolment.outcome == "completed"


def test_the_run_desk_does_not_exist_for_others(taught, signed_in):
    run, _trainer, enrolment = taught
    client = signed_in(enrolment.person)
    assert client.get(run.get_desk_url()).status_code == 404
    assert client.post(reverse("enrolment:cancel-run", kwargs={"number": run.number})).status_code == 404


def test_the_course_manager_adds_somebody_and_keeps_what_was_typed(signed_in):
    mst = f.organisation("mst")
    manager, person = f.member(mst, role=Role.COURSE_MANAGER), f.member(mst)
    run = f.run(f.course(owners=[mst]), seats=1)
    services.enrol(person=f.member(), run=run)
    url = reverse("enrolment:add-person", kwargs={"number": run.number})
    client = signed_in(manager)
    unknown = client.post(url, {"email": "nobody@example.org"})
    assert (unknown.status_code, "nobody@example.org" in unknown.content.decode()) == (400, True)
    without_reason = client.post(url, {"email": person.email, "over": "on"})
    assert without_reason.status_code == 400
    client.post(url, {"email": person.email, "over": "on", "reason": "Begint maandag"})
    assert Enrolment.objects.get(person=person).over_enrolled


def test_calling_off_from_the_desk(signed_in):
    mst = f.organisation("mst")
    run = f.run(f.course(owners=[mst]))
    services.enrol(person=f.member(), run=run)
    client = signed_in(f.member(mst, role=Role.COURSE_MANAGER))
    url = reverse("enrolment:cancel-run", kwargs={"number": run.number})
    assert client.post(url, {"reason_nl": ""}).status_code == 200
    client.post(url, {"reason_nl": "Docent ziek"})
    run.refresh_from_db()
    assert run.cancelled_at
    assert "Docent ziek" in client.get(run.get_desk_url()).content.decode()


def test_a_sheet_that_stood_open_takes_nothing_back(taught, signed_in):
    run, trainer, enrolment = taught
    session = run.sessions.get()
    services.record_attendance(session=session, marks={enrolment.pk: "absent"}, actor=None)
    services.record_attendance(session=session, marks={enrolment.pk: "present"}, actor=None)
    address = reverse("enrolment:attendance", kwargs={"number": run.number, "session": session.pk})
    signed_in(trainer).post(address, {f"p{enrolment.pk}": "absent", f"seen{enrolment.pk}": "absent"})
    assert enrolment.attendance.get().state == "present"


def test_the_course_manager_takes_somebody_off_a_run_that_has_begun(signed_in):
    run, person = f.run(days=0, sessions=2, enrolment_closes_on=clock.today()), f.member()
    enrolment = services.enrol(person=person, run=run)
    browser = signed_in(f.member(run.organisation, role=Role.COURSE_MANAGER))
    address = reverse("enrolment:detail", kwargs={"pk": enrolment.pk})
    assert address in browser.get(run.get_desk_url()).content.decode()
    page = browser.get(address)
    assert (page.context["own"], page.context["may_cancel"]) == (False, True)
    browser.post(reverse("enrolment:cancel", kwargs={"pk": enrolment.pk}), {"reason": "Op verzoek"})
    enrolment.refresh_from_db()
    assert enrolment.state == "cancelled"


def test_the_auditor_sees_an_enrolment_and_changes_nothing(signed_in):
    run = f.run()
    enrolment = services.enrol(person=f.member(), run=run)
    browser = signed_in(f.member(run.organisation, role=Role.AUDITOR))
    page = browser.get(reverse("enrolment:detail", kwargs={"pk": enrolment.pk}))
    assert (page.status_code, page.context["may_cancel"]) == (200, False)


def test_what_is_needed_before_is_not_named_to_whom_it_is_not_there(signed_in):
    seen, draft = f.course(title_nl="Zichtbaar"), f.course(title_nl="Geheim", live=False)
    run, person = f.run(f.course(prerequisites=[draft])), f.member()
    both = f.run(f.course(prerequisites=[seen, draft]))
    browser = signed_in(person)
    pages = [browser.get(enrol_url(run)), browser.post(enrol_url(run), {"person": person.pk})]
    pages += [browser.get(enrol_url(both)), browser.post(enrol_url(both), {"person": person.pk})]
    texts = [page.content.decode() for page in pages]
    assert [("Zichtbaar" in text, "Geheim" in text) for text in texts] == [(False, False)] * 2 + [(True, False)] * 2
    assert not Enrolment.objects.exists()
