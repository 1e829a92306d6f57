"""The table of roles for innovations: who may do what, one row per action, one column per kind of person.

The innovations are of MST, those that are *joint* of MST and ZGT; a third hospital takes no part. What is not listed is
refused. Each verb is tried through its service and, where it has one, through its address of the API.
"""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from academy.accounts.models import Role
from academy.core import clock
from research.innovations import permissions
from research.innovations.models import Condition, Decision, Innovation
from research.innovations.services import assessing, documents, gates, history, outcomes, publishing, saving
from research.innovations.states import Result, Stage
from research.innovations.vocabularies import AssessmentKind, Complexity, Domain, Visibility
from tests import factories as f
from tests.factories import innovations

from . import casting
from .casting import carries_out

pytestmark = pytest.mark.django_db

MST = casting.MST | {"owner"}
ZGT = casting.ZGT | {"zgt_innovation_manager", "teammate"}
THIRD = {"third_innovation_manager", "third_member"}
EVERYBODY = casting.EVERYBODY | MST | ZGT | THIRD
TEAM = {"owner", "teammate"}
MANAGER = {"innovation_manager"}
MANAGERS = MANAGER | {"zgt_innovation_manager"}
NEAR = TEAM | MANAGER | {"auditor"}
WRITE = TEAM | MANAGER
ALL_MANAGERS = MANAGERS | {"third_innovation_manager"}
A_MEMBER = MST | ZGT | THIRD

TABLE = {
    "see a published innovation": EVERYBODY,
    "see a members-only innovation": MST | {"teammate"},
    "see a joint members-only innovation": MST | ZGT,
    "see an innovation for its team": NEAR,
    "see a joint innovation for its team": NEAR | {"zgt_innovation_manager"},
    "see a draft": NEAR,
    "see one that was handed in": NEAR,
    "see one that was taken offline": NEAR,
    "see money, team and rules": MST | {"teammate"},
    "see who may see it": NEAR,
    "open a document": NEAR,
    "see the queue": ALL_MANAGERS | {"auditor"},
    "put in an innovation": A_MEMBER,
    "change a draft": WRITE,
    "change a published innovation": WRITE,
    "change a joint innovation": WRITE | {"zgt_innovation_manager"},
    "add somebody to the team": WRITE,
    "add a hospital": WRITE,
    "take MST off": MANAGER,
    "take ZGT off a joint one": {"zgt_innovation_manager"},
    "estimate a benefit": WRITE,
    "validate a benefit": MANAGER,
    "validate FTE": MANAGER,
    "hand in": WRITE,
    "give back": MANAGER,
    "publish": MANAGER,
    "publish a joint one": MANAGERS,
    "take offline": MANAGER,
    "attach a document": WRITE,
    "assess how far it is": WRITE,
    "assess how complex it is": WRITE,
    "classify the device": MANAGER,
    "classify the AI": MANAGER,
    "score the value": MANAGER,
    "ask for a gate": MANAGER,
    "ask for a gate of a joint one": MANAGERS,
    "move a gate": MANAGER,
    "decide": MANAGER,
    "decide on a joint one": MANAGERS,
    "meet a condition": WRITE,
    "put on hold": MANAGER,
    "resume": MANAGER,
    "tell that it was scaled up": MANAGER,
    "withdraw": WRITE,
    "take over its history": MANAGER,
    "import innovations": ALL_MANAGERS,
}


@dataclass
class World:
    """Innovations that the actions are tried on."""

    people: dict
    public: Innovation
    members: Innovation
    team: Innovation
    joint: Innovation
    joint_members: Innovation
    joint_team: Innovation
    draft: Innovation
    joint_draft: Innovation
    submitted: Innovation
    offline: Innovation
    held: Innovation
    grown: Innovation
    gated: Innovation
    joint_gated: Innovation
    conditional: Innovation
    gates: dict


