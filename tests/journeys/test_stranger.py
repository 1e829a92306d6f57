"""Somebody who has never been here finds a course, registers, enrols, and sees it again in My academy."""

from playwright.sync_api import Page, expect

from .site import PASSWORD
from .steps import button, fill, heading, mail_to


def find_course(page: Page, words: str, title: str) -> None:
    """From the home page, by searching."""
    page.goto("/")
    page.locator("main [name=q]").fill(words)
    page.locator("main form").first.get_by_role("button").click()
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def register(page: Page, email: str) -> None:
    """From the log-in page that the way to the enrolment leads to."""
    button(page.locator("main"), "Register").click()
    fill(page, given_name="Nora", infix="van der", family_name="Veen", email=email, password1=PASSWORD)
    button(page.locator("main"), "Register").click()
    expect(page.locator("main")).to_contain_text(email)


def test_stranger_registers_and_enrols(visitors, screen):
    email = f"nora.{screen}@example.com"
    page = visitors.open(screen)
    find_course(page, "agressie", "Omgaan met agressie")
    button(page.locator("main table"), "Enrol").click()
    register(page, email)

    mail_to(page, email, "Bevestig je e-mailadres")
    page.locator("main a[href*='/accounts/confirm-email/']").first.click()
    page.locator("main form [type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Omgaan met agressie")  # the way goes on where it stopped
    button(page.locator("main form"), "Enrol").click()

    expect(heading(page, "You are enrolled")).to_be_visible()

    mail_to(page, email, "Omgaan met agressie")
    expect(page.locator("main")).to_contain_text("Omgaan met agressie")
    invitation = page.locator("details").filter(has_text="text/calendar")
    invitation.locator("summary").click()
    expect(invitation.locator("pre")).to_contain_text("BEGIN:VEVENT")

    page.goto("/nl/mijn-academie/")
    first = page.locator(".todo > li").first
    expect(first).to_contain_text("Omgaan met agressie")


def clicks_counted(page: Page):
    """A click that counts itself."""
    count = [0]

    def click(target):
        count[0] += 1
        target.click()

    return click, count


def test_three_clicks_from_home_to_enrolled(visitors, screen):
    page = visitors.open(screen, f"anna.{screen}@example.nl")
    click, count = clicks_counted(page)
    page.goto("/")
    page.locator("main [name=q]").fill("COPD")
    click(page.locator("main form").first.get_by_role("button"))
    click(page.get_by_role("link", name="Klinische les COPD en longaanval").first)
    click(button(page.locator("main table"), "Enrol"))
    expect(heading(page, "You are enrolled")).to_be_visible()
    assert count[0] <= 3
