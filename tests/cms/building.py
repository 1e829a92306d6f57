"""Pages and editors for tests."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.test import Client
from django.utils.text import slugify
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from academy.accounts.models import User
from academy.cms.models import HomePage, NewsIndexPage, NewsPage, StandardPage
from academy.core import clock
from tests import factories


def home(language: str = "nl") -> HomePage:
    return HomePage.objects.get(locale__language_code=language)


def news_list(language: str = "nl") -> NewsIndexPage:
    return NewsIndexPage.objects.get(locale__language_code=language)


def standard(title: str, *, language: str = "nl", of: Page | None = None, live: bool = True, **columns) -> StandardPage:
    """A page right below home; `of` is the page it translates; not live: a draft that was never published."""
    return _below(home(language), StandardPage(title=title, **columns), of, live)


def news(title: str, *, language: str = "nl", of: Page | None = None, live: bool = True, days: int = 0, **columns):
    """News of `days` days ago."""
    day = clock.today() - timedelta(days=days)
    page = NewsPage(**{"title": title, "summary": f"Kort: {title}", "date": day, **columns})
    return _below(news_list(language), page, of, live)


def _below(parent: Page, page, of: Page | None, live: bool):
    page.live, page.locale = False, parent.locale
    if of is not None:
        page.translation_key = of.translation_key
    parent.add_child(instance=page)
    revision = page.save_revision(clean=False)
    if live:
        revision.publish()
    return type(page).objects.get(pk=page.pk)


def colleague(role: str, organisation: str = "mst") -> User:
    """Somebody with this role and the group that goes with it."""
    user = factories.member(factories.organisation(organisation), role=role)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_form(title: str, *, slug: str = "", text: str = "<p>Tekst</p>", **more) -> dict[str, str]:
    """What the editor's form of a standard page sends."""
    data = {
        "title": title,
        "slug": slug or slugify(title),
        "intro": "",
        "body": streamfield([("paragraph", rich_text(text))]),
    }
    return nested_form_data({**data, "comments": inline_formset([]), **more})
