"""The check and my own certificates as JSON."""

import pytest

from academy.accounts.models import ApiToken
from academy.core.wording import number_token
from courses.certificates import services

from . import building
from .building import TOKEN

pytestmark = pytest.mark.django_db
OWN = "/api/v1/certificates/"


def check(token):
    return f"/api/v1/certificates/verify/{token}"


@pytest.fixture
def certificate(monkeypatch):
    monkeypatch.setattr(services.render, "render", lambda **_facts: b"%PDF-1.7")
    made = services.award(enrolment=building.completed(building.run(building.course(points="4.5"))))
    services.make(made)
    made.refresh_from_db()
    return made


def test_the_check(client, certificate):
    response = client.get(check(certificate.token.lower()))
    assert response.status_code == 200
    assert response.json() == {
        "token": number_token(certificate.token),
        "status": "valid",
        "title": certificate.facts["title"],
        "name": certificate.facts["name"],
        "completed_on": certificate.facts["completed_on"],
        "issued_on": certificate.facts["issued_on"],
        "valid_until": None,
        "points": [{"register": {"nl": "Kwaliteitsregister V&V", "en": ""}, "points": "4.5"}],
        "revoked_at": None,
    }
    assert "no-store" in response["Cache-Control"]


def test_a_revoked_one_tells_neither_name_nor_reason(client, certificate):
    services.revoke(certificate=certificate, actor=building.manager(), reason="Private matter")
    data = client.get(check(certificate.token)).json()
    assert (data["status"], data["name"], data["completed_on"], data["points"]) == ("revoked", None, None, [])
    assert data["revoked_at"]
    assert "Private" not in str(data)


@pytest.mark.parametrize("token", [TOKEN, "x", "é" * 16, "0" * 400])
def test_unknown_numbers(client, token):
    response = client.get(check(token))
    assert (response.status_code, response.json()["code"]) == (404, "unknown")


def test_my_own(client, certificate):
    services.award(enrolment=building.completed())
    services.show_initials(certificate=certificate, actor=certificate.person, initials=True)
    client.force_login(certificate.person)
    (mine,) = client.get(OWN).json()["results"]
    assert (mine["name"], mine["show_initials"]) == (certificate.facts["name"], True)
    assert mine["run"] == certificate.facts["run"]
    assert client.get(mine["file"]).content == b"%PDF-1.7"


def test_a_file_that_waits_has_no_address(client):
    waiting = services.award(enrolment=building.completed())
    client.force_login(waiting.person)
    (mine,) = client.get(OWN).json()["results"]
    assert (mine["status"], mine["file"]) == ("pending", None)


def test_signed_out(client):
    assert client.get(OWN).status_code == 401


@pytest.mark.parametrize(("scopes", "status"), [(["read"], 200), ([], 403)])
def test_scopes(client, certificate, scopes, status):
    secret = ApiToken.new_secret()
    ApiToken.objects.create(
        person=certificate.person, digest=ApiToken.digest_of(secret), start=secret[:8], scopes=scopes
    )
    assert client.get(OWN, headers={"authorization": f"Bearer {secret}"}).status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(client, certificate, rows, django_assert_num_queries):
    for _turn in range(rows - 1):
        services.make(services.award(enrolment=building.completed(who=certificate.person)))
    client.force_login(certificate.person)
    client.get(OWN)
    with django_assert_num_queries(3):  # session, person, certificates
        assert len(client.get(OWN).json()["results"]) == rows
    client.logout()
    with django_assert_num_queries(1):
        client.get(check(certificate.token))
