"""Browsers as visitors have them, watched: what they fetched, what their console complained of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

from deploy.local.product import Product

CHROMIUM = "/usr/bin/chromium-headless-shell"
"""Without windows: a page of its own costs a third of what it costs the whole browser."""
SWITCHES = ["--no-sandbox", "--disable-background-networking"]
PATIENCE_MS, POLL_MS = 60_000, 20
DESKTOP, PHONE = 1280, 320
HEIGHTS = {DESKTOP: 900, PHONE: 640}
#: Presses, not clicks: a label's click is told a second time to its checkbox.
COUNTER = "addEventListener('mousedown', e => e.isTrusted && window.pressed(location.href), true)"
Scheme = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for many visitors."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Watch:
    """What a visitor's browser did beside showing pages."""

    product: Product
    requests: list[str] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    awaited: set[Request] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    presses: list[str] = field(default_factory=list)

    def saw_request(self, request: Request) -> None:
        self.requests.append(request.url)
        self.awaited.add(request)
        if request.is_navigation_request():
            self.documents.add(request.url)

    def saw_end(self, request: Request) -> None:
        """It was answered, or failed."""
        self.awaited.discard(request)

    def heard(self, message: ConsoleMessage) -> None:
        """Keep errors. Chromium reports a page with status 4xx as one: that answer was meant."""
        is_page = message.location.get("url") in self.documents
        is_status = is_page and message.text.startswith("Failed to load resource")
        if message.type == "error" and not is_status:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def broke(self, error: Any) -> None:
        self.complaints.append(str(error))

    @property
    def strangers(self) -> set[str]:
        """Whom the browser asked beside Attune and the payment page, or from a page elsewhere."""
        known = {self.product.base_url, self.product.twin_url}
        return {origin_of(url) for url in self.requests if not url.startswith("data:")} - known

    def assert_quiet(self) -> None:
        """No console error, no third party."""
        assert self.complaints == [], self.complaints
        assert self.strangers == set()


@dataclass
class Visit:
    """A visitor: a browser profile of their own with one page open."""

    context: BrowserContext
    page: Page
    watch: Watch
    base_url: str

    def goto(self, path: str) -> None:
        """Open one of our own addresses."""
        self.page.goto(self.base_url + path)

    def settle(self) -> None:
        """Wait until the page has its letters and nothing that it asked for is under way."""
        until = monotonic() + PATIENCE_MS / 1000
        while self.watch.awaited or not self._has_letters():
            assert monotonic() < until, [request.url for request in self.watch.awaited]
            self.page.wait_for_timeout(POLL_MS)

    def _has_letters(self) -> bool:
        """Whether the page that stands there now has its fonts; our CSP lets nothing wait in it."""
        try:
            return bool(self.page.evaluate("document.fonts.status === 'loaded'"))
        except Error as error:
            if "navigation" not in str(error):
                raise
            return False

    @property
    def presses(self) -> int:
        """How often the visitor has clicked or tapped."""
        return len(self.watch.presses)


class Visitors:
    """Makes visits in one browser, and ends them."""

    def __init__(self, browser: Browser, product: Product, *, height: int = 0) -> None:
        self._browser = browser
        self._height = height
        self._product = product
        self._visits: list[Visit] = []

    def __call__(
        self,
        *,
        width: int = DESKTOP,
        scheme: Scheme = "light",
        zone: str = "Europe/Berlin",
        has_script: bool = True,
    ) -> Visit:
        """A visitor with an empty profile."""
        context = self._browser.new_context(
            viewport={"width": width, "height": self._height or HEIGHTS[width]},
            color_scheme=scheme,
            timezone_id=zone,
            locale="en-GB",
            java_script_enabled=has_script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(self._product)
        context.on("request", watch.saw_request)
        context.on("requestfinished", watch.saw_end)
        context.on("requestfailed", watch.saw_end)
        context.on("console", watch.heard)
        context.on("weberror", lambda error: watch.broke(error.error))
        if has_script:
            context.expose_binding("pressed", lambda _source, url: watch.presses.append(url))
            context.add_init_script(COUNTER)
        visit = Visit(context, context.new_page(), watch, self._product.base_url)
        self._visits.append(visit)
        return visit

    def close(self) -> None:
        while self._visits:
            self._visits.pop().context.close()
