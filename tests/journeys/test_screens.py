"""Every page as a picture, small and large, light and dark, and without a barrier that axe can find."""

import pytest
from playwright.sync_api import expect

from .pictures import pictured
from .stage import PEOPLE, address
from .steps import ask_until, button, run_row

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
    barriers = []
    for name, path in PAGES[email].items():
        page.goto(path.format(track=_track(page)) if "{" in path else path)
        barriers += pictured(page, name, screen, scheme)
    assert not barriers, "\n".join(barriers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_one_enrolment(visitors, screen, scheme):
    """The pages of a run, its enrolments and a certificate, found by going there."""
    # Dora's enrolment is changed by no journey, so the order of the tests does not matter.
    page = visitors.open(screen, address("dora", screen), color_scheme=scheme, java_script_enabled=True)
    barriers = []
    page.goto("/nl/mijn-academie/")
    page.locator("main .agenda a").first.click()
    barriers += pictured(page, "enrolment", screen, scheme)
    trainer = visitors.open(screen, "trainer@example.org", color_scheme=scheme, java_script_enabled=True)
    trainer.goto("/nl/edities/")
    trainer.locator("main tbody tr").filter(has_text="VAL-01").first.locator("th a").click()
    barriers += pictured(trainer, "run-desk", screen, scheme)
    trainer.locator("section", has=trainer.locator("#sheets")).get_by_role("link").first.click()
    barriers += pictured(trainer, "attendance", screen, scheme)
    manager = visitors.open(screen, "course-manager@example.org", color_scheme=scheme, java_script_enabled=True)
    manager.goto("/nl/certificaten/")
    manager.locator("main tbody a").first.click()
    barriers += pictured(manager, "certificate-history", screen, scheme)
    manager.locator("main a[href*='/verify/']").first.click()
    barriers += pictured(manager, "verify", screen, scheme)
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
    barriers += pictured(lead, "decide", screen, scheme)
    lead.goto("/nl/cursussen/PRIV-01/")
    run_row(lead, f"Hal {screen}").get_by_role("link").first.click()
    expect(lead.locator("main [name=person]")).to_be_visible()
    barriers += pictured(lead, "enrol", screen, scheme)

    trainer, manager = opened("trainer@example.org"), opened("course-manager@example.org")
    trainer.goto("/nl/edities/")
    trainer.locator("main tbody tr").filter(has_text="VAL-01").first.locator("th a").click()
    manager.goto(trainer.url)
    barriers += pictured(manager, "run-desk-manager", screen, scheme)
    button(manager.locator("main"), "Call this run off").click()
    barriers += pictured(manager, "cancel-run", screen, scheme)
    button(trainer.locator("main tbody"), "Outcome").click()
    barriers += pictured(trainer, "outcome", screen, scheme)

    manager.goto("/nl/certificaten/")
    manager.locator("section", has=manager.locator("#missing")).get_by_role("link", name=dora).click()
    barriers += pictured(manager, "certificate-award", screen, scheme)
    made = manager.locator("main tbody a")
    ask_until(manager, "/nl/certificaten/?state=published", made)
    made.first.click()
    expect(manager.locator("#revoke")).to_be_visible()
    barriers += pictured(manager, "certificate-revoke", screen, scheme)
    assert not barriers, "\n".join(barriers)


def _track(page) -> str:
    """The code of the first track in the catalogue."""
    page.goto("/nl/cursussen/?type=track")
    return page.locator("main a[href*='/leerlijnen/']").first.get_attribute("href").strip("/").split("/")[-1]
