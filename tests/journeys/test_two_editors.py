"""Two researchers write one draft at once, in two browsers; a session ends, the line drops: nothing is lost."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from academy.core.editing.words import words_of_autosave
from research.studies.record import STEPS

from .site import PASSWORD, ROOT
from .stage import SCREENS
from .steps import button
from .study_stage import Draft, drafts

PICTURES = ROOT / "test-results"
NAMES = [
    "samen", "zonder", "rijen", "vragen", "sessie", "lijn",
    *(f"axe-{screen}-{scheme}" for screen in SCREENS for scheme in ("light", "dark")),
]  # fmt: skip


@pytest.fixture(scope="module")
def draft_of(site):
    """The drafts of this module, by name."""
    return drafts(site, *NAMES)


def control(page: Page, name: str) -> Locator:
    return page.locator(f"main [name='{name}']")


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def version(page: Page) -> int:
    return int(control(page, "version").first.input_value())


def saved_by_itself(page: Page, after: int) -> None:
    """Wait until the page has been told of a newer version."""
    page.wait_for_function("after => Number(document.querySelector('[name=version]').value) > after", arg=after)


def press(page: Page, text: str) -> None:
    button(page.locator("main"), text).click()


def stored(page: Page, draft: Draft, name: str, step: str = "basis") -> str:
    page.goto(draft.step(step))
    return control(page, name).first.input_value()


def test_both_write_at_once_and_nothing_is_lost(visitors, draft_of):
    draft = draft_of["samen"]
    first, second = (visitors.open("desktop", email) for email in (draft.first, draft.second))
    for page in (first, second):
        page.goto(draft.step("basis"))

    control(first, "acronym").fill("EERSTE")
    saved_by_itself(first, 1)
    seen = version(first)
    control(first, "summary_nl").press("Control+Home")
    control(first, "summary_nl").press_sequentially("Kort: ")
    saved_by_itself(first, seen)
    where = first.evaluate("[document.activeElement.name, document.activeElement.selectionStart]")
    assert where == ["summary_nl", len("Kort: ")]

    control(second, "acronym").fill("TWEEDE")
    control(second, "description_nl").fill("Van de tweede")
    question = second.locator("#conflict")
    expect(question).to_contain_text("EERSTE")
    expect(question).to_contain_text("TWEEDE")
    expect(control(second, "acronym")).to_have_value("TWEEDE")
    assert not barriers(second, "conflict")
    reader = visitors.open("desktop", draft.first)
    assert stored(reader, draft, "acronym") == "EERSTE"
    assert control(reader, "description_nl").input_value() == "Van de tweede"

    # What the first one wrote in another field is not put back by the page of the second, who never saw it.
    seen = version(second)
    control(second, "keywords").fill("samen")
    saved_by_itself(second, seen)
    assert stored(reader, draft, "summary_nl").startswith("Kort: ")
    second.locator("[name='keep-acronym'][value=mine]").check()
    press(second, "Keep what I chose")
    expect(second.locator("#conflict")).to_have_count(0)
    assert stored(reader, draft, "acronym") == "TWEEDE"
    assert control(reader, "summary_nl").input_value().startswith("Kort: ")


def test_the_same_without_scripts(visitors, site, draft_of):
    draft = draft_of["zonder"]
    first, second = (visitors.open("phone", email) for email in (draft.first, draft.second))
    for page in (first, second):
        page.goto(draft.step("basis"))
    control(first, "acronym").fill("EERSTE")
    press(first, "Save and continue")
    expect(first).to_have_url(site.url(draft.step("kind")))
    control(second, "acronym").fill("TWEEDE")
    control(second, "public_title_en").fill("Writing together")
    press(second, "Save and continue")
    expect(second.locator("#conflict")).to_contain_text("EERSTE")
    expect(control(second, "acronym")).to_have_value("TWEEDE")
    second.locator("[name='keep-acronym'][value=theirs]").check()
    press(second, "Save and continue")
    expect(second).to_have_url(site.url(draft.step("kind")))
    assert stored(second, draft, "acronym") == "EERSTE"
    assert control(second, "public_title_en").input_value() == "Writing together"


def test_rows_come_and_go_at_once_and_can_be_brought_back(visitors, draft_of):
    draft = draft_of["rijen"]
    page = visitors.open("desktop", draft.first)
    page.goto(draft.step("design"))
    control(page, "primary_outcomes-0-measure_nl").fill("Opnames")
    press(page, "Add a primary outcome")
    expect(control(page, "primary_outcomes-1-measure_nl")).to_be_focused()
    control(page, "primary_outcomes-1-measure_nl").fill("Kwaliteit")
    saved_by_itself(page, 1)
    seen = version(page)
    page.locator("[name=remove][value='primary_outcomes-0']").click()
    saved_by_itself(page, seen)
    seen = version(page)
    page.locator("[data-undo]").click()
    saved_by_itself(page, seen)
    expect(control(page, "primary_outcomes-0-measure_nl")).to_be_focused()
    page.goto(draft.step("design"))
    rows = page.locator("[data-rows=primary_outcomes] textarea[name$=measure_nl]")
    assert [rows.nth(n).input_value() for n in range(rows.count())] == ["Opnames", "Kwaliteit"]


def test_parts_appear_as_soon_as_an_answer_asks_for_them(visitors, draft_of):
    draft = draft_of["vragen"]
    page = visitors.open("desktop", draft.first)
    page.goto(draft.step("kind"))
    metc = page.locator("[value=metc]:checked")
    expect(metc).to_be_hidden()
    page.locator("[name=medical_scientific_research][value=true]").check()
    page.locator("[name=subjected_to_acts_or_rules][value=true]").check()
    expect(page.locator("[name=legal_regime][value=wmo]")).to_be_checked()
    saved_by_itself(page, 1)
    page.goto(draft.step("conduct"))
    expect(control(page, "why_stopped_nl")).to_be_hidden()
    control(page, "recruitment_status").select_option("TERMINATED")
    expect(control(page, "why_stopped_nl")).to_be_visible()


def test_what_is_typed_survives_the_end_of_the_session(visitors, site, draft_of):
    draft = draft_of["sessie"]
    page = visitors.open("desktop")
    visitors.log_in(page, draft.first)
    page.goto(draft.step("basis"))
    page.context.clear_cookies(name="sessionid")
    control(page, "acronym").fill("BEWAARD")
    expect(status(page)).to_contain_text(words_of_autosave()["loggedOut"])
    control(page, "summary_nl").fill("En dit ook")
    press(page, "Save and continue")
    control(page, "login").fill(draft.first)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").click()
    press(page, "Send it again")
    expect(page).to_have_url(site.url(draft.step("kind")))
    assert stored(page, draft, "acronym") == "BEWAARD"
    assert control(page, "summary_nl").input_value() == "En dit ook"


def test_a_line_that_drops_is_told_and_made_up_for(visitors, draft_of):
    draft = draft_of["lijn"]
    page = visitors.open("desktop", draft.first)
    page.goto(draft.step("basis"))
    page.context.set_offline(True)
    control(page, "acronym").fill("OFFLINE")
    expect(status(page)).to_contain_text(words_of_autosave()["offline"])
    page.context.set_offline(False)
    saved_by_itself(page, 1)
    assert stored(page, draft, "acronym") == "OFFLINE"


def barriers(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    told = [f"{name}: {one['id']}: {[node['target'] for node in one['nodes']][:5]}" for one in found]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*told, f"{name}: wider than the screen"] if wide else told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier(visitors, draft_of, screen, scheme):
    draft = draft_of[f"axe-{screen}-{scheme}"]
    page = visitors.open(screen, draft.first, color_scheme=scheme, java_script_enabled=True)
    pages = {step: draft.step(step) for step in STEPS}
    pages |= {"register": reverse("studies:register"), "team": reverse("studies:team", args=[draft.number])}
    PICTURES.mkdir(exist_ok=True)
    found = []
    for name, address in pages.items():
        page.goto(address)
        page.screenshot(path=PICTURES / f"study-form-{name}-{screen}-{scheme}.png", full_page=True)
        found += barriers(page, name)
    assert not found, "\n".join(found)
