"""What people do again and again on their way."""

import re

from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect


def button(place: Page | Locator, text: str, **named) -> Locator:
    """The button or link that says this (English source text) and perhaps a hidden ending."""
    words = re.compile(f"^{re.escape(gettext(text))}")
    return place.get_by_role("button", name=words, **named).or_(place.get_by_role("link", name=words, **named)).first


def heading(page: Page, text: str) -> Locator:
    """A heading with these words."""
    return page.get_by_role("heading", name=gettext(text)).first


def fill(page: Page, **fields: str) -> None:
    """Fill in the form of the page by the names of its fields."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)


def mail_to(page: Page, email: str, subject: str) -> Page:
    """Open the newest mail to this address whose subject has these words, once the worker has sent it."""
    row = page.locator("main li").filter(has_text=email).filter(has_text=subject)
    ask_until(page, "/dev/mail/", row)
    row.first.get_by_role("link").click()
    expect(page.locator("main dd").first).to_contain_text(email)
    return page


def run_row(page: Page, place: str) -> Locator:
    """The row of the dates on a course page that is given at this place."""
    return page.locator("#dates").locator("xpath=ancestor::section").locator("tbody tr").filter(has_text=place)


def ask_until(page: Page, address: str, wanted: Locator, seconds: int = 60) -> None:
    """Open the address again and again until the worker has done its part and `wanted` is there."""
    for _second in range(seconds):
        page.goto(address)
        if wanted.count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{address} never showed {wanted}")
