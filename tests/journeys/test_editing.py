"""Pages: written in Dutch, previewed, submitted, approved by a second editor, scheduled, translated."""

import re
from datetime import timedelta

from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from academy.core import clock

EDITOR, SECOND = "editor@example.org", "second-editor@example.org"
TEXT = "Je loopt mee met een ervaren collega."


def new_page(page: Page, title: str) -> None:
    """A standard page below the Dutch home page, with a lead and a block of text; the editor needs scripts."""
    page.goto("/admin/pages/")
    page.locator("main a[href^='/admin/pages/'][href$='/edit/']", has_text="Leren").first.click()
    home = re.search(r"/pages/(\d+)/", page.url)[1]
    page.goto(f"/admin/pages/add/cms/standardpage/{home}/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=intro]").fill("Zo werkt het.")
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="tekst").click()
    page.locator("[contenteditable=true]").first.click()
    page.keyboard.type(TEXT)
    page.wait_for_function(
        "text => [...document.querySelectorAll('input[name^=body-]')].some(f => f.value.includes(text))", arg=TEXT
    )


def submit(page: Page) -> None:
    """Into the workflow; nobody's button says publish."""
    assert not page.locator("[name=action-publish]").count()
    menu = page.locator("footer [aria-expanded=false]").first
    if not page.locator("[name=action-submit]").is_visible():
        menu.click()
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages")).to_be_visible()


def saved(page: Page) -> str:
    """Save as a draft; the address of the editor."""
    page.locator("footer").get_by_role("button", name="Bewaar concept").click()
    page.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    return page.url.partition("?")[0]


def approve(page: Page, address: str) -> None:
    """As somebody else."""
    page.goto(address)
    page.locator("footer [data-workflow-action-name=approve]").first.click()
    if page.locator("dialog form [type=submit], .modal form [type=submit]").first.is_visible():
        page.locator("dialog form [type=submit], .modal form [type=submit]").first.click()
    expect(page.locator(".messages")).to_be_visible()


def status_of(page: Page, path: str) -> int:
    return page.request.get(path).status


def test_second_editor_approves(visitors, screen):
    title, slug = f"Stage lopen {screen}", f"stage-lopen-{screen}"
    writer = visitors.open(screen, EDITOR, java_script_enabled=True)
    reader = visitors.open(screen)
    new_page(writer, title)
    address = saved(writer)
    assert status_of(reader, f"/nl/{slug}/") == 404

    writer.goto(address.replace("/edit/", "/view_draft/"))
    expect(writer.get_by_role("heading", level=1)).to_have_text(title)
    expect(writer.locator("main")).to_contain_text(TEXT)

    writer.goto(address)
    submit(writer)
    writer.goto(address)
    assert not writer.locator("[data-workflow-action-name=approve]").count()
    assert status_of(reader, f"/nl/{slug}/") == 404

    second = visitors.open(screen, SECOND, java_script_enabled=True)
    approve(second, address)
    reader.goto(f"/nl/{slug}/")
    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.locator("main")).to_contain_text(TEXT)

    english_version(visitors, screen, writer, second, address)


def english_version(visitors, screen, writer: Page, second: Page, address: str) -> None:
    """The same page in English, with the same second pair of eyes."""
    number = re.search(r"/pages/(\d+)/", address)[1]
    writer.goto(f"/admin/localize/submit/page/{number}/")
    writer.locator("[name=locales]").first.check()
    writer.locator("main form [type=submit]").first.click()
    writer.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    english = writer.url.partition("?")[0]
    writer.locator("[name=title]").fill(f"Work placement {screen}")
    writer.locator("[name=slug]").evaluate(f"field => field.value = 'work-placement-{screen}'")
    writer.locator("[name=intro]").fill("This is how it works.")
    submit(writer)
    approve(second, english)
    reader = visitors.open(screen)
    reader.goto(f"/nl/stage-lopen-{screen}/")
    if screen == "phone":
        reader.locator("header").get_by_role("button", name=gettext("Menu")).click()
    reader.locator("header a[lang=en]:visible").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(f"Work placement {screen}")


def test_scheduled_page_waits_for_its_day(visitors, screen):
    title, slug = f"Open dag {screen}", f"open-dag-{screen}"
    writer = visitors.open(screen, EDITOR, java_script_enabled=True)
    new_page(writer, title)
    address = saved(writer)
    when = clock.now().astimezone(clock.AMSTERDAM) + timedelta(days=3)
    writer.goto(address)
    writer.locator("[name=go_live_at]").evaluate(f"field => field.value = '{when:%Y-%m-%d %H:%M}'")
    submit(writer)
    second = visitors.open(screen, SECOND, java_script_enabled=True)
    approve(second, address)
    reader = visitors.open(screen)
    assert status_of(reader, f"/nl/{slug}/") == 404
    reader.goto(f"/nl/zoeken/?q=Open+dag+{screen}")
    expect(reader.locator("main").get_by_role("link", name=title)).to_have_count(0)
