"""Fixtures that every test may use."""

import pytest
from django.core.management import call_command
from wagtail.models import Collection, Locale, Page, Site


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tables are made without migrations; this plants what Wagtail's migrations would have: locales, root, site."""
    from academy.cms.planting import plant_site

    with django_db_blocker.unblock():
        Collection.add_root(name="Root") if not Collection.objects.exists() else None
        Locale.objects.get_or_create(language_code="nl")
        Locale.objects.get_or_create(language_code="en")
        if not Page.objects.exists():
            Page.add_root(title="Root", slug="root")
        plant_site()
        call_command("sync_groups", verbosity=0)


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Rate limits and Wagtail's site cache of one test never reach the next."""
    from django.core.cache import cache

    yield
    cache.clear()
    Site.clear_site_root_paths_cache()
