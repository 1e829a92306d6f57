"""What everybody may see, for crawlers: pages of the site, plans, courses and tracks."""

from collections.abc import Iterable
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Page

from academy.core import registries
from academy.core.registries import SitemapEntry
from academy.core.translation import in_each_language
from courses.catalogue.models import Course, Track


@registries.sitemap_entries.register("pages")
def pages() -> Iterable[SitemapEntry]:
    """Live, public pages of both trees; a page and its translation are one entry."""
    found: dict[str, list[Page]] = {}
    for page in Page.objects.filter(depth__gt=1).live().public().select_related("locale").order_by("path"):
        found.setdefault(str(page.translation_key), []).append(page)
    return [_entry(group) for group in found.values()]


def _entry(group: list[Page]) -> SitemapEntry:
    changed = [page.last_published_at for page in group if page.last_published_at]
    return SitemapEntry({page.locale.language_code: page.get_url() for page in group}, max(changed, default=None))


@registries.sitemap_entries.register("plans")
def plans() -> Iterable[SitemapEntry]:
    """The pages of the plans; programmes are told by their own room."""
    names = ("programmes", "roadmap", "goals", "documents")
    return [SitemapEntry(in_each_language(partial(reverse, f"cms:{name}"))) for name in names]


@registries.sitemap_entries.register("courses")
def courses() -> Iterable[SitemapEntry]:
    """Live courses that are not for members only."""
    return _records(Course.objects.visible_to([]))


@registries.sitemap_entries.register("tracks")
def tracks() -> Iterable[SitemapEntry]:
    """Live tracks that are not for members only."""
    return _records(Track.objects.visible_to([]))


def _records(records: QuerySet) -> list[SitemapEntry]:
    return [
        SitemapEntry(in_each_language(record.get_absolute_url), record.last_published_at)
        for record in records.only("code", "last_published_at").order_by("code")
    ]
