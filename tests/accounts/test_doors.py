"""Every door of login leads to allauth, which asks for the second factor; nothing else takes a password."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from academy.accounts.models import Role
from tests import factories as f

pytestmark = pytest.mark.django_db
PASSWORD = "wachtwoord voor de test"


def confirmed(**columns):
    person = f.person(**columns)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def code_for(secret: str) -> str:
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06d}"


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/nl/_util/login/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_doors_lead_to_the_one_login(client, door, method):
    person = confirmed()
    typed = {"username": person.email, "password": PASSWORD, "login": person.email}
    response = getattr(client, method)(door, typed)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_the_way_to_the_admin_is_kept(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"


def test_resetting_a_password_has_one_door_too(client):
    assert client.get("/admin/password_reset/")["Location"] == "/accounts/password/reset/"
    assert client.get("/admin/password_reset/confirm/a/b/")["Location"] == "/accounts/password/reset/"


@pytest.mark.parametrize("address", ["/django-admin/", "/django-admin/login/", "/api-auth/login/", "/admin/django/"])
def test_djangos_own_admin_and_the_apis_login_have_no_address(client, address):
    response = client.post(address, {"username": "a", "password": "b"}, follow=True)
    assert "django administration" not in response.content.decode().lower()
    client.force_login(f.member(role=Role.ADMINISTRATOR))
    assert client.get(address, follow=True).status_code == 404


def test_somebody_without_a_role_there_is_told_so_and_not_sent_in_circles(client):
    client.force_login(f.member())
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1


def test_wagtails_account_page_changes_neither_password_nor_address(client):
    client.force_login(f.member(role=Role.EDITOR))
    response = client.get("/admin/account/")
    assert response.status_code == 200
    html = response.content.decode()
    assert 'type="password"' not in html
    assert 'type="email"' not in html


@pytest.mark.parametrize("address", ["/admin/users/", "/admin/users/new/", "/admin/groups/", "/admin/groups/new/"])
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.EDITOR])
def test_wagtails_screens_for_people_and_groups_are_closed(client, address, role):
    client.force_login(f.member(role=role))
    assert client.get(address).status_code == 404


def test_the_password_alone_is_not_enough_with_a_second_factor(client):
    person = confirmed()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_recovery_code_opens_once():
    person = confirmed()
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    for expected in (True, False):
        visitor = Client()
        visitor.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        visitor.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in visitor.session) is expected


def test_the_second_factor_is_set_up_after_showing_again_who_it_is(client):
    person = confirmed()
    client.force_login(person)
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    kept = Authenticator.objects.get(user=person, type="totp")
    assert secret not in str(kept.data)


def test_guessing_a_password_is_stopped_by_account():
    person = confirmed()
    for _attempt in range(5):
        Client().post("/accounts/login/", {"login": person.email, "password": "wrong"})
    visitor = Client()
    response = visitor.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert response.status_code == 200
    assert "_auth_user_id" not in visitor.session


def test_guessing_is_stopped_by_address_behind_a_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()

    def attempt(address, n):
        headers = {"X-Forwarded-For": f"203.0.113.{n}, {address}"}
        return Client(headers=headers).post("/accounts/login/", {"login": f"x{n}@example.org", "password": "wrong"})

    answers = [attempt("198.51.100.7", n).status_code for n in range(31)]
    assert answers[-1] == 429
    assert attempt("198.51.100.8", 99).status_code == 200


def test_without_a_proxy_the_header_says_nothing():
    cache.clear()
    answers = [
        Client(headers={"X-Forwarded-For": f"203.0.113.{n}"})
        .post("/accounts/login/", {"login": f"x{n}@example.org", "password": "wrong"})
        .status_code
        for n in range(31)
    ]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("role", "led"),
    [(Role.COURSE_MANAGER, True), (Role.ADMINISTRATOR, True), (Role.EDITOR, False), (Role.TEAM_MANAGER, False)],
)
def test_roles_that_decide_need_a_second_factor_in_production(client, settings, role, led):
    settings.SECOND_FACTOR_REQUIRED = True
    person = f.member(role=role, at=f.unit() if role == Role.TEAM_MANAGER else None)
    client.force_login(person)
    response = client.get(reverse("accounts:profile"))
    assert (response.status_code == 302 and response["Location"] == "/accounts/2fa/totp/activate/") is led
    TOTP.activate(person, generate_totp_secret())
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_the_api_says_that_the_second_factor_is_missing(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(f.member(role=Role.COURSE_MANAGER))
    response = client.get("/api/v1/enrolments/")
    assert (response.status_code, response.json()["code"]) == (403, "second_factor_needed")