@pytest.fixture
def world() -> World:
    mst, zgt, third = (f.organisation(key) for key in ("mst", "zgt", "umc"))
    people = casting.cast(mst, zgt, f.unit(mst)) | {
        "owner": f.member(mst),
        "teammate": f.member(zgt),
        "zgt_innovation_manager": innovations.manager(zgt),
        "third_innovation_manager": innovations.manager(third),
        "third_member": f.member(third),
    }
    given = {"owner": people["owner"], "team": [{"person": people["teammate"].pk, "function": ""}]}
    published, put_in = innovations.published, innovations.innovation
    both = (mst, zgt)
    # The teammate is of a joint one as of the others; there he has no more than the team.
    made = {
        "public": published(mst, **given),
        "members": published(mst, **given, visibility=Visibility.MEMBERS),
        "team": published(mst, **given, visibility=Visibility.TEAM),
        "joint": published(*both, **given),
        "joint_members": published(*both, **given, visibility=Visibility.MEMBERS),
        "joint_team": published(*both, **given, visibility=Visibility.TEAM),
        "draft": put_in(mst, **given),
        "joint_draft": put_in(*both, **given),
        "submitted": publishing.submit(innovation=put_in(mst, **given), actor=None),
        "offline": publishing.take_offline(innovation=published(mst, **given), actor=None, reason="Fout"),
        "held": published(mst, **given),
        "grown": published(mst, **given, stage=Stage.IN_USE),
        "gated": published(mst, **given),
        "joint_gated": published(*both, **given),
        "conditional": published(mst, **given),
    }
    later = clock.today() + timedelta(days=9)
    outcomes.put_on_hold(innovation=made["held"], actor=None, wake_up_on=later, reason_nl="Wacht")
    innovations.decided(made["conditional"], Result.GO_WITH_CONDITIONS, conditions=[{"text_nl": "Eerst dit"}])
    open_gates = {name: innovations.gate(made[name]) for name in ("gated", "joint_gated")}
    return World(people=people, gates=open_gates, **made)


def _sees(user, innovation: Innovation) -> bool:
    """By the rule on the record, which has to say the same as the query, the page and the API."""
    by_rule = user.has_perm("innovations.see", innovation)
    assert by_rule == permissions.visible_to(Innovation.objects.filter(pk=innovation.pk), user).exists()
    client = _client(user)
    pages = (reverse("innovations:innovation", kwargs={"number": innovation.number}), _api(innovation))
    assert [client.get(page).status_code for page in pages] == [200 if by_rule else 404] * 2
    return by_rule


def _client(user) -> Client:
    client = Client()
    if user.is_authenticated:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _api(innovation: Innovation, rest: str = "") -> str:
    return f"/api/v1/innovations/{innovation.number}/{rest}"


def _posts(user, innovation: Innovation, rest: str, **body) -> bool:
    """Whether the API does it; and the service must answer alike."""
    status = _client(user).post(_api(innovation, rest), body, content_type="application/json").status_code
    assert status in (200, 201, 401, 403, 404), status
    return status in (200, 201)


def _group(user, innovation: Innovation, group: str) -> bool:
    return group in permissions.groups_for(innovation, permissions.level_of(user, innovation))


def _saves(user, innovation: Innovation, **values) -> bool:
    """A refused field is a no, too: those who may change the record may not change everything in it."""
    fresh = Innovation.objects.get(pk=innovation.pk)
    body = {"version": fresh.version, **values}
    answer = _client(user).patch(_api(innovation), body, content_type="application/json")
    assert answer.status_code in (200, 400, 401, 403, 404), answer.content
    assert answer.status_code != 400 or set(answer.json()["fields"]) <= set(values)
    return answer.status_code == 200


def _opens_document(user, w: World) -> bool:
    upload = documents.File(io.BytesIO(b"%PDF-1.4 brief"), name="brief.pdf")
    document = documents.add_document(innovation=w.public, actor=None, upload=upload)
    return carries_out(documents.open_document, innovation=w.public, pk=document.pk, user=user)


def _attaches(user, w: World) -> bool:
    upload = documents.File(io.BytesIO(b"%PDF-1.4 brief"), name="brief.pdf")
    return carries_out(documents.add_document, innovation=w.public, actor=user, upload=upload)


def _assesses(user, w: World, kind: str, code: str = "") -> bool:
    domains = {name: {"level": Complexity.SIMPLE} for name in Domain.values} if kind == AssessmentKind.NASSS else {}
    given = {"kind": str(kind), "on": clock.today().isoformat(), "code": code, "domains": domains}
    return _posts(user, w.public, "assessments/", **given)


