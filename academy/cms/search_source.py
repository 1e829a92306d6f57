"""Pages and news in the search: one entry for a page and its translation, public ones only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction

from academy.core import wording
from search import registry
from search.contract import PUBLIC, SearchDoc, Viewer

from .models import NewsPage, StandardPage


def document(page: Page) -> SearchDoc | None:
    """The entry of a page and its translation; None for what is no text, not live, restricted, or told by the other."""
    pages = _together(page)
    if not pages or pages[0].pk != page.pk:
        return None
    by_language = {found.language: found for found in pages}
    return SearchDoc(
        id=f"page:{page.pk}",
        type="page",
        title={code: found.title for code, found in by_language.items()},
        url={code: by_language.get(code, pages[0]).address_in(code) for code in ("nl", "en")},
        acl=frozenset({PUBLIC}),
        summary={code: _lead(found) for code, found in by_language.items()},
        body={code: _words(found) for code, found in by_language.items()},
        values={"date": news.date.toordinal()} if (news := _news(pages)) else {},
    )


def _together(page: Page) -> list[StandardPage | NewsPage]:
    """The page and its translation, as far as everybody may read them, the Dutch one first."""
    group = Page.objects.filter(translation_key=page.translation_key).live().public().specific()
    texts = [found for found in group if isinstance(found, (StandardPage, NewsPage))]
    return sorted(texts, key=lambda found: found.language != "nl")


def _lead(page: StandardPage | NewsPage) -> str:
    return page.summary if isinstance(page, NewsPage) else page.intro


def _words(page: StandardPage | NewsPage) -> str:
    return "\n".join(page.body.stream_block.get_searchable_content(page.body))


def _news(pages: list[StandardPage | NewsPage]) -> NewsPage | None:
    return next((page for page in pages if isinstance(page, NewsPage)), None)


def pages() -> QuerySet:
    """Every page that can have an entry."""
    return Page.objects.exclude(standardpage=None, newspage=None).order_by("pk")


def cards(pks: Sequence[Any], viewer: Viewer, language: str) -> Mapping[Any, Mapping[str, Any]]:
    """The line below a result: news says when."""
    found = Page.objects.filter(pk__in=pks).live().public().specific()
    return {page.pk: {"meta": [wording.plain_date(page.date)] if isinstance(page, NewsPage) else []} for page in found}


def _with_everything_below(page: Page) -> Iterable[int]:
    """A page's address holds those of its parents; a translation may be told by the other page."""
    below = Page.objects.filter(path__startswith=page.path).values("translation_key")
    return Page.objects.filter(translation_key__in=below).values_list("pk", flat=True)


registry.register(
    registry.Source(
        rank=90,
        type="page",
        label=_("Page"),
        label_plural=_("Pages"),
        icon="file-text",
        model=Page,
        document=document,
        queryset=pages,
        cards=cards,
        dependants={
            Page: _with_everything_below,
            PageViewRestriction: lambda restriction: _with_everything_below(restriction.page),
        },
        values=("date",),
    )
)
