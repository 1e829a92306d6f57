"""A new course and its run: drafted, published, found, called off."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from academy.core import clock

from .steps import button, fill

MANAGER = "course-manager@example.org"


def new_course(page: Page, code: str, title: str) -> None:
    """Fill in the three tabs; the admin needs scripts."""
    page.goto("/admin/snippets/catalogue/course/add/")
    page.locator("[name=code]").fill(code)
    page.locator("label", has_text="ZGT").locator("input[name=owners]").or_(
        page.locator("[name=owners]").last
    ).first.check()
    page.locator("[name=delivery_mode]").select_option(index=1)
    page.locator("[name=languages]").first.check()
    page.locator("[name=hours]").fill("4")
    page.get_by_role("tab", name="Nederlands").click()
    page.locator("[name=title_nl]").fill(title)
    page.locator("[name=summary_nl]").fill("Wonden beoordelen en verbinden.")
    page.get_by_role("tab", name="English").click()
    page.locator("[name=title_en]").fill(f"Wound care {code}")
    page.locator("[name=summary_en]").fill("Assess and dress wounds.")
    page.locator("footer").get_by_role("button", name="Bewaar concept").click()
    page.wait_for_url(re.compile(r"/course/edit/\d+/"))


def publish(page: Page) -> None:
    page.locator("footer").get_by_role("button", name="Meer acties").click()
    page.locator("footer [name=action-publish]").click()
    expect(page.locator(".messages .success")).to_be_visible()


def new_run(page: Page, course: str) -> None:
    """A run with one morning, in the admin; ends at its run desk."""
    today = clock.today()
    page.goto("/admin/snippets/enrolment/courserun/add/")
    page.locator("[name=course]").select_option(label=course)
    page.locator("[name=organisation]").select_option(label="Ziekenhuisgroep Twente")
    days = {"starts_on": 40, "ends_on": 40, "enrolment_opens_on": -1, "enrolment_closes_on": 30}
    for name, day in days.items():
        page.locator(f"[name={name}]").fill(f"{today + timedelta(days=day):%Y-%m-%d}")
        page.keyboard.press("Tab")  # the calendar closes
    page.locator("[name=seats]").fill("8")
    page.locator("#id_sessions-ADD").press("Enter")
    morning = f"{today + timedelta(days=40):%Y-%m-%d}"
    for name, value in {"starts_at": f"{morning} 09:00", "ends_at": f"{morning} 12:00", "location": "Almelo"}.items():
        page.locator(f"[name=sessions-0-{name}]").fill(value)
        page.keyboard.press("Tab")  # the calendar closes
    page.locator("footer [type=submit]").first.press("Enter")
    expect(page.locator(".messages .success")).to_be_visible()


def test_course_from_draft_to_called_off_run(visitors, screen):
    code, title = f"WOND-{screen[:4].upper()}", f"Wondzorg op de afdeling {screen}"
    manager = visitors.open(screen, MANAGER, java_script_enabled=True)
    anybody = visitors.open(screen)
    new_course(manager, code, title)
    assert anybody.request.get(f"/nl/cursussen/{code}/").status == 404
    anybody.goto(f"/nl/zoeken/?q=wondzorg+{screen}")
    expect(anybody.locator("main").get_by_role("link", name=title)).to_have_count(0)

    publish(manager)
    anybody.goto(f"/nl/zoeken/?q=wondzorg+{screen}")
    anybody.locator("main").get_by_role("link", name=title).first.click()
    expect(anybody.get_by_role("heading", level=1)).to_have_text(title)

    new_run(manager, f"{title} ({code})")
    anybody.reload()
    row = anybody.locator("main tbody tr").filter(has_text="Almelo")
    expect(row).to_be_visible()

    manager.goto("/nl/edities/")
    manager.locator("main tbody tr").filter(has_text=title).locator("th a").click()
    button(manager.locator("main"), "Call this run off").click()
    fill(manager, reason_nl="De trainer is er niet.")
    button(manager.locator("main form"), "Call the run off").click()
    expect(manager.locator("main")).to_contain_text("De trainer is er niet.")
    anybody.reload()
    expect(anybody.locator("main tbody tr").filter(has_text="Almelo").get_by_role("link")).to_have_count(0)
