"""One certificate of one's own by its number; the rest is with the tests of certificates."""

import pytest

from academy.core.wording import number_token
from courses.certificates import services
from tests.certificates import building

from .asking import BASE, is_refusal, of

pytestmark = pytest.mark.django_db


def test_one_by_its_number_however_it_is_typed():
    certificate = services.award(enrolment=building.completed())
    program = of(certificate.person)
    (listed,) = program.get(f"{BASE}certificates/").json()["results"]
    for typed in (certificate.token, number_token(certificate.token).lower()):
        assert program.get(f"{BASE}certificates/{typed}/").json() == listed


def test_somebody_elses_does_not_exist():
    certificate = services.award(enrolment=building.completed())
    is_refusal(of(building.person()).get(f"{BASE}certificates/{certificate.token}/"), 404, "unknown")


def test_queries_of_one(client, django_assert_num_queries):
    certificate = services.award(enrolment=building.completed())
    client.force_login(certificate.person)
    client.get(f"{BASE}certificates/")
    with django_assert_num_queries(3):  # session, person, certificate
        client.get(f"{BASE}certificates/{certificate.token}/")


@pytest.mark.parametrize("size", [1, 2])
def test_pages_by_cursor(size):
    person = building.person()
    made = [services.award(enrolment=building.completed(who=person)) for _n in range(3)]
    program, address, seen = of(person), f"{BASE}certificates/?size={size}", []
    while address:
        page = program.get(address).json()
        seen += [row["token"] for row in page["results"]]
        address = page["next"]
    assert seen == [number_token(certificate.token) for certificate in reversed(made)]
