"""The admin of pages: doors that would lead past the second editor stay shut, and a word where a translation waits."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from academy.core.translation import current

# wagtail-localize publishes without asking for approval when translations are synchronised, and shows a draft when a
# page becomes an alias. Ours are translated as pages of their own, so that nobody needs these addresses.
SHUT = [
    "localize/update/<int:pk>/",
    "localize/page/<int:pk>/convert_to_alias/",
    "localize/translate/<int:pk>/<path:rest>",
]
SYNCHRONISED = ("localize-restart-translation", "localize-convert-to-alias")


def _no_such_page(request: HttpRequest, **_address: Any) -> HttpResponse:
    raise Http404


@hooks.register("register_admin_urls", order=-100)
def shut_addresses() -> list[Any]:
    """The first address that fits wins."""
    return [path(address, _no_such_page) for address in SHUT]


@hooks.register("before_edit_page", order=-100)
def no_synchronising(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The same door as a button of the editor."""
    if request.method == "POST" and any(name in request.POST for name in SYNCHRONISED):
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@hooks.register("construct_page_action_menu", order=100)
def without_synchronising(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The buttons of that door."""
    items[:] = [item for item in items if item.name not in SYNCHRONISED]


@hooks.register("construct_page_action_menu", order=110)
def approving_comes_first(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The main button of whoever may approve: who saves instead becomes an author."""
    items.sort(key=lambda item: item.name != "approve" or getattr(item, "launch_modal", False))


@hooks.register("before_edit_page", order=-50)
def say_that_translation_waits(request: HttpRequest, page: Page) -> None:
    """Why this page cannot be approved yet."""
    check = getattr(page, "is_untranslated_copy", None)
    if request.method == "GET" and check and check():
        messages.warning(request, _("This page still has the text of the other language. Translate it first."))


@hooks.register("insert_global_admin_css")
def house_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("construct_help_menu")
def without_outside_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """It leads to Wagtail's own site only."""
    items.clear()


@hooks.register("register_admin_menu_item")
def to_the_site() -> MenuItem:
    """Back to what everybody sees."""
    # Not "/": Wagtail marks the entry whose address the page shown begins with.
    home = lazy(lambda: f"/{current()}/", str)()
    return MenuItem(gettext_lazy("To the site"), home, name="site", icon_name="home", order=10_000)