def _asks(user, innovation: Innovation) -> bool:
    innovations.body()
    return _posts(user, innovation, "gates/", body="body_innovation_board", due_on=clock.today().isoformat())


def _moves(user, decision: Decision) -> bool:
    day = clock.today() + timedelta(days=40)
    return carries_out(gates.move_gate, decision=decision, actor=user, body=decision.body, due_on=day, owner=None)


def _decides(user, w: World, name: str) -> bool:
    given = {"result": "go", "decided_on": clock.today().isoformat(), "rationale_nl": "Ja"}
    return _posts(user, getattr(w, name), f"gates/{w.gates[name].pk}/decide/", **given)


def _meets(user, w: World) -> bool:
    condition = Condition.objects.get(decision__innovation=w.conditional)
    return _posts(user, w.conditional, f"conditions/{condition.pk}/meet/", on=clock.today().isoformat())


def _hold(w: World) -> dict:
    later = (clock.today() + timedelta(days=9)).isoformat()
    return {"outcome": "on_hold", "wake_up_on": later, "reason_nl": "Wacht"}


def _fte(measure: str) -> list[dict]:
    return [{"measure": measure, "minutes_before": 9, "minutes_after": 5, "cases_per_year": 100}]


def _may(action: str, user, w: World) -> bool:
    benefit = {"key": "k", "category": "cost", "kpi_nl": "x", "estimate": "1"}
    third = f.organisation("umc")
    seen = {
        "see a published innovation": lambda: _sees(user, w.public),
        "see a members-only innovation": lambda: _sees(user, w.members),
        "see a joint members-only innovation": lambda: _sees(user, w.joint_members),
        "see an innovation for its team": lambda: _sees(user, w.team),
        "see a joint innovation for its team": lambda: _sees(user, w.joint_team),
        "see a draft": lambda: _sees(user, w.draft),
        "see one that was handed in": lambda: _sees(user, w.submitted),
        "see one that was taken offline": lambda: _sees(user, w.offline),
        "see money, team and rules": lambda: all(_group(user, w.public, g) for g in ("money", "team", "compliance")),
        "see who may see it": lambda: _group(user, w.public, "access"),
        "open a document": lambda: _opens_document(user, w),
        "see the queue": lambda: user.has_perm("innovations.see_queue"),
        "import innovations": lambda: user.has_perm("innovations.import"),
    }
    done = {
        "put in an innovation": lambda: carries_out(saving.put_in, actor=user),
        "change a draft": lambda: _saves(user, w.draft, title_nl="Anders"),
        "change a published innovation": lambda: _saves(user, w.public, title_nl="Anders"),
        "change a joint innovation": lambda: _saves(user, w.joint, title_nl="Anders"),
        "add somebody to the team": lambda: _saves(
            user, w.public, team=[{"person": w.people["member"].pk}, {"person": w.people["teammate"].pk}]
        ),
        "add a hospital": lambda: _saves(user, w.public, organisations=["mst", third.key]),
        "take MST off": lambda: _saves(user, w.public, organisations=[third.key]),
        "take ZGT off a joint one": lambda: _saves(user, w.joint, organisations=["mst"]),
        "estimate a benefit": lambda: _saves(user, w.public, benefits=[benefit]),
        "validate a benefit": lambda: _saves(user, w.public, benefits=[{**benefit, "validated": "1"}]),
        "validate FTE": lambda: _saves(user, w.public, fte_figures=_fte("validated")),
        "hand in": lambda: _posts(user, w.draft, "submit/"),
        "give back": lambda: _posts(user, w.submitted, "give-back/", reason="Nog niet"),
        "publish": lambda: _posts(user, w.draft, "publish/"),
        "publish a joint one": lambda: _posts(user, w.joint_draft, "publish/"),
        "take offline": lambda: _posts(user, w.public, "take-offline/", reason="Fout"),
        "attach a document": lambda: _attaches(user, w),
        "assess how far it is": lambda: _assesses(user, w, AssessmentKind.TRL, "5"),
        "assess how complex it is": lambda: _assesses(user, w, AssessmentKind.NASSS),
        "classify the device": lambda: _assesses(user, w, AssessmentKind.DEVICE, "mdr_i"),
        "classify the AI": lambda: _assesses(user, w, AssessmentKind.AI, "high"),
        "score the value": lambda: _assesses(user, w, AssessmentKind.VALUE, "7"),
        "ask for a gate": lambda: _asks(user, w.public),
        "ask for a gate of a joint one": lambda: _asks(user, w.joint),
        "move a gate": lambda: _moves(user, w.gates["gated"]),
        "decide": lambda: _decides(user, w, "gated"),
        "decide on a joint one": lambda: _decides(user, w, "joint_gated"),
        "meet a condition": lambda: _meets(user, w),
        "put on hold": lambda: _posts(user, w.public, "outcome/", **_hold(w)),
        "resume": lambda: _posts(user, w.held, "outcome/", outcome="active", reason_nl="Verder"),
        "tell that it was scaled up": lambda: _posts(user, w.grown, "outcome/", outcome="scaled"),
        "withdraw": lambda: _posts(user, w.public, "outcome/", outcome="withdrawn", reason_nl="Toch niet"),
        "take over its history": lambda: carries_out(
            history.take_over, innovation=w.public, actor=user, stage=Stage.PILOT_A, since=clock.today()
        ),
    }
    assert set(seen) | set(done) == set(TABLE)
    return bool({**seen, **done}[action]())


