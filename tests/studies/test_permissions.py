"""Who knows of a study and sees which of its parts: every kind of person and visibility, with and without embargo."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from academy.accounts.models import Role
from academy.core import clock
from research.studies import permissions
from research.studies import record as records
from research.studies.models import Study
from research.studies.states import PublicationState
from tests.factories import people, studies

pytestmark = pytest.mark.django_db

PUBLIC, MEMBERS, TEAM = "public", "members", "team"


@pytest.fixture
def cast():
    """Somebody of every kind, by name; the study is at mst (leading) and zgt."""
    mst, zgt, other = (people.organisation(key) for key in ("mst", "zgt", "umc"))
    editor = studies.researcher(mst)
    study = studies.published(mst, zgt, editor=editor)
    return study, {
        "stranger": AnonymousUser(),
        "signed in": people.person(),
        "member elsewhere": people.member(other),
        "bureau elsewhere": studies.bureau(other),
        "member": people.member(zgt),
        "other researcher": studies.researcher(mst),
        "viewer": studies.viewer(study),
        "editor": editor,
        "bureau of a site": studies.bureau(zgt),
        "leading bureau": studies.bureau(mst),
        "auditor": people.member(other, role=Role.AUDITOR),
        "administrator": people.member(other, role=Role.ADMINISTRATOR),
    }


NEAR = {"viewer", "editor", "bureau of a site", "leading bureau", "auditor"}
INSIDE = NEAR | {"member", "other researcher"}
EVERYBODY = INSIDE | {"stranger", "signed in", "member elsewhere", "bureau elsewhere", "administrator"}


def who_knows(study, everybody) -> set[str]:
    """By the rule on the record, which has to say the same as the query."""
    fresh = Study.objects.get(pk=study.pk)
    by_rule = {name for name, person in everybody.items() if permissions.may_know(person, fresh)}
    studies_of = Study.objects.all()
    by_query = {name for name, person in everybody.items() if study in permissions.visible_to(studies_of, person)}
    assert by_rule == by_query
    return by_rule


@pytest.mark.parametrize(("visibility", "expected"), [(PUBLIC, EVERYBODY), (MEMBERS, INSIDE), (TEAM, NEAR)])
def test_published_study_is_known_as_far_as_it_is_visible(cast, visibility, expected):
    study, everybody = cast
    Study.objects.update(visibility=visibility)
    assert who_knows(study, everybody) == expected


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.IN_REVIEW, PublicationState.WITHDRAWN])
def test_study_that_is_not_published_is_known_to_its_team_bureaus_and_auditor(cast, state):
    study, everybody = cast
    Study.objects.update(publication_state=state)
    assert who_knows(study, everybody) == NEAR


@pytest.mark.parametrize(("visibility", "before"), [(MEMBERS, INSIDE), (TEAM, NEAR)])
def test_embargo_ends_with_its_day(cast, visibility, before):
    study, everybody = cast
    day = clock.today() + timedelta(days=10)
    Study.objects.update(visibility=visibility, embargo_until=day)
    with clock.at(clock.start_of(day) - timedelta(seconds=1)):
        assert who_knows(study, everybody) == before
    with clock.at(clock.start_of(day)):
        assert who_knows(study, everybody) == EVERYBODY


def test_parts_have_their_own_visibility_but_never_a_wider_one_than_the_record(cast):
    study, _everybody = cast
    study.group_visibility = {"design": TEAM, "people": MEMBERS, "grants": PUBLIC}
    assert permissions.group_needs(study) | {"design": TEAM, "people": MEMBERS, "grants": PUBLIC} == (
        permissions.group_needs(study)
    )
    hidden = set(records.GROUPS) - permissions.groups_for(study, PUBLIC)
    assert hidden == {"design", "people", "certificates", "governance", "data_management", "access"}
    assert permissions.groups_for(study, TEAM) == set(records.GROUPS)
    study.visibility = TEAM
    assert permissions.groups_for(study, MEMBERS) == frozenset()


def test_hidden_fields_and_parts_of_rows_are_gone():
    record = {
        **records.empty(),
        "funders": [{"name": "Fonds", "amount_eur": "5.00"}],
        "contributors": [{"name": "A", "certificate": "brok", "certificate_expires_on": "2027-01-01"}],
        "dpia": {"state": "approved"},
    }
    seen = permissions.shown(record, permissions.groups_for(Study(), PUBLIC))
    assert seen["funders"] == [{"name": "Fonds"}]
    assert seen["contributors"] == [{"name": "A"}]
    assert not {"dpia", "data_management_plan", "contracts", "visibility", "embargo_until"} & set(seen)
    assert permissions.shown(record, permissions.groups_for(Study(), TEAM)) == record


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("studies.see_team", NEAR),
        ("studies.edit", {"editor"}),
        ("studies.submit", {"editor"}),
        ("studies.invite", {"editor", "leading bureau"}),
        ("studies.publish", {"leading bureau"}),
    ],
)
def test_what_each_may_do(cast, permission, allowed):
    study, everybody = cast
    assert {name for name, person in everybody.items() if person.has_perm(permission, study)} == allowed


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        ("studies.register", {"editor", "other researcher"}),
        ("studies.import", {"bureau of a site", "leading bureau", "bureau elsewhere"}),
        ("studies.see_queue", {"bureau of a site", "leading bureau", "bureau elsewhere", "auditor"}),
    ],
)
def test_what_each_may_do_without_a_study(cast, permission, allowed):
    _study, everybody = cast
    assert {name for name, person in everybody.items() if person.has_perm(permission)} == allowed


def test_each_bureau_reviews_at_its_own_hospital(cast):
    study, everybody = cast
    zgt = study.sites.get(organisation__key="zgt").reviews.get()
    assert {name for name, person in everybody.items() if person.has_perm("studies.review", zgt)} == {
        "bureau of a site"
    }
