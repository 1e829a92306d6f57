"""Roles, people and keys: who may do what to whom, what it leaves behind."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from academy.accounts import services
from academy.accounts.errors import NeededElsewhere, OtherOrganisation, OwnRole
from academy.accounts.groups import sync_groups
from academy.accounts.models import ApiToken, Membership, Role, Source
from academy.accounts.permissions import viewer_tokens
from academy.core import clock, events
from academy.core.errors import InvalidInput, NotAllowed, Refused, Unknown
from academy.taxonomy.models import Register
from tests import factories as f

pytestmark = pytest.mark.django_db
TODAY = clock.today


def administrator(of):
    return f.member(of, role=Role.ADMINISTRATOR)


def groups_of(person) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


def test_a_role_is_given_once_with_an_event_and_its_group():
    mst, person = f.organisation("mst"), f.person()
    actor = administrator(mst)
    for _again in range(2):
        services.grant_role(person=person, organisation=mst, role=Role.EDITOR, actor=actor, reason="new")
    assert list(person.memberships.values_list("role", "source")) == [(Role.EDITOR, Source.CONFIRMED)]
    assert [(e.verb, e.actor_id, e.reason) for e in events.of(person)] == [("grant_role", str(actor.pk), "new")]
    assert groups_of(person) == {"editor"}


def test_an_administrator_gives_no_role_elsewhere_nor_to_oneself():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    actor = administrator(mst)
    with pytest.raises(OtherOrganisation):
        services.grant_role(person=f.person(), organisation=zgt, role=Role.MEMBER, actor=actor)
    with pytest.raises(OwnRole):
        services.grant_role(person=actor, organisation=mst, role=Role.COURSE_MANAGER, actor=actor)
    with pytest.raises(OwnRole):
        services.end_membership(membership=actor.memberships.first(), actor=actor)


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"role": Role.TEAM_MANAGER}, "unit"),
        ({"role": "boss"}, "role"),
        ({"role": Role.EDITOR, "starts_on": TODAY(), "ends_on": TODAY() - timedelta(days=1)}, "ends_on"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_at_its_field(columns, field):
    with pytest.raises(InvalidInput) as refusal:
        services.grant_role(person=f.person(), organisation=f.organisation("mst"), actor=None, **columns)
    assert set(refusal.value.fields) == {field}


def test_a_unit_of_another_organisation_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        services.grant_role(
            person=f.person(), organisation=f.organisation("mst"), role=Role.MEMBER, unit=f.unit(), actor=None
        )
    assert set(refusal.value.fields) == {"unit"}


def test_an_ended_role_holds_no_longer_and_its_group_goes():
    mst = f.organisation("mst")
    person, actor = f.member(mst, role=Role.COURSE_MANAGER), administrator(mst)
    membership = person.memberships.get(role=Role.COURSE_MANAGER)
    assert groups_of(person) == {"course_manager"}
    services.end_membership(membership=membership, actor=actor)
    assert not person.memberships.in_force().filter(role=Role.COURSE_MANAGER).exists()
    assert groups_of(person) == set()


def test_groups_follow_roles_that_begin_and_end_by_date():
    mst, person = f.organisation("mst"), f.person()
    begins, ends = TODAY() + timedelta(days=2), TODAY() + timedelta(days=4)
    services.grant_role(person=person, organisation=mst, role=Role.AUDITOR, actor=None, starts_on=begins, ends_on=ends)
    found = {}
    for days in range(1, 6):
        with clock.at(clock.now() + timedelta(days=days)):
            sync_groups()
            found[days] = groups_of(person)
    assert found == {1: set(), 2: {"auditor"}, 3: {"auditor"}, 4: {"auditor"}, 5: set()}


def test_groups_of_everybody_are_right_after_rows_that_sent_no_signal(django_assert_num_queries):
    mst = f.organisation("mst")
    people = [f.person() for _n in range(3)]
    Membership.objects.bulk_create(Membership(person=p, organisation=mst, role=Role.EDITOR) for p in people)
    assert sync_groups() == 3
    assert [groups_of(p) for p in people] == [{"editor"}] * 3
    with django_assert_num_queries(5):  # savepoint and release are two of them
        assert sync_groups() == 0


def test_what_an_administrator_ended_is_not_brought_back_by_the_address():
    from allauth.account.models import EmailAddress

    mst = f.organisation("mst", mail_domains=["mst.example.org"])
    person = f.person("mia@mst.example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    services.follow_domains(person=person)
    services.end_membership(membership=person.memberships.get(), actor=administrator(mst))
    services.follow_domains(person=person)
    assert not person.memberships.in_force().exists()


def test_a_new_domain_makes_members_and_a_removed_one_ends_them():
    from allauth.account.models import EmailAddress

    mst, person = f.organisation("mst"), f.person("mia@mst.example.org")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    actor = administrator(mst)
    services.change_organisation(organisation=mst, actor=actor, mail_domains=["mst.example.org"])
    assert person.memberships.in_force().get().source == Source.DOMAIN
    services.change_organisation(organisation=mst, actor=actor, mail_domains=[])
    assert not person.memberships.in_force().exists()


@pytest.mark.parametrize("domain", ["zgt.example.org", "nodot", "a@b.nl", "MST.example.org"])
def test_a_domain_of_another_organisation_or_no_domain_is_refused(domain):
    f.organisation("zgt", mail_domains=["zgt.example.org"])
    with pytest.raises(InvalidInput):
        services.change_organisation(organisation=f.organisation("mst"), actor=None, mail_domains=[domain])


def test_whoever_is_shut_out_has_no_session_and_no_token(client):
    mst = f.organisation("mst")
    person, actor = f.member(mst), administrator(mst)
    client.force_login(person)
    _token, secret = services.make_token(person=person, name="t", scopes=["read"], last_day=None)
    services.deactivate_person(person=person, actor=actor, reason="left")
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert ApiToken.objects.for_secret(secret) is None
    services.reactivate_person(person=person, actor=actor)
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert ApiToken.objects.for_secret(secret) is not None


def test_somebody_who_works_elsewhere_too_is_not_shut_out_over_its_head():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    person = f.member(mst)
    Membership.objects.create(person=person, organisation=zgt, role=Role.COURSE_MANAGER)
    with pytest.raises(NeededElsewhere):
        services.deactivate_person(person=person, actor=administrator(mst), reason="x")


def test_administrators_of_another_hospital_touch_nobody():
    person, stranger = f.member(f.organisation("mst")), administrator(f.organisation("zgt"))
    for service in (services.deactivate_person, services.reactivate_person, services.end_sessions):
        with pytest.raises(NotAllowed):
            service(person=person, actor=stranger)


def test_sessions_end_everywhere_but_here():
    person = f.person()
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(person)
    here.post(reverse("accounts:end-sessions"))
    assert here.get(reverse("accounts:profile")).status_code == 200
    assert there.get(reverse("accounts:profile")).status_code == 302


def test_a_token_is_kept_as_a_hash_and_withdrawn_once():
    person = f.person()
    token, secret = services.make_token(person=person, name="t", scopes=["read"], last_day=TODAY())
    assert secret not in str(vars(token))
    assert ApiToken.objects.for_secret(secret) == token
    assert token.last_day == TODAY()
    with clock.at(clock.end_of(TODAY())):
        assert ApiToken.objects.for_secret(secret) is None
    for _again in range(2):
        services.withdraw_token(token=token, actor=person)
    assert ApiToken.objects.for_secret(secret) is None
    assert [e.verb for e in events.of(person)] == ["withdraw_token", "make_token"]
    with pytest.raises(Unknown):
        services.withdraw_token(token=token, actor=f.person())


def test_register_numbers_keep_their_form():
    big = Register.objects.create(key="big", name_nl="BIG", number_pattern=r"\d{11}")
    person = f.person()
    with pytest.raises(InvalidInput) as refusal:
        services.keep_register_numbers(person=person, numbers={big: "123"})
    assert list(refusal.value.fields) == [f"register_{big.pk}"]
    services.keep_register_numbers(person=person, numbers={big: "12345678901"})
    assert person.register_numbers.get().number == "12345678901"
    services.keep_register_numbers(person=person, numbers={big: ""})
    assert not person.register_numbers.exists()


def test_own_data_holds_no_secret_and_taking_it_is_logged():
    person = f.member()
    services.make_token(person=person, name="t", scopes=["read"], last_day=None)
    found = services.export_data(person=person, actor=person, purpose="move")
    assert found["account"]["email"] == person.email
    assert "digest" not in str(found)
    assert person.password not in str(found)
    assert events.of(person).get(verb="export").reason == "move"
    with pytest.raises(NotAllowed):
        services.export_data(person=person, actor=f.person(), purpose="")


def test_a_unit_in_use_is_not_removed():
    unit = f.unit(f.organisation("mst"))
    f.member(at=unit)
    with pytest.raises(Refused):
        services.delete_unit(unit=unit, actor=administrator(f.organisation("mst")))
    assert not events.of(unit).exists()


def test_what_a_search_knows_of_a_person_follows_from_their_roles():
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    bureau, auditor = f.member(mst, role=Role.SCIENCE_BUREAU), f.member(zgt, role=Role.AUDITOR)
    assert viewer_tokens(AnonymousUser()) == {"public"}
    assert viewer_tokens(bureau) == {
        "public", f"user:{bureau.pk}", f"org:{mst.pk}", f"science_bureau:{mst.pk}"
    }  # fmt: skip
    assert viewer_tokens(auditor) == {
        "public", f"user:{auditor.pk}", f"org:{zgt.pk}", f"auditor:{zgt.pk}", "auditor"
    }  # fmt: skip
