"""People administration in Wagtail's admin: the own organisation only, auditors read, nobody else comes in."""

import pytest
from django.urls import reverse

from academy.accounts.models import Membership, Role, Unit
from academy.core import clock, events
from academy.core.models import Event, Message
from tests import factories as f

pytestmark = pytest.mark.django_db
LISTS = ["accounts_people", "accounts_organisations", "accounts_messages", "accounts_work"]


@pytest.fixture
def mst():
    return f.organisation("mst")


@pytest.fixture
def boss(client, mst):
    user = f.member(mst, role=Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def message(to, **columns):
    return Message.objects.create(
        kind="account_notice", to=to.email, person_id=str(to.pk), event_key="k", language="nl", **columns
    )


@pytest.mark.parametrize("name", [*LISTS, "accounts_events"])
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMINISTRATOR, LISTS),
        (Role.AUDITOR, [*LISTS, "accounts_events"]),
        (Role.EDITOR, []),
        (Role.COURSE_MANAGER, []),
        ("", []),
    ],
)
def test_lists_open_for_their_roles_only(client, name, role, allowed):
    client.force_login(f.member(role=role))
    assert (client.get(reverse(name)).status_code == 200) is (name in allowed)


def test_people_of_another_hospital_do_not_exist(client, boss):
    stranger = f.member(f.organisation("zgt"))
    assert stranger not in client.get(reverse("accounts_people")).context["page"].object_list
    assert client.get(reverse("accounts_person", args=[stranger.pk])).status_code == 404
    assert client.get(reverse("accounts_people"), {"q": stranger.email}).context["page"].paginator.count == 0


def test_somebody_without_a_role_is_found_by_the_whole_address_and_gets_one(client, boss, mst):
    person = f.person("mia@elders.example")
    assert client.get(reverse("accounts_people"), {"q": "Voornaam"}).context["page"].paginator.count == 1  # boss
    assert list(client.get(reverse("accounts_people"), {"q": person.email}).context["page"]) == [person]
    address = reverse("accounts_person", args=[person.pk])
    typed = {"action": "grant", "role": Role.MEMBER, "organisation": mst.pk}
    assert client.post(address, typed).status_code == 302
    assert person.memberships.get().organisation == mst
    ending = {"action": "end", "membership": person.memberships.get().pk}
    assert client.post(address, ending).status_code == 302
    assert not person.memberships.in_force().exists()


def test_a_role_elsewhere_is_no_choice_and_a_refused_form_keeps_its_values(client, boss, mst):
    person, zgt = f.member(mst), f.organisation("zgt")
    typed = {"action": "grant", "role": Role.TEAM_MANAGER, "organisation": zgt.pk, "reason": "vervanging"}
    response = client.post(reverse("accounts_person", args=[person.pk]), typed)
    assert response.status_code == 400
    assert "vervanging" in response.content.decode()
    assert "organisation" in response.context["role_form"].errors
    typed["organisation"] = mst.pk
    response = client.post(reverse("accounts_person", args=[person.pk]), typed)
    assert "unit" in response.context["role_form"].errors
    assert person.memberships.count() == 1


def test_a_membership_elsewhere_cannot_be_ended(client, boss, mst):
    person = f.member(mst)
    other = Membership.objects.create(person=person, organisation=f.organisation("zgt"), role=Role.EDITOR)
    typed = {"action": "end", "membership": other.pk}
    assert client.post(reverse("accounts_person", args=[person.pk]), typed).status_code == 404


def test_shutting_out_letting_in_and_logging_out(client, boss, mst):
    person = f.member(mst)
    address = reverse("accounts_person", args=[person.pk])
    assert client.post(address, {"action": "deactivate"}).status_code == 400
    client.post(address, {"action": "deactivate", "reason": "uit dienst"})
    person.refresh_from_db()
    assert not person.is_active
    client.post(address, {"action": "reactivate", "reason": "terug"})
    client.post(address, {"action": "sessions"})
    verbs = list(events.of(person).exclude(verb="read").values_list("verb", flat=True))
    assert verbs == ["end_sessions", "reactivate", "deactivate"]


def test_nobody_shuts_out_or_promotes_oneself(client, boss, mst):
    address = reverse("accounts_person", args=[boss.pk])
    client.post(address, {"action": "deactivate", "reason": "x"})
    client.post(address, {"action": "grant", "role": Role.COURSE_MANAGER, "organisation": mst.pk})
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.memberships.count() == 2


@pytest.mark.parametrize("action", ["", "unknown", "__class__"])
def test_an_unknown_action_is_unknown(client, boss, mst, action):
    assert client.post(reverse("accounts_person", args=[f.member(mst).pk]), {"action": action}).status_code == 404


def test_an_auditor_reads_everybody_and_changes_nothing(client, mst):
    person = f.member(f.organisation("zgt"))
    client.force_login(f.member(mst, role=Role.AUDITOR))
    address = reverse("accounts_person", args=[person.pk])
    html = client.get(address).content.decode()
    assert 'name="action"' not in html
    client.post(address, {"action": "deactivate", "reason": "x"})
    client.post(address, {"action": "grant", "role": Role.MEMBER, "organisation": mst.pk})
    person.refresh_from_db()
    assert (person.is_active, person.memberships.count()) == (True, 1)


