"""The main menu and the foot of every page: news and the pages that editors choose."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from wagtail.models import Page

from academy.accounts.groups import ADMIN_ROLES
from academy.accounts.permissions import roles_of
from academy.core import navigation, registries
from academy.core.translation import Text, current

from . import selectors


def _news(request: HttpRequest) -> list[navigation.Item]:
    address = news_address(request)
    return [navigation.item(request, _("News"), address)] if address else []


def _pages(request: HttpRequest) -> list[navigation.Item]:
    chosen = [page for page in _top(request) if page.show_in_menus and not page.is_news]
    return [navigation.item(request, title_of(page), address_of(page)) for page in chosen]


def news_address(request: HttpRequest) -> str:
    """Where the list of news is in the reader's language; "" while there is none."""
    return next((address_of(page) for page in _top(request) if page.is_news), "")


def about(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of menu and foot as links, those of the menu first."""
    pages = sorted(_top(request), key=lambda page: not page.show_in_menus)
    chosen = [page for page in pages if not page.is_news and (page.show_in_menus or page.in_footer)]
    return [{"label": title_of(page), "url": address_of(page), "count": None} for page in chosen]


def address_of(page: Page) -> str:
    """A page right below home, under the reader's language. The site has one tree per language, at /nl/ and /en/."""
    return f"/{current()}/{page.slug}/"


def title_of(page: Page) -> Text:
    """The title, marked when it is in the other language."""
    code = page.locale.language_code
    return Text(page.title, code, code != current())


def _top(request: HttpRequest) -> list[Page]:
    """The pages right below home, read once per request and language."""
    kept: dict[str, list[Page]] = request.__dict__.setdefault("top_pages", {})
    language = current()
    if language not in kept:
        kept[language] = selectors.top_pages(language)
    return kept[language]


def help_links(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the pages under "Help" at the foot, read only when a template shows them."""
    return {"help_links": SimpleLazyObject(lambda: _help(request))}


def _help(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"label": title_of(page), "url": address_of(page)} for page in _top(request) if page.in_footer]


def _innovation(request: HttpRequest) -> list[navigation.Item]:
    """The portfolio; the programmes and plans lie under it, too."""
    portfolio = reverse("innovations:portfolio")
    places = (portfolio, *(reverse(f"cms:{name}") for name in ("programmes", "roadmap", "goals", "documents")))
    return [navigation.Item(_("Innovation"), portfolio, request.path.startswith(places))]


navigation.register(17, _innovation)
navigation.register(20, _news)
navigation.register(30, _pages)


@registries.doors.register("admin")
def admin_door(person: Any) -> list[registries.Door]:
    """The way into the administration, for whom a role opens it; told from the roles, which are already read."""
    may = roles_of(person).organisations(*ADMIN_ROLES)
    return [registries.Door(_("Administration"), reverse("wagtailadmin_home"), "pencil")] if may else []
