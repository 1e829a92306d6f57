"""What each role may do in Wagtail's admin: one group per role that has access.

Rights here are for a kind of record as a whole; which courses and runs a course manager may touch is decided record
by record, by the owners (`courses.catalogue.permissions`). Nobody is superuser.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from academy.accounts.models import Role

#: Groups have the code of the role as their name.
EDITORS = Role.EDITOR.value

ADMIN = "wagtailadmin.access_admin"
CATALOGUE = [f"catalogue.{action}_{model}" for model in ("course", "track") for action in ("add", "change")]
LISTS = [f"catalogue.{action}_{model}" for model in ("competence", "cancellationrule") for action in ("add", "change")]
LOCKS = [f"catalogue.{action}_{model}" for model in ("course", "track") for action in ("publish", "lock", "unlock")]
TERMS = ("specialty", "caredomain", "functionfamily", "register")
STEERING = (
    "body",
    "challenge",
    "concern",
    "document",
    "goal",
    "horizon",
    "need",
    "pillar",
    "roadmapline",
    "statement",
)

#: Rights on kinds of records, as `app.codename`.
RECORDS: dict[str, list[str]] = {
    Role.COURSE_MANAGER: [
        ADMIN,
        *CATALOGUE,
        *LOCKS,
        *LISTS,
        "enrolment.add_courserun",
        "enrolment.change_courserun",
    ],
    Role.INNOVATION_MANAGER: [
        ADMIN,
        *(f"strategy.{action}_{model}" for model in STEERING for action in ("add", "change", "delete")),
        "strategy.add_programme",  # its number is never given again, so that it is not deleted
        "strategy.change_programme",
    ],
    Role.SCIENCE_BUREAU: [ADMIN, *(f"studies.{action}_reviewroute" for action in ("add", "change", "delete"))],
    Role.EDITOR: [
        ADMIN,
        "wagtail_localize.submit_translation",
        *(f"search.{action}_synonymgroup" for action in ("add", "change", "delete")),
    ],
    Role.AUDITOR: [
        ADMIN,
        "catalogue.view_course",
        "catalogue.view_track",
        "catalogue.view_competence",
        "catalogue.view_cancellationrule",
        *(f"strategy.view_{model}" for model in (*STEERING, "programme")),
        *(f"taxonomy.view_{model}" for model in TERMS),
        "enrolment.view_courserun",
        "studies.view_reviewroute",
        "search.view_synonymgroup",
    ],
    Role.ADMINISTRATOR: [
        ADMIN,
        *(f"taxonomy.{action}_{model}" for model in TERMS for action in ("add", "change", "delete")),
        "cms.change_sitesettings",
    ],
}
#: Rights on the page trees. Nobody publishes: that is the end of the workflow.
PAGES: dict[str, list[str]] = {Role.EDITOR: ["add_page", "change_page", "lock_page", "unlock_page"]}
#: Rights on images and documents.
FILES: dict[str, list[str]] = {
    role: ["add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"]
    for role in (Role.EDITOR, Role.COURSE_MANAGER)
}


@transaction.atomic
def sync_groups() -> list[Group]:
    """Make the groups and give them exactly the rights of the tables above; rights given by hand go."""
    _translation_permission()
    return [_sync(role) for role in RECORDS]


def _translation_permission() -> None:
    """A data migration of wagtail-localize makes it, for a content type without a model; tests run without those."""
    kind, _made = ContentType.objects.get_or_create(app_label="wagtail_localize", model="translation")
    Permission.objects.get_or_create(
        content_type=kind, codename="submit_translation", defaults={"name": "Can submit translations"}
    )


def _sync(role: str) -> Group:
    group, _made = Group.objects.get_or_create(name=str(role))
    group.permissions.set(_permissions(RECORDS[role]))
    _grant(GroupPagePermission, "page", group, PAGES.get(role, []), Page.objects.filter(depth=2))
    _grant(GroupCollectionPermission, "collection", group, FILES.get(role, []), Collection.objects.filter(depth=1))
    return group


def _permissions(names: Iterable[str]) -> list[Permission]:
    """The permissions of these names; one that does not exist is an error in the table."""
    wanted = set(names)
    apps = {name.partition(".")[0] for name in wanted}
    known = Permission.objects.filter(content_type__app_label__in=apps).select_related("content_type")
    found = {f"{permission.content_type.app_label}.{permission.codename}": permission for permission in known}
    if missing := wanted - set(found):
        raise LookupError(f"No such permissions: {', '.join(sorted(missing))}")
    return [found[name] for name in wanted]


def _grant(model, target: str, group: Group, codenames: list[str], places) -> None:
    """Exactly these rights at these places of the tree, for this group."""
    apps = ["wagtailcore", "wagtailimages", "wagtaildocs"]
    permissions = Permission.objects.filter(codename__in=codenames, content_type__app_label__in=apps)
    wanted = {(place.pk, permission.pk) for place in places for permission in permissions}
    rows = model.objects.filter(group=group)
    for row in rows:
        if (getattr(row, f"{target}_id"), row.permission_id) not in wanted:
            row.delete()
    for place, permission in wanted - set(rows.values_list(f"{target}_id", "permission_id")):
        model.objects.create(group=group, permission_id=permission, **{f"{target}_id": place})
