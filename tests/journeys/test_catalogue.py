"""Looking around: facets, chips, the other language."""

import re

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect


def count(page: Page) -> int:
    """The number of results that the page tells."""
    return int(re.search(r"\d+", page.locator(".count-line").first.inner_text())[0])


def choose(page: Page, screen: str, label: str) -> None:
    """Tick a choice; without scripts a button applies it."""
    if screen == "phone":
        page.locator("#facets > summary").click()
    before = page.url
    page.locator("#facets").get_by_label(re.compile(f"^{re.escape(label)}")).first.check()
    if screen == "phone":
        page.locator("#facets form > [type=submit]").click()
    page.wait_for_url(lambda address: address != before)


def test_facets_lead_to_a_course(visitors, screen):
    page = visitors.open(screen)
    page.goto("/nl/cursussen/")
    everything = count(page)
    choose(page, screen, "Acute zorg")
    chip = page.locator(".chips a", has_text="Acute zorg")
    expect(chip).to_be_visible()
    fewer = count(page)
    assert 0 < fewer < everything

    chip.click()
    expect(page.locator(".chips a", has_text="Acute zorg")).to_have_count(0)
    assert count(page) == everything

    choose(page, screen, "Acute zorg")
    page.locator("main .course-card h3 a, main .course-card a").first.click()
    expect(page.locator("#dates")).to_be_visible()


def test_the_other_language_keeps_the_page(visitors, screen):
    page = visitors.open(screen)
    page.goto("/nl/cursussen/BLS-01/")
    if screen == "phone":
        page.locator("header").get_by_role("button", name=gettext("Menu")).click()
    page.locator("header a[lang=en]:visible").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Basic life support for adults")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with translation.override("en"):
        page.goto("/en/")
        page.locator("main [name=q]").fill("resuscitation")
        page.locator("main [name=q]").press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("link", name="Basic life support for adults").first.click()
        expect(page.locator("main table")).to_contain_text("Enschede")
        page.locator("main table").get_by_role("link", name=re.compile("^Enrol")).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