def test_looking_at_people_is_logged(client, boss, mst):
    person = f.member(mst)
    client.get(reverse("accounts_people"))
    client.get(reverse("accounts_person", args=[person.pk]))
    seen = Event.objects.filter(actor_id=str(boss.pk)).exclude(verb="log_in")
    assert list(seen.values_list("verb", "object_id")) == [("read", str(person.pk)), ("list", str(boss.pk))]


def test_the_organisation_and_its_units_are_kept(client, boss, mst):
    address = reverse("accounts_organisation", args=[mst.pk])
    typed = {"name_nl": "MST", "short_name": "MST", "mail_domains": "MST.nl\n\nmst.example.org"}
    assert client.post(address, typed).status_code == 302
    mst.refresh_from_db()
    assert mst.mail_domains == ["mst.nl", "mst.example.org"]
    assert client.post(address, {**typed, "mail_domains": "nodot"}).context["form"].errors["mail_domains"]
    added = {"organisation": mst.pk, "key": "ic", "name_nl": "Intensive care"}
    assert client.post(reverse("accounts_unit_add"), added).status_code == 302
    unit = Unit.objects.get(key="ic")
    client.post(reverse("accounts_unit", args=[unit.pk]), {**added, "name_nl": "IC"})
    unit.refresh_from_db()
    assert unit.name_nl == "IC"
    client.post(reverse("accounts_unit_delete", args=[unit.pk]))
    assert not Unit.objects.exists()


def test_organisations_and_units_of_others_do_not_exist(client, boss):
    zgt = f.organisation("zgt")
    unit = f.unit(zgt)
    assert client.get(reverse("accounts_organisation", args=[zgt.pk])).status_code == 404
    assert client.get(reverse("accounts_unit", args=[unit.pk])).status_code == 404
    assert client.post(reverse("accounts_unit_delete", args=[unit.pk])).status_code == 404
    added = {"organisation": zgt.pk, "key": "x", "name_nl": "X"}
    assert client.post(reverse("accounts_unit_add"), added).status_code == 400


def test_an_auditor_does_not_change_organisations(client, mst):
    client.force_login(f.member(mst, role=Role.AUDITOR))
    client.post(reverse("accounts_organisation", args=[mst.pk]), {"name_nl": "X", "short_name": "X"})
    mst.refresh_from_db()
    assert mst.name_nl == "Ziekenhuis mst"


def test_a_parked_message_is_woken_and_those_of_others_are_not_shown(client, boss, mst):
    own = message(f.member(mst), parked_at=clock.now(), last_error="SMTPServerDisconnected: gone", attempts=8)
    other = message(f.member(f.organisation("zgt")), parked_at=clock.now())
    page = client.get(reverse("accounts_messages"), {"state": "parked"})
    assert list(page.context["page"]) == [own]
    assert "SMTPServerDisconnected" in page.content.decode()
    assert client.post(reverse("accounts_messages"), {"message": other.pk}).status_code == 404
    client.post(reverse("accounts_messages"), {"message": own.pk})
    own.refresh_from_db()
    assert (own.parked_at, own.attempts) == (None, 0)
    assert events.of(own).get().verb == "wake"


@pytest.mark.parametrize("number", ["", "abc", "²", "9" * 30])
def test_a_number_that_is_none_is_a_row_that_does_not_exist(client, boss, mst, number):
    person = reverse("accounts_person", kwargs={"pk": f.member(mst).pk})
    assert client.post(person, {"action": "end", "membership": number}).status_code == 404
    assert client.post(reverse("accounts_messages"), {"message": number}).status_code == 404


def test_an_auditor_wakes_nothing(client, mst):
    parked = message(f.member(mst), parked_at=clock.now())
    client.force_login(f.member(mst, role=Role.AUDITOR))
    client.post(reverse("accounts_messages"), {"message": parked.pk})
    parked.refresh_from_db()
    assert parked.parked_at


def test_the_event_log_is_filtered_and_reading_it_is_an_event(client, mst):
    auditor, person = f.member(mst, role=Role.AUDITOR), f.person()
    events.record(actor=person, object=person, verb="move")
    client.force_login(auditor)
    page = client.get(reverse("accounts_events"), {"verb": "move", "person": person.email})
    assert [entry["event"].verb for entry in page.context["shown"]] == ["move"]
    assert events.of(auditor).first().verb == "read_log"
    assert client.get(reverse("accounts_events"), {"since": "nonsense"}).status_code == 200


def test_wagtails_own_menus_for_people_are_hidden(client, boss):
    html = client.get(reverse("wagtailadmin_home"), follow=True).content.decode()
    assert "/admin/users/" not in html
    assert "/admin/groups/" not in html
    assert reverse("accounts_people") in html
