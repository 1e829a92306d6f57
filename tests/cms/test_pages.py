"""Pages as readers see them: blocks, two languages, drafts nowhere, and how many questions they ask the database."""

import json

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.translation import override
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from academy.accounts.models import Role
from academy.cms.blocks import LinkBlock, PictureBlock, RecordsBlock
from academy.cms.languages import Untranslated
from academy.cms.models import HomePage, StandardPage
from academy.strategy.models import Programme
from courses.catalogue.models import Visibility
from tests import factories
from tests.cms.building import colleague, home, news, page_form, signed_in, standard

pytestmark = pytest.mark.django_db


def shown(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


# Home -----------------------------------------------------------------------------------------------------------------


def test_home_shows_what_is_coming_with_seats_and_counts(client):
    course = factories.course(title_nl="Reanimatie", title_en="Resuscitation")
    run = factories.run(course, seats=7)
    factories.course(live=False)
    factories.track(course)
    text = shown(client, "/nl/")
    assert "Reanimatie" in text
    assert f'href="{run.get_absolute_url()}"' in text.replace("/en/", "/nl/")
    assert text.count('<span class="subtle num">1</span>') == 2  # one course, one track
    assert "Resuscitation" in shown(client, "/en/")


def test_home_leaves_out_what_a_stranger_may_not_know(client):
    hidden = factories.course(title_nl="Alleen voor leden", visibility=Visibility.MEMBERS)
    factories.run(hidden)
    over = factories.course(title_nl="Al begonnen")
    factories.run(over, days=-1)
    draft = factories.course(title_nl="Concept", live=False)
    factories.run(draft)
    text = shown(client, "/nl/")
    assert all(title not in text for title in ("Alleen voor leden", "Al begonnen", "Concept"))
    member = factories.member(factories.organisation("mst"))
    assert "Alleen voor leden" in shown(signed_in(member), "/nl/")


def test_home_shows_a_programme_with_its_courses_only_when_there_are_any(client):
    programme = Programme.objects.create(key="digital", number="P-01", title_nl="Digitaal ziekenhuis", type="programme")
    HomePage.objects.update(programme=programme)
    assert "?programme=digital" not in shown(client, "/nl/")
    course = factories.course()
    course.programmes = [programme]
    course.save()
    assert "?programme=digital" in shown(client, "/nl/")


def test_often_searched_words_lead_to_the_search(client):
    HomePage.objects.filter(locale__language_code="nl").update(popular_searches="hart & vaten\n\n infuus ")
    text = shown(client, "/nl/")
    assert '?q=hart%20%26%20vaten"' in text
    assert ">infuus<" in text


# Languages ------------------------------------------------------------------------------------------------------------


def test_the_language_switch_leads_to_the_translation(client):
    dutch = standard("Over ons", slug="over-ons")
    standard("About us", slug="about-us", language="en", of=dutch)
    text = shown(client, "/nl/over-ons/")
    assert 'href="/en/about-us/" lang="en" hreflang="en"' in text
    assert '<link rel="alternate" hreflang="en" href="http://testserver/en/about-us/">' in text
    assert 'href="/nl/over-ons/" lang="nl" hreflang="nl"' in shown(client, "/en/about-us/")


def test_a_page_without_translation_is_shown_in_its_own_language_and_marked(client):
    standard("Privacy", slug="privacy", intro="Wat we bewaren.")
    text = shown(client, "/en/privacy/")
    assert '<html lang="en"' in text
    assert 'lang="nl">' in text
    assert "Wat we bewaren." in text
    assert "This page is available in Dutch only." in text
    assert '<link rel="canonical" href="http://testserver/nl/privacy/">' in text
    assert 'href="/nl/privacy/" lang="nl"' in text
    assert 'href="/en/privacy/" lang="en"' in shown(client, "/nl/privacy/")


def test_it_works_the_other_way_round_and_below_a_page_of_another_name(client):
    news("Only in English", language="en", slug="only-in-english")
    assert "Only in English" in shown(client, "/nl/nieuws/only-in-english/")
    news("Alleen Nederlands", slug="alleen-nederlands")
    assert "Alleen Nederlands" in shown(client, "/en/news/alleen-nederlands/")
    listed = shown(client, "/en/news/")
    assert '<span lang="nl">Alleen Nederlands</span>' in listed
    assert 'href="/en/news/alleen-nederlands/"' in listed


def test_a_translated_page_has_one_address_per_language(client):
    dutch = standard("Over ons", slug="over-ons")
    standard("About us", slug="about-us", language="en", of=dutch)
    assert client.get("/en/over-ons/").status_code == 404
    assert client.get("/nl/about-us/").status_code == 404


def test_a_draft_translation_does_not_hide_the_original(client):
    dutch = news("Nieuwe zaal", slug="nieuwe-zaal")
    news("New room", slug="new-room", language="en", of=dutch, live=False)
    assert "Nieuwe zaal" in shown(client, "/en/news/nieuwe-zaal/")
    assert client.get("/en/news/new-room/").status_code == 404
    assert "New room" not in shown(client, "/en/news/")


def test_the_menu_and_the_foot_follow_the_language(client):
    dutch = standard("Over ons", slug="over-ons", show_in_menus=True)
    standard("About us", slug="about-us", language="en", of=dutch, show_in_menus=True)
    standard("Privacy", slug="privacy", in_footer=True)
    text = shown(client, "/en/")
    assert 'href="/en/about-us/"' in text
    assert "/en/over-ons/" not in text
    assert 'href="/en/privacy/"' in text


def test_front_door(client):
    assert client.get("/").headers["Location"] == "/nl/"
    assert client.get("/", headers={"accept-language": "en"}).headers["Location"] == "/en/"
    english = factories.person(preferred_language="en")
    assert signed_in(english).get("/", headers={"accept-language": "nl"}).headers["Location"] == "/en/"


# Translations ---------------------------------------------------------------------------------------------------------


def translate(editor, page) -> StandardPage:
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    locales = [home("en").locale_id]
    response = signed_in(editor).post(address, {"locales": locales})
    assert response.status_code == 302
    return StandardPage.objects.get(translation_key=page.translation_key, locale__language_code="en")


def test_a_translation_starts_as_a_draft_of_its_own(client):
    page = standard("Over ons", slug="over-ons", body=[("paragraph", "<p>Tekst</p>")])
    copy = translate(colleague(Role.EDITOR), page)
    assert not copy.live
    assert copy.is_untranslated_copy()
    assert "Over ons" in shown(client, "/en/over-ons/")  # still the original, marked


def test_a_copy_that_nobody_translated_never_goes_live():
    page = standard("Over ons", slug="over-ons", body=[("paragraph", "<p>Tekst</p>")])
    copy = translate(colleague(Role.EDITOR), page)
    with pytest.raises(Untranslated):
        copy.get_latest_revision().publish()
    copy.refresh_from_db()
    assert not copy.live


def test_a_translated_copy_is_approved_like_any_page(client):
    first, second = colleague(Role.EDITOR), colleague(Role.EDITOR)
    page = standard("Over ons", slug="over-ons", body=[("paragraph", "<p>Tekst</p>")])
    copy = translate(first, page)
    address = reverse("wagtailadmin_pages:edit", args=[copy.pk])
    data = page_form("About us", slug="about-us", text="<p>Text</p>", **{"action-submit": "1"})
    assert signed_in(first).post(address, data).status_code == 302
    state = copy.current_workflow_state.current_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[copy.pk, "approve", state.pk])
    signed_in(second).post(approve, {"comment": ""})
    assert "About us" in shown(client, "/en/about-us/")
    assert "This page is available" not in shown(client, "/en/about-us/")


