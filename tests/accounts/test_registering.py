"""From a stranger to a member: registering, confirming, logging in, a forgotten password, another address."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from academy.accounts.models import Membership, Role, Source, User
from academy.core import events, mail
from academy.core.models import Message
from tests import factories as f

pytestmark = pytest.mark.django_db
PASSWORD = "koffie met zeven ganzen"


def register(client: Client, email: str = "mia@mst.example.org", **changes):
    typed = {"email": email, "given_name": "Mia", "infix": "van", "family_name": "Dam", "password1": PASSWORD}
    return client.post("/accounts/signup/", {**typed, **changes})


def link_in_mail() -> str:
    mail.send_waiting()
    body = outbox.outbox[-1].body
    return re.search(rf"{settings.SITE_URL}(/\S+)", body)[1]


def log_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_a_stranger_registers_and_confirms_and_is_logged_in_as_a_member(client):
    hospital = f.organisation("mst", mail_domains=["mst.example.org"])
    assert register(client)["Location"] == "/accounts/confirm-email/"
    person = User.objects.get(email="mia@mst.example.org")
    assert (person.full_name, person.preferred_language) == ("Mia van Dam", "nl")
    assert "_auth_user_id" not in client.session
    link = link_in_mail()
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == reverse("desk:home")
    assert client.session["_auth_user_id"] == str(person.pk)
    membership = person.memberships.get()
    assert (membership.organisation, membership.role, membership.source) == (hospital, Role.MEMBER, Source.DOMAIN)
    verbs = [event.verb for event in events.of(person)]
    assert verbs == ["log_in", "grant_role", "confirm_email", "register"]


def test_an_address_elsewhere_makes_no_member(client):
    f.organisation("mst", mail_domains=["mst.example.org"])
    register(client, "mia@notmst.example.org")
    client.post(link_in_mail())
    assert not Membership.objects.exists()


def test_an_unconfirmed_address_does_not_log_in(client):
    register(client)
    assert log_in(Client(), "mia@mst.example.org")["Location"] == "/accounts/confirm-email/"


def test_the_language_of_the_page_becomes_that_of_the_mails():
    english = Client(headers={"Accept-Language": "en"})
    register(english)
    assert Message.objects.get().language == "en"
    mail.send_waiting()
    assert outbox.outbox[-1].subject == "Confirm your e-mail address"


def test_registering_again_looks_the_same_and_tells_the_owner_only(client):
    person = f.person("mia@mst.example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    assert register(client)["Location"] == "/accounts/confirm-email/"
    assert list(Message.objects.values_list("kind", "to")) == [("account_account_already_exists", person.email)]
    assert User.objects.count() == 1


def test_a_double_click_sends_one_mail(client):
    person = f.person("mia@mst.example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    for _click in range(2):
        client.post("/accounts/password/reset/", {"email": person.email})
    assert Message.objects.count() == 1


def test_no_row_holds_a_link_that_opens_an_account(client):
    register(client)
    client.post("/accounts/password/reset/", {"email": "mia@mst.example.org"})
    for message in Message.objects.all():
        assert set(message.context) <= {"address", "person"}


def test_a_forgotten_password_is_replaced_and_ends_other_sessions(client):
    person = f.person("mia@mst.example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    elsewhere = Client()
    elsewhere.force_login(person)
    client.post("/accounts/password/reset/", {"email": person.email})
    form = client.get(link_in_mail(), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert Message.objects.filter(kind="account_notice").get().context == {"notice": "password_reset"}


def test_asking_for_an_unknown_address_tells_nothing_on_screen(client):
    known = f.person("mia@mst.example.org")
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    answers = [client.post("/accounts/password/reset/", {"email": email}) for email in (known.email, "x@y.nl")]
    assert [answer["Location"] for answer in answers] == ["/accounts/password/reset/done/"] * 2
    assert Message.objects.get(to="x@y.nl").kind == "account_unknown_account"


@pytest.mark.parametrize("password", ["kort", "wachtwoord12", "123456789012", "mia@mst.example.org", "password1234"])
def test_weak_and_breached_passwords_are_refused(client, password):
    response = register(client, password1=password)
    assert response.status_code == 200
    assert "password1" in response.context["form"].errors
    assert not User.objects.exists()


def test_another_address_is_added_confirmed_and_made_the_login(client):
    hospital = f.organisation("zgt", mail_domains=["zgt.example.org"])
    person = f.person("mia@elders.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    log_in_and_show_again(client, person.email)
    client.post("/accounts/email/", {"email": "mia@zgt.example.org", "action_add": "1"})
    client.post(link_in_mail())
    assert person.memberships.in_force().get().organisation == hospital
    client.post("/accounts/email/", {"email": "mia@zgt.example.org", "action_primary": "1"})
    person.refresh_from_db()
    assert person.email == "mia@zgt.example.org"


def test_removing_the_address_ends_the_membership_that_followed_from_it(client):
    f.organisation("zgt", mail_domains=["zgt.example.org"])
    person = f.person("mia@elders.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    log_in_and_show_again(client, person.email)
    client.post("/accounts/email/", {"email": "mia@zgt.example.org", "action_add": "1"})
    client.post(link_in_mail())
    client.post("/accounts/email/", {"email": "mia@zgt.example.org", "action_remove": "1"})
    assert person.memberships.count() == 1
    assert not person.memberships.in_force().exists()


def log_in_and_show_again(client: Client, email: str) -> None:
    """Changing an address asks once more for the password."""
    log_in(client, email, "wachtwoord voor de test")
    client.post("/accounts/reauthenticate/", {"password": "wachtwoord voor de test"})


@pytest.mark.parametrize(
    "kind", ["email_confirmation", "password_reset_key", "account_already_exists", "unknown_account"]
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_mail_is_written_in_both_languages(kind, language):
    person = f.person(preferred_language=language)
    address = EmailAddress.objects.create(user=person, email=person.email)
    mail.write(
        kind=f"account_{kind}",
        to=person.email,
        language=language,
        event_key="test",
        context={"person": person.pk, "address": address.pk},
    )
    assert mail.send_waiting() == 1
    sent = outbox.outbox[-1]
    assert sent.subject
    assert settings.SITE_URL in sent.body
    assert settings.SITE_URL in sent.alternatives[0][0]
