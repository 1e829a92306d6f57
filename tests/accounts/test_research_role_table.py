"""The table of roles for research: who may do what with a study, one row per action, one column per kind of person.

The studies are at MST, which leads, and at ZGT; a third hospital takes no part. What is not listed is refused.
"""

import io
from dataclasses import dataclass

import pytest
from django.db import transaction

from academy.accounts.models import Role
from research.studies import permissions
from research.studies.models import Access, Approval, Review, ReviewRoute, Study
from research.studies.services import deadlines, documents, inviting, publishing, reviewing, saving
from research.studies.states import ReviewState
from research.studies.vocabularies import ReviewKind, Visibility
from tests import factories as f
from tests.factories import studies

from . import casting
from .casting import carries_out

pytestmark = pytest.mark.django_db

TEAM = {"study_editor", "study_viewer"}
BUREAUS = {"science_bureau", "zgt_science_bureau"}
NEAR = TEAM | BUREAUS | {"auditor"}
MST = casting.MST | {"study_founder"}
ZGT = casting.ZGT | {"zgt_science_bureau", "zgt_researcher"}
MEMBERS = MST | ZGT | TEAM
EVERYBODY = casting.EVERYBODY | MEMBERS | {"third_science_bureau"}
EDITORS = {"study_editor", "study_founder"}
ALL_BUREAUS = BUREAUS | {"third_science_bureau"}

TABLE = {
    "see a published study": EVERYBODY,
    "see a members-only study": MEMBERS,
    "see a study for its team": NEAR | EDITORS,
    "see a draft": NEAR | EDITORS,
    "see a study under review": NEAR | EDITORS,
    "see fields for members": MEMBERS,
    "see fields for the team": NEAR | EDITORS,
    "open a letter": NEAR | EDITORS,
    "register a study": {"researcher", "zgt_researcher", "study_founder"},
    "copy a study": {"study_founder"},
    "change a draft": EDITORS,
    "propose a change of a published study": EDITORS,
    "change the status of recruitment at once": EDITORS,
    "invite somebody": EDITORS | {"science_bureau"},
    "take somebody off the team": EDITORS | {"science_bureau"},
    "submit": EDITORS,
    "withdraw a review": EDITORS,
    "answer a remark": EDITORS,
    "attach a document": EDITORS | BUREAUS,
    "meet a deadline": EDITORS | BUREAUS,
    "see the queue": ALL_BUREAUS | {"auditor"},
    "take up at MST": {"science_bureau"},
    "take up at ZGT": {"zgt_science_bureau"},
    "assign at MST": {"science_bureau"},
    "assign at ZGT": {"zgt_science_bureau"},
    "change the kind of review at MST": {"science_bureau"},
    "remark at MST": {"science_bureau"},
    "return at MST": {"science_bureau"},
    "return at ZGT": {"zgt_science_bureau"},
    "record what a body said at MST": {"science_bureau"},
    "record what a body said at ZGT": {"zgt_science_bureau"},
    "decide at MST": {"science_bureau"},
    "decide at ZGT": {"zgt_science_bureau"},
    "publish": {"science_bureau"},
    "publish a proposed change": {"science_bureau"},
    "refuse a proposed change": {"science_bureau"},
    "take offline": {"science_bureau"},
    "hand over to the other hospital": {"science_bureau"},
    "import studies": ALL_BUREAUS,
    "make review routes": ALL_BUREAUS,
    "change the route of MST": {"science_bureau"},
    "change the route of ZGT": {"zgt_science_bureau"},
}


@dataclass
class World:
    """Studies that the actions are tried on."""

    people: dict
    zgt: object
    public: Study
    members: Study
    team: Study
    draft: Study
    submitted: Study
    reviewed: Study
    approved: Study
    proposed: Study
    routes: dict

    reviews: dict
    approvals: dict

    def review(self, study: Study, hospital: str) -> Review:
        return self.reviews[study.pk, hospital]


