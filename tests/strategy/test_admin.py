"""Strategy records in the admin: innovation managers keep them, each those of the own hospital and the joint ones."""

import pytest
from django.urls import reverse

from academy.accounts.models import Role
from academy.strategy.models import (
    Body,
    Challenge,
    Concern,
    Document,
    Goal,
    Horizon,
    Milestone,
    Need,
    Pillar,
    Programme,
    RoadmapLine,
    Statement,
)
from search import outbox
from search.models import SearchOutbox
from tests.factories import member, organisation

pytestmark = pytest.mark.django_db
ROLES = [role for role in ["", *Role.values] if role != Role.MEMBER]  # everybody here is a member
KINDS = [Body, Challenge, Concern, Document, Goal, Horizon, Need, Pillar, Programme, RoadmapLine, Statement]


def address(model, view, *args):
    return reverse(f"wagtailsnippets_strategy_{model._meta.model_name}:{view}", args=args)


def programme(*organisations, key="thuis", **columns):
    made = Programme.objects.create(
        **{"key": key, "number": f"P-{key}", "title_nl": "Zorg thuis", "type": "programme", **columns}
    )
    made.organisations.set(organisations)
    return made


def form(*organisations, **columns):
    chosen = [owner.pk for owner in organisations]
    typed = {"key": "thuis", "title_nl": "Zorg thuis", "type": "programme", "organisations": chosen}
    return {**typed, **milestones(), **columns}


