"""Looks over the shoulder of every page of a journey: nothing may go wrong unseen."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

REFUSED = "Failed to load resource"  # the browser says this of every page with an error status, too


class Watch:
    """Collects console errors, script errors, violations of the policy, foreign requests and server errors."""

    def __init__(self, host: str) -> None:
        self.host, self.problems, self.pages = host, [], set()

    def over(self, context: BrowserContext) -> None:
        """Watch every page that this context opens."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("page", self._page)

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note("script error", page.url, str(error)))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if request.resource_type == "document":
            self.pages.add(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self._note("request to another host", request.url, request.frame.url)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._note("server error", response.url, str(response.status))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        own_status = message.text.startswith(REFUSED) and message.location.get("url", "") in self.pages
        if not own_status:
            self._note(f"console {message.type}", message.location.get("url", ""), message.text)

    def _note(self, *what: str) -> None:
        self.problems.append(" | ".join(what))
