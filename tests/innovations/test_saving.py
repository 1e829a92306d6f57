"""Putting in and changing: rights, merging, and what does not travel."""

import pytest

from academy.core import clock
from academy.core.errors import InvalidInput, NotAllowed
from research.innovations.cleaning import clean
from research.innovations.errors import Clashing, Incomplete
from research.innovations.models import Innovation
from research.innovations.record import FIELDS, empty, read
from research.innovations.selectors import record_at
from research.innovations.services import assessing, publishing, saving, steps
from research.innovations.states import PublicationState
from tests.factories import innovations, people, studies

pytestmark = pytest.mark.django_db

BENEFIT = {
    "key": "b1",
    "category": "outcomes",
    "disbenefit": False,
    "owner": None,
    "kpi_nl": "Heropnames",
    "kpi_en": "",
    "unit": "%",
    "baseline": "24",
    "target": "17",
    "estimate": "16.5",
    "validated": None,
    "actual": None,
    "estimated_on": "2026-01-02",
    "measured_on": None,
}


def test_every_field_reads_as_what_was_written():
    hospital = people.organisation()
    one = innovations.innovation(
        hospital,
        benefits=[BENEFIT],
        fte_figures=[{"measure": "estimate", "minutes_before": "9", "minutes_after": "4", "cases_per_year": 42000}],
        money=[
            {
                "year": 2026,
                "funder": hospital.key,
                "funder_name": "",
                "kind": "one_off",
                "budget_eur": "114000",
                "spent_eur": None,
            }
        ],
        dependencies=[{"kind": "epd", "name": "", "state": "open", "note_nl": "Grafiek", "note_en": ""}],
        compliance=[{"kind": "dpia", "state": "approved", "on": "2026-02-03", "document": None}],
    )
    record = read(steps.with_record(one))
    assert record["benefits"] == [BENEFIT]
    assert record["money"][0]["budget_eur"] == "114000"
    assert record["owner"] == one.owner_id
    assert clean(record) == record
    assert list(record) == list(FIELDS) == list(empty())
    (figure,) = one.fte_figures.all()
    assert (str(figure.hours_per_year), str(figure.fte)) == ("3500.00", "2.2581")


def test_only_members_put_in_and_the_hospital_is_theirs():
    with pytest.raises(NotAllowed):
        saving.put_in(actor=people.person())
    hospital = people.organisation()
    one = saving.put_in(actor=people.member(hospital), values={"title_nl": "Een idee"})
    assert list(one.organisations.all()) == [hospital]
    assert one.publication_state == PublicationState.DRAFT


def test_two_people_at_once_lose_nothing():
    one = innovations.published()
    saving.save(innovation=one, actor=one.owner, base_version=1, values={"summary_nl": "Van de een"})
    saved = saving.save(
        innovation=one, actor=one.owner, base_version=1, values={"summary_nl": "Van de ander", "title_nl": "Nieuw"}
    )
    assert saved.changed == ("title_nl",)
    assert saved.clashes["summary_nl"].theirs == "Van de een"
    with pytest.raises(Clashing):
        saving.save(innovation=one, actor=one.owner, base_version=1, values={"summary_nl": "X"}, strict=True)
    assert record_at(one, 1)["summary_nl"] == innovations.TEXTS["summary_nl"]


def test_figures_are_validated_by_a_manager():
    hospital = people.organisation()
    one = innovations.published(hospital, benefits=[BENEFIT])
    validated = [{**BENEFIT, "validated": "18"}]
    with pytest.raises(InvalidInput) as refused:
        saving.save(innovation=one, actor=one.owner, base_version=1, values={"benefits": validated})
    assert set(refused.value.fields) == {"benefits"}
    manager = innovations.manager(hospital)
    assert saving.save(innovation=one, actor=manager, base_version=1, values={"benefits": validated}).changed


def test_a_hospital_is_taken_off_by_its_own_manager():
    mst, zgt = people.organisation(), people.organisation()
    one = innovations.published(mst, zgt)
    values = {"organisations": [mst.key]}
    for actor in (one.owner, innovations.manager(mst)):
        with pytest.raises(InvalidInput):
            saving.save(innovation=one, actor=actor, base_version=1, values=values)
    assert saving.save(innovation=one, actor=innovations.manager(zgt), base_version=1, values=values).changed


def test_handing_in_asks_for_the_six_fields():
    hospital = people.organisation()
    actor = people.member(hospital)
    one = saving.put_in(actor=actor, values={"title_nl": "Een idee"})
    with pytest.raises(Incomplete) as refused:
        publishing.submit(innovation=one, actor=actor)
    assert set(refused.value.fields) == {"problem", "how_it_works", "units", "pillar"}
    with pytest.raises(NotAllowed):
        publishing.publish(innovation=one, actor=actor)


def test_the_last_assessment_by_date_holds():
    hospital = people.organisation()
    one = innovations.published(hospital)
    manager = innovations.manager(hospital)
    today = clock.today()
    assessing.assess(innovation=one, actor=manager, kind="ai", code="limited", on=today)
    assessing.assess(innovation=one, actor=manager, kind="ai", code="unknown", on=today.replace(year=today.year - 1))
    assert Innovation.objects.get(pk=one.pk).ai == "limited"
    with pytest.raises(NotAllowed):
        assessing.assess(innovation=one, actor=one.owner, kind="ai", code="none", on=today)
    assessing.assess(innovation=one, actor=one.owner, kind="trl", code="7", on=today)
    assert Innovation.objects.get(pk=one.pk).trl == 7


def test_who_puts_in_for_a_colleague_stays_in_the_team():
    hospital = people.organisation()
    actor, colleague = people.member(hospital), people.member(hospital)
    one = saving.put_in(actor=actor, values={"title_nl": "Een idee", "owner": colleague.pk})
    assert [row.person for row in one.team.all()] == [actor]
    saving.save(innovation=one, actor=actor, base_version=1, values={"title_nl": "Een beter idee"})


@pytest.mark.parametrize("field", ["owner", "sponsor", "team", "benefits"])
def test_an_account_that_is_no_member_is_not_named(field):
    one, stranger = innovations.published(), people.person()
    values = {"team": [{"person": stranger.pk, "function": ""}], "benefits": [{**BENEFIT, "owner": stranger.pk}]}
    with pytest.raises(InvalidInput) as refused:
        saving.save(innovation=one, actor=one.owner, base_version=1, values={field: values.get(field, stranger.pk)})
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("field", ["studies", "evidence_study"])
def test_a_study_that_one_may_not_know_of_is_refused_as_if_there_were_none(field):
    hospital = people.organisation()
    hidden = studies.study(hospital)  # a draft of somebody else
    one = innovations.published(hospital)
    told = []
    for number in (hidden.number, "S-2026-9999"):
        values = {field: [number] if field == "studies" else number}
        with pytest.raises(InvalidInput) as refused:
            saving.save(innovation=one, actor=one.owner, base_version=1, values=values)
        told.append(str(refused.value.fields[field]).replace(number, ""))
    assert told[0] == told[1]


def test_a_link_that_is_there_already_stays_for_who_may_not_know_of_it():
    hospital = people.organisation()
    hidden, shown = studies.study(hospital), studies.published(hospital)
    one = innovations.published(hospital)
    saving.save(innovation=one, actor=None, base_version=1, values={"studies": [hidden.number]})
    both = sorted([hidden.number, shown.number])
    assert saving.save(innovation=one, actor=one.owner, base_version=2, values={"studies": both}).changed