def test_who_may_do_what(world):
    found = {
        action: {name for name, person in world.people.items() if _in_a_world_of_its_own(action, person, world)}
        for action in TABLE
    }
    assert found == TABLE


def _in_a_world_of_its_own(action: str, person, world: World) -> bool:
    """What one person did is taken back before the next one tries."""
    with transaction.atomic():
        answer = _may(action, person, world)
        transaction.set_rollback(True)
    return answer


def test_every_kind_of_person_of_the_table_exists(world):
    assert set(world.people) == EVERYBODY


SERVICES = {
    "publish": lambda w, user: publishing.publish(innovation=w.draft, actor=user),
    "give back": lambda w, user: publishing.give_back(innovation=w.submitted, actor=user, reason="Nee"),
    "take offline": lambda w, user: publishing.take_offline(innovation=w.public, actor=user, reason="Fout"),
    "withdraw": lambda w, user: outcomes.withdraw(innovation=w.public, actor=user, reason_nl="Nee"),
    "resume": lambda w, user: outcomes.resume(innovation=w.held, actor=user, reason_nl="Verder"),
    "decide": lambda w, user: gates.decide(
        decision=w.gates["gated"], actor=user, result="go", decided_on=clock.today(), rationale_nl="Ja"
    ),
    "classify the AI": lambda w, user: assessing.assess(
        innovation=w.public, actor=user, kind="ai", on=clock.today(), code="high"
    ),
    "change a draft": lambda w, user: saving.save(
        innovation=w.draft, actor=user, base_version=1, values={"title_nl": "Anders"}
    ),
}


def test_the_services_refuse_by_themselves(world):
    """Nothing rests on the API or a page alone."""
    people = {name: person for name, person in world.people.items() if name != "anonymous"}  # services are given people
    found = {action: {name for name, one in people.items() if _does(action, one, world)} for action in SERVICES}
    assert found == {action: TABLE[action] for action in SERVICES}


def _does(action: str, person, world: World) -> bool:
    with transaction.atomic():
        done = carries_out(SERVICES[action], w=world, user=person)
        transaction.set_rollback(True)
    return done


def test_nobody_has_a_right_by_being_administrator_or_member_of_another_hospital(world):
    """The same table from the other side: these columns hold what everybody has, or every member."""
    of_members = {action for action, people in TABLE.items() if people >= MST - {"owner"}}
    for name in ("administrator", "zgt_administrator", "trainee", "member", "third_member"):
        assert {action for action, people in TABLE.items() if name in people} <= of_members


def test_an_innovation_manager_whose_role_has_ended_decides_nothing(world):
    manager = world.people["innovation_manager"]
    manager.memberships.filter(role=Role.INNOVATION_MANAGER).delete()
    fresh = type(manager).objects.get(pk=manager.pk)
    assert not fresh.has_perm("innovations.manage", world.public)
    assert not fresh.has_perm("innovations.see", world.team)
