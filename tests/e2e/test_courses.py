"""A practice makes a session weekly: dates with their reasons, all booked, told in one mail."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.local.product import Product
from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.post import Post
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import sign_in_as

MOST_DAYS = 21
WEEKLY = "Make it weekly"


def link_to_a_course(visit: Visit) -> Locator:
    """The practitioner walks on from today until a day with a session that can go on weekly."""
    visit.goto("/today")
    for _ in range(MOST_DAYS):
        links = visit.page.get_by_role("link", name=re.compile(f"^{WEEKLY}"))
        if links.count():
            return links.first
        visit.page.get_by_role("link", name=re.compile("After")).click()
        visit.page.wait_for_load_state()
    raise AssertionError("the demo's practitioner has no session in three weeks")


def choose(page: Page, count: str) -> None:
    """How many, within what may move."""
    page.get_by_label("How many sessions").fill(count)
    page.get_by_label("A session may move by").select_option("3")
    page.get_by_label("Weeks that may be left out").select_option("6")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name=f"{count} sessions", exact=True)).to_be_visible()


def give_back(page: Page, count: int) -> None:
    """The whole course, after a question."""
    page.get_by_role("link", name="Cancel the sessions to come").click()
    expect(page.locator("h1")).to_contain_text(f"Cancel {count} sessions with")
    assert_fits(page)
    page.get_by_role("button", name=f"Cancel {count} sessions").click()
    expect(page.get_by_text(f"{count} sessions are cancelled.")).to_be_visible()
    expect(page.locator("tbody").get_by_text("Cancelled")).to_have_count(count)


@pytest.mark.parametrize(("width", "has_script", "count"), [(DESKTOP, True, 6), (PHONE, False, 4)])
def test_a_practitioner_books_a_course(
    width: int,
    has_script: bool,
    count: int,
    visitors: Visitors,
    product: Product,
    behind: Behind,
    post: Post,
) -> None:
    """From the day's page: proposal, booking, the course's own page, and all of it given back;
    without a script too."""
    visit = visitors(width=width, has_script=has_script)
    sign_in_as(visit, product.logins["practitioner"])
    before = behind.counts()["booking.bookings"]
    link_to_a_course(visit).click()
    page = visit.page
    expect(page.locator("h1")).to_contain_text("More sessions with")
    choose(page, str(count))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(count)
    assert_fits(page)
    if has_script:
        assert_accessible(page)
    page.get_by_role("button", name=f"Book all {count} sessions").click()
    page.wait_for_url(re.compile("/courses/"))
    expect(page.locator("h1")).to_contain_text(f"{count} sessions with")
    expect(page.get_by_text(f"{count} sessions are booked.")).to_be_visible()
    expect(page.locator("tbody").get_by_text("Confirmed")).to_have_count(count)
    assert behind.counts()["booking.bookings"] == before + count
    assert_fits(page)
    if has_script:
        assert_accessible(page)
        assert_keeps_the_rules(visit, urlsplit(page.url).path, is_private=True)
    give_back(page, count)
    visit.watch.assert_quiet()


def test_a_pattern_with_a_mistake_says_where(visitors: Visitors, product: Product) -> None:
    """The field is named, and nothing that was typed is lost."""
    visit = visitors(width=PHONE)
    sign_in_as(visit, product.logins["practitioner"])
    link_to_a_course(visit).click()
    page = visit.page
    page.get_by_label("How many sessions").fill("99")
    page.get_by_label("At", exact=True).fill("09:35")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.locator("#error-count")).to_have_text("Enter a number from 1 to 60.")
    expect(page.get_by_label("At", exact=True)).to_have_value("09:35")
    assert_fits(page)
    assert_accessible(page)


def test_the_page_of_a_course_to_be_keeps_the_rules(visitors: Visitors, product: Product) -> None:
    """At each width and in each scheme."""
    visit = visitors()
    sign_in_as(visit, product.logins["practitioner"])
    href = link_to_a_course(visit).get_attribute("href") or ""
    assert_keeps_the_rules(visit, href, is_private=True)
