"""My account: profile, keys, own data; what was typed stays, nobody else's is touched."""

import json

import pytest
from django.urls import reverse

from academy.accounts.models import ApiToken
from academy.core import events
from academy.taxonomy.models import Register
from tests import factories as f

pytestmark = pytest.mark.django_db
PAGES = ["accounts:profile", "accounts:tokens", "accounts:data"]


@pytest.fixture
def person(client):
    user = f.member()
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_for_a_login_and_are_kept_by_no_cache(client, name):
    assert client.get(reverse(name))["Location"].startswith("/accounts/login/")
    client.force_login(f.person())
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.count(b"<h1>") == 1


def test_the_profile_is_saved_and_logged_without_the_values(client, person):
    big = Register.objects.create(key="big", name_nl="BIG", number_pattern=r"\d{11}")
    typed = {"given_name": "Ånna", "infix": "", "family_name": "ب", "preferred_language": "en"}
    client.post(reverse("accounts:profile"), {**typed, f"register_{big.pk}": "12345678901"})
    person.refresh_from_db()
    assert (person.full_name, person.preferred_language) == ("Ånna ب", "en")
    assert person.register_numbers.get().number == "12345678901"
    event = events.of(person).get(verb="change_profile")
    assert event.data == {"fields": ["given_name", "family_name", "preferred_language"]}


def test_a_refused_profile_changes_nothing_and_keeps_what_was_typed(client, person):
    big = Register.objects.create(key="big", name_nl="BIG", number_pattern=r"\d{11}")
    before = person.full_name
    typed = {"given_name": "<b>A</b>", "family_name": "B" * 10_000, "preferred_language": "nl"}
    response = client.post(reverse("accounts:profile"), {**typed, f"register_{big.pk}": "12"})
    html = response.content.decode()
    assert response.status_code == 400
    assert "&lt;b&gt;A&lt;/b&gt;" in html
    assert 'class="error-summary"' in html
    assert set(response.context["form"].errors) == {"family_name", f"register_{big.pk}"}
    person.refresh_from_db()
    assert person.full_name == before


def test_a_token_is_shown_once_opens_the_api_within_its_scope_and_is_withdrawn(client, person):
    page = client.post(reverse("accounts:tokens"), {"name": "Rooster", "scopes": ["read"], "last_day": "2999-01-01"})
    assert page.status_code == 400
    from academy.core import clock

    typed = {"name": "Rooster", "scopes": ["read"], "last_day": clock.today().isoformat()}
    secret = client.post(reverse("accounts:tokens"), typed).context["secret"]
    assert secret not in client.get(reverse("accounts:tokens")).content.decode()
    client.logout()
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/enrolments/", headers=bearer).status_code == 200
    refused = client.post("/api/v1/enrolments/", {"run": "x"}, content_type="application/json", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    token = ApiToken.objects.get()
    client.force_login(f.person())
    assert client.post(reverse("accounts:withdraw-token", args=[token.pk])).status_code == 404
    client.force_login(person)
    client.post(reverse("accounts:withdraw-token", args=[token.pk]))
    client.logout()
    answer = client.get("/api/v1/enrolments/", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer academy_wrong", "Bearer ☃", "Bearer " + "x" * 9000])
def test_a_wrong_token_is_refused_in_words(client, header):
    response = client.get("/api/v1/enrolments/", headers={"Authorization": header.encode("utf-8").decode("latin-1")})
    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


def test_own_data_is_a_file(client, person):
    response = client.post(reverse("accounts:export"), {"purpose": "archief"})
    assert response["Content-Disposition"].startswith("attachment")
    assert json.loads(response.content)["account"]["email"] == person.email
    assert events.of(person).get(verb="export").reason == "archief"
