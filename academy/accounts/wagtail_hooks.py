"""People, roles, organisations and logs in Wagtail's admin."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from .administration import logs, organisations, people

#: Wagtail's own screens for people and groups are closed: services of this room keep both.
CLOSED = frozenset({"users", "groups"})


class Entry(MenuItem):
    """An entry for whoever has the permission."""

    def __init__(self, label: str, name: str, icon: str, order: int, permission: str) -> None:
        super().__init__(label, reverse_lazy(name), name=name, icon_name=icon, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


ENTRIES = [
    Entry(_("People"), "accounts_people", "user", 10, "accounts.see_people"),
    Entry(_("Organisations and units"), "accounts_organisations", "home", 20, "accounts.see_people"),
    Entry(_("Message log"), "accounts_messages", "mail", 30, "accounts.see_work"),
    Entry(_("Work and schedule"), "accounts_work", "tasks", 40, "accounts.see_work"),
    Entry(_("Event log"), "accounts_events", "history", 50, "accounts.read_log"),
]


@hooks.register("register_admin_urls")
def addresses() -> Sequence:
    """Below /admin/; Wagtail asks for access to the admin before any of them."""
    return [
        path("people/", people.PeopleList.as_view(), name="accounts_people"),
        path("people/<int:pk>/", people.PersonPage.as_view(), name="accounts_person"),
        path("organisations/", organisations.OrganisationList.as_view(), name="accounts_organisations"),
        path("organisations/<int:pk>/", organisations.OrganisationEdit.as_view(), name="accounts_organisation"),
        path("units/add/", organisations.UnitEdit.as_view(), name="accounts_unit_add"),
        path("units/<int:pk>/", organisations.UnitEdit.as_view(), name="accounts_unit"),
        path("units/<int:pk>/delete/", organisations.UnitDelete.as_view(), name="accounts_unit_delete"),
        path("message-log/", logs.MessageList.as_view(), name="accounts_messages"),
        path("work/", logs.WorkPage.as_view(), name="accounts_work"),
        path("event-log/", logs.EventLog.as_view(), name="accounts_events"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> MenuItem:
    """One entry with all of them; it shows when one of them does."""
    return SubmenuMenuItem(
        _("Administration"), Menu(items=ENTRIES), name="administration", icon_name="group", order=900
    )


@hooks.register("construct_settings_menu")
def close_user_screens(request: HttpRequest, items: list[MenuItem]) -> None:
    """For everybody."""
    items[:] = [item for item in items if item.name not in CLOSED]
