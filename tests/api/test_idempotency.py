"""The same POST twice is done once."""

from datetime import timedelta

import pytest

from academy.core import clock
from academy.core.idempotency import forget_answers
from academy.core.models import RememberedAnswer
from courses.enrolment import services
from courses.enrolment.models import Enrolment
from tests import factories as f

from .asking import BASE, is_refusal, of

pytestmark = pytest.mark.django_db
OWN = f"{BASE}enrolments/"


def keyed(key="k-1"):
    return {"headers": {"Idempotency-Key": key}}


def test_the_same_key_and_body_give_the_first_answer_again():
    person, run = f.member(), f.run()
    program = of(person)
    first = program.send(OWN, {"run": run.number}, **keyed())
    services.cancel(enrolment=Enrolment.objects.get(), actor=person)  # without the key this would enrol again
    again = program.send(OWN, f'{{ "run" :  "{run.number}" }}', **keyed())
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Enrolment.objects.count() == 1


def test_the_same_key_with_another_body_is_refused():
    program, one, other = of(f.member()), f.run(), f.run()
    program.send(OWN, {"run": one.number}, **keyed())
    is_refusal(program.send(OWN, {"run": other.number}, **keyed()), 422, "idempotency_key_reused")
    assert Enrolment.objects.get().run == one


def test_the_same_key_at_another_address_is_refused():
    person = f.member()
    enrolment = services.enrol(person=person, run=f.run())
    program = of(person)
    program.send(f"{OWN}{enrolment.pk}/cancel/", {}, **keyed())
    is_refusal(program.send(OWN, {}, **keyed()), 422, "idempotency_key_reused")


def test_a_refusal_is_an_answer_too():
    run = f.run(seats=1, waiting_list=False)
    taken = services.enrol(person=f.member(), run=run)
    program = of(f.member())
    first = program.send(OWN, {"run": run.number}, **keyed())
    services.cancel(enrolment=taken, actor=None)
    again = program.send(OWN, {"run": run.number}, **keyed())
    assert is_refusal(first, 409, "run_full") == is_refusal(again, 409, "run_full")
    assert program.send(OWN, {"run": run.number}, **keyed("k-2")).status_code == 201


def test_keys_of_others_are_other_keys():
    run = f.run()
    for person in (f.member(), f.member()):
        assert of(person).send(OWN, {"run": run.number}, **keyed()).status_code == 201
    assert Enrolment.objects.count() == 2


def test_what_breaks_leaves_the_key_free(monkeypatch):
    program, run = of(f.member()), f.run()

    def broken(**_arguments):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(services, "enrol", broken)
        is_refusal(program.send(OWN, {"run": run.number}, **keyed()), 500, "server_error")
    assert not RememberedAnswer.objects.exists()
    assert program.send(OWN, {"run": run.number}, **keyed()).status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "a\tb", "\x7f"])
def test_odd_keys(key):
    is_refusal(of(f.member()).send(OWN, {"run": f.run().number}, **keyed(key)), 400, "invalid")
    assert not Enrolment.objects.exists()


def test_answers_are_forgotten_after_a_day():
    program, run = of(f.member()), f.run()
    program.send(OWN, {"run": run.number}, **keyed())
    assert forget_answers() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert forget_answers() == 1
