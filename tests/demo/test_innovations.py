"""The demo's innovations: replayed into exactly the states that the file describes."""

from datetime import timedelta

import pytest

from academy.accounts.models import Membership, Organisation, Role, User
from academy.cms.loading.content import read
from research.innovations.models import Decision, FteFigure, Innovation
from research.innovations.selectors import portfolio
from research.innovations.states import Result
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    return read("innovations")["innovations"]


def viewer(*hospitals: str) -> User | None:
    """A member of these hospitals without any role; nobody signed in when there is none."""
    if not hospitals:
        return None
    person = people.person()
    for key in hospitals:
        organisation = Organisation.objects.get(key=key)
        Membership.objects.create(person=person, organisation=organisation, role=Role.MEMBER)
    return person


def by_key(rows):
    found = {innovation.number.rpartition("-")[2]: innovation for innovation in Innovation.objects.all()}
    return {row["key"]: found[f"{row['sequence']:04d}"] for row in rows}


def test_nothing_was_refused(demo):
    assert "0 refused" in demo.output


def test_every_innovation_is_where_the_file_says(demo, rows):
    innovations = by_key(rows)
    there = {
        key: (one.stage, (one.stage_since - demo.load_day).days, one.outcome, one.visibility, one.value_score, one.trl)
        for key, one in innovations.items()
    }
    assert there == {
        row["key"]: (
            row["stage"],
            row["stage_since_offset_days"],
            row["outcome"],
            row["visibility"],
            row.get("value_score"),
            row["trl"]["level"] if "trl" in row else None,
        )
        for row in rows
    }


def test_the_stages_have_the_days_of_the_file(demo, rows):
    innovations = by_key(rows)
    for row in rows:
        passages = [(p.stage, (p.since - demo.load_day).days) for p in innovations[row["key"]].passages.all()]
        expected = [(entry["stage"], entry["from_offset_days"]) for entry in row["stage_history"]]
        assert passages == [*expected, (row["stage"], row["stage_since_offset_days"])]


def test_decisions_are_those_of_the_file(demo, rows):
    innovations = by_key(rows)
    there = {
        (d.innovation_id, d.gate, d.result, d.body.key, d.owner.email, (d.due_on - demo.load_day).days)
        for d in Decision.objects.select_related("body", "owner")
    }
    emails = {row["key"]: row["email"] for row in read("people")["people"]}
    assert there == {
        (
            innovations[row["key"]].pk,
            entry["gate"],
            entry["result"],
            entry["body"],
            emails[entry["owner"]],
            entry["due_offset_days"],
        )
        for row in rows
        for entry in row["decisions"]
    }
    assert Decision.objects.filter(result=Result.OPEN).count() == 9


def test_hours_and_fte_follow_from_minutes_and_cases(demo, rows):
    worked_out = {(f.innovation_id, f.measure): f for f in FteFigure.objects.all()}
    innovations = by_key(rows)
    for row in rows:
        for figure in (row["fte"] or {}).get("figures", []):
            found = worked_out[innovations[row["key"]].pk, figure["status"]]
            assert abs(float(found.hours_per_year) - figure["hours_per_year"]) <= 1
            assert abs(float(found.fte) - figure["fte"]) <= 0.01


@pytest.mark.parametrize(("hospitals", "expected"), [((), 41), (("mst",), 44), (("mst", "zgt"), 45)])
def test_each_viewer_has_their_portfolio(demo, hospitals, expected):
    assert portfolio(viewer(*hospitals)).count() == expected


def test_an_innovation_manager_sees_those_for_the_team_of_the_own_hospital(demo):
    assert portfolio(User.objects.get(email="innovation-manager@example.org")).count() == 48


def test_a_conditional_yes_has_its_conditions(demo):
    conditional = Decision.objects.filter(result=Result.GO_WITH_CONDITIONS)
    assert conditional.count() == 7
    assert all(decision.conditions.count() == 1 for decision in conditional)
    assert all(decision.decided_on <= demo.load_day + timedelta(days=0) for decision in conditional)
