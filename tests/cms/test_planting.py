"""The bones of the site: made once, found again."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, Site, WorkflowPage

from academy.cms.models import HomePage, NewsIndexPage, SecondEditorTask
from academy.cms.planting import plant_site

pytestmark = pytest.mark.django_db


def test_planting_twice_changes_nothing():
    before = [(page.pk, page.url_path) for page in Page.objects.order_by("pk")]
    planted = plant_site()
    assert [(page.pk, page.url_path) for page in Page.objects.order_by("pk")] == before
    assert SecondEditorTask.objects.count() == 1
    assert WorkflowPage.objects.count() == 2
    assert planted.home["nl"].translation_key == planted.home["en"].translation_key
    assert planted.news["nl"].translation_key == planted.news["en"].translation_key


def test_the_site_starts_at_the_dutch_home_page():
    site = Site.objects.get()
    assert site.is_default_site
    assert site.root_page.specific == HomePage.objects.get(locale__language_code="nl")
    assert site.hostname == "testserver"


def test_addresses():
    addresses = {page.get_url() for page in [*HomePage.objects.all(), *NewsIndexPage.objects.all()]}
    assert addresses == {"/nl/", "/en/", "/nl/nieuws/", "/en/news/"}


def test_the_group_of_editors_approves():
    assert list(SecondEditorTask.objects.get().groups.all()) == [Group.objects.get(name="editor")]


def test_wagtails_welcome_page_goes():
    root = Page.objects.get(depth=1)
    root.add_child(title="Welcome", slug="home")
    plant_site()
    assert not Page.objects.filter(slug="home").exists()
