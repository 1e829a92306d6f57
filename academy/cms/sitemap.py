"""What everybody may see, for crawlers: pages of the site, courses and tracks."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import translation
from wagtail.models import Page

from academy.core import registries
from academy.core.registries import SitemapEntry
from academy.core.translation import LANGUAGES
from courses.catalogue.models import CatalogueRecord, Course, Track


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
        SitemapEntry({language: _path(record, language) for language in LANGUAGES}, record.last_published_at)
        for record in records.only("code", "last_published_at").order_by("code")
    ]


def _path(record: CatalogueRecord, language: str) -> str:
    with translation.override(language):
        return record.get_absolute_url()