@pytest.fixture
def world() -> World:
    mst, zgt = f.organisation("mst"), f.organisation("zgt")
    people = casting.cast(mst, zgt, f.unit(mst)) | {
        "study_founder": studies.researcher(mst),
        "study_editor": f.person(),
        "study_viewer": f.person(),
        "zgt_researcher": studies.researcher(zgt),
        "zgt_science_bureau": studies.bureau(zgt),
        "third_science_bureau": studies.bureau(f.organisation("umc")),
    }
    founder = people["study_founder"]
    made = {
        "public": studies.published(mst, zgt, editor=founder),
        "members": studies.published(mst, zgt, editor=founder, visibility=Visibility.MEMBERS),
        "team": studies.published(mst, zgt, editor=founder, visibility=Visibility.TEAM),
        "draft": studies.study(mst, zgt, editor=founder),
        "submitted": studies.study(mst, zgt, editor=founder),
        "reviewed": studies.study(mst, zgt, editor=founder),
        "approved": studies.reviewed(studies.study(mst, zgt, editor=founder)),
        "proposed": studies.published(mst, zgt, editor=founder),
    }
    for study in made.values():
        for name, level in (("study_editor", "editor"), ("study_viewer", "viewer")):
            Access.objects.create(study=study, person=people[name], email=people[name].email, level=level)
    saving.save(study=made["proposed"], actor=founder, base_version=1, values={"acronym": "ANDERS"})
    for name in ("submitted", "reviewed"):
        reviewing.submit(study=made[name], actor=founder)
    for review in Review.objects.filter(site__study=made["reviewed"]):
        reviewing.take_up(review=review, actor=None)
    routes = {of.key: ReviewRoute.objects.create(organisation=of, kind=ReviewKind.MAIN_REVIEW) for of in (mst, zgt)}
    reviews = {
        (r.site.study_id, r.site.organisation.key): r for r in Review.objects.select_related("site__organisation")
    }
    approvals = {approval.review.site.organisation.key: approval for approval in Approval.objects.all()}
    return World(people=people, zgt=zgt, routes=routes, reviews=reviews, approvals=approvals, **made)


def _sees(user, study: Study) -> bool:
    """By the rule on the record, which has to say the same as the query."""
    by_rule = user.has_perm("studies.see", study)
    assert by_rule == permissions.visible_to(Study.objects.filter(pk=study.pk), user).exists()
    return by_rule


def _may_at(hospital: str, user, w: World) -> dict:
    """What the bureau of one hospital does in its review."""
    submitted, reviewed = w.review(w.submitted, hospital), w.review(w.reviewed, hospital)
    place = hospital.upper()
    remarks = [{"field": "acronym", "text": "Waarom?"}]
    return {
        f"take up at {place}": lambda: carries_out(reviewing.take_up, review=submitted, actor=user),
        f"assign at {place}": lambda: carries_out(reviewing.assign, review=submitted, actor=user, to=None),
        f"change the kind of review at {place}": lambda: carries_out(
            reviewing.change_kind, review=submitted, actor=user, kind=ReviewKind.NWMO_APPROVAL
        ),
        f"remark at {place}": lambda: carries_out(reviewing.add_remark, review=submitted, actor=user, text="Waarom?"),
        f"return at {place}": lambda: carries_out(
            reviewing.return_to_researcher, review=submitted, actor=user, remarks=remarks
        ),
        f"record what a body said at {place}": lambda: carries_out(
            reviewing.record_approval, approval=w.approvals[hospital], actor=user, state="approved"
        ),
        f"decide at {place}": lambda: carries_out(
            reviewing.decide, review=reviewed, actor=user, outcome=ReviewState.REJECTED, reason="Past niet."
        ),
        f"change the route of {place}": lambda: user.has_perm("studies.keep_routes", w.routes[hospital]),
    }


def _answers(user, w: World) -> bool:
    review = w.review(w.submitted, "mst")
    reviewing.return_to_researcher(review=review, actor=None, remarks=[{"field": "acronym", "text": "Waarom?"}])
    return carries_out(reviewing.answer_remark, remark=review.remarks.get(), actor=user, text="Daarom.")


def _attaches(user, w: World) -> bool:
    upload = documents.File(io.BytesIO(b"%PDF-1.4 brief"), name="brief.pdf")
    return carries_out(documents.add_document, study=w.draft, actor=user, upload=upload)


def _opens_letter(user, w: World) -> bool:
    upload = documents.File(io.BytesIO(b"%PDF-1.4 brief"), name="brief.pdf")
    document = documents.add_document(study=w.public, actor=None, upload=upload)
    return carries_out(documents.open_document, study=w.public, pk=document.pk, user=user)