def milestones(*rows, there=0):
    """What the editor sends of milestones: rows of columns, the first `there` of which are kept already."""
    sent = {"milestones-TOTAL_FORMS": len(rows), "milestones-INITIAL_FORMS": there}
    return sent | {f"milestones-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


@pytest.fixture
def mst():
    return organisation("mst")


@pytest.fixture
def zgt():
    return organisation("zgt")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", [Pillar, Programme])
def test_who_gets_in(client, model, role):
    client.force_login(member(role=role))
    allowed = {view: client.get(address(model, view)).status_code == 200 for view in ("list", "add")}
    assert allowed == {
        "list": role in (Role.INNOVATION_MANAGER, Role.AUDITOR),
        "add": role == Role.INNOVATION_MANAGER,
    }


@pytest.mark.parametrize("model", KINDS)
def test_every_field_is_on_the_form(client, model):
    client.force_login(member(role=Role.INNOVATION_MANAGER))
    fields = set(client.get(address(model, "add")).context["form"].fields)
    editable = {
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.editable and not field.primary_key
    }
    assert fields == editable | {"seen"}


def test_a_new_programme_gets_the_next_number(client, mst):
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    client.post(address(Programme, "add"), form(mst))
    client.post(address(Programme, "add"), form(mst, key="digitaal"))
    assert list(Programme.objects.values_list("key", "number")) == [("thuis", "P-01"), ("digitaal", "P-02")]
    assert list(Programme.objects.get(key="thuis").organisations.all()) == [mst]


@pytest.mark.parametrize(("owners", "status"), [(["mst"], 200), (["mst", "zgt"], 200), (["zgt"], 404), ([], 200)])
def test_whose_programme_it_is_decides_who_changes_it(client, mst, zgt, owners, status):
    mine = {"mst": mst, "zgt": zgt}
    record = programme(*(mine[key] for key in owners))
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    edit = address(Programme, "edit", record.pk)
    assert client.get(edit).status_code == status
    client.post(edit, form(mst, *(mine[key] for key in owners), title_nl="Anders"))
    record.refresh_from_db()
    assert record.title_nl == ("Anders" if status == 200 else "Zorg thuis")


def test_the_list_shows_the_own_and_joint_ones(client, mst, zgt):
    programme(mst, key="eigen"), programme(zgt, key="ander"), programme(mst, zgt, key="samen"), programme(key="los")
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    shown = client.get(address(Programme, "list")).context["page_obj"].object_list
    assert sorted(record.key for record in shown) == ["eigen", "los", "samen"]


def test_an_auditor_reads_and_changes_nothing(client, mst):
    record = programme(mst)
    client.force_login(member(mst, role=Role.AUDITOR))
    assert client.get(address(Programme, "inspect", record.pk)).status_code == 200
    client.post(address(Programme, "edit", record.pk), form(mst, title_nl="Anders"))
    record.refresh_from_db()
    assert record.title_nl == "Zorg thuis"


def test_the_own_hospital_stays_and_the_other_is_not_put_out(client, mst, zgt):
    record = programme(mst, zgt)
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    for chosen in ([zgt], [mst]):
        answer = client.post(address(Programme, "edit", record.pk), form(*chosen))
        assert list(answer.context["form"].errors) == ["organisations"]
    assert record.organisations.count() == 2


def test_a_programme_has_no_address_to_delete_it(client, mst):
    record = programme(mst)
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    client.post(address(Programme, "delete", record.pk))
    assert Programme.objects.filter(pk=record.pk).exists()


def test_horizons_come_in_order_and_pillars_once(client, mst):
    early, late = (Horizon.objects.create(key=f"h{n}", order=n, name_nl=f"{n} jaar") for n in (1, 10))
    pillar = Pillar.objects.create(key="p1", number=1, name_nl="Bundelen", short_nl="Samen")
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    wrong = {"horizon_from": late.pk, "horizon_to": early.pk, "pillar": pillar.pk, "other_pillars": [pillar.pk]}
    errors = client.post(address(Programme, "add"), form(mst, **wrong)).context["form"].errors
    assert set(errors) == {"horizon_to", "other_pillars"}


@pytest.mark.parametrize(("key", "status"), [("mst", 200), ("zgt", 404), ("menzis", 200), ("", 200)])
def test_a_body_of_the_other_hospital_is_not_ours(client, mst, zgt, key, status):
    owner = {"mst": mst, "zgt": zgt, "menzis": organisation("menzis", kind="insurer"), "": None}[key]
    body = Body.objects.create(key="raad", name_nl="Raad van bestuur", organisation=owner)
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    assert client.get(address(Body, "edit", body.pk)).status_code == status


def test_a_document_keeps_its_versions(client):
    client.force_login(member(role=Role.INNOVATION_MANAGER))
    versions = {
        "versions-TOTAL_FORMS": 1,
        "versions-INITIAL_FORMS": 0,
        "versions-0-version": "0.9",
        "versions-0-planned_on": "2026-11-25",
    }
    client.post(address(Document, "add"), {"key": "schets", "order": 1, "title_nl": "Schets", **versions})
    assert [str(version) for version in Document.objects.get(key="schets").versions.all()] == ["Schets 0.9"]


def test_a_programme_keeps_its_milestones_and_is_searched_anew(client, mst):
    record = programme(mst)
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    edit = address(Programme, "edit", record.pk)
    SearchOutbox.objects.all().delete()
    outbox.forget()
    rows = milestones({"title_nl": "Eén nummer", "planned_on": "2026-10-06", "actual_on": "2026-10-16"})
    client.post(edit, form(mst, **rows))
    assert [(row.title_nl, row.days_late) for row in record.milestones.all()] == [("Eén nummer", 10)]
    assert ("programme", str(record.pk)) in set(SearchOutbox.objects.values_list("type", "record"))


def test_a_milestone_is_not_done_on_a_day_to_come(client, mst):
    record = programme(mst)
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    rows = milestones({"title_nl": "Eén nummer", "planned_on": "2026-10-06", "actual_on": "2999-01-01"})
    answer = client.post(address(Programme, "edit", record.pk), form(mst, **rows))
    assert [list(problems) for problems in answer.context["form"].formsets["milestones"].errors] == [["actual_on"]]
    assert not record.milestones.exists()


def test_somebody_else_changed_a_milestone(client, mst):
    record = programme(mst)
    row = Milestone.objects.create(programme=record, title_nl="Eén nummer", planned_on="2026-10-06")
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    edit = address(Programme, "edit", record.pk)
    seen = client.get(edit).context["form"]["seen"].value()
    Milestone.objects.filter(pk=row.pk).update(planned_on="2026-12-01")
    typed = {"id": row.pk, "title_nl": "Eén nummer", "planned_on": "2026-10-06"}
    answer = client.post(edit, form(mst, seen=seen, **milestones(typed, there=1)))
    assert len(answer.context["form"].non_field_errors()) == 1
    row.refresh_from_db()
    assert f"{row.planned_on}" == "2026-12-01"


def test_somebody_else_changed_the_goals(client, mst):
    record, goal = programme(mst), Goal.objects.create(key="g1", name_nl="Dichtbij")
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    edit = address(Programme, "edit", record.pk)
    seen = client.get(edit).context["form"]["seen"].value()
    record.goals.add(goal)
    answer = client.post(edit, form(mst, seen=seen))
    assert len(answer.context["form"].non_field_errors()) == 1
    assert list(record.goals.all()) == [goal]


def test_a_list_takes_the_same_queries_for_one_and_three_rows(client, mst, django_assert_num_queries):
    client.force_login(member(mst, role=Role.INNOVATION_MANAGER))
    programme(mst, key="a")
    client.get(address(Programme, "list"))
    with django_assert_num_queries(QUERIES):
        client.get(address(Programme, "list"))
    programme(mst, key="b"), programme(mst, key="c")
    with django_assert_num_queries(QUERIES):
        client.get(address(Programme, "list"))


QUERIES = 13
