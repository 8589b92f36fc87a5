"""Signed in: registering, booking with what is known already, who sees what, signing out."""

import re

import pytest
from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.steps import (
    PAYMENT_PAGE,
    Guest,
    choose_slot,
    pay,
    press_pay,
    register,
    sign_in,
    sign_in_as,
    sign_out,
)

MOST_CLICKS = 3


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_registered_client_books_in_three_clicks_and_finds_it_at_home(
    width: int, visitors: Visitors
) -> None:
    """Name and address are known; three clicks with us, and the one on the payment page."""
    visit, guest = visitors(width=width), Guest.new()
    register(visit, guest)
    sign_in(visit, guest.email, guest.password)
    expect(visit.page.get_by_role("heading", name="No session planned")).to_be_visible()
    visit.goto("/directory")
    visit.watch.presses.clear()
    choose_slot(visit)
    known = visit.page.locator(".known summary")
    expect(known).to_contain_text(guest.name)
    expect(known).to_contain_text(guest.email)
    press_pay(visit.page)
    booking_id = pay(visit.page)
    with_us = [url for url in visit.watch.presses if not PAYMENT_PAGE.search(url)]
    assert len(with_us) <= MOST_CLICKS, with_us
    assert visit.presses == len(with_us) + 1

    visit.goto("/home")
    expect(visit.page.get_by_role("heading", name="Your next session is")).to_be_visible()
    visit.goto("/appointments")
    details = visit.page.get_by_role("link", name="Details")
    expect(details).to_have_attribute("href", f"/bookings/{booking_id}")
    visit.watch.assert_quiet()


def test_signing_out_makes_the_old_cookie_useless_at_the_next_request(
    product: Product, visitors: Visitors
) -> None:
    """Who kept a copy of the cookie is led to signing in."""
    visit, thief = visitors(), visitors()
    sign_in_as(visit, product.logins["client"])
    for one in visit.context.cookies():
        name, value, domain = one["name"], one["value"], one["domain"]
        thief.context.add_cookies(
            [{"name": name, "value": value, "domain": domain, "path": "/", "secure": True}]
        )
    thief.goto("/home")
    expect(thief.page.get_by_role("button", name="Sign out")).to_be_visible()
    sign_out(visit)
    thief.goto("/home")
    assert "/sign-in" in thief.page.url
    visit.goto("/appointments")
    assert "/sign-in" in visit.page.url


def test_a_client_of_the_demo_sees_what_is_planned_and_what_was(
    product: Product, visitors: Visitors
) -> None:
    """Both tabs of the appointments have rows, each leads to its booking."""
    visit = visitors()
    sign_in_as(visit, product.logins["client"])
    for tab in ("upcoming", "past"):
        visit.goto(f"/appointments?tab={tab}")
        rows = visit.page.get_by_role("link", name="Details")
        assert rows.count() > 0, tab
    rows.first.click()
    visit.page.wait_for_url(re.compile("/bookings/"))
    expect(visit.page.locator("h1")).to_contain_text("Your session with")


def test_a_practitioner_begins_with_the_day(product: Product, visitors: Visitors) -> None:
    """The first page after signing in is today's, and a client's pages lead back to it."""
    visit = visitors()
    sign_in_as(visit, product.logins["practitioner"])
    assert visit.page.url.endswith("/today")
    expect(visit.page.get_by_role("link", name="Day after")).to_be_visible()
    clients = first_day_with_sessions(visit)
    assert clients > 0
    visit.goto("/home")
    assert visit.page.url.endswith("/today")


def first_day_with_sessions(visit: Visit) -> int:
    """Go on day by day, a week at most, until there are sessions; how many."""
    for _ in range(8):
        if rows := visit.page.locator("tbody tr").count():
            return rows
        visit.page.get_by_role("link", name="Day after").click()
        visit.page.wait_for_load_state()
    return 0


@pytest.mark.parametrize(("kind", "heading"), [("admin", "day "), ("operator", "Hello")])
def test_who_runs_the_house_has_a_page_of_their_own(
    kind: str, heading: str, product: Product, visitors: Visitors
) -> None:
    """The day of the practice, or what they are: neither an error nor a client's home."""
    visit = visitors()
    sign_in_as(visit, product.logins[kind])
    assert visit.page.url.endswith("/today")
    expect(visit.page.locator("h1")).to_contain_text(heading)