def test_an_untranslated_copy_cannot_be_approved():
    first, second = colleague(Role.EDITOR), colleague(Role.EDITOR)
    page = standard("Over ons", slug="over-ons", body=[("paragraph", "<p>Tekst</p>")])
    copy = translate(first, page)
    copy.get_workflow().start(copy, first)
    task = copy.current_workflow_task
    assert {action[0] for action in task.get_actions(copy, second)} == {"reject"}
    editor = signed_in(second).get(reverse("wagtailadmin_pages:edit", args=[copy.pk])).content.decode()
    with override("nl"):
        assert str(Untranslated.message) in editor


@pytest.mark.parametrize(
    "path", ["localize/update/1/", "localize/page/1/convert_to_alias/", "localize/translate/1/preview/"]
)
def test_doors_past_the_second_editor_are_shut(path):
    assert signed_in(colleague(Role.EDITOR)).post(f"/admin/{path}").status_code == 404


# Drafts and restrictions ----------------------------------------------------------------------------------------------


def test_a_draft_shows_nowhere(client):
    standard("Geheim plan", slug="geheim-plan", live=False, show_in_menus=True, in_footer=True)
    news("Geheim nieuws", slug="geheim-nieuws", live=False)
    assert client.get("/nl/geheim-plan/").status_code == 404
    assert client.get("/en/geheim-plan/").status_code == 404
    for address in ("/nl/", "/en/", "/nl/nieuws/", "/en/news/", "/sitemap.xml"):
        text = client.get(address).content.decode().lower()
        assert "geheim" not in text, address


