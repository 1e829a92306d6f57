"""Who may do what in the admin: one table of role and address, and the groups behind it."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupPagePermission

from academy.accounts.models import Role, User
from academy.cms import rights
from academy.cms.models import SiteSettings
from tests import factories
from tests.cms.building import colleague, home, signed_in, standard

pytestmark = pytest.mark.django_db

OWN, OTHERS, JOINT = "own", "others", "joint"
ROLES = ("course_manager", "editor", "auditor", "administrator", "team_manager", "researcher")
#: Action -> roles that may; everybody else is refused. Course managers are of MST; "others" is a record of ZGT alone.
TABLE = {
    "pages": {"editor"},
    "page:add": {"editor"},
    "page:edit": {"editor"},
    "course:list": {"course_manager", "auditor"},
    "course:add": {"course_manager"},
    "course:edit own": {"course_manager"},
    "course:edit joint": {"course_manager"},
    "course:edit others": set(),
    "course:inspect others": {"auditor"},
    "course:history others": set(),
    "course:unpublish others": set(),
    "course:preview others": set(),
    "course:unpublish own": {"course_manager"},
    "track:edit own": {"course_manager"},
    "track:edit others": set(),
    "run:list": {"course_manager", "auditor"},
    "run:add": {"course_manager"},
    "run:edit own": {"course_manager"},
    "run:edit joint": {"course_manager"},
    "run:edit others": set(),
    "competence:list": {"course_manager", "auditor"},
    "rule:list": {"course_manager", "auditor"},
    "images": {"editor", "course_manager"},
    "settings": {"administrator"},
    "groups": set(),
    "workflows": set(),
    "sites": set(),
    "locales": set(),
    "collections": set(),
}


@pytest.fixture
def records():
    """Records of MST, of ZGT, and of both."""
    mst, zgt = factories.organisation("mst"), factories.organisation("zgt")
    owners = {OWN: [mst], OTHERS: [zgt], JOINT: [mst, zgt]}
    courses = {key: factories.course(owners=hospitals) for key, hospitals in owners.items()}
    return {
        "course": courses,
        "track": {key: factories.track(courses[key], owners=owners[key]) for key in owners},
        "run": {key: factories.run(course) for key, course in courses.items()},
        "page": standard("Contact"),
    }


def address(action: str, records: dict) -> str:
    plain = {
        "pages": ("wagtailadmin_explore", [home().pk]),
        "page:add": ("wagtailadmin_pages:add", ["cms", "standardpage", home().pk]),
        "page:edit": ("wagtailadmin_pages:edit", [records["page"].pk]),
        "images": ("wagtailimages:index", []),
        "settings": ("wagtailsettings:edit", ["cms", "sitesettings", SiteSettings.load().pk]),
        "groups": ("wagtailusers_groups:index", []),
        "workflows": ("wagtailadmin_workflows:index", []),
        "sites": ("wagtailsites:index", []),
        "locales": ("wagtaillocales:index", []),
        "collections": ("wagtailadmin_collections:index", []),
    }
    if action in plain:
        name, arguments = plain[action]
        return reverse(name, args=arguments)
    return _snippet_address(action, records)


def _snippet_address(action: str, records: dict) -> str:
    kind, _colon, rest = action.partition(":")
    what, _space, whose = rest.partition(" ")
    spaces = {"run": "enrolment_courserun", "rule": "catalogue_cancellationrule"}
    space = f"wagtailsnippets_{spaces.get(kind, f'catalogue_{kind}')}"
    name = {"preview": "preview_on_edit"}.get(what, what)
    return reverse(f"{space}:{name}", args=[records[kind][whose].pk] if whose else [])


@pytest.mark.parametrize("role", ROLES)
def test_table(role, records):
    user = factories.member(factories.organisation("mst"), role=role, **_unit(role))
    if group := Group.objects.filter(name=role).first():
        user.groups.add(group)
    client = signed_in(user)
    opened = {action for action in TABLE if client.get(address(action, records)).status_code == 200}
    assert opened == {action for action, roles in TABLE.items() if role in roles}


def _unit(role: str) -> dict:
    return {"at": factories.unit(factories.organisation("mst"))} if role == Role.TEAM_MANAGER else {}


def test_a_course_of_the_other_hospital_does_not_exist_in_the_admin(records):
    client = signed_in(colleague(Role.COURSE_MANAGER, "mst"))
    theirs = records["course"][OTHERS]
    for name in ("edit", "history", "usage", "unpublish", "preview_on_edit", "inspect", "lock", "unlock"):
        path = reverse(f"wagtailsnippets_catalogue_course:{name}", args=[theirs.pk])
        assert client.get(path).status_code == 404, name
        assert client.post(path).status_code == 404, name
    listed = client.get(reverse("wagtailsnippets_catalogue_course:list")).content.decode()
    assert theirs.code not in listed
    assert records["course"][OWN].code in listed
    assert records["course"][JOINT].code in listed
    results = client.get(reverse("wagtailsnippets_catalogue_course:list_results"), {"q": theirs.code}).content.decode()
    assert theirs.title_nl not in results


def test_nobody_deletes_courses_in_bulk(records):
    client = signed_in(colleague(Role.COURSE_MANAGER, "mst"))
    path = reverse("wagtail_bulk_action", args=["catalogue", "course", "delete"])
    client.post(f"{path}?id={records['course'][OWN].pk}")
    records["course"][OWN].refresh_from_db()


def test_without_a_role_the_admin_is_shut(client):
    member = factories.member(factories.organisation("mst"))
    assert client.get("/admin/").status_code == 302
    response = signed_in(member).get("/admin/")
    assert response.status_code in (302, 403)


def test_nobody_is_superuser_and_djangos_admin_has_no_address(client):
    assert not User.objects.filter(is_superuser=True).exists()
    assert client.get("/django-admin/", follow=True).status_code == 404


def test_groups_get_exactly_their_rights():
    group = Group.objects.get(name="editor")
    group.permissions.clear()
    GroupPagePermission.objects.filter(group=group).delete()
    rights.sync_groups()
    names = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
    assert names == set(rights.RECORDS["editor"])
    pages = GroupPagePermission.objects.filter(group=group)
    assert {row.permission.codename for row in pages} == {"add_page", "change_page", "lock_page", "unlock_page"}
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()


def test_rights_given_by_hand_go():
    group = Group.objects.get(name="course_manager")
    page = home()
    GroupPagePermission.objects.create(
        group=group, page_id=page.pk, permission=GroupPagePermission.objects.first().permission
    )
    rights.sync_groups()
    assert not GroupPagePermission.objects.filter(group=group).exists()
