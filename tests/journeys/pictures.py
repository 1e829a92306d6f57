"""A page as a picture, and what stands in somebody's way on it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .site import ROOT

PICTURES = ROOT / "test-results"
WIDTHS = {"desktop": 1280, "phone": 390}


def pictured(page: Page, name: str, screen: str, scheme: str) -> list[str]:
    """Keep a picture of the page; returns the barriers on it, none when all is well."""
    PICTURES.mkdir(exist_ok=True)
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / f"{name}-{WIDTHS[screen]}-{scheme}.png", full_page=True)
    return _barriers(page, name) + _too_wide(page, name)


def _barriers(page: Page, name: str) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{name}: {one['id']}: {one['help']}: {[node['target'] for node in one['nodes']][:5]}" for one in found]


def _too_wide(page: Page, name: str) -> list[str]:
    """A page never scrolls sideways; what is wide scrolls inside its own frame."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{name}: {wide} px too wide"] if wide > 1 else []