def _meets(user, w: World) -> bool:
    site = w.public.sites.first()
    deadline = w.public.deadlines.create(site=site, kind="progress_report", due_on="2026-01-01")
    return carries_out(deadlines.meet, deadline=deadline, actor=user)


def _has_waiting_change(user, w: World, **values) -> bool:
    """Whether the change goes through, and then waits for the bureau or does not, as it should."""
    study = w.public
    if not carries_out(saving.save, study=study, actor=user, base_version=study.version, values=values):
        return False
    fresh = Study.objects.get(pk=study.pk)
    assert bool(fresh.proposed) == ("acronym" in values)
    return True


def _takes_off(user, w: World) -> bool:
    access = w.draft.access.get(level="viewer")
    return carries_out(inviting.withdraw_access, access=access, actor=user)


def _may(action: str, user, w: World) -> bool:
    as_member = permissions.covers(permissions.level_of(user, w.public), Visibility.MEMBERS)
    seen = {
        "see a published study": lambda: _sees(user, w.public),
        "see a members-only study": lambda: _sees(user, w.members),
        "see a study for its team": lambda: _sees(user, w.team),
        "see a draft": lambda: _sees(user, w.draft),
        "see a study under review": lambda: _sees(user, w.submitted),
        "see fields for members": lambda: as_member,
        "see fields for the team": lambda: user.has_perm("studies.see_team", w.public),
        "open a letter": lambda: _opens_letter(user, w),
        "see the queue": lambda: user.has_perm("studies.see_queue"),
        "import studies": lambda: user.has_perm("studies.import"),
        "make review routes": lambda: user.has_perm("studies.keep_routes"),
    }
    done = {
        "register a study": lambda: carries_out(saving.register, actor=user),
        "copy a study": lambda: carries_out(saving.register, actor=user, copied_from=w.public),
        "change a draft": lambda: carries_out(
            saving.save, study=w.draft, actor=user, base_version=1, values={"acronym": "ANDERS"}
        ),
        "propose a change of a published study": lambda: _has_waiting_change(user, w, acronym="ANDERS"),
        "change the status of recruitment at once": lambda: _has_waiting_change(
            user, w, recruitment_status="RECRUITING"
        ),
        "invite somebody": lambda: carries_out(
            inviting.invite, study=w.draft, actor=user, email="nieuw@example.org", level="viewer"
        ),
        "take somebody off the team": lambda: _takes_off(user, w),
        "submit": lambda: carries_out(reviewing.submit, study=w.draft, actor=user),
        "withdraw a review": lambda: carries_out(
            reviewing.withdraw_review, review=w.review(w.submitted, "mst"), actor=user, reason="Toch niet."
        ),
        "answer a remark": lambda: _answers(user, w),
        "attach a document": lambda: _attaches(user, w),
        "meet a deadline": lambda: _meets(user, w),
        "publish": lambda: carries_out(publishing.publish, study=w.approved, actor=user),
        "publish a proposed change": lambda: carries_out(publishing.publish_changes, study=w.proposed, actor=user),
        "refuse a proposed change": lambda: carries_out(
            publishing.refuse_changes, study=w.proposed, actor=user, reason="Nee."
        ),
        "take offline": lambda: carries_out(publishing.unpublish, study=w.public, actor=user, reason="Fout."),
        "hand over to the other hospital": lambda: carries_out(
            publishing.transfer, study=w.public, actor=user, to=w.zgt
        ),
        **_may_at("mst", user, w),
        **_may_at("zgt", user, w),
    }
    assert set(seen) | set(done) >= set(TABLE)
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


def test_nobody_has_a_right_of_research_by_being_administrator_or_member_of_another_hospital(world):
    """Twice the same table from the other side: these columns hold what everybody has, or every member."""
    for name in ("administrator", "zgt_administrator", "trainee", "member"):
        held = {action for action, people in TABLE.items() if name in people}
        assert held <= {"see a published study", "see a members-only study", "see fields for members"}


def test_a_role_of_the_bureau_that_has_ended_counts_for_nothing(world):
    bureau = world.people["science_bureau"]
    bureau.memberships.filter(role=Role.SCIENCE_BUREAU).delete()
    fresh = type(bureau).objects.get(pk=bureau.pk)
    assert not fresh.has_perm("studies.publish", world.public)
    assert not fresh.has_perm("studies.see", world.draft)
