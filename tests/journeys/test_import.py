"""Studies from a file: looked at, confirmed, found by everybody; a second time nothing changes."""

import io
import json
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from academy.core.imports.contract import Outcome

from .pictures import pictured
from .site import ROOT
from .stage import SCREENS, address
from .steps import ask_until, button, heading

RECORDS = sorted((ROOT / "tests/studies/data/clinicaltrials_gov").glob("*.json"))
COUNT = len(RECORDS)


def real_records(screen: str) -> list[dict]:
    """The real records with numbers of this screen, and nothing that ties them to the same ones of the other."""
    read = []
    for place, path in enumerate(RECORDS):
        record = json.loads(path.read_text(encoding="utf-8"))
        identification = record["protocolSection"]["identificationModule"]
        identification["nctId"] = f"NCT97{SCREENS.index(screen)}{place:05d}"
        for name in ("nctIdAliases", "orgStudyIdInfo", "secondaryIdInfos"):
            identification.pop(name, None)
        read.append(record)
    return read


def archive(*files: tuple[str, object]) -> bytes:
    """A ZIP of JSON files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            made.writestr(name, content if isinstance(content, str) else json.dumps(content))
    return packed.getvalue()


def give(page: Page, name: str, content: bytes) -> None:
    """Choose a file on the page of imports and wait until the worker has looked at it."""
    page.goto(reverse("imports:start", kwargs={"kind": "studies"}))
    kind = "application/zip" if name.endswith(".zip") else "application/json"
    page.locator("main [name=file]").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    button(page.locator("main form"), "Check this file").click()
    expect(page).to_have_url(re.compile("[0-9a-f-]{36}/$"))
    ask_until(page, page.url, verdict(page))


def verdict(page: Page):
    """What is said about the whole file once the worker is done with it."""
    return page.locator("#import .alert")


def records(page: Page, outcome: Outcome):
    """The records of the page with this outcome."""
    label = re.compile(f"^\\s*{re.escape(str(outcome.label))}\\s*$")
    return page.locator("main tbody tr").filter(has=page.locator(".status").filter(has_text=label))


def imported(page: Page) -> None:
    """Confirm, and wait until the worker has done it."""
    button(page.locator("main"), "Import").click()
    ask_until(page, page.url, page.locator("#import").get_by_text(gettext("The file is imported")))


def test_import_from_the_file_to_the_public(visitors, screen):
    bureau, anybody = visitors.open(screen, address("mark", screen)), visitors.open(screen)
    sent = real_records(screen)
    key = sent[0]["protocolSection"]["identificationModule"]["nctId"]

    # First it is only looked at: a bad record is refused, and the others wait.
    give(bureau, f"{screen}.zip", archive(("studies.json", {"studies": sent}), ("broken.json", '{"a": ')))
    expect(heading(bureau, "Record by record")).to_be_visible()
    expect(records(bureau, Outcome.NEW)).to_have_count(COUNT)
    expect(records(bureau, Outcome.REFUSED)).to_have_count(1)
    with override("nl"):
        search = f"{reverse('studies:list')}?q={key}"
    anybody.goto(search)
    expect(anybody.locator("main").get_by_role("link", name=_title(sent[0]))).to_have_count(0)

    # Confirmed, they are public, and are found by number.
    imported(bureau)
    expect(records(bureau, Outcome.NEW)).to_have_count(COUNT)
    found = anybody.locator("main").get_by_role("link", name=_title(sent[0]))
    ask_until(anybody, search, found)
    found.first.click()
    expect(anybody.get_by_role("heading", level=1)).to_contain_text(_title(sent[0]))
    expect(anybody.locator("main")).to_contain_text(key)

    # The same again changes nothing; a new value of the source is one change.
    give(bureau, "again.json", json.dumps(sent).encode())
    expect(records(bureau, Outcome.UNCHANGED)).to_have_count(COUNT)
    expect(button(bureau.locator("main"), "Import nothing of this file")).to_be_visible()
    expect(bureau.locator("main [name=confirm]")).to_have_count(0)
    sent[0]["protocolSection"]["identificationModule"]["acronym"] = f"WEER-{screen[:4].upper()}"
    give(bureau, "changed.jsonl", "\n".join(map(json.dumps, sent)).encode())
    expect(records(bureau, Outcome.CHANGED)).to_have_count(1)
    expect(records(bureau, Outcome.CHANGED)).to_contain_text(f"WEER-{screen[:4].upper()}")
    imported(bureau)
    anybody.reload()
    expect(anybody.locator("main")).to_contain_text(f"WEER-{screen[:4].upper()}")


def test_what_cannot_be_read_is_said_in_words(visitors, screen):
    bureau = visitors.open(screen, address("mark", screen))
    give(bureau, "half.json", b'[{"protocolSection": {}}, {"protocolSec')
    expect(verdict(bureau)).to_contain_text("half.json")
    expect(bureau.locator("main [name=confirm]")).to_have_count(0)
    bureau.goto(reverse("imports:start", kwargs={"kind": "studies"}))
    bureau.locator("main [name=file]").set_input_files({"name": "a.pdf", "mimeType": "x/y", "buffer": b"%PDF"})
    button(bureau.locator("main form"), "Check this file").click()
    expect(bureau.locator("main [role=alert]").first).to_contain_text("a.pdf")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_an_import(visitors, screen, scheme):
    """New, changed with questions, refused and unreadable: without a barrier that axe can find."""
    options = {"color_scheme": scheme, "java_script_enabled": True}
    page, barriers = visitors.open(screen, "science-bureau@example.org", **options), []
    sent = real_records(screen)
    sent[0]["protocolSection"]["identificationModule"]["nctId"] = "NCT99000014"  # a study of the demo
    give(page, "demo.json", json.dumps([*sent, {}]).encode())
    expect(records(page, Outcome.CHANGED)).to_have_count(1)
    barriers += pictured(page, "import-checked", screen, scheme)
    page.goto(f"{page.url}?show=questions")
    expect(page.locator("main fieldset").first).to_be_visible()
    barriers += pictured(page, "import-questions", screen, scheme)
    button(page.locator("main"), "Import nothing of this file").click()
    expect(page.locator("main [role=status]").first).to_contain_text("demo.json")
    barriers += pictured(page, "import-start", screen, scheme)
    give(page, "half.json", b"[{}, ")
    barriers += pictured(page, "import-failed", screen, scheme)
    assert not barriers, "\n".join(barriers)


def _title(record: dict) -> str:
    return record["protocolSection"]["identificationModule"]["briefTitle"][:60]
