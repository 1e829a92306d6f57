"""The team manager approves one enrolment and refuses another, with a reason."""

from django.utils.translation import gettext
from playwright.sync_api import expect

from .stage import PEOPLE, address
from .steps import button, fill, heading, mail_to, run_row

COURSE = "/nl/cursussen/TTT-01/"


def name_of(key: str, screen: str) -> str:
    given, family = PEOPLE[key]
    return f"{given} {family} ({screen})"


def test_team_manager_decides(visitors, screen):
    page = visitors.open(screen, "team-manager@example.org")
    page.goto("/nl/mijn-academie/")
    page.locator("main aside").get_by_role("link", name=gettext("Approvals")).click()
    row = page.locator("main tbody tr").filter(has_text=name_of("anna", screen))
    button(row, "Approve").click()
    expect(page.locator("main")).to_contain_text(name_of("anna", screen))

    row = page.locator("main tbody tr").filter(has_text=name_of("bert", screen))
    button(row, "Refuse").click()
    button(page.locator("main form"), "Refuse").click()  # without a reason
    expect(page.locator(".error-summary")).to_be_visible()
    fill(page, reason="Je rooster laat deze dagen niet toe.")
    button(page.locator("main form"), "Refuse").click()
    expect(page.locator("main tbody tr").filter(has_text=name_of("bert", screen))).to_have_count(0)

    anna = visitors.open(screen, address("anna", screen))
    anna.goto(COURSE)
    button(run_row(anna, f"Zaal {screen}"), "See your enrolment").click()
    expect(heading(anna, "You are enrolled")).to_be_visible()
    mail_to(anna, address("bert", screen), "Niet goedgekeurd")
    expect(anna.locator("main")).to_contain_text("Je rooster laat deze dagen niet toe.")
