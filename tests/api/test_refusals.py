"""Whatever goes wrong is told in one form, with the right status, in the person's language."""

import json
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from rest_framework.throttling import AnonRateThrottle

from courses.catalogue.api import CourseViewSet
from courses.enrolment import services
from courses.enrolment.models import Enrolment
from tests import factories as f

from .asking import BASE, Program, is_refusal, of

pytestmark = pytest.mark.django_db
ENROLMENTS = f"{BASE}enrolments/"
LONG = "x" * 10_000
DEEP = "[" * 60_000 + "]" * 60_000


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1/",
        "/api/v2/courses/",
        f"{BASE}nothing/",
        f"{BASE}courses/NO-SUCH/",
        f"{BASE}courses/BLS-01/runs/",
        f"{BASE}courses/{LONG}/",
        f"{BASE}courses/a%00b/",
        f"{BASE}courses/%3Cscript%3E/",
        f"{BASE}runs/é/",
        f"{BASE}runs/NO-01.2026-01/",
        f"{BASE}tracks/%ff%fe/",
        f"{BASE}tracks/T%00/",
        f"{BASE}certificates/verify/{LONG}",
        f"{BASE}certificates/verify/a%00b",
        f"{BASE}courses/?cursor=nonsense",
        f"{BASE}courses/?cursor=cD1hYmM%3D",
        f"{BASE}courses/?cursor=cD0lMDA%3D",
        f"{BASE}courses/?cursor=bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk5JnA9eA%3D%3D",
    ],
)
def test_unknown_addresses(address):
    is_refusal(Program().get(address), 404, "unknown")


@pytest.mark.parametrize(
    "address", ["enrolments/1/", "enrolments/999999999999999999/", "certificates/x/", "certificates/?cursor=cD1hYmM="]
)
def test_unknown_to_this_person(address):
    is_refusal(of(f.member()).get(BASE + address), 404, "unknown")


def test_an_address_without_its_last_slash_is_found():
    f.course(code="BLS-01")
    assert Program().get(f"{BASE}courses/BLS-01", follow=True).status_code == 200


@pytest.mark.parametrize("address", ["enrolments/", "enrolments/1/", "certificates/", "certificates/x/"])
def test_not_signed_in(address):
    response = Program().get(BASE + address)
    is_refusal(response, 401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("address", ["courses/", "enrolments/", "search/", "certificates/", "tracks/T-1/"])
def test_methods_that_there_are_not(method, address):
    response = getattr(of(f.member()), method)(BASE + address)
    is_refusal(response, 405, "method_not_allowed")
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml", "nonsense"])
def test_other_kinds_of_body(kind):
    is_refusal(of(f.member()).send(ENROLMENTS, "run=1", content_type=kind), 415, "unsupported_media_type")


def test_other_kinds_of_answer():
    is_refusal(Program(Accept="text/html").get(f"{BASE}courses/"), 406, "not_acceptable")


@pytest.mark.parametrize("key", ["", "k"], ids=["plain", "with a key"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "{'run': 1}",
        '{"run": NaN}',
        b"\xff\xfe\x00",
        DEEP,
        "null",
        "[]",
        "[1, [2]]",
        "7",
        "true",
        '"BLS-01"',
        "{}",
        '{"run": null}',
        '{"run": ""}',
        '{"run": "   "}',
        '{"run": ["BLS-01"]}',
        '{"run": {"number": "BLS-01"}}',
        '{"run": true}',
        '{"run": "a\\u0000b"}',
        '{"run": "\\ud800"}',
        json.dumps({"run": LONG}),
        json.dumps({"run": [[[[LONG]]]]}),
        json.dumps({LONG: LONG}),
    ],
)
def test_bodies_of_wrong_type_are_refused_and_change_nothing(body, key):
    f.run()
    program = of(f.member())
    more = {"headers": {"Idempotency-Key": key}} if key else {}
    is_refusal(program.send(ENROLMENTS, body, **more), 400, "invalid")
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("body", ["[]", '{"reason": []}', '{"reason": null}', '{"reason": "a\\u0000"}', "{"])
def test_cancelling_with_a_wrong_body_changes_nothing(body):
    person = f.member()
    enrolment = services.enrol(person=person, run=f.run())
    is_refusal(of(person).send(f"{ENROLMENTS}{enrolment.pk}/cancel/", body), 400, "invalid")
    is_refusal(of(person).send(f"{ENROLMENTS}{enrolment.pk}/cancel/", {"reason": LONG}), 400, "invalid")
    enrolment.refresh_from_db()
    assert enrolment.state == "associated"


@pytest.mark.parametrize("number", [0, 12.5, 10**30, "NO-01.2026-01", "١٢٣", "💊", "<b>", "'; DROP TABLE"])
def test_a_run_that_there_is_not_and_one_that_is_hidden_are_answered_alike(number):
    hidden = f.run(f.course(visibility="members"))
    program = of(f.member(f.organisation("zgt")))
    first = is_refusal(program.send(ENROLMENTS, {"run": number}), 404, "unknown")
    assert first == is_refusal(program.send(ENROLMENTS, {"run": hidden.number}), 404)
    assert list(first["fields"]) == ["run"]


def test_a_state_that_does_not_allow_it():
    run = f.run(seats=1, waiting_list=False)
    services.enrol(person=f.member(), run=run)
    is_refusal(of(f.member()).send(ENROLMENTS, {"run": run.number}), 409, "run_full")


@pytest.mark.parametrize(
    ("asked", "preferred", "words"),
    [
        ("en", "nl", "We could not find this."),
        ("nl", "en", "We konden dit niet vinden."),
        ("", "en", "We could not find this."),
        ("", "nl", "We konden dit niet vinden."),
        ("de, en;q=0.5", "nl", "We could not find this."),
        ("nonsense \x01", "nl", "We konden dit niet vinden."),
    ],
)
def test_the_language_is_the_one_asked_for_or_else_the_persons_own(asked, preferred, words):
    response = of(f.member(preferred_language=preferred), language=asked).get(f"{ENROLMENTS}1/")
    assert is_refusal(response, 404)["detail"] == words


@pytest.mark.parametrize(("language", "words"), [("en", "This field is required."), ("nl", "Vul dit in.")])
def test_fields_speak_the_language_too(language, words):
    body = is_refusal(of(f.member(), language=language).send(ENROLMENTS), 400)
    assert body["fields"] == {"run": [words]}


def test_too_many_requests():
    with (
        patch.object(CourseViewSet, "throttle_classes", [AnonRateThrottle]),
        patch.object(AnonRateThrottle, "get_rate", lambda self: "2/min"),
    ):
        answers = [Program().get(f"{BASE}courses/") for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    is_refusal(answers[-1], 429, "too_many_requests")
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_what_breaks_tells_nothing_of_itself():
    with patch("courses.catalogue.api.courses_with_facts", side_effect=RuntimeError("secret of the house")):
        body = is_refusal(Program().get(f"{BASE}courses/"), 500, "server_error")
    assert "secret" not in str(body)


def test_what_django_itself_forbids():
    with patch("courses.catalogue.api.courses_with_facts", side_effect=PermissionDenied("secret of the house")):
        body = is_refusal(Program().get(f"{BASE}courses/"), 403, "not_allowed")
    assert "secret" not in str(body)


def test_a_host_that_is_not_ours():
    is_refusal(Program().get(f"{BASE}courses/", headers={"Host": "evil.example"}), 400, "invalid")


def test_pages_keep_their_own_errors():
    for address in ("/nl/nothing/", "/nl/api/v1/nothing/", "/apiv1/"):
        response = Client().get(address, follow=True)
        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")
