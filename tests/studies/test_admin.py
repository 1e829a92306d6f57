"""Review routes in the admin: kept by the science bureau of each hospital, and by nobody else."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from academy.accounts.models import Role
from research.studies.models import ReviewRoute, RouteStep
from research.studies.vocabularies import ReviewKind
from tests import factories as f
from tests.cms.building import colleague, signed_in

pytestmark = pytest.mark.django_db
SPACE = "wagtailsnippets_studies_reviewroute"
METC = {"order": "2", "kind": "metc", "body_nl": "METC Twente", "body_en": ""}
BUREAU = {"order": "1", "kind": "bureau", "body_nl": "Wetenschapsbureau", "body_en": "Science bureau"}


@pytest.fixture
def mst():
    return f.organisation("mst")


@pytest.fixture
def zgt():
    return f.organisation("zgt")


def route(of, kind=ReviewKind.MAIN_REVIEW, *steps) -> ReviewRoute:
    made = ReviewRoute.objects.create(organisation=of, kind=kind)
    for order, name in enumerate(steps or ("metc",), 1):
        RouteStep.objects.create(route=made, order=order, kind=name, body_nl=f"{name} van {of.short_name}")
    return made


def form(of, *steps, initial=0, **more) -> dict[str, object]:
    """What the admin's form sends."""
    data = {
        "organisation": of.pk,
        "kind": "main_review",
        "days": "60",
        "intro_nl": "",
        "intro_en": "",
        "steps": inline_formset(steps, initial=initial),
    }
    return nested_form_data({**data, **more})


def stored(made: ReviewRoute) -> list[tuple[int, str, str]]:
    return list(made.steps.values_list("order", "kind", "body_nl"))


def test_a_bureau_makes_the_route_of_its_own_hospital(mst):
    answer = signed_in(colleague(Role.SCIENCE_BUREAU)).post(reverse(f"{SPACE}:add"), form(mst, BUREAU, METC))
    assert answer.status_code == 302, answer.context["form"].errors
    made = ReviewRoute.objects.get()
    assert (made.organisation, made.kind, made.days) == (mst, "main_review", 60)
    assert stored(made) == [(1, "bureau", "Wetenschapsbureau"), (2, "metc", "METC Twente")]


def test_not_that_of_the_other_hospital(mst, zgt):
    mine = signed_in(colleague(Role.SCIENCE_BUREAU))
    answer = mine.post(reverse(f"{SPACE}:add"), form(zgt, METC))
    assert "organisation" in answer.context["form"].errors
    assert not ReviewRoute.objects.exists()
    theirs = route(zgt)
    for name in ("edit", "delete", "history", "usage", "inspect"):
        address = reverse(f"{SPACE}:{name}", args=[theirs.pk])
        assert mine.get(address).status_code == 404, name
        assert mine.post(address).status_code == 404, name
    assert stored(theirs) == [(1, "metc", "metc van ZGT")]


def test_the_list_shows_ones_own_with_the_bodies_in_order(mst, zgt):
    made = route(mst, ReviewKind.MAIN_REVIEW, "bureau", "metc", "board")
    made.steps.filter(kind="metc").update(order=1)
    route(zgt, ReviewKind.NWMO_APPROVAL)
    page = signed_in(colleague(Role.SCIENCE_BUREAU)).get(reverse(f"{SPACE}:list")).content.decode()
    bodies = [step.get_kind_display() for step in made.steps.all()]
    assert f"{bodies[0]} + {bodies[1]} → {bodies[2]}" in page
    assert "ZGT" not in page


def test_a_route_keeps_its_hospital_and_kind(mst, zgt):
    made = route(mst)
    step = made.steps.get()
    changed = {**BUREAU, "id": step.pk}
    answer = signed_in(colleague(Role.SCIENCE_BUREAU)).post(
        reverse(f"{SPACE}:edit", args=[made.pk]), form(zgt, changed, initial=1, kind="nwmo_approval", days="30")
    )
    assert answer.status_code == 302, answer.context["form"].errors
    made.refresh_from_db()
    assert (made.organisation, made.kind, made.days) == (mst, "main_review", 30)
    assert stored(made) == [(1, "bureau", "Wetenschapsbureau")]


def test_a_route_without_bodies_is_refused(mst):
    answer = signed_in(colleague(Role.SCIENCE_BUREAU)).post(reverse(f"{SPACE}:add"), form(mst))
    assert answer.context["form"].non_field_errors()
    assert not ReviewRoute.objects.exists()


def test_a_second_route_of_the_same_kind_is_refused(mst):
    route(mst)
    answer = signed_in(colleague(Role.SCIENCE_BUREAU)).post(reverse(f"{SPACE}:add"), form(mst, METC))
    assert answer.status_code == 200
    assert ReviewRoute.objects.count() == 1


def test_somebody_elses_change_meanwhile_is_shown_first(mst):
    made = route(mst)
    mine, address = signed_in(colleague(Role.SCIENCE_BUREAU)), reverse(f"{SPACE}:edit", args=[made.pk])
    seen = mine.get(address).context["form"].initial["seen"]
    ReviewRoute.objects.update(days=99)
    step = {**METC, "id": made.steps.get().pk}
    answer = mine.post(address, form(mst, step, initial=1, seen=seen))
    assert answer.status_code == 200
    made.refresh_from_db()
    assert made.days == 99


def test_a_route_can_go(mst):
    made = route(mst)
    answer = signed_in(colleague(Role.SCIENCE_BUREAU)).post(reverse(f"{SPACE}:delete", args=[made.pk]))
    assert answer.status_code == 302
    assert not ReviewRoute.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EDITOR, Role.COURSE_MANAGER, Role.ADMINISTRATOR])
def test_others_change_nothing(mst, role):
    made = route(mst)
    client = signed_in(colleague(role))
    seen = {"list": client.get(reverse(f"{SPACE}:list")).status_code}
    seen |= {name: client.get(reverse(f"{SPACE}:{name}", args=[made.pk])).status_code for name in ("edit", "inspect")}
    refused = {"list": 302, "edit": 404, "inspect": 404}
    assert seen == ({"list": 200, "edit": 302, "inspect": 200} if role == Role.AUDITOR else refused)
    for name, arguments in (("add", []), ("edit", [made.pk]), ("delete", [made.pk])):
        client.post(reverse(f"{SPACE}:{name}", args=arguments), form(mst, METC, kind="nwmo_approval"))
    assert ReviewRoute.objects.count() == 1
    assert stored(made) == [(1, "metc", "metc van MST")]


def test_the_menu_leads_to_routes_and_to_the_queue(mst):
    home = signed_in(colleague(Role.SCIENCE_BUREAU)).get("/admin/").content.decode()
    assert reverse(f"{SPACE}:list") in home
    assert reverse("studies:queue") in home
    assert reverse("studies:queue") not in signed_in(colleague(Role.EDITOR)).get("/admin/").content.decode()
