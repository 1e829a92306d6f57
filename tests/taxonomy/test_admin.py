"""The lists in the admin: administrators keep them, auditors read them, nobody else sees them."""

import pytest
from django.urls import reverse

from academy.accounts.models import Role
from academy.taxonomy.models import CareDomain, FunctionFamily, Register, Specialty
from tests.factories import member

pytestmark = pytest.mark.django_db
ROLES = [role for role in ["", *Role.values] if role != Role.MEMBER]  # everybody here is a member
LISTS = [CareDomain, FunctionFamily, Register, Specialty]
FORM = {"key": "hartzorg", "name_nl": "Hartzorg", "name_en": "Cardiac care"}


def address(model, view, *args):
    return reverse(f"wagtailsnippets_taxonomy_{model._meta.model_name}:{view}", args=args)


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("role", ROLES)
def test_who_gets_in(client, model, role):
    client.force_login(member(role=role))
    allowed = {view: client.get(address(model, view)).status_code == 200 for view in ("list", "add")}
    assert allowed == {
        "list": role in (Role.ADMINISTRATOR, Role.AUDITOR),
        "add": role == Role.ADMINISTRATOR,
    }


@pytest.mark.parametrize("model", LISTS)
def test_every_field_is_on_the_form(client, model):
    client.force_login(member(role=Role.ADMINISTRATOR))
    form = client.get(address(model, "add")).context["form"]
    editable = {field.name for field in model._meta.fields if field.editable and not field.primary_key}
    assert set(form.fields) == editable | {"seen"}


def test_an_administrator_adds_and_changes(client):
    client.force_login(member(role=Role.ADMINISTRATOR))
    client.post(address(CareDomain, "add"), FORM)
    domain = CareDomain.objects.get(key="hartzorg")
    client.post(address(CareDomain, "edit", domain.pk), {**FORM, "name_nl": "Zorg voor het hart"})
    domain.refresh_from_db()
    assert (domain.name_nl, domain.name_en) == ("Zorg voor het hart", "Cardiac care")


def test_a_key_stays(client):
    domain = CareDomain.objects.create(**FORM)
    client.force_login(member(role=Role.ADMINISTRATOR))
    client.post(address(CareDomain, "edit", domain.pk), {**FORM, "key": "anders", "name_nl": "Hart"})
    domain.refresh_from_db()
    assert (domain.key, domain.name_nl) == ("hartzorg", "Hart")


def test_the_second_editor_sees_what_the_first_changed(client):
    domain = CareDomain.objects.create(**FORM)
    client.force_login(member(role=Role.ADMINISTRATOR))
    edit = address(CareDomain, "edit", domain.pk)
    seen = client.get(edit).context["form"]["seen"].value()
    CareDomain.objects.filter(pk=domain.pk).update(name_en="Care of the heart")

    answer = client.post(edit, {**FORM, "name_nl": "Hart", "seen": seen})
    domain.refresh_from_db()
    assert (domain.name_nl, domain.name_en) == ("Hartzorg", "Care of the heart")
    form = answer.context["form"]
    assert form["name_nl"].value() == "Hart"  # what was typed is kept
    assert "name_en" not in form.errors
    assert len(form.non_field_errors()) == 1

    client.post(edit, {**FORM, "name_nl": "Hart", "seen": form["seen"].value()})
    domain.refresh_from_db()
    assert (domain.name_nl, domain.name_en) == ("Hart", "Cardiac care")


def test_the_form_of_numbers_has_to_be_an_expression(client):
    client.force_login(member(role=Role.ADMINISTRATOR))
    answer = client.post(address(Register, "add"), {**FORM, "number_pattern": "([0-9"})
    assert list(answer.context["form"].errors) == ["number_pattern"]
    assert not Register.objects.exists()


def test_a_list_takes_the_same_queries_for_one_and_three_rows(client, django_assert_num_queries):
    client.force_login(member(role=Role.ADMINISTRATOR))
    Specialty.objects.create(key="a", name_nl="A")
    client.get(address(Specialty, "list"))
    with django_assert_num_queries(QUERIES):
        client.get(address(Specialty, "list"))
    Specialty.objects.bulk_create(Specialty(key=key, name_nl=key) for key in "bc")
    with django_assert_num_queries(QUERIES):
        client.get(address(Specialty, "list"))


QUERIES = 11
