"""What every page keeps: readable by everybody, at each width, from us alone, well guarded."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response

from tests.e2e.browsing import DESKTOP, HEIGHTS, PHONE, Scheme, Visit

GRAVE = ("serious", "critical")
#: Only what is wrong is told, and looked for where it would be grave (a rule says what it finds to
#: be): to write down all that is right, and to look for the rest, takes as long as the look itself.
#: Held by the page, or a long look may be collected before it is over.
AXE_RUN = """grave => {
  const others = axe._audit.rules.filter(one => !grave.includes(one.impact)).map(one => one.id);
  const rules = Object.fromEntries(others.map(id => [id, {enabled: false}]));
  window.axeLooks = axe.run({resultTypes: ["violations"], rules}).then(found => found.violations);
  return window.axeLooks;
}"""
#: The zone of the browser, written by our script: a preference, and nobody's secret.
OPEN_COOKIES = {"attune_zone"}


def assert_keeps_the_rules(
    visit: Visit, path: str, status: int = 200, *, is_private: bool = False
) -> None:
    """Open a page on a light desktop and look at it once more on a dark phone of 320 px.

    A private page (of a booking, or of who is signed in) must leave no copy in the browser.
    """
    page = visit.page
    look(page, DESKTOP, "light")
    answer = page.goto(visit.base_url + path)
    assert answer is not None
    assert answer.status == status
    visit.settle()
    assert_guarded(answer)
    if is_private:
        assert answer.headers["cache-control"] == "no-store"
    assert page.locator("h1").count() == 1
    assert page.title().endswith("· Attune")
    assert_accessible(page)
    look(page, PHONE, "dark")
    assert_fits(page)
    assert_accessible(page)
    visit.watch.assert_quiet()


def look(page: Page, width: int, scheme: Scheme) -> None:
    """Set the width and the colours that the visitor prefers."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme=scheme)


def assert_accessible(page: Page) -> None:
    """axe finds nothing serious or critical."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE_RUN, list(GRAVE))
    grave = [one for one in found if one["impact"] in GRAVE]
    assert grave == [], [told(one) for one in grave]


def told(finding: dict[str, Any]) -> str:
    """A finding and where it was made."""
    places = [node["target"] for node in finding["nodes"]][:3]
    return f"{finding['id']}: {finding['help']} at {places}"


def assert_fits(page: Page) -> None:
    """Nothing reaches beyond the right edge (WCAG 1.4.10)."""
    # By its element, which is waited for where another page is just arriving.
    wide = page.locator("html").evaluate("it => it.scrollWidth")
    assert wide <= page.evaluate("window.innerWidth"), f"{wide} px wide"


def assert_guarded(answer: Response) -> None:
    """The headers without which a browser trusts more than it should."""
    headers = answer.headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    for rule in ("default-src 'self'", "script-src 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"].startswith(("private", "no-store"))
    assert headers["x-request-id"]


def assert_cookies_are_locked(visit: Visit) -> None:
    """Bound to this host, over a safe channel, out of the reach of scripts and other sites."""
    cookies = [one for one in visit.context.cookies() if one["name"] not in OPEN_COOKIES]
    assert cookies
    for cookie in cookies:
        assert cookie["name"].startswith("__Host-"), cookie["name"]
        assert cookie["httpOnly"], cookie["name"]
        assert cookie["secure"], cookie["name"]
        assert cookie["sameSite"] == "Lax", cookie["name"]
        assert cookie["path"] == "/", cookie["name"]
