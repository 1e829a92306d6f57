"""Courses and tracks in the admin: one form, draft, preview, publish, schedule, history, two editors."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from academy.accounts.models import Role
from academy.taxonomy.models import Register
from courses.catalogue.models import Competence, Course, Track, Visibility
from tests import factories
from tests.cms.building import colleague, signed_in

pytestmark = pytest.mark.django_db
SPACE = "wagtailsnippets_catalogue_course"


@pytest.fixture
def mst():
    return factories.organisation("mst")


@pytest.fixture
def manager(mst):
    return colleague(Role.COURSE_MANAGER, "mst")


def course_form(*owners, **more) -> dict[str, object]:
    """What the form of a course sends."""
    data = {
        "code": "BLS-01",
        "visibility": "public",
        "delivery_mode": "classroom",
        "hours": "4",
        "classroom_hours": "3",
        "online_norm_minutes": "0",
        "cost_price_eur": "0",
        "title_nl": "Reanimatie",
        "title_en": "Resuscitation",
        "summary_nl": "Je leert het.",
        "summary_en": "",
        "outcomes_nl": "Je reanimeert.\nJe gebruikt de AED.",
        "outcomes_en": "",
        "body_nl": streamfield([("heading", "Zo gaat het")]),
        "body_en": streamfield([]),
        "accreditation": inline_formset([]),
        "competences": inline_formset([]),
        "go_live_at": "",
        "expire_at": "",
    }
    ticked = {"owners": [owner.pk for owner in owners], "languages": ["nl"], "prerequisites": []}
    ticked |= {name: more.pop(name) for name in ticked if name in more}
    return {**nested_form_data({**data, **more}), **ticked}


def edit(person, course: Course, **more):
    columns = {"code": course.code, "title_nl": course.title_nl}
    data = course_form(*course.owners.all(), **{**columns, **more})
    return signed_in(person).post(reverse(f"{SPACE}:edit", args=[course.pk]), data)


def test_a_course_is_written_previewed_and_published(manager, mst, client):
    competence = Competence.objects.create(key="reanimeren", name_nl="Reanimeren")
    register = Register.objects.create(key="vv", name_nl="V&V")
    more = {
        "accreditation": inline_formset([{"register": register.pk, "points": "4"}]),
        "competences": inline_formset([{"competence": competence.pk, "validity_months": "12"}]),
    }
    mine = signed_in(manager)
    response = mine.post(reverse(f"{SPACE}:add"), course_form(mst, **more))
    assert response.status_code == 302, response.context["form"].errors
    course = Course.objects.get(code="BLS-01")
    assert not course.live
    assert client.get(course.get_absolute_url()).status_code == 404
    assert course.languages == ["nl"]
    preview = reverse(f"{SPACE}:preview_on_edit", args=[course.pk])
    latest = course.get_latest_revision_as_object()
    rows = {name: _existing(getattr(latest, name).all(), *fields) for name, fields in INLINE.items()}
    answer = mine.post(preview, course_form(mst, title_nl="Nog niet live", **rows)).json()
    assert answer == {"is_valid": True, "is_available": True}
    shown = mine.get(preview)
    assert "Nog niet live" in shown.content.decode()
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    edit(manager, course, **rows, **{"action-publish": "1"})
    course.refresh_from_db()
    assert course.live
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Reanimatie" in page or "Resuscitation" in page
    assert [row.points for row in course.accreditation.all()] == [4]
    assert [row.validity_months for row in course.competences.all()] == [12]


INLINE = {"accreditation": ("register", "points"), "competences": ("competence", "validity_months")}


def _existing(rows, *fields):
    values = [
        {"id": row.pk or "", **{name: getattr(row, f"{name}_id", getattr(row, name)) for name in fields}}
        for row in rows
    ]
    return inline_formset(values, initial=len([row for row in rows if row.pk]))


def test_a_change_stays_a_draft_until_it_is_published(manager, mst, client):
    course = factories.course(owners=[mst], title_nl="Oude naam", title_en="")
    edit(manager, course, title_nl="Verse naam", title_en="")
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Oude naam" in page
    assert "Verse naam" not in page
    edit(manager, course, title_nl="Verse naam", title_en="", **{"action-publish": "1"})
    assert "Verse naam" in client.get(course.get_absolute_url()).content.decode()


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(manager, mst):
    other = factories.organisation("zgt")
    response = signed_in(manager).post(
        reverse(f"{SPACE}:add"), course_form(other, code="bls 1", hours="2", title_nl="Blijft staan")
    )
    errors = response.context["form"].errors
    assert set(errors) == {"code", "owners", "classroom_hours"}
    assert "Blijft staan" in response.content.decode()
    assert not Course.objects.exists()


def test_a_code_never_changes(manager, mst):
    course = factories.course(owners=[mst])
    edit(manager, course, code="ANDERS-01", **{"action-publish": "1"})
    course.refresh_from_db()
    assert course.code != "ANDERS-01"


def test_the_other_hospital_stays_an_owner(manager, mst):
    zgt = factories.organisation("zgt")
    course = factories.course(owners=[mst, zgt])
    data = course_form(mst, code=course.code)
    response = signed_in(manager).post(reverse(f"{SPACE}:edit", args=[course.pk]), data)
    assert set(response.context["form"].errors) == {"owners"}


def test_a_partner_hospital_owns_no_course(manager, mst):
    partner = factories.organisation("skb", roles=["partner"])
    response = signed_in(manager).post(reverse(f"{SPACE}:add"), course_form(mst, partner))
    assert set(response.context["form"].errors) == {"owners"}


def test_a_course_is_not_needed_before_itself(manager, mst):
    course = factories.course(owners=[mst])
    response = edit(manager, course, prerequisites=[course.pk], **{"action-publish": "1"})
    assert set(response.context["form"].errors) == {"prerequisites"}


def test_publishing_waits_for_its_moment(manager, mst):
    course = factories.course(owners=[mst], live=False)
    moment = timezone.localtime() + timedelta(days=1)
    edit(manager, course, go_live_at=moment.strftime("%Y-%m-%d %H:%M"), **{"action-publish": "1"})
    course.refresh_from_db()
    assert not course.live
    revision = course.scheduled_revision
    past = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"], revision.approved_go_live_at = past.isoformat(), past
    revision.save()
    call_command("publish_scheduled", verbosity=0)
    course.refresh_from_db()
    assert course.live


def test_unpublishing_takes_it_off_the_site(manager, mst, client):
    course = factories.course(owners=[mst])
    signed_in(manager).post(reverse(f"{SPACE}:unpublish", args=[course.pk]))
    assert client.get(course.get_absolute_url()).status_code == 404


def test_history_tells_who_changed_what(manager, mst):
    course = factories.course(owners=[mst])
    edit(manager, course)
    page = signed_in(manager).get(reverse(f"{SPACE}:history", args=[course.pk])).content.decode()
    assert manager.full_name in page
    assert ModelLogEntry.objects.for_instance(course).filter(user=manager).exists()


def test_an_older_version_can_be_put_back_without_its_code(manager, mst):
    course = factories.course(owners=[mst], title_nl="Eerst")
    edit(manager, course, **{"action-publish": "1"})
    first = Course.objects.get(pk=course.pk).latest_revision
    edit(manager, course, title_nl="Later", **{"action-publish": "1"})
    data = course_form(mst, code="ANDERS-01", title_nl="Eerst", **{"action-publish": "1"})
    signed_in(manager).post(reverse(f"{SPACE}:revisions_revert", args=[course.pk, first.pk]), data)
    course.refresh_from_db()
    assert (course.title_nl, course.code != "ANDERS-01") == ("Eerst", True)


# Two editors ----------------------------------------------------------------------------------------------------------


def loaded(course: Course) -> dict[str, str]:
    """What the form remembers of the version that it shows."""
    revision = Course.objects.get(pk=course.pk).latest_revision
    return {"loaded_revision_id": str(revision.pk), "loaded_revision_created_at": revision.created_at.isoformat()}


def test_the_second_editor_is_told_and_sees_what_the_first_changed(manager, mst):
    second = colleague(Role.COURSE_MANAGER, "mst")
    course = factories.course(owners=[mst], title_nl="Begin")
    edit(manager, course)
    seen = loaded(course)
    edit(manager, course, title_nl="Van de eerste")
    response = edit(second, course, title_nl="Van de tweede", **seen)
    assert response.status_code == 200
    page = response.content.decode()
    compare = reverse(f"{SPACE}:revisions_compare", args=[course.pk, seen["loaded_revision_id"], "latest"])
    assert compare in page
    assert "Van de tweede" in page
    assert Course.objects.get(pk=course.pk).get_latest_revision_as_object().title_nl == "Van de eerste"
    assert "Van de eerste" in signed_in(second).get(compare).content.decode()
    assert loaded(course)["loaded_revision_id"] in page
    edit(second, course, title_nl="Van de tweede", **loaded(course))
    assert Course.objects.get(pk=course.pk).get_latest_revision_as_object().title_nl == "Van de tweede"


def test_saving_twice_from_one_form_is_no_conflict(manager, mst):
    course = factories.course(owners=[mst])
    edit(manager, course)
    seen = loaded(course)
    edit(manager, course, title_nl="Eerste keer", **seen)
    assert edit(manager, course, title_nl="Dubbelklik", **seen).status_code == 302


def test_saving_by_itself_never_overwrites_a_newer_version(manager, mst):
    second = colleague(Role.COURSE_MANAGER, "mst")
    course = factories.course(owners=[mst], title_nl="Begin")
    edit(manager, course)
    seen = loaded(course)
    edit(manager, course, title_nl="Van de eerste")
    data = course_form(mst, code=course.code, title_nl="Vanzelf", **seen)
    address = reverse(f"{SPACE}:edit", args=[course.pk])
    response = signed_in(second).post(address, data, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert json.loads(response.content)["error_code"] == "invalid_revision"


def test_the_second_editor_sees_that_the_first_is_there(manager, mst):
    second = colleague(Role.COURSE_MANAGER, "mst")
    course = factories.course(owners=[mst])
    edit(manager, course)
    address = reverse(f"{SPACE}:edit", args=[course.pk])
    signed_in(manager).get(address)
    mine = signed_in(second)
    session = mine.get(address).context["editing_sessions"]
    answer = mine.post(session.ping_url).json()
    assert manager.full_name in answer["html"]


# Lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"A-1", "B-1", "C-1"}),
        ({"q": "infuus"}, {"B-1"}),
        ({"q": "c-1"}, {"C-1"}),
        ({"live": "false"}, {"C-1"}),
        ({"delivery_mode": "online"}, {"A-1"}),
        ({"visibility": "members"}, {"B-1"}),
    ],
)
def test_the_list_is_narrowed(manager, mst, query, expected):
    factories.course(owners=[mst], code="A-1", title_nl="Reanimatie", delivery_mode="online")
    factories.course(owners=[mst], code="B-1", title_nl="Infuus", visibility=Visibility.MEMBERS)
    factories.course(owners=[mst], code="C-1", title_nl="Triage", live=False)
    response = signed_in(manager).get(reverse(f"{SPACE}:list"), query)
    assert {course.code for course in response.context["object_list"]} == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_list(manager, mst, django_assert_num_queries, rows):
    for _n in range(rows):
        factories.course(owners=[mst])
    client = signed_in(manager)
    client.get(reverse(f"{SPACE}:list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse(f"{SPACE}:list"))


def test_a_track_has_its_parts_in_order(manager, mst):
    first, second = factories.course(owners=[mst]), factories.course(owners=[mst])
    data = nested_form_data(
        {
            "code": "T-SEH",
            "visibility": "public",
            "duration_months": "6",
            "min_optional": "1",
            "coordinator": "",
            "title_nl": "Leerlijn SEH",
            "title_en": "",
            "summary_nl": "Stap voor stap.",
            "summary_en": "",
            "body_nl": streamfield([]),
            "body_en": streamfield([]),
            "parts": inline_formset(
                [
                    {"course": second.pk, "order": "2", "mandatory": ""},
                    {"course": first.pk, "order": "1", "mandatory": "on"},
                ]
            ),
            "go_live_at": "",
            "expire_at": "",
        }
    ) | {"owners": [mst.pk]}
    address = reverse("wagtailsnippets_catalogue_track:add")
    response = signed_in(manager).post(address, {**data, "action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    track = Track.objects.get(code="T-SEH")
    assert track.live
    assert [(part.course, part.mandatory) for part in track.parts.all()] == [(first, True), (second, False)]
    wrong = signed_in(manager).post(address, {**data, "code": "T-2", "min_optional": "2", "action-publish": "1"})
    assert set(wrong.context["form"].errors) == {"min_optional"}


LIST_QUERIES = 13
