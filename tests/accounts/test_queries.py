"""How many queries each page takes: the same with one row and with three."""

import pytest
from django.urls import reverse

from academy.accounts import services
from academy.accounts.models import Membership, Role
from academy.core import events
from academy.core.models import Message
from academy.taxonomy.models import Register
from tests import factories as f

pytestmark = pytest.mark.django_db


def people(mst, rows):
    for _n in range(rows):
        f.member(at=f.unit(mst))


def units(mst, rows):
    for _n in range(rows):
        f.unit(mst, parent=f.unit(mst))


def messages(mst, rows):
    for _n in range(rows):
        to = f.member(mst)
        Message.objects.create(kind="k", to=to.email, person_id=str(to.pk), event_key="k", language="nl")


def log(mst, rows):
    for _n in range(rows):
        somebody = f.person()
        events.record(actor=somebody, object=somebody, verb="move")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("accounts_people", people, 14),
        ("accounts_organisations", units, 12),
        ("accounts_messages", messages, 12),
        ("accounts_work", messages, 18),
        ("accounts_events", log, 13),
    ],
)
def test_lists_of_the_administration(client, django_assert_num_queries, name, make, queries, rows):
    mst = f.organisation("mst")
    user = f.member(mst, role=Role.AUDITOR)
    make(mst, rows)
    client.force_login(user)
    client.get(reverse(name))
    with django_assert_num_queries(queries):
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_one_person(client, django_assert_num_queries, rows):
    mst, person = f.organisation("mst"), f.person()
    for _n in range(rows):
        Membership.objects.create(person=person, organisation=mst, role=Role.MEMBER, unit=f.unit(mst))
        events.record(actor=None, object=person, verb="move")
    client.force_login(f.member(mst, role=Role.ADMINISTRATOR))
    address = reverse("accounts_person", args=[person.pk])
    client.get(address)
    with django_assert_num_queries(23):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("accounts:profile", 6), ("accounts:tokens", 4), ("accounts:data", 3)])
def test_my_account(client, django_assert_num_queries, name, queries, rows):
    person = f.member()
    for n in range(rows):
        Register.objects.create(key=f"r{n}", name_nl=f"R{n}")
        services.make_token(person=person, name=f"t{n}", scopes=["read"], last_day=None)
    client.force_login(person)
    client.get(reverse(name))
    with django_assert_num_queries(queries):
        client.get(reverse(name))
