"""The same key and body: one effect and the same answer, also when both come at once."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections

from academy.core import clock, idempotency
from academy.core.models import RememberedAnswer
from courses.enrolment.models import Enrolment
from tests import factories as f
from tests.concurrency.racing import at_once


def enrol(client, run, key="k1", body=None, **headers):
    return client.post(
        "/api/v1/enrolments/",
        json.dumps({"run": run.number} if body is None else body),
        content_type="application/json",
        headers={"Idempotency-Key": key, **headers},
    )


@pytest.fixture
def person(client):
    user = f.member()
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_the_first_answer_is_given_again(client, person):
    run = f.run()
    first, again = enrol(client, run), enrol(client, run)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Enrolment.objects.count() == 1


@pytest.mark.django_db
def test_white_space_is_no_other_request_but_another_run_is(client, person):
    run, other = f.run(), f.run()
    enrol(client, run)
    spaced = client.post(
        "/api/v1/enrolments/",
        f'{{  "run":   "{run.number}" }}',
        content_type="application/json",
        headers={"Idempotency-Key": "k1"},
    )
    assert spaced.status_code == 201
    refused = enrol(client, other)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert Enrolment.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_is_an_answer_too(client, person):
    run = f.run(seats=1, waiting_list=False)
    from courses.enrolment import services

    taken = services.enrol(person=f.member(), run=run)
    first = enrol(client, run)
    assert first.status_code == 409
    services.cancel(enrolment=taken, actor=None)
    again = enrol(client, run)
    assert (again.status_code, again.json()) == (409, first.json())
    assert enrol(client, run, key="k2").status_code == 201


@pytest.mark.django_db
def test_a_failure_leaves_no_trace_and_the_key_may_try_again(client, person, monkeypatch):
    run = f.run()
    with monkeypatch.context() as broken:
        broken.setattr("courses.enrolment.services.enrolling.start", lambda **_columns: 1 / 0)
        client.raise_request_exception = False
        assert enrol(client, run).status_code == 500
    assert not RememberedAnswer.objects.exists()
    assert enrol(client, run).status_code == 201


@pytest.mark.django_db
def test_keys_belong_to_their_owner(client, person):
    run = f.run()
    enrol(client, run)
    client.force_login(f.member())
    assert enrol(client, run).status_code == 201
    assert Enrolment.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_that_is_no_key_is_refused_in_words(client, person, key):
    response = enrol(client, f.run(), key=key)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert not Enrolment.objects.exists()


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day(client, person):
    enrol(client, f.run())
    assert idempotency.forget_answers() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert idempotency.forget_answers() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_have_one_effect_and_one_answer():
    from django.test import Client

    person, run = f.member(), f.run()
    browsers = [Client() for _n in range(8)]
    for browser in browsers:
        browser.force_login(person)
    answers = at_once([lambda browser=browser: enrol(browser, run) for browser in browsers])
    connections.close_all()
    assert [answer.status_code for answer in answers] == [201] * 8
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 7
    assert Enrolment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twin_without_the_rows_lock_carries_every_request_out(monkeypatch):
    """Nobody reserves the key: each request is the first, and the handler runs as often as it was asked."""
    from django.test import Client

    person, run = f.member(), f.run()
    browsers = [Client() for _n in range(4)]
    for browser in browsers:
        browser.force_login(person)
    monkeypatch.setattr(RememberedAnswer, "save", lambda row, **_columns: None)
    rows = SimpleNamespace(get_or_create=lambda defaults, **key: (RememberedAnswer(**key, **defaults), True))
    monkeypatch.setattr(idempotency, "RememberedAnswer", SimpleNamespace(objects=rows))
    answers = at_once([lambda browser=browser: enrol(browser, run) for browser in browsers])
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 0
