"""People from a list: new ones, roles with dates, leavers of whom nothing disappears, and what is refused."""

import io
from datetime import date, timedelta

import pytest

from academy.accounts.importing import PersonImporter
from academy.accounts.models import Membership, Role, User
from academy.accounts.permissions import roles_of
from academy.core import clock
from academy.core.imports.contract import Answer, Context, Outcome
from academy.core.imports.run import import_file
from academy.taxonomy.models import FunctionFamily
from tests.factories import people

pytestmark = pytest.mark.django_db
HEADINGS = "email;given_name;family_name;unit;roles;starts_on;function_family"


@pytest.fixture
def hospital():
    FunctionFamily.objects.create(key="nurse", name_nl="Verpleegkundigen", name_en="Nurses")
    return people.organisation("zgt")


@pytest.fixture
def ward(hospital):
    return people.unit(hospital, key="zgt_seh", name_nl="Spoedeisende hulp")


@pytest.fixture
def administrator(hospital):
    return people.member(hospital, role=Role.ADMINISTRATOR)


def run(actor, *rows: str, answers=None):
    file = io.BytesIO("\r\n".join(rows).encode("cp1252"))
    return import_file(PersonImporter(), file, "personeel.csv", Context(actor=actor, answers=answers or {}))


ROW = "Anna.Jansen@example.org;Anna;Jansen;Spoedeisende hulp;course_manager;1-2-2026;Verpleegkundigen"


def test_a_new_person_has_unit_roles_and_no_password(administrator, hospital, ward):
    summary = run(administrator, HEADINGS, ROW)
    assert [str(row.plan.reason) for row in summary.refusals] == []
    anna = User.objects.get(email="anna.jansen@example.org")
    assert (anna.full_name, anna.function_family.key, anna.has_usable_password()) == ("Anna Jansen", "nurse", False)
    held = {(one.role, one.unit, one.starts_on) for one in anna.memberships.all()}
    assert held == {(Role.MEMBER, ward, date(2026, 2, 1)), (Role.COURSE_MANAGER, None, date(2026, 2, 1))}
    assert roles_of(anna).has(Role.COURSE_MANAGER, {hospital.pk})


def test_importing_twice_changes_nothing(administrator, ward):
    run(administrator, HEADINGS, ROW)
    assert run(administrator, HEADINGS, ROW).counts[Outcome.UNCHANGED] == 1


def test_who_leaves_keeps_everything_but_the_roles(administrator, hospital, ward):
    run(administrator, HEADINGS, ROW)
    anna = User.objects.get(email="anna.jansen@example.org")
    Membership.objects.create(person=anna, organisation=hospital, role=Role.RESEARCHER)
    yesterday = clock.today() - timedelta(days=1)
    run(administrator, "email;left_on", f"anna.jansen@example.org;{yesterday:%d-%m-%Y}")
    anna = User.objects.get(email="anna.jansen@example.org")
    assert anna.is_active
    assert anna.memberships.count() == 3
    assert not Membership.objects.in_force().filter(person=anna).exists()
    again = run(administrator, "email;left_on", f"anna.jansen@example.org;{yesterday:%d-%m-%Y}")
    assert again.counts[Outcome.UNCHANGED] == 1


def test_a_leaver_with_other_days_in_the_row_is_settled_after_one_import(administrator, ward):
    run(administrator, HEADINGS, ROW)
    yesterday = clock.today() - timedelta(days=1)
    rows = ("email;starts_on;ends_on;left_on", f"anna.jansen@example.org;1-3-2026;;{yesterday:%d-%m-%Y}")
    assert run(administrator, *rows).counts[Outcome.CHANGED] == 1
    assert run(administrator, *rows).counts[Outcome.UNCHANGED] == 1


def test_a_name_that_the_person_keeps_is_asked_for(administrator, hospital):
    anna = people.member(hospital, email="anna@example.org", given_name="Annie", family_name="Jansen")
    rows = ("email;given_name;family_name", "anna@example.org;Anna;Jansen")
    summary = run(administrator, *rows)
    assert summary.questions == 1
    anna.refresh_from_db()
    assert anna.given_name == "Annie"
    answers = {("anna@example.org zgt  member", "given_name"): Answer("Annie", True)}
    run(administrator, *rows, answers=answers)
    anna.refresh_from_db()
    assert anna.given_name == "Anna"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("geen adres;A;B;;;;", "geen adres"),
        ("a@example.org;A;B;;team_manager;;", "unit"),
        ("a@example.org;;B;;;;", "given_name"),
        ("a@example.org;A;B;Elders;;;", "Elders"),
        ("a@example.org;A;B;;baas;;", "baas"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_rest_goes_in(administrator, ward, row, told):
    summary = run(administrator, HEADINGS, row, ROW)
    assert (summary.counts[Outcome.REFUSED], summary.counts[Outcome.NEW]) == (1, 1)
    assert told in str(summary.refusals[0].plan.reason)


def test_nobody_administers_another_organisation_or_the_own_roles(administrator, hospital):
    people.organisation("mst")
    summary = run(
        administrator,
        "email;given_name;family_name;organisation;roles",
        "b@example.org;B;C;mst;",
        f"{administrator.email};;;zgt;editor",
    )
    assert summary.counts[Outcome.REFUSED] == 2
    assert not User.objects.filter(email="b@example.org").exists()


def test_nothing_is_changed_or_told_of_whom_another_organisation_keeps(administrator, hospital):
    other = people.member(people.organisation("mst"), email="karel@example.org", given_name="Karel")
    other.job_title_nl = "Chirurg"
    other.save()
    rows = ("email;given_name;job_title_nl;organisation", "karel@example.org;Piet;Portier;zgt")
    summary = run(administrator, *rows)
    assert (summary.questions, summary.counts[Outcome.CHANGED]) == (0, 1)
    other.refresh_from_db()
    assert (other.given_name, other.job_title_nl) == ("Karel", "Chirurg")
    assert other.memberships.filter(organisation=hospital).exists()
    again = run(administrator, *rows)
    assert (again.questions, again.counts[Outcome.UNCHANGED]) == (0, 1)


def test_only_administrators_import_people(administrator, hospital):
    importer = PersonImporter()
    assert importer.may(administrator)
    assert not importer.may(people.member(hospital, role=Role.COURSE_MANAGER))


def test_planning_takes_a_fixed_number_of_queries(administrator, ward, django_assert_num_queries):
    importer = PersonImporter()
    context = Context(actor=administrator)
    roles_of(administrator)

    def raws(count):
        rows = [ROW.replace("Anna.Jansen", f"a{n}") for n in range(count)]
        return list(importer.read(io.BytesIO("\n".join([HEADINGS, *rows]).encode()), "lijst.csv"))

    for count in (1, 3):
        batch = raws(count)
        with django_assert_num_queries(4):
            importer.plan(batch, context)


def test_the_desk_leads_to_the_lists_that_one_may_import(administrator, hospital, client):
    client.force_login(administrator)
    assert "/import/people/" in client.get("/en/my-academy/").content.decode()
    client.force_login(people.member(hospital, role=Role.SCIENCE_BUREAU))
    page = client.get("/en/my-academy/").content.decode()
    assert "/import/studies/" in page
    assert "/import/people/" not in page
