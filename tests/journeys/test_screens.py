"""Every page as a picture, small and large, light and dark, and without a barrier that axe can find."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .site import ROOT
from .stage import PEOPLE, address
from .steps import ask_until, button, run_row

PICTURES = ROOT / "test-results"
WIDTHS = {"desktop": 1280, "phone": 390}

#: Who looks, and what they look at: name of the picture → address.
PAGES = {
    "": {
        "home": "/nl/",
        "home-en": "/en/",
        "catalogue": "/nl/cursussen/",
        "catalogue-nothing": "/nl/cursussen/?q=zzzzqx",
        "course": "/nl/cursussen/BLS-01/",
        "course-e-learning-en": "/en/courses/PRIV-01/",
        "track": "/nl/leerlijnen/{track}/",
        "search": "/nl/zoeken/?q=reanimatie",
        "search-nothing": "/nl/zoeken/?q=zzzzqx",
        "news": "/nl/nieuws/",
        "login": "/accounts/login/",
        "register": "/accounts/signup/",
        "verify-form": "/verify/",
        "not-found": "/nl/bestaat-niet/",
        "dev-mail": "/dev/mail/",
    },
    "trainee@example.org": {
        "my-academy": "/nl/mijn-academie/",
        "my-certificates": "/nl/mijn-academie/certificaten/",
        "my-account": "/nl/mijn-account/",
        "my-tokens": "/nl/mijn-account/tokens/",
        "course-signed-in": "/nl/cursussen/ALS-01/",
    },
    "team-manager@example.org": {"approvals": "/nl/goedkeuren/", "my-academy-manager": "/nl/mijn-academie/"},
    "trainer@example.org": {"my-runs": "/nl/edities/"},
    "course-manager@example.org": {"certificates": "/nl/certificaten/", "runs-of-organisation": "/nl/edities/"},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("email", PAGES, ids=lambda email: email.partition("@")[0] or "anybody")
def test_pages(visitors, screen, scheme, email):
    page = visitors.open(screen, email, color_scheme=scheme, java_script_enabled=True)
    PICTURES.mkdir(exist_ok=True)
    barriers = []
    for name, path in PAGES[email].items():
        page.goto(path.format(track=_track(page)) if "{" in path else path)
        page.screenshot(path=PICTURES / f"{name}-{WIDTHS[screen]}-{scheme}.png", full_page=True)
        barriers += _barriers(page, name)
        barriers += _too_wide(page, name)
    assert not barriers, "\n".join(barriers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_one_enrolment(visitors, screen, scheme):
    """The pages of a run, its enrolments and a certificate, found by going there."""
    # Dora's enrolment is changed by no journey, so the order of the tests does not matter.
    page = visitors.open(screen, address("dora", screen), color_scheme=scheme, java_script_enabled=True)
    barriers = []
    page.goto("/nl/mijn-academie/")
    page.locator("main .agenda a").first.click()
    barriers += _pictured(page, "enrolment", screen, scheme)
    trainer = visitors.open(screen, "trainer@example.org", color_scheme=scheme, java_script_enabled=True)
    trainer.goto("/nl/edities/")
    trainer.locator("main tbody tr").filter(has_text="VAL-01").first.locator("th a").click()
    barriers += _pictured(trainer, "run-desk", screen, scheme)
    trainer.locator("section", has=trainer.locator("#sheets")).get_by_role("link").first.click()
    barriers += _pictured(trainer, "attendance", screen, scheme)
    manager = visitors.open(screen, "course-manager@example.org", color_scheme=scheme, java_script_enabled=True)
    manager.goto("/nl/certificaten/")
    manager.locator("main tbody a").first.click()
    barriers += _pictured(manager, "certificate-history", screen, scheme)
    manager.locator("main a[href*='/verify/']").first.click()
    barriers += _pictured(manager, "verify", screen, scheme)
    assert not barriers, "\n".join(barriers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_decisions(visitors, screen, scheme):
    """Where team managers, trainers and course managers decide something; each page is found by going there."""

    def opened(email: str):
        return visitors.open(screen, email, color_scheme=scheme, java_script_enabled=True)

    dora = f"{' '.join(PEOPLE['dora'])} ({screen})"
    lead, barriers = opened("team-manager@example.org"), []
    lead.goto("/nl/goedkeuren/")
    button(lead.locator("main tbody tr").filter(has_text=dora), "Refuse").click()
    barriers += _pictured(lead, "decide", screen, scheme)
    lead.goto("/nl/cursussen/PRIV-01/")
    run_row(lead, f"Hal {screen}").get_by_role("link").first.click()
    expect(lead.locator("main [name=person]")).to_be_visible()
    barriers += _pictured(lead, "enrol", screen, scheme)

    trainer, manager = opened("trainer@example.org"), opened("course-manager@example.org")
    trainer.goto("/nl/edities/")
    trainer.locator("main tbody tr").filter(has_text="VAL-01").first.locator("th a").click()
    manager.goto(trainer.url)
    barriers += _pictured(manager, "run-desk-manager", screen, scheme)
    button(manager.locator("main"), "Call this run off").click()
    barriers += _pictured(manager, "cancel-run", screen, scheme)
    button(trainer.locator("main tbody"), "Outcome").click()
    barriers += _pictured(trainer, "outcome", screen, scheme)

    manager.goto("/nl/certificaten/")
    manager.locator("section", has=manager.locator("#missing")).get_by_role("link", name=dora).click()
    barriers += _pictured(manager, "certificate-award", screen, scheme)
    made = manager.locator("main tbody a")
    ask_until(manager, "/nl/certificaten/?state=published", made)
    made.first.click()
    expect(manager.locator("#revoke")).to_be_visible()
    barriers += _pictured(manager, "certificate-revoke", screen, scheme)
    assert not barriers, "\n".join(barriers)


def _pictured(page, name: str, screen: str, scheme: str) -> list[str]:
    PICTURES.mkdir(exist_ok=True)
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / f"{name}-{WIDTHS[screen]}-{scheme}.png", full_page=True)
    return _barriers(page, name) + _too_wide(page, name)


def _track(page) -> str:
    """The code of the first track in the catalogue."""
    page.goto("/nl/cursussen/?type=track")
    return page.locator("main a[href*='/leerlijnen/']").first.get_attribute("href").strip("/").split("/")[-1]


def _barriers(page, name: str) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{name}: {one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:5]}" for one in found]


def _too_wide(page, name: str) -> list[str]:
    """A page never scrolls sideways; what is wide scrolls inside its own frame."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{name}: {wide} px too wide"] if wide > 1 else []
