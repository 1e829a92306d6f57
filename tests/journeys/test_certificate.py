"""From the attendance list to a certificate that anybody can check, until it is revoked."""

import hashlib
import io
import re
import shutil
import subprocess
import time

import pypdf
import pytest
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from .stage import PEOPLE, address
from .steps import button, fill, heading

MOST_SECONDS = 90  # for the worker to make the file
REASON = "De aftekenlijst klopte niet."


def run_desk(page: Page, screen: str) -> None:
    """The trainer's run in which this screen's people take part."""
    page.goto("/nl/edities/")
    for address_ in [link.get_attribute("href") for link in page.locator("main tbody th a").all()]:
        page.goto(address_)
        if page.locator("main").get_by_text(f"Wolters ({screen})").count():
            return
    pytest.fail("The trainer does not find the run.")


def record_sessions(page: Page, names: dict[str, str]) -> None:
    """Anna was there twice, Bert once."""
    desk = page.url
    sheets = page.locator("section", has=page.locator("#sheets")).get_by_role("link")
    for number in range(sheets.count()):
        page.goto(desk)
        sheets.nth(number).click()
        for key, name in names.items():
            mark = "present" if key == "anna" or number == 0 else "absent"
            group = page.locator("fieldset").filter(has_text=name)
            group.locator(f"input[value={mark}]").check()
        button(page.locator("main form"), "Save the attendance").click()
        expect(page).to_have_url(re.compile(re.escape(desk)))


def record_outcome(page: Page, name: str, outcome: str) -> None:
    row = page.locator("main tbody tr").filter(has_text=name)
    button(row, "Outcome").click()
    page.locator("main [name=outcome]").select_option(outcome)
    button(page.locator("main form"), "Save the outcome").click()


def downloaded(page: Page) -> tuple[bytes, str]:
    """The PDF behind the first button of My certificates, once the worker has made it; and its ETag."""
    link = page.locator("main a[href$='.pdf']").first
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        page.goto("/nl/mijn-academie/certificaten/")
        if link.count():
            answer = page.request.get(link.get_attribute("href"))
            assert answer.ok
            return answer.body(), answer.headers.get("etag", "")
        page.wait_for_timeout(1000)
    pytest.fail(f"No certificate after {MOST_SECONDS} s.")


def check_file(content: bytes, etag: str, name: str, folder) -> None:
    """Real bytes of a PDF, the same as were kept, with text that says for whom, and a page that can be drawn."""
    assert content.startswith(b"%PDF-")
    assert etag.strip('W/"') in {"", hashlib.sha256(content).hexdigest()}
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    assert name in text
    assert "Valpreventie" in text
    if shutil.which("pdftoppm"):
        (folder / "certificate.pdf").write_bytes(content)
        subprocess.run(["pdftoppm", "-png", "-r", "60", "certificate.pdf", "page"], cwd=folder, check=True)
        assert next(folder.glob("page*.png")).stat().st_size > 5_000


def test_certificate_from_attendance_to_revocation(visitors, screen, tmp_path):
    names = {key: f"{PEOPLE[key][0]} {PEOPLE[key][1]} ({screen})" for key in ("anna", "bert")}
    trainer = visitors.open(screen, "trainer@example.org")
    run_desk(trainer, screen)
    record_sessions(trainer, names)
    record_outcome(trainer, names["anna"], "completed")
    record_outcome(trainer, names["bert"], "incomplete")

    holder = visitors.open(screen, address("anna", screen))
    content, etag = downloaded(holder)
    check_file(content, etag, names["anna"], tmp_path)
    check_address = holder.locator("main a[href*='/verify/']").first.get_attribute("href")

    anybody = visitors.open(screen)
    anybody.goto(check_address)
    expect(anybody.locator("main .verdict.tone-positive")).to_be_visible()
    for words in (names["anna"], "Valpreventie in het ziekenhuis"):
        expect(anybody.locator("main")).to_contain_text(words)

    manager = visitors.open(screen, "course-manager@example.org")
    manager.goto("/nl/certificaten/")
    manager.locator("main tbody tr").filter(has_text=names["anna"]).get_by_role("link").first.click()
    button(manager.locator("main form"), "Revoke the certificate").click()  # a reason is needed
    expect(manager.locator(".error-summary")).to_be_visible()
    fill(manager, reason=REASON)
    button(manager.locator("main form"), "Revoke the certificate").click()
    expect(manager.locator("main")).to_contain_text(REASON)

    anybody.reload()
    expect(anybody.locator("main .verdict.tone-negative")).to_be_visible()
    expect(anybody.locator("main")).not_to_contain_text(names["anna"])  # what no longer holds names nobody
    holder.goto("/nl/mijn-academie/certificaten/")
    expect(holder.locator("main")).to_contain_text(REASON)
    assert heading(manager, "History").is_visible()
    assert gettext("Revoke the certificate") not in manager.locator("main").inner_text()
