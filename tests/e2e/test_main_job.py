"""The main job: find, book, pay, get the mail, move, cancel, get the money back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visitors
from tests.e2e.changing import assert_came_back, assert_moves_and_pays_back, assert_says
from tests.e2e.post import Post
from tests.e2e.quality import assert_fits
from tests.e2e.steps import (
    PAYMENT_PAGE,
    Guest,
    choose_slot,
    choose_topic,
    pay,
    press_pay,
    register,
    type_details,
)

MOST_CLICKS, MOST_CLICKS_SIGNED_IN = 5, 3
# Beyond two days every policy of the demo gives something back, also after a move.
PAYS_BACK = timedelta(hours=49)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_guest_books_pays_moves_cancels_and_gets_the_money_back(
    width: int, visitors: Visitors, post: Post, behind: Behind
) -> None:
    """The whole job without an account, in at most five clicks until it is booked."""
    visit, guest = visitors(width=width), Guest.new()
    choose_topic(visit)
    slot = choose_slot(visit, ahead=PAYS_BACK)
    type_details(visit.page, guest)
    press_pay(visit.page)
    booking_id = pay(visit.page)
    assert visit.presses <= MOST_CLICKS, visit.watch.presses
    expect(visit.page.locator(".lead")).to_contain_text(f"{guest.email[:2]}…")

    booked = post.wait_for(guest.email, "is confirmed")
    assert_says(booked, "REQUEST", slot)
    visit.page.goto(booked.private_link)
    back = assert_moves_and_pays_back(visit.page, guest.email, booked, post)
    assert_came_back(behind, booking_id, back)
    visit.watch.assert_quiet()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_client_signed_in_books_in_three_clicks_moves_cancels_and_gets_the_money_back(
    width: int, visitors: Visitors, post: Post, behind: Behind
) -> None:
    """Name and address are known; three clicks with us, and the one on the payment page. Found
    from home and changed from the appointments, without a link of a mail."""
    visit, guest = visitors(width=width), Guest.new()
    register(visit, guest)
    expect(visit.page.get_by_role("heading", name="No session planned")).to_be_visible()
    visit.goto("/directory")
    visit.watch.presses.clear()
    slot = choose_slot(visit, ahead=PAYS_BACK)
    known = visit.page.locator(".known summary")
    expect(known).to_contain_text(guest.name)
    expect(known).to_contain_text(guest.email)
    press_pay(visit.page)
    booking_id = pay(visit.page)
    with_us = [url for url in visit.watch.presses if not PAYMENT_PAGE.search(url)]
    assert len(with_us) <= MOST_CLICKS_SIGNED_IN, with_us
    assert visit.presses == len(with_us) + 1
    expect(visit.page.locator(".next-list")).to_contain_text("under Appointments")
    booked = post.wait_for(guest.email, "is confirmed")
    assert_says(booked, "REQUEST", slot)

    visit.goto("/home")
    expect(visit.page.get_by_role("heading", name="Your next session is")).to_be_visible()
    visit.goto("/appointments")
    details = visit.page.get_by_role("link", name="Details")
    expect(details).to_have_attribute("href", f"/bookings/{booking_id}")
    details.click()
    back = assert_moves_and_pays_back(visit.page, guest.email, booked, post)
    assert_came_back(behind, booking_id, back)
    visit.goto("/appointments")
    visit.page.get_by_role("link", name="Past and cancelled").click()
    expect(visit.page.locator("tbody tr")).to_contain_text("Cancelled")
    assert_fits(visit.page)
    visit.watch.assert_quiet()