def test_a_draft_of_a_live_page_changes_nothing_yet(client):
    page = standard("Contact", slug="contact", intro="Eerst dit")
    page.intro = "Later dat"
    page.save_revision()
    text = shown(client, "/nl/contact/")
    assert "Eerst dit" in text
    assert "Later dat" not in text


def test_a_restricted_page_is_not_listed(client):
    page = news("Besloten", slug="besloten")
    PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")
    for address in ("/nl/nieuws/", "/nl/", "/sitemap.xml"):
        assert "esloten" not in client.get(address).content.decode()


# Blocks ---------------------------------------------------------------------------------------------------------------


def test_every_block(client):
    course = factories.course(title_nl="Infuus")
    track = factories.track(course, title_nl="Leerlijn SEH")
    gone = factories.course(title_nl="Uit de lijst", live=False)
    other = standard("Contact", slug="contact")
    body = [
        ("heading", "Kop"),
        ("paragraph", "<p>Alinea met <b>nadruk</b></p>"),
        ("quote", {"text": "Het helpt.", "attribution": "Een collega"}),
        ("callout", {"tone": "warning", "title": "Let op", "text": "<p>Bel 112.</p>"}),
        ("figures", {"items": [{"value": "31", "label": "cursussen"}, {"value": "19,5%", "label": "heropnames"}]}),
        ("faq", {"questions": [{"question": "Vol?", "answer": "<p>Wachtlijst.</p>"}]}),
        ("links", {"links": [{"title": "Elders", "url": "https://example.org/", "page": None}]}),
        ("links", {"links": [{"title": "", "url": "", "page": other}]}),
        ("records", {"courses": [course, gone], "tracks": [track]}),
    ]
    standard("Alles", slug="alles", body=body)
    text = shown(client, "/nl/alles/")
    for words in ("<h2>Kop</h2>", "<b>nadruk</b>", "Een collega", "tone-warning", "19,5%", "<summary>", "Wachtlijst."):
        assert words in text, words
    for words in ('href="https://example.org/"', 'href="/nl/contact/"', "Infuus", "Leerlijn SEH"):
        assert words in text, words
    assert "Uit de lijst" not in text


# Wagtail leaves the temporary file of a new rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_pictures_and_documents(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = Image.objects.create(title="Zaal", file=get_test_image_file())
    document = Document.objects.create(title="Folder", file=ContentFile(b"x" * 2000, name="folder.pdf"))
    body = [
        ("image", {"image": image, "alt": "Een lege collegezaal", "caption": "De nieuwe zaal"}),
        ("document", {"document": document, "title": ""}),
    ]
    standard("Zaal", slug="zaal", body=body)
    text = shown(client, "/nl/zaal/")
    assert 'alt="Een lege collegezaal"' in text
    assert "De nieuwe zaal" in text
    assert f'href="{document.url}"' in text
    assert "PDF" in text


