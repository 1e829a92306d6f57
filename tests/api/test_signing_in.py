"""Who asks: personal tokens with their scopes and limits, or a session with its CSRF token."""

import pytest
from django.test import Client

from courses.enrolment import services
from courses.enrolment.models import Enrolment
from tests import factories as f

from .asking import BASE, Program, is_refusal, of, token

pytestmark = pytest.mark.django_db
OWN = f"{BASE}enrolments/"


def test_a_token_opens_what_is_the_persons_own_and_remembers_its_use():
    person = f.member()
    enrolment = services.enrol(person=person, run=f.run())
    services.enrol(person=f.member(), run=f.run())
    (found,) = of(person, "read").get(OWN).json()["results"]
    assert found["id"] == enrolment.pk
    assert person.tokens.get().last_used_at


@pytest.mark.parametrize("scopes", [["read"], [], ["nonsense"]])
def test_without_the_scope_to_write_nothing_is_written(scopes):
    person, run = f.member(), f.run()
    enrolment = services.enrol(person=person, run=f.run())
    program = Program(token(person, *scopes))
    is_refusal(program.send(OWN, {"run": run.number}), 403, "not_allowed")
    is_refusal(program.send(f"{OWN}{enrolment.pk}/cancel/"), 403, "not_allowed")
    assert list(Enrolment.objects.values_list("pk", "state")) == [(enrolment.pk, "associated")]


@pytest.mark.parametrize("address", ["courses/", "runs/", "tracks/", "search/", "suggest/", "enrolments/"])
def test_without_the_scope_to_read_nothing_is_read(address):
    is_refusal(Program(token(f.member(), "write")).get(BASE + address), 403, "not_allowed")


@pytest.mark.parametrize("address", ["courses/", "runs/", "tracks/", "search/", "enrolments/", "certificates/"])
@pytest.mark.parametrize("how", ["expired", "revoked", "unknown", "inactive", "empty", "odd"])
def test_tokens_that_open_nothing(address, how):
    person = f.member()
    secret = {
        "expired": lambda: token(person, "read", days=-1),
        "revoked": lambda: token(person, "read", revoked=True),
        "unknown": lambda: "academy_nonsense",
        "inactive": lambda: token(f.member(is_active=False), "read"),
        "empty": lambda: " ",
        "odd": lambda: "é" * 5_000,
    }[how]()
    is_refusal(Program(secret).get(BASE + address), 401, "not_signed_in")


def test_a_token_without_an_end_goes_on():
    assert Program(token(f.member(), "read", days=None)).get(OWN).status_code == 200


def test_other_ways_to_authorise_are_nobody():
    for header in ("Basic YTpi", "Token abc", "Bearer", ""):
        is_refusal(Client(headers={"Authorization": header}).get(OWN), 401, "not_signed_in")


def test_a_session_writes_with_its_csrf_token_only():
    person, run = f.member(), f.run()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    send = {"data": {"run": run.number}, "content_type": "application/json"}
    is_refusal(client.post(OWN, **send), 403, "not_allowed")
    assert not Enrolment.objects.exists()
    client.get("/accounts/email/")  # a page with a form
    wrong = {"X-CSRFToken": "x" * 32}
    is_refusal(client.post(OWN, **send, headers=wrong), 403, "not_allowed")
    right = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert client.post(OWN, **send, headers=right).status_code == 201
    assert Enrolment.objects.get().person == person


def test_a_token_needs_no_csrf_token():
    person, run = f.member(), f.run()
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token(person, 'write')}"})
    answer = client.post(OWN, {"run": run.number}, content_type="application/json")
    assert answer.status_code == 201


def test_somebody_elses_does_not_exist():
    enrolment = services.enrol(person=f.member(), run=f.run())
    program = of(f.member())
    is_refusal(program.get(f"{OWN}{enrolment.pk}/"), 404, "unknown")
    is_refusal(program.send(f"{OWN}{enrolment.pk}/cancel/"), 404, "unknown")
    enrolment.refresh_from_db()
    assert enrolment.state == "associated"


def test_answers_for_somebody_are_kept_by_no_cache():
    for address in ("enrolments/", "courses/"):
        answer = of(f.member()).get(BASE + address)
        assert "no-store" in answer.headers.get("Cache-Control", ""), address
