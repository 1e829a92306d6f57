"""Fixtures that every test may use."""

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate
from django.utils import translation
from wagtail.models import Collection, Locale, Page, Site


def plant(**_signal) -> None:
    """What Wagtail's migrations would have left: locales, root page, collection; then our site and its groups."""
    from academy.cms.planting import plant_site

    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    for code in ("nl", "en"):
        Locale.objects.get_or_create(language_code=code)
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
    plant_site()
    call_command("sync_groups", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Plant once, and again whenever a test with real transactions has emptied the tables."""
    with django_db_blocker.unblock():
        MigrationRecorder(connection).ensure_schema()  # Wagtail Localize reads it, also where nothing was migrated
        plant()
    post_migrate.connect(plant, sender=apps.get_app_config("sessions"))


@pytest.fixture(autouse=True)
def _as_if_fresh():
    """Rate limits, Wagtail's site cache and the language of one test never reach the next."""
    translation.activate("nl")
    yield
    cache.clear()
    Site.clear_site_root_paths_cache()
