"""Pages in the search: one entry for a page and its translation, drafts and restricted ones never."""

import pytest
from wagtail.models import Page, PageViewRestriction

from academy.cms.search_source import cards, document, pages
from search import outbox
from search.contract import PUBLIC, Viewer
from search.models import SearchOutbox
from tests.cms.building import home, news, standard

pytestmark = pytest.mark.django_db


def entries() -> dict:
    return {doc.id: doc for page in pages() if (doc := document(page))}


def test_a_page_and_its_translation_are_one_entry():
    dutch = standard("Over ons", slug="over-ons", intro="Wie we zijn", body=[("paragraph", "<p>Twee huizen</p>")])
    english = standard("About us", slug="about-us", language="en", of=dutch, intro="Who we are")
    found = entries()
    assert set(found) == {f"page:{dutch.pk}"}
    doc = found[f"page:{dutch.pk}"]
    assert doc.title == {"nl": "Over ons", "en": "About us"}
    assert doc.summary == {"nl": "Wie we zijn", "en": "Who we are"}
    assert doc.url == {"nl": "/nl/over-ons/", "en": "/en/about-us/"}
    assert "Twee huizen" in doc.body["nl"]
    assert doc.acl == {PUBLIC}
    assert document(Page.objects.get(pk=english.pk)) is None


def test_a_page_in_one_language_has_an_address_in_both():
    page = news("Alleen Nederlands", slug="alleen-nederlands")
    doc = entries()[f"page:{page.pk}"]
    assert doc.title == {"nl": "Alleen Nederlands"}
    assert doc.url == {"nl": "/nl/nieuws/alleen-nederlands/", "en": "/en/news/alleen-nederlands/"}
    assert doc.all_facets()["language"] == ("nl",)


def test_an_english_page_tells_itself_while_the_dutch_one_is_a_draft():
    dutch = standard("Over ons", live=False)
    english = standard("About us", language="en", of=dutch)
    assert set(entries()) == {f"page:{english.pk}"}


def test_drafts_restricted_pages_and_lists_have_no_entry():
    standard("Concept", live=False)
    hidden = standard("Besloten")
    PageViewRestriction.objects.create(page=Page.objects.get(pk=hidden.pk), restriction_type="login")
    assert entries() == {}
    assert document(Page.objects.get(pk=home().pk)) is None


def test_an_unpublished_change_is_not_searched():
    page = standard("Contact", intro="Oud")
    page.intro = "Nieuw"
    page.save_revision()
    assert entries()[f"page:{page.pk}"].summary == {"nl": "Oud"}


def test_a_card_is_made_only_of_what_is_still_live():
    page, gone = news("Nieuws"), news("Weg")
    gone.unpublish()
    viewer = Viewer(frozenset({PUBLIC}))
    found = cards([page.pk, gone.pk], viewer, "nl")
    assert set(found) == {page.pk}
    assert len(found[page.pk]["meta"]) == 1


def test_saving_a_page_queues_it_with_its_translation(django_capture_on_commit_callbacks):
    dutch = standard("Over ons")
    english = standard("About us", language="en", of=dutch)
    SearchOutbox.objects.all().delete()
    outbox.forget()
    with django_capture_on_commit_callbacks():
        english.save_revision().publish()
    queued = set(SearchOutbox.objects.values_list("type", "record"))
    assert {("page", str(dutch.pk)), ("page", str(english.pk))} <= queued
