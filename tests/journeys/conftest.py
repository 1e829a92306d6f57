"""Fixtures of the journeys: a site per process, visitors with their own browser, every page watched."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from tests.journeys import site as sites
from tests.journeys.stage import SCREENS
from tests.journeys.watching import Watch

CHROMIUM = next(filter(os.path.exists, ("/usr/bin/chromium", "/usr/bin/chromium-browser")), None)
QUIET = ["background-networking", "component-update", "sync", "gpu", "quic"]
SIZES = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": True},
    "phone": {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False, "has_touch": True},
}
PATIENCE = 30_000  # milliseconds
PICTURES = sites.ROOT / "test-results"

FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = [f"--disable-{name}" for name in QUIET]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox", "--no-first-run", *quiet]}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The real site with its demo, of this process alone."""
    from tooling import translations

    translations.compile_all()
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with sites.running(shared / "journeys") as one:
        yield one


@pytest.fixture(params=SCREENS)
def screen(request) -> str:
    """A desktop with scripts, and a phone without."""
    return request.param


class Visitors:
    """People at their own browsers; whoever logged in once keeps the session for the next journey."""

    sessions: dict[tuple[str, str], dict] = {}

    def __init__(self, browser: Browser, site: sites.Site, watch: Watch) -> None:
        self.browser, self.site, self.watch, self.contexts = browser, site, watch, []

    def open(self, screen: str, email: str = "", **options) -> Page:
        """A page in a browser of its own, with this person logged in, or nobody."""
        state = {"storage_state": self.sessions[self.site.address, email]} if self._known(email) else {}
        chosen = {**SIZES[screen], "base_url": self.site.address, "locale": "nl-NL", **state, **options}
        context = self.browser.new_context(**chosen)
        context.set_default_timeout(PATIENCE)
        self.watch.over(context)
        self.contexts.append(context)
        page = context.new_page()
        if email and not state:
            self.log_in(page, email)
            self.sessions[self.site.address, email] = context.storage_state()
        return page

    def _known(self, email: str) -> bool:
        return bool(email) and (self.site.address, email) in self.sessions

    @staticmethod
    def log_in(page: Page, email: str, password: str = sites.PASSWORD) -> None:
        """Through the form, as people do."""
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(password)
        page.locator("main form [type=submit]").click()
        expect(page).not_to_have_url(f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/accounts/login/")

    def pictures_of_failure(self, name: str) -> None:
        """What everybody saw when it went wrong."""
        folder = PICTURES / "failed"
        folder.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(page for context in self.contexts for page in context.pages):
            page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9_-]+', '-', name)}-{number}.png", full_page=True)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visitors(request, browser, site):
    """Opens browsers; at the end nothing may have gone wrong on any page."""
    watch = Watch(urlsplit(site.address).netloc)
    people = Visitors(browser, site, watch)
    yield people
    if request.node.stash.get(FAILED, False):
        people.pictures_of_failure(request.node.name)
    people.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture(autouse=True)
def _in_dutch():
    """The words that a journey looks for are those of the site in Dutch."""
    with translation.override("nl"):
        yield
