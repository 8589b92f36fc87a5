"""What scripts add to pages: counting down, arrow keys, copying; nothing moves for it."""

from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import PHONE, POLL_MS, Visit, Visitors

STATES = "/styleguide/pages/"
#: A request that stops the page until it is answered: deprecated for years, and still there.
OLD_WAY = """() => {
  const request = new XMLHttpRequest();
  request.open("GET", "data:,", false);
  request.send();
}"""
#: Chromium tells of issues when it has time.
HEARD_SECONDS = 30.0
#: The share of the window that moves, times how far; what web.dev/articles/cls calls good.
MOST_SHIFT = 0.1
DRAFTS = "**/intake/draft"
LONGER_THAN_TYPING_MS = 3000
SHIFT = """() => new Promise(told => {
  let sum = 0;
  const count = list => list.getEntries().forEach(one => { sum += one.value; });
  new PerformanceObserver(count).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(sum), 300);
})"""

PAINTED = """() => new Promise(told => {
  const look = list => list.getEntriesByName("first-contentful-paint").length && told();
  new PerformanceObserver(look).observe({ type: "paint", buffered: true });
})"""


@pytest.fixture
def phone(visitors: Visitors) -> Visit:
    """A visitor whose zone no page has to find out first."""
    return visitors(width=PHONE)


def focused(page: Page) -> str | None:
    """The day that has the focus."""
    return page.locator(":focus").get_attribute("id")


def test_no_page_uses_what_browsers_are_about_to_drop(phone: Visit) -> None:
    """Nor does a library for it: Alpine reads every name of a window, old ones as well."""
    told: list[str] = []
    session = phone.context.new_cdp_session(phone.page)
    session.on("Audits.issueAdded", lambda event: told.append(event["issue"]["code"]))
    session.send("Audits.enable")
    for name in ("unpaid", "slots", "directory", "confirmation"):
        phone.goto(STATES + name)
        phone.settle()
    expect(phone.page.locator("h1")).to_be_visible()
    assert "DeprecationIssue" not in told
    phone.page.goto("about:blank")
    phone.page.evaluate(OLD_WAY)
    until = monotonic() + HEARD_SECONDS
    while "DeprecationIssue" not in told:
        assert monotonic() < until, "the check hears of nothing"
        phone.page.wait_for_timeout(POLL_MS)


@pytest.mark.parametrize(
    "name", ["directory", "practitioner", "slots", "checkout", "unpaid", "confirmation", "home"]
)
def test_nothing_moves_while_a_page_arrives(name: str, phone: Visit) -> None:
    """Letters, pictures and what scripts add take the place that was kept for them, also where
    our letters come long after the page was painted in those of the device."""
    late: list[Route] = []
    phone.context.route("**/*.woff2", lambda route: late.append(route))
    phone.page.goto(f"{phone.base_url}{STATES}{name}", wait_until="domcontentloaded")
    phone.page.evaluate(PAINTED)
    assert late
    for letters in late:
        letters.continue_()
    phone.context.unroute("**/*.woff2")
    phone.settle()
    assert phone.page.evaluate(SHIFT) < MOST_SHIFT


def test_the_countdown_counts_and_is_not_there_without_script(
    phone: Visit, visitors: Visitors
) -> None:
    """A figure that stands still would mislead."""
    phone.goto(f"{STATES}unpaid")
    left = phone.page.locator(".hold__left")
    expect(left).to_be_visible()
    before = left.text_content() or ""
    expect(left).not_to_have_text(before)
    plain = visitors(width=PHONE, has_script=False)
    plain.goto(f"{STATES}unpaid")
    expect(plain.page.locator(".hold")).to_contain_text("We hold this time")
    expect(plain.page.locator(".hold__left")).not_to_be_visible()


def test_arrow_keys_walk_over_the_days_that_can_be_chosen(visitors: Visitors) -> None:
    """Left and right to the next one, Home and End to the first and the last of the month."""
    visit = visitors()
    visit.goto(f"{STATES}slots")
    page, days = visit.page, visit.page.locator(".month a.day")
    ids = [one.get_attribute("id") for one in days.all()]
    days.nth(0).focus()
    walked = []
    for key in ("ArrowRight", "ArrowLeft", "End", "Home", "Home"):
        page.keyboard.press(key)
        walked.append(focused(page))
    assert walked == [ids[1], ids[0], ids[-1], ids[0], ids[0]]
    assert urlsplit(page.url).path == f"{STATES}slots"


def test_a_link_is_copied_where_scripts_run_and_the_button_is_gone_where_not(
    visitors: Visitors,
) -> None:
    """Whoever cannot copy by script sees no button that does nothing."""
    visit = visitors()
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.goto(f"{STATES}confirmation")
    button = visit.page.get_by_role("button", name="Copy link")
    button.click()
    expect(visit.page.locator("#toasts")).to_contain_text("Link copied.")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied == button.get_attribute("data-copy")
    plain = visitors(has_script=False)
    plain.goto(f"{STATES}confirmation")
    expect(plain.page.get_by_role("button", name="Copy link")).not_to_be_visible()


def test_what_is_typed_is_kept_one_text_after_the_other(phone: Visit) -> None:
    """A slow answer delays what follows, the button too: no older text comes after a newer one."""
    page, held = phone.page, list[Route]()
    page.route(DRAFTS, lambda route: held.append(route))
    phone.goto(STATES + "intake")
    answer = page.locator("textarea").first
    with page.expect_request(DRAFTS):
        answer.fill("An early text")
    answer.fill("A later text")
    page.wait_for_timeout(LONGER_THAN_TYPING_MS)
    assert len(held) == 1
    with page.expect_request(DRAFTS):
        held[0].fulfill(json={"answered": 1, "asked": 7, "label": "1 of 7 answered"})
    expect(page.get_by_text("Kept at")).to_be_visible()
    assert "later" in (held[1].request.post_data or "")
    page.get_by_role("button", name="Save and go on later").click()
    page.wait_for_timeout(10 * POLL_MS)
    assert len(held) == 2
    with page.expect_request(DRAFTS) as by_the_button:
        held[1].fulfill(json={"answered": 1, "asked": 7, "label": "1 of 7 answered"})
    assert by_the_button.value.is_navigation_request()
    page.wait_for_timeout(10 * POLL_MS)
    held[2].fulfill(body="Kept")