def test_a_picture_needs_words():
    block = PictureBlock()
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"image": None, "alt": "", "caption": ""}))


def test_what_editors_type_is_no_code(client):
    evil = "<script>alert(1)</script>"
    body = [
        ("heading", evil),
        ("quote", {"text": evil, "attribution": evil}),
        ("callout", {"tone": "info", "title": evil, "text": "<p>x</p>"}),
        ("figures", {"items": [{"value": "1", "label": evil}, {"value": "2", "label": evil}]}),
        ("faq", {"questions": [{"question": evil, "answer": "<p>x</p>"}]}),
    ]
    standard(evil, slug="evil", intro=evil, body=body, show_in_menus=True)
    text = shown(client, "/nl/evil/")
    assert evil not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_rich_text_keeps_only_what_the_editor_offers():
    editor = colleague(Role.EDITOR)
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    text = {
        "blocks": [
            {
                "key": "a",
                "text": "<script>alert(1)</script>",
                "type": "header-two",
                "depth": 0,
                "inlineStyleRanges": [{"offset": 0, "length": 4, "style": "CODE"}],
                "entityRanges": [{"offset": 0, "length": 4, "key": 0}],
            }
        ],
        "entityMap": {"0": link},
    }
    data = page_form("Evil")
    data["body-0-value"] = json.dumps(text)
    address = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", home().pk])
    assert signed_in(editor).post(address, data).status_code == 302
    stored = str(StandardPage.objects.get(slug="evil").get_latest_revision_as_object().body[0].value)
    assert all(word not in stored for word in ("<script", "javascript:", "<h2", "<code"))


def test_names_of_every_script_and_length(client):
    title = "Zorg 護理 תּרגול ễ 🫀 & <b>"
    standard(title, slug="schrift", intro="x" * 400)
    assert "Zorg 護理 תּרגול ễ 🫀 &amp; &lt;b&gt;" in shown(client, "/nl/schrift/")


def test_a_block_of_links_says_what_it_misses():
    from wagtail.blocks.struct_block import StructBlockValidationError

    with pytest.raises(StructBlockValidationError):
        LinkBlock().clean(LinkBlock().to_python({"title": "Niets", "page": None, "url": ""}))
    with pytest.raises(StructBlockValidationError):
        LinkBlock().clean(LinkBlock().to_python({"title": "", "page": None, "url": "https://example.org"}))
    with pytest.raises(StructBlockValidationError):
        RecordsBlock().clean(RecordsBlock().to_python({"courses": [], "tracks": []}))


# Queries --------------------------------------------------------------------------------------------------------------


def fill(rows: int) -> None:
    for n in range(rows):
        factories.run(factories.course())
        news(f"Nieuws {n}", days=n)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_home(client, django_assert_num_queries, rows):
    fill(rows)
    client.get("/nl/")
    with django_assert_num_queries(HOME_QUERIES):
        client.get("/nl/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_news(client, django_assert_num_queries, rows):
    fill(rows)
    client.get("/nl/nieuws/")
    with django_assert_num_queries(NEWS_QUERIES):
        client.get("/nl/nieuws/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_page(client, django_assert_num_queries, rows):
    chosen = [factories.course() for _n in range(rows)]
    body = [("paragraph", "<p>Tekst</p>")] * rows + [("records", {"courses": chosen, "tracks": []})]
    standard("Over ons", slug="over-ons", body=body)
    client.get("/nl/over-ons/")
    with django_assert_num_queries(PAGE_QUERIES):
        client.get("/nl/over-ons/")


HOME_QUERIES = 18
NEWS_QUERIES = 13
PAGE_QUERIES = 15
